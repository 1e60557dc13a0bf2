import Addressing
import Digests
import Foundation
import Sockets
import TestSupport
import Testing

@testable import Services

/// What each service says, without a socket.
@Suite struct LogicTests {
    private func ask(_ group: some GroupLogic, _ story: Happening...) -> String {
        let said = play(story, to: group) { $0 }
        return String(decoding: said.bytes, as: UTF8.self) + (said.closed ? "|closed" : "")
    }

    private func adder(_ text: String) -> String {
        ask(Separately { Messages(reply: Adder.reply) }, .bytes(Array(text.utf8)), .quiet)
    }

    @Test(arguments: [
        ("50,40", "90"), ("50,40\n", "90\n"), ("1\r\n2\n", "1\n2\n"), ("-5,3", "-2"), ("5,-5", "0"), ("+7", "7"),
        ("007,1", "8"), ("-0", "0"),
        (" 1 , 2 ", "3"), ("50,40\u{0}", "90"), ("50\u{0},40", "error: '50?' is not a whole number"),
        ("1,2,3,4,5,6,7,8,9,10", "55"), ("999999999,1", "1000000000"), ("-1000000000,1", "-999999999"),
        ("99999999999999999999999999999999,1", "100000000000000000000000000000000"),
        ("", ""), ("\n", "error: '' is not a whole number\n"), ("1,,2", "error: '' is not a whole number"),
        ("1.5", "error: '1.5' is not a whole number"), ("--1", "error: '--1' is not a whole number"),
        ("-", "error: '-' is not a whole number"),
        ("1,\u{1b}[2J\n3,4", "error: '?[2J' is not a whole number\n7"),
    ])
    func adds(question: String, answer: String) { #expect(adder(question) == answer) }

    /// Against Swift's own arithmetic.
    @Test func addsAsIntegersDo() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        for _ in 0..<2000 {
            let bits = Int.random(in: 1...60, using: &random)
            let numbers = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                Int.random(in: -(1 << bits)...(1 << bits), using: &random)
            }
            #expect(
                adder(numbers.map(String.init).joined(separator: ",")) == String(numbers.reduce(0, +)),
                "seed \(seed): \(numbers)")
        }
    }

    private func upper(_ bytes: [UInt8]) -> String {
        ask(Separately { Messages(reply: Uppercase.reply) }, .bytes(bytes), .finish)
    }

    @Test func uppercase() {
        #expect(upper(Array("Input lowercase sentence".utf8)) == "INPUT LOWERCASE SENTENCE")
        #expect(upper(Array("straße\nété\n".utf8)) == "STRASSE\nÉTÉ\n")
        #expect(upper([]) == "")
        #expect(upper([97, 98, 0xff, 99]) == "error: byte 2 (0xff) is not UTF-8 text")
        #expect(upper([97, 0xc3]) == "error: byte 1 (0xc3) is not UTF-8 text")
        #expect(upper([0x80, 10, 97]) == "error: byte 0 (0x80) is not UTF-8 text\nA")
    }

    @Test func tooLongAMessageEndsTheConnection() {
        let service = Separately { Messages(limit: 10, reply: Uppercase.reply) }
        #expect(ask(service, .bytes(Array("0123456789\nb\n".utf8))) == "0123456789\nB\n")
        #expect(
            ask(service, .bytes(Array("a\n0123456789x".utf8)), .bytes(Array("\nb\n".utf8)))
                == "A\nerror: a message longer than 10 bytes\n|closed")
    }

    @Test func sixteen() {
        let service = Separately { Sixteen() }
        #expect(ask(service, .bytes(message(16))) == "Hello World!|closed")
        #expect(ask(service, .bytes(message(15)), .quiet) == "")
        #expect(ask(service, .bytes(message(5)), .finish) == "error: the stream ended after 5 of 16 octets")
        #expect(ask(service, .bytes(message(40)), .finish) == "Hello World!|closed")
    }

    @Test func greeting() { #expect(ask(Separately { Greeting() }) == "Thank you for connecting|closed") }

    @Test func datagrams() {
        var answer = ServiceAnswer()
        var length = DatagramLength()
        length.received(message(23).span, &answer)
        #expect(String(decoding: answer.bytes, as: UTF8.self) == "The msg was 23 bytes long")
        answer.reset()
        var sink = Sink()
        sink.received([1, 2].span, &answer)
        #expect(!answer.isGiven && answer.remarks == [.data([1, 2])])
        answer.reset()
        var upper = UppercaseDatagrams()
        upper.received(Array("a\nb".utf8).span, &answer)
        #expect(answer.bytes == Array("A\nB".utf8))
    }

    /// The same seed loses the same datagrams, and about as many as were asked for.
    @Test func lossyDatagrams() {
        func lost(_ share: Double, seed: UInt64) -> [Bool] {
            var logic = LossyDatagrams(dropping: share, seed: seed)
            return (0..<2000).map { _ in
                var answer = ServiceAnswer()
                logic.received([1].span, &answer)
                return !answer.isGiven
            }
        }
        #expect(lost(0.3, seed: 7) == lost(0.3, seed: 7))
        #expect((500...700).contains(lost(0.3, seed: 7).count { $0 }))
        #expect(!lost(0, seed: 1).contains(true) && !lost(1, seed: 1).contains(false))
    }

    @Test func textStoreKeepsWhatItAcknowledged() {
        let store = TextStore(limit: 100)
        #expect(
            ask(store, .bytes(Array("GET\nSET 11\nGET\nSET 3\n\n\nGET\nCLOSE\n".utf8)))
                == "TEXT 0\nOK 11\nERROR a request is GET, SET n or CLOSE\nTEXT 11\nGET\nSET 3\n\nBYE\n|closed")
        #expect(ask(store, .bytes(Array("SET 101\n".utf8))) == "ERROR a text may have at most 100 bytes\n|closed")
        #expect(
            ask(store, .bytes(Array("SET 99999999999999999999\n".utf8)))
                == "ERROR SET needs the number of bytes that follow\n|closed")
        // Left in the middle: the text is as it was.
        var shared = TextStore(text: [1], limit: 100)
        var answer = ServiceAnswer()
        shared.joined(someone, loopbacks[0], &answer)
        shared.received(someone, Array("SET 5\nabc".utf8).span, &answer)
        shared.left(someone, &answer)
        #expect(shared.text == [1] && !answer.isGiven)
    }

    /// Who does not finish makes room for who does.
    @Test func unfinishedUpdatesLockNobodyOut() {
        var store = TextStore(limit: 1 << 20)
        var answer = ServiceAnswer()
        let piece = [UInt8](repeating: 120, count: (1 << 20) - 1)
        func member(_ number: Int) -> MemberID { MemberID(slot: number, generation: 0) }
        for number in 0..<40 {
            store.joined(member(number), loopbacks[0], &answer)
            store.received(member(number), Array("SET 1048576\n".utf8).span, &answer)
            store.received(member(number), piece.span, &answer)
        }
        #expect(answer.bytes.isEmpty && !answer.closes)
        #expect(answer.letters.map(\.member) == (0..<8).map(member))
        // The last ones finish, the dropped ones are sent away with their next bytes.
        answer.reset()
        store.received(member(39), [121].span, &answer)
        #expect(String(decoding: answer.bytes, as: UTF8.self) == "OK 1048576\n" && store.text == piece + [121])
        answer.reset()
        store.received(member(0), [121].span, &answer)
        #expect(answer.closes && answer.bytes.isEmpty && store.text == piece + [121])
        for number in 0..<40 { store.left(member(number), &answer) }
    }

    @Test(arguments: [
        "e\u{301}" + String(repeating: "\u{301}", count: 30), "\u{2800}\u{2800}", "\u{3164}", "\u{301}", "a:b",
        String(repeating: "x", count: 25), " ",
    ])
    func namesThatAreNone(name: String) {
        let said = play([.bytes(Array("\(name)\n".utf8))], to: Chat()) { $0 }
        #expect(String(decoding: said.bytes, as: UTF8.self).contains("* a name has 1 to 24 characters"))
    }

    @Test func chatRoom() {
        let bob = MemberID(slot: 1, generation: 0)
        let said = play([.bytes(Array("bob\n\u{1b}[31manna\nanna\nhello\n".utf8))], to: ChunkingTests.room()) { $0 }
        #expect(
            String(decoding: said.bytes, as: UTF8.self) == """
                * welcome to the chat; the first line that you send is your name
                * bob is here already; choose another name
                * hello \\u{1b}[31manna; with you here: bob

                """)
        #expect(
            said.letters[bob].map { String(decoding: $0, as: UTF8.self) } == """
                * \\u{1b}[31manna joined: 2 here
                \\u{1b}[31manna: anna
                \\u{1b}[31manna: hello
                * \\u{1b}[31manna left: 1 here

                """)
    }

    @Test func filesStayInTheFolder() throws {
        let scratch = try TemporaryFolder()
        let url = scratch.url.appendingPathComponent("shared/deep")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try Data("inside".utf8).write(to: url.appendingPathComponent("my file.txt"))
        try Data("outside".utf8).write(to: scratch.url.appendingPathComponent("secret"))
        let shared = scratch.url.appendingPathComponent("shared").path
        try FileManager.default.createSymbolicLink(atPath: shared + "/out", withDestinationPath: "../secret")
        try FileManager.default.createSymbolicLink(atPath: shared + "/passwd", withDestinationPath: "/etc/passwd")
        try FileManager.default.createSymbolicLink(atPath: shared + "/up", withDestinationPath: "..")
        try FileManager.default.createSymbolicLink(atPath: shared + "/in", withDestinationPath: "deep/my file.txt")
        unsafe mkfifo(shared + "/fifo", 0o600)
        let folder = try SystemFolder(shared)
        func get(_ name: String) -> String {
            ask(Separately { FileServer(folder: folder) }, .bytes(Array("GET 0 \(name)\n".utf8)))
        }

        let inside = "OK 6\ninside" + sha256("inside") + "\n|closed"
        #expect(
            get("deep/my file.txt") == inside && get("./deep/my file.txt") == inside
                && get("deep//my file.txt") == inside)
        #expect(get("in") == inside)
        for name in ["../secret", "../../etc/passwd", "deep/../../secret", "..", "deep/.."] {
            #expect(get(name) == "ERROR a name may not have .. in it\n|closed")
        }
        for name in ["/etc/passwd", "//etc/passwd"] {
            #expect(get(name) == "ERROR a name may not begin with a slash\n|closed")
        }
        for name in ["out", "passwd", "up/secret"] {
            #expect(get(name) == "ERROR the name leads out of the folder\n|closed", "\(name)")
        }
        for name in ["a\u{1}b", "a\u{1b}[2Jb", "a\u{0}b", "a\u{85}b", "\t"] {
            #expect(get(name) == "ERROR a name may not have control characters in it\n|closed")
        }
        for name in ["nosuch", "deep", "fifo", "deep/my file.txt/x"] {
            #expect(get(name) == "ERROR there is no such file\n|closed", "\(name)")
        }
        #expect(get("") == "ERROR the name is empty\n|closed")
        #expect(get(String(repeating: "a", count: 2000)) == "ERROR the name is too long\n|closed")
        #expect(
            ask(Separately { FileServer(folder: folder) }, .bytes(Array("GET 7 in\n".utf8)))
                == "ERROR the file has only 6 bytes\n|closed")
        #expect(
            ask(Separately { FileServer(folder: folder) }, .bytes(Array("GET 4 in\n".utf8))) == "OK 6\nde"
                + sha256("inside") + "\n|closed")
        #expect(ask(Separately { FileServer(folder: folder) }, .bytes(Array("LIST\n".utf8))) == "OK 0\n|closed")
    }

    /// At once up to the burst, then at the rate; silence fills it up again, not above the burst.
    @Test func sendingBudget() {
        var budget = SendingBudget()
        #expect(budget.spend(65_536, at: 5_000_000_000) == nil)
        #expect(budget.spend(32_768, at: 5_000_000_000) == 6_000_000_000)
        #expect(budget.spend(0, at: 6_000_000_000) == nil)
        #expect(budget.spend(1, at: 6_000_000_000) == 6_000_030_517)
        #expect(budget.spend(65_537, at: 100_000_000_000) == 100_000_030_517)
        #expect(budget.spend(65_536, at: 50_000_000_000) != nil)
    }

    private func sha256(_ text: String) -> String {
        var hash = SHA256()
        hash.add(Array(text.utf8).span)
        return hash.hexadecimal() ?? ""
    }

    /// The client's readers take streams cut anywhere.
    @Test func repliesInPieces() {
        let stream = Array("TEXT 5\na\nbcdOK 12\nERROR no way\nTEXT 0\nBYE\n".utf8)
        for size in 1...stream.count {
            var reader = TextStoreReplies()
            var replies: [TextStoreReply]? = []
            for start in stride(from: 0, to: stream.count, by: size) {
                let piece = Array(stream[start..<min(stream.count, start + size)])
                replies? += reader.take(piece.span) ?? [.error("not understood")]
            }
            #expect(replies == [.text(Array("a\nbcd".utf8)), .stored(12), .error("no way"), .text([]), .bye])
        }
        let digest = String(repeating: "0a", count: 32)
        let file = Array("OK 10\n56789\(digest)\n".utf8)
        for size in 1...file.count {
            var reply = FileReply(from: 5)
            var content: [UInt8] = []
            for start in stride(from: 0, to: file.count, by: size) {
                let piece = Array(file[start..<min(file.count, start + size)])
                let isUnderstood = reply.take(piece.span) { content.append(copying: $0) }
                #expect(isUnderstood)
            }
            #expect(reply.isOver && reply.size == 10 && reply.digest == digest && content == Array("56789".utf8))
        }
    }
}
