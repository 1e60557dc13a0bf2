import Addressing
import ArgumentParser
import Packets
import Rendering
import Services
import Sockets

/// One run of a client.
struct ClientSession<S: BerkeleySocket & ~Copyable> {
    let command: ClientCommand
    let socket: SocketMaker<S>

    func run() throws {
        let client = CourseClient(socket: socket, timeout: command.wait)
        let messages = command.messages
        switch command.name {
        case .tcpEcho:
            let echo = EchoClient(socket: socket, timeout: command.wait)
            try compare(try asking { (server) throws(SocketError) in
                var answers: [[UInt8]] = []
                for message in messages { answers += try echo.tcp(server, message: message) }
                return answers
            })
        case .udpEcho: try compare(try asking { (server) throws(SocketError) in try client.udp(server, messages: messages) })
        case .unixEcho: try compare(try unixAnswers(client))
        case .upperTCP, .adder: try tell(try asking { (server) throws(SocketError) in try client.tcp(server, messages: messages, until: .message) })
        case .sixteen:
            // One message a connection: the server closes after its answer.
            try tell(try asking { (server) throws(SocketError) in
                var answers: [[UInt8]] = []
                for message in messages { answers += try client.tcp(server, messages: [message], until: .message) }
                return answers
            })
        case .greeting: try tell(try asking { (server) throws(SocketError) in try client.tcp(server, messages: [], until: .endOfStream) })
        case .upperUDP, .udpLength: try tell(try asking { (server) throws(SocketError) in try client.udp(server, messages: messages) })
        case .udpSink:
            _ = try asking { (server) throws(SocketError) in
                try client.udpSend(server, messages: messages)
                return []
            }
            for message in messages { try Self.print("sent \(message.count) bytes; whether anybody received them cannot be known") }
        case .udpBackoff: try backOff(messages)
        case .textStore: try TextStoreSession(command: command, socket: socket).run()
        case .file: try FileSession(command: command, socket: socket).run()
        case .chat: try ChatSession(command: command, socket: socket).run()
        }
    }

    private func asking(_ body: (Endpoint) throws(SocketError) -> [[UInt8]]) throws -> [[UInt8]] {
        let server = try command.server()
        do throws(SocketError) {
            return try body(server)
        } catch {
            throw ClientFailure.of(error)
        }
    }

    /// An echo: what came back must be what was sent.
    private func compare(_ answers: [[UInt8]]) throws {
        for answer in answers { try Self.print(answer) }
        if answers != command.messages {
            Diagnostics.write("what came back is not what was sent")
            throw Status.no
        }
    }

    private func tell(_ answers: [[UInt8]]) throws {
        for answer in answers { try Self.print(answer) }
        if answers.count < max(1, command.messages.count) || answers.contains([]) {
            Diagnostics.write("the server ended the connection without an answer")
            throw Status.no
        }
        if answers.contains(where: { $0.starts(with: "error: ".utf8) }) { throw Status.no }
    }

    private func backOff(_ messages: [[UInt8]]) throws {
        let client = BackoffClient(socket: socket)
        for message in messages {
            var outcome: BackoffOutcome?
            _ = try asking { (server) throws(SocketError) in
                outcome = try client.ask(server, message: message) { wait in
                    Diagnostics.write("sent; waiting \(DurationText.text(nanoseconds: wait.components.attoseconds / 1_000_000_000 + wait.components.seconds * 1_000_000_000)) for an answer")
                }
                return []
            }
            guard let answer = outcome?.answer else {
                Diagnostics.write("no answer to \(outcome?.waits.count ?? 0) datagrams: given up")
                throw Status.no
            }
            try Self.print(answer)
        }
    }

    private func unixAnswers(_ client: CourseClient<S>) throws -> [[UInt8]] {
        let path = UnixPath(command.host)
        do throws(SocketError) {
            if command.kind == .dgram {
                // Beside the server's path, so that whoever may write there can be answered.
                let own = UnixPath("\(command.host).client-\(UInt32.random(in: .min ... .max))")
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

/// What a failed call means for a client's exit status.
enum ClientFailure {
    /// Silence where an answer was waited for is an answer: no. Everything else could not be asked.
    static func of(_ error: SocketError) -> any Error {
        if error.code == .wouldBlock, error.call == .recv || error.call == .recvfrom {
            Diagnostics.write("\(error)")
            return Status.no
        }
        return CommandFailure("\(error)")
    }
}
