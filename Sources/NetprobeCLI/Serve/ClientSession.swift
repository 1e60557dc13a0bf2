import Addressing
import ArgumentParser
import Packets
import Rendering
import Services
import Sockets
import Text

/// One run of a client.
struct ClientSession<S: BerkeleySocket & ~Copyable> {
    let command: ClientCommand
    let socket: SocketMaker<S>

    func run() throws {
        let client = CourseClient(socket: socket, timeout: command.wait, limit: command.limit ?? ServiceLimits.answer)
        let messages = command.messages
        switch (command.name.client, command.name.transport) {
        case (.echo, .unix): try compare(try unixAnswers(client))
        case (.echo, .tcp):
            let echo = EchoClient(socket: socket, timeout: command.wait)
            try compare(
                try asking { (server, _) throws(SocketError) in
                    var answers: [[UInt8]] = []
                    for message in messages { answers += try echo.tcp(server, message: message) }
                    return answers
                })
        case (.echo, .udp): try compare(try datagramAnswers(client))
        case (.datagrams, _): try judge(try datagramAnswers(client))
        case (.lines, _):
            try judge(
                try asking { (server, notice) throws(SocketError) in
                    // All over one connection; as many lines are answered as the message has.
                    let lines = messages.map {
                        $0.split(separator: 10, omittingEmptySubsequences: false).count - ($0.last == 10 ? 1 : 0)
                    }
                    return try client.tcp(server, messages: messages, until: { .lines(lines[$0]) }, notice: notice)
                })
        case (.connectionEach, _):
            // The server closes after its answer.
            try judge(
                try asking { (server, notice) throws(SocketError) in
                    var answers: [[UInt8]] = []
                    for message in messages {
                        answers += try client.tcp(server, messages: [message], until: .endOfStream, notice: notice)
                    }
                    return answers
                })
        case (.listening, _):
            try judge(
                try asking { (server, notice) throws(SocketError) in
                    try client.tcp(server, messages: [], until: .endOfStream, notice: notice)
                })
        case (.oneWay, _):
            try command.reaching { (server) throws(SocketError) in try client.udpSend(server, messages: messages) }
            for message in messages {
                try Self.print("sent \(message.count) bytes; whether anybody received them cannot be known")
            }
        case (.retried, _): try backOff(messages)
        case (.dialogue(.textStore), _): try TextStoreSession(command: command, socket: socket).run()
        case (.dialogue(.file), _): try FileSession(command: command, socket: socket).run()
        case (.dialogue(.chat), _): try ChatSession(command: command, socket: socket).run()
        }
    }

    private func datagramAnswers(_ client: CourseClient<S>) throws -> [[UInt8]] {
        try asking { (server, notice) throws(SocketError) in
            try client.udp(server, messages: command.messages, notice: notice)
        }
    }

    private func asking(_ body: (Endpoint, (ClientNotice) -> Void) throws(SocketError) -> [[UInt8]]) throws -> [[UInt8]]
    {
        var notices = ClientNotices()
        let answers = try command.reaching { (server) throws(SocketError) in try body(server) { notices.take($0) } }
        if let limit = notices.limit {
            for answer in answers { try Self.print(answer) }
            throw CommandFailure("the server sends more than \(limit) bytes: the rest is not taken (--limit)")
        }
        return answers
    }

    /// An echo: what came back must be what was sent.
    private func compare(_ answers: [[UInt8]]) throws {
        for answer in answers { try Self.print(answer) }
        if answers != command.messages {
            Diagnostics.write("what came back is not what was sent")
            throw Status.no
        }
    }

    /// Every other service: what came must be what its server would answer, a newline at the end more or less.
    private func judge(_ answers: [[UInt8]]) throws {
        // Over TCP a newline ends a message, and so an answer.
        let isLines = command.name.transport == .tcp
        for answer in answers {
            for line in isLines
                ? Self.withoutNewline(answer).split(separator: 10, omittingEmptySubsequences: false) : [answer[...]]
            { try Self.print(Array(line)) }
        }
        let messages = command.messages.isEmpty ? [[]] : command.messages
        for (number, message) in messages.enumerated() {
            let expected = command.name.answer(to: message)
            let answer = number < answers.count ? answers[number] : []
            if command.name.transport == .tcp, answer.isEmpty {
                Diagnostics.write("the server ended the connection without an answer")
                throw Status.no
            }
            if let expected, Self.withoutNewline(answer) != Self.withoutNewline(expected) {
                let text = String(decoding: expected.prefix(200), as: UTF8.self) + (expected.count > 200 ? "…" : "")
                Diagnostics.write("\(command.name.name) answers otherwise: expected '\(text)'")
                throw Status.no
            }
        }
        if answers.contains(where: { $0.starts(with: "error: ".utf8) }) { throw Status.no }
    }

    private static func withoutNewline(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let line = bytes.last == 10 ? bytes.dropLast() : bytes[...]
        return line.last == 13 ? line.dropLast() : line
    }

    private func backOff(_ messages: [[UInt8]]) throws {
        let client = BackoffClient(socket: socket)
        var answers: [[UInt8]] = []
        for message in messages {
            let outcome = try command.reaching { (server) throws(SocketError) in
                try client.ask(server, message: message) { wait in
                    Diagnostics.write("sent; waiting \(DurationText.text(wait)) for an answer")
                }
            }
            guard let answer = outcome.answer else {
                for answer in answers { try Self.print(answer) }
                Diagnostics.write("no answer to \(outcome.waits.count) datagrams: given up")
                throw Status.no
            }
            answers.append(answer)
        }
        try judge(answers)
    }

    private func unixAnswers(_ client: CourseClient<S>) throws -> [[UInt8]] {
        let path = UnixPath(command.host)
        do throws(SocketError) {
            if command.kind == .dgram {
                let own = UnixPath.ofClient(of: path, number: .random(in: .min ... .max))
                return try client.unixDatagrams(path, from: own, messages: command.messages)
            }
            return try client.unix(path, command.kind.socketKind, messages: command.messages)
        } catch {
            throw ClientFailure.of(error)
        }
    }

    static func print(_ text: String) throws(CommandFailure) { try print(Array(text.utf8)) }

    /// A line on standard output; the bytes are the server's.
    static func print(_ bytes: [UInt8]) throws(CommandFailure) {
        let output = StandardOutput()
        var out = output.buffer()
        // An answer that ends in a newline is a line already.
        out.append(escaping: (bytes.last == 10 ? Array(bytes.dropLast()) : bytes).rawSpan)
        out.append(ascii: 10)
        try output.finish(&out)
    }
}

/// What a client tells about its answers, a line each.
private struct ClientNotices {
    /// How much was taken of an answer that went on after it.
    private(set) var limit: Int?
    private var strangers = 0

    mutating func take(_ notice: ClientNotice) {
        switch notice {
        case .stranger(let sender, let count):
            strangers += 1
            // A flood of them is told once in a while: after 1, 10, 100 …
            guard strangers.isPowerOfTen else { return }
            let more = strangers > 1 ? "; \(strangers) of others in all" : ""
            Diagnostics.write(
                "a datagram of \(count) bytes from \(sender) is not the server's, and not its answer\(more)")
        case .unfinished(let count): Diagnostics.write("\(count) bytes came, and then no end within the time allowed")
        case .endless(let count): limit = count
        }
    }
}

extension Int {
    fileprivate var isPowerOfTen: Bool {
        var rest = self
        while rest > 1, rest % 10 == 0 { rest /= 10 }
        return rest == 1
    }
}

/// What a failed call means for a client's exit status.
enum ClientFailure {
    /// Silence where an answer was waited for is an answer: no. Everything else could not be asked.
    static func of(_ error: SocketError) -> any Error {
        if error.isWouldBlock, error.call == .recv || error.call == .recvfrom {
            Diagnostics.write("\(error)")
            return Status.no
        }
        return CommandFailure(error)
    }
}
