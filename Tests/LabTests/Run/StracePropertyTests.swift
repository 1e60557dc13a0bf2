import Addressing
import Sockets
import Testing

@testable import Lab

/// Texts as strace writes them, made up at random, with what must become of them known beforehand.
@Suite struct StracePropertyTests {
    private struct Line {
        let thread: Int
        /// Microseconds.
        let start: Int
        let text: String
        /// Where strace may interrupt it: behind this many characters.
        let cut: Int
    }

    /// A number of threads, each with a socket of its own and calls on it one after the other.
    private static func program(_ random: inout SplitMix64) -> (lines: [Line], calls: [Int: [String]]) {
        var lines: [Line] = []
        var calls: [Int: [String]] = [:]
        for thread in 1...Int.random(in: 0..<4, using: &random) + 1 {
            let descriptor = 2 + thread
            let port = 40_000 + thread
            let socket = "\(descriptor)<TCP:[127.0.0.1:\(port)->127.0.0.1:7000]>"
            var time = Int.random(in: 0..<50, using: &random)
            func add(_ text: String, _ call: String?) {
                // Not inside of a name: that strace writes whole.
                let cut = text.firstIndex(of: "(").map { text.distance(from: text.startIndex, to: $0) + 1 } ?? 0
                lines.append(Line(thread: thread, start: time, text: text, cut: cut))
                if let call { calls[thread, default: []].append(call) }
                time += 1 + Int.random(in: 0..<100, using: &random)
            }
            add(
                "socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = \(descriptor)<TCP:[\(900 + thread)]> <0.000001000>",
                "socket")
            add(
                """
                connect(\(descriptor)<TCP:[\(900 + thread)]>, {sa_family=AF_INET, sin_port=htons(7000), \
                sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0 <0.000001000>
                """,
                "connect")
            for _ in 0..<Int.random(in: 0..<12, using: &random) {
                let count = Int.random(in: 0..<2000, using: &random)
                switch Int.random(in: 0..<7, using: &random) {
                case 0:
                    add(
                        "sendto(\(socket), \"he)l,<lo\"..., \(count), MSG_NOSIGNAL, NULL, 0) = \(count) <0.000001000>",
                        "send \(count)")
                case 1:
                    add(
                        "recvfrom(\(socket), \"\\\\\\\"= 7\"..., 4096, 0, NULL, NULL) = \(count) <0.000001000>",
                        "recv \(count) bytes")
                case 2:
                    add(
                        """
                        recvfrom(\(socket), 0x7ffd, 4096, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily \
                        unavailable) <0.000001000>
                        """,
                        "recv -1 EAGAIN (11)")
                case 3:
                    add(
                        """
                        poll([{fd=\(socket), events=POLLIN}], 1, 1000) = 1 ([{fd=\(descriptor), \
                        revents=POLLIN}]) <0.000001000>
                        """,
                        "poll 1")
                case 4: add("write(1<pipe:[\(count)]>, \"sendto(3<TCP:[1]>\"..., 9) = 9 <0.000001000>", nil)
                case 5: add("read(9</etc/hosts>, \"127\"..., 4096) = 4096 <0.000001000>", nil)
                default: add("fcntl(\(socket), F_GETFL) = 0x2 (flags O_RDWR) <0.000001000>", nil)
                }
            }
            add("close(\(socket)) = 0 <0.000001000>", "close")
        }
        return (lines, calls)
    }

    /// Writes the lines in the order of their starts. What is interrupted goes on later, but before its thread's next
    /// call.
    private static func text(_ lines: [Line], garbage: Bool, _ random: inout SplitMix64) -> String {
        func stamp(_ thread: Int, _ time: Int) -> String {
            "\(thread) 1.\(String(String(1_000_000 + time).dropFirst()))"
        }
        var text = ""
        var open: [(thread: Int, text: String)] = []
        func resume(_ thread: Int, _ time: Int) {
            guard let index = open.firstIndex(where: { $0.thread == thread }) else { return }
            text += "\(stamp(thread, time)) \(open.remove(at: index).text)\n"
        }
        for line in lines.sorted(by: { $0.start < $1.start }) {
            resume(line.thread, line.start)
            if garbage, Int.random(in: 0..<3, using: &random) == 0 {
                text += Self.garbage[Int.random(in: 0..<Self.garbage.count, using: &random)] + "\n"
            }
            let name = line.text.prefix { $0 != "(" }
            if Int.random(in: 0..<2, using: &random) == 0, line.cut > 0 {
                text += "\(stamp(line.thread, line.start)) \(line.text.prefix(line.cut)) <unfinished ...>\n"
                open.append((line.thread, "<... \(name) resumed>\(line.text.dropFirst(line.cut))"))
            } else {
                text += "\(stamp(line.thread, line.start)) \(line.text)\n"
            }
        }
        for (thread, _) in open { resume(thread, 999_999) }
        return text
    }

    /// None of these is a call on a socket.
    private static let garbage = [
        "", "strace: Process 99 attached", "nonsense", "77 1.000001 +++ exited with 0 +++",
        "77 1.000001 --- SIGCHLD {si_signo=SIGCHLD} ---",
        "77 1.000001 <... recvfrom resumed>) = 5 <0.000001>", "77 1.000001 sendto(",
        "77 x sendto(3<TCP:[1]>, \"\", 1, 0, NULL, 0) = 1",
        "\u{0}\u{1}\u{7f}", "77 1.0000010000001 close(3<TCP:[1]>) = 0",
        "99999999999999999999 1.0 close(3<TCP:[1]>) = 0",
        "77 1.000001 recvfrom(4</tmp/x>, \"3<TCP:[1]>\"..., 5, 0, NULL, NULL) = 3",
        "77 1.000001 close(3<UNIX-STREAM:[1->2]>) = 0",
    ]

    private static func found(_ text: String) -> [Int: [String]] {
        var trace = StraceTrace()
        trace.take(text.utf8)
        var found: [Int: [String]] = [:]
        for call in trace.calls(of: .client) {
            // Every thread has a port of its own, and a descriptor.
            let descriptor =
                call.descriptor.map(Int.init)
                ?? (call.name == .socket ? value(call) : call.local.map { Int($0.port.rawValue) - 39_998 })
            let what =
                ["socket", "connect", "close"].contains(call.name.rawValue)
                ? call.name.rawValue : "\(call.name) \(call.result)"
            found[(descriptor ?? 0) - 2, default: []].append(what)
        }
        return found
    }

    private static func value(_ call: SocketCall) -> Int? {
        guard case .value(let value) = call.result else { return nil }
        return value
    }

    /// Interrupted calls are put together, in any interleaving of any number of threads; and lines that are none of a
    /// socket's calls add nothing.
    @Test(arguments: [false, true])
    func noCallIsLostOrInvented(garbage: Bool) {
        var system = SystemRandomNumberGenerator()
        let seed = system.next()
        print("seed of StracePropertyTests: \(seed)")
        var random = SplitMix64(seed: seed)
        for round in 0..<400 {
            let (lines, calls) = Self.program(&random)
            let text = Self.text(lines, garbage: garbage, &random)
            #expect(Self.found(text) == calls, "seed \(seed), round \(round)\n\(text)")
        }
    }
}
