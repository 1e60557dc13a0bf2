import Addressing
import Testing

@testable import Sockets

@Suite struct SocketCallCommentTests {
    static let connect = SocketCall(
        id: 7, end: .client, name: .connect, descriptor: 3, arguments: ["127.0.0.1:65432"],
        start: Timestamp(seconds: 1_763_708_400, nanoseconds: 303_981_123),
        finish: Timestamp(seconds: 1_763_708_400, nanoseconds: 304_042_001), result: .value(0),
        local: Endpoint("127.0.0.1:43210"), peer: Endpoint("127.0.0.1:65432"), transport: .tcp)

    @Test func theDocumentedExample() {
        let text =
            "netprobe call 7 client: connect(3, 127.0.0.1:65432) = 0; start 1763708400.303981123; "
            + "return 1763708400.304042001; tcp 127.0.0.1:43210 > 127.0.0.1:65432; caused this packet"
        #expect(SocketCallComment(Self.connect, .caused).text == text)
        #expect(SocketCallComment(text) == SocketCallComment(Self.connect, .caused))
        #expect(Self.connect.text == "connect(3, 127.0.0.1:65432) = 0")
    }

    @Test func everyFormOfResult() {
        let peer = Endpoint("127.0.0.1:43210")!
        let forms: [(SocketCall.Result, String)] = [
            (.pending, "?"), (.value(12), "12"), (.value(-1), "-1"), (.accepted(5, peer), "5 accepted 127.0.0.1:43210"),
            (.received(12, from: nil), "12 bytes"), (.received(0, from: peer), "0 bytes from 127.0.0.1:43210"),
            (.failed(number: 111, name: "ECONNREFUSED"), "-1 ECONNREFUSED (111)"),
        ]
        for (result, text) in forms {
            var call = Self.connect
            call.result = result
            #expect(call.text == "connect(3, 127.0.0.1:65432) = \(text)")
            let comment = SocketCallComment(call, .causedBy)
            #expect(comment.text.contains(" = \(text); start "))
            #expect(SocketCallComment(comment.text) == comment)
        }
    }

    @Test func straceArgumentsAreQuotedAndKept() {
        var call = Self.connect
        call.name = "sendmsg"
        call.arguments = [
            #"{msg_name={sa_family=AF_INET, sin_port=htons(1)}, msg_iov=[{iov_base="a\n;", iov_len=3}]}"#,
            "MSG_NOSIGNAL",
        ]
        let comment = SocketCallComment(call, .nearest)
        #expect(SocketCallComment(comment.text) == comment)
        #expect(call.text.contains("sin_port=htons(1)"))
    }

    @Test func numberThatIsNoDescriptorIsQuoted() {
        var call = Self.connect
        call.descriptor = nil
        call.arguments = ["4", "5"]
        let comment = SocketCallComment(call, .nearest)
        #expect(comment.text.contains(#"connect("4", 5) ="#))
        #expect(SocketCallComment(comment.text) == comment)
    }

    @Test func nothingInItReachesATerminal() {
        var call = Self.connect
        call.arguments = ["\u{1b}[31m\nred\u{202e}"]
        call.end = "a\tb"
        for text in [call.text, SocketCallComment(call, .caused).text] {
            #expect(text.utf8.allSatisfy { (0x20...0x7e).contains($0) })
        }
    }

    /// Whatever is in a call comes back, and what was written is the only spelling.
    @Test func anyCallRoundTrips() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        for round in 0..<3000 {
            let comment = SocketCallComment(
                Self.anyCall(&random), SocketCallComment.Relation.allCases.randomElement(using: &random)!)
            let text = comment.text
            let again = SocketCallComment(text)
            #expect(again == comment, "seed \(seed), round \(round): \(text)")
            // == of strings ignores how characters are composed; the bytes must not change either.
            let scalars = { (call: SocketCall) in
                (call.arguments.map(\.description) + [call.end.rawValue, call.name.rawValue, call.transport.rawValue])
                    .map {
                        Array($0.unicodeScalars)
                    }
            }
            #expect(again.map { scalars($0.call) } == scalars(comment.call), "seed \(seed), round \(round)")
            #expect(text.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "seed \(seed), round \(round)")
        }
    }

    /// A damaged comment is refused or read as what it now says; nothing traps, and there is one spelling for each
    /// call.
    @Test func anyDamageIsRefusedOrMeansWhatItSays() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        let pieces = Array("netprobe call:;,()\"\\u{}= ?-1*>[]%.0123456789 bytes from accepted\n\u{0}é").map(
            String.init)
        for _ in 0..<3000 {
            var text = Array(SocketCallComment(Self.anyCall(&random), .caused).text)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: text.remove(at: place)
                case 1: text.insert(contentsOf: pieces.randomElement(using: &random)!, at: place)
                default: text.removeSubrange(place...)
                }
                if text.isEmpty { break }
            }
            let damaged = String(text)
            if let comment = SocketCallComment(damaged) { #expect(comment.text == damaged, "seed \(seed)") }
        }
    }

    @Test func everyPrefixIsRefused() {
        let text = SocketCallComment(Self.connect, .caused).text
        for length in 0..<text.count { #expect(SocketCallComment(String(text.prefix(length))) == nil) }
        #expect(SocketCallComment(text + " ") == nil)
        #expect(SocketCallComment(" " + text) == nil)
    }

    static let good =
        """
        netprobe call 1 client: recv(3, 1024) = 12 bytes; start 5.000000001; return 6.000000002; \
        tcp 127.0.0.1:1 > 127.0.0.1:2; caused this packet
        """

    @Test func theHostileOnesAreVariantsOfAGoodOne() { #expect(SocketCallComment(Self.good) != nil) }

    @Test(arguments: [
        ("call 1", "call 99999999999999999999"), ("call 1", "call 01"), ("call 1", "call -0"), ("call 1", "call +1"),
        ("call 1", "call "),
        ("call 1", "call  1"), ("call 1", "Call 1"), ("client", ""), ("client", "cli ent"), ("client", #""client""#),
        ("client", "\"cli\u{1b}\""),
        ("client", #""a\"#), ("client", #""\u{110000}""#), ("client", #""\u{d800}""#), ("client", #""\u{}""#),
        ("client", #""\u{+41}""#),
        ("client", #""\u{000000000000000000007}""#), ("client", #""\n""#), ("recv(", "recv"), ("recv(", "(("),
        ("3, 1024", "3,1024"), ("3, 1024", "3, 1024, "),
        ("3, 1024", "03, "), ("3, 1024", ", "), ("3, 1024", #"3, "1024""#), ("3, 1024", "3, 10(24"),
        ("3, 1024", "3,  1024"), ("3, 1024", "3, \"10"),
        ("12 bytes", ""), ("12 bytes", "12 bytes from "), ("12 bytes", "12 bytes from *"),
        ("12 bytes", "12 bytes from 127.0.0.1:70000"),
        ("12 bytes", "12 bytes from 127.0.0.1:+80"), ("12 bytes", "99999999999999999999 bytes"),
        ("12 bytes", "99999999999 accepted 127.0.0.1:1"),
        ("12 bytes", "-1 ECONNREFUSED"), ("12 bytes", "-1 ECONNREFUSED (x)"),
        ("12 bytes", "-1 ECONNREFUSED (99999999999)"), ("12 bytes", "-2 ECONNREFUSED (111)"),
        ("12 bytes", "??"), ("12 bytes", "0x10"), ("5.000000001", "5"), ("5.000000001", "5.1"),
        ("5.000000001", "5.0000000001"), ("5.000000001", "05.000000001"),
        ("5.000000001", "99999999999999999999.000000001"), ("5.000000001", "9223372036854775808.000000000"),
        ("5.000000001", "-9223372036854775808.000000001"),
        ("5.000000001", "-0.000000000"), ("5.000000001", "5.-00000001"), ("5.000000001", "now"),
        ("; return 6.000000002", "; return "),
        ("tcp 127", "127"), ("tcp 127", "tcp  127"), ("127.0.0.1:1 >", ">"), ("127.0.0.1:1 >", "[127.0.0.1]:1 >"),
        ("127.0.0.1:1 >", "[::1%0]:1 >"),
        ("127.0.0.1:1 >", "[0:0::1]:1 >"), ("127.0.0.1:1 >", "127.0.0.1 >"), ("127.0.0.1:1 >", "127.0.0.1:1>"),
        ("127.0.0.1:2;", ";"), ("caused", "Caused"),
        ("caused this packet", ""), ("packet", "packet; "), ("packet", "packet\n"), ("packet", "packet\u{0}"),
        ("packet", "páçket"),
    ])
    func hostile(part: String, replacement: String) {
        let text = Self.replacing(part, replacement)
        #expect(text != Self.good)
        #expect(SocketCallComment(text) == nil, "\(text)")
    }

    @Test func otherCommentsAreNotOurs() {
        for text in [
            "", "hello", "netprobe", "netprobe call", "netprobe call ", "\u{0}",
            String(repeating: "\"\\", count: 40_000),
        ] {
            #expect(SocketCallComment(text) == nil)
        }
    }

    /// 16 MB of the worst that the grammar has is read in time that grows with its length.
    @Test func longHostileCommentsAreReadInLinearTime() {
        let long = String(repeating: "(", count: 1 << 20)
        let quotes = "\"" + String(repeating: "\\\"", count: 1 << 20)
        for filler in [long, quotes, String(repeating: "1, ", count: 1 << 20), String(repeating: "9", count: 1 << 20)] {
            #expect(SocketCallComment(Self.replacing("3, 1024", filler)) == nil || filler.hasPrefix("9"))
        }
    }

    private static func replacing(_ part: String, _ replacement: String) -> String {
        let range = good.firstRange(of: part)!
        return String(good[..<range.lowerBound]) + replacement + String(good[range.upperBound...])
    }

    private static func anyCall(_ random: inout SplitMix64) -> SocketCall {
        let finish = Bool.random(using: &random) ? anyTime(&random) : nil
        let running = Bool.random(using: &random) ? anyTime(&random) : nil
        return SocketCall(
            id: [0, 1, -1, .max, .min, Int.random(in: 0...9999, using: &random)].randomElement(using: &random)!,
            end: .init(rawValue: anyText(&random)), name: .init(rawValue: anyText(&random)),
            descriptor: [nil, 3, -1, .max, .min].randomElement(using: &random)!,
            arguments: (0..<Int.random(in: 0...4, using: &random)).map { _ in CallArgument(anyText(&random)) },
            start: anyTime(&random), finish: finish, result: anyResult(&random),
            local: Bool.random(using: &random) ? anyEndpoint(&random) : nil,
            peer: Bool.random(using: &random) ? anyEndpoint(&random) : nil,
            transport: .init(rawValue: anyText(&random)), runningUntil: finish == nil ? nil : running)
    }

    private static func anyText(_ random: inout SplitMix64) -> String {
        let usual = [
            "", "client", "recv", "127.0.0.1:65432", "12 bytes", "1024", "-1", "03", "{a=1, b=\"x\"}", "*", "?", "\"",
            "\\", " a", "a ", "e\u{301}", ");", "\n", "\u{0}", "😀",
        ]
        if Int.random(in: 0..<3, using: &random) > 0 { return usual.randomElement(using: &random)! }
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let top: UInt32 = Bool.random(using: &random) ? 0x7f : 0x10ffff
            if let scalar = Unicode.Scalar(UInt32.random(in: 0...top, using: &random)) { text.append(scalar) }
        }
        return String(text)
    }

    private static func anyTime(_ random: inout SplitMix64) -> Timestamp {
        let seconds: Int64 = [0, -1, -2, .min, .max, 1_763_708_400].randomElement(using: &random)!
        return Timestamp(
            seconds: seconds,
            nanoseconds: [0, 1, 999_999_999, UInt32.random(in: 0..<1_000_000_000, using: &random)].randomElement(
                using: &random)!)
    }

    private static func anyEndpoint(_ random: inout SplitMix64) -> Endpoint {
        let port = Port(UInt16.random(in: 0...65535, using: &random))
        if Bool.random(using: &random) {
            return Endpoint(.v4(IPv4Address(rawValue: .random(in: .min ... .max, using: &random))), port)
        }
        let address = IPv6Address(
            high: [0, .random(in: .min ... .max, using: &random)].randomElement(using: &random)!,
            low: .random(in: .min ... .max, using: &random))
        return Endpoint(.v6(address), port, scope: [0, 2, .max].randomElement(using: &random)!)
    }

    private static func anyResult(_ random: inout SplitMix64) -> SocketCall.Result {
        let number = [0, 1, -1, .max, .min].randomElement(using: &random)!
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return .pending
        case 1: return .value(number)
        case 2: return .accepted(Int32(truncatingIfNeeded: number), anyEndpoint(&random))
        case 3: return .received(number, from: Bool.random(using: &random) ? anyEndpoint(&random) : nil)
        default: return .failed(number: Int32(truncatingIfNeeded: number), name: anyText(&random))
        }
    }
}
