import Addressing
import ArgumentParser
import Packets
import Services
import Sockets

/// `netprobe client NAME HOST`
struct ClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Run a client of the course against any server that speaks the same bytes.",
        discussion: """
            What it sends is the course's message, or yours; several are sent one after the other. Standard output \
            says what \
            came back. Text that begins with a dash goes after `--`.
            Exit status: 0 answered as it should be, 1 not, 2 could not ask.

            Examples:
              netprobe client tcp-echo localhost
              netprobe client adder 127.0.0.1 50,40 1,2,3
              netprobe client udp-backoff 127.0.0.1 "are you there?"
              netprobe client text-store 127.0.0.1                  a menu; or: get, set TEXT, set - (from standard \
            input)
              netprobe client file 127.0.0.1 notes.txt -o copy.txt  run it again to go on where it was cut off; --list
              netprobe client chat 127.0.0.1 --name anna
              netprobe client unix-echo /tmp/echo hello
            """)

    @Argument(help: "The service: see `netprobe serve --help`.")
    var name: ServiceDescription

    @Argument(help: "The server's name or address; unix-echo: its path.")
    var host: String

    @Argument(
        help: ArgumentHelp("What to send; text-store: get or set TEXT; file: the file's name.", valueName: "text"))
    var words: [String] = []

    @Option(
        name: [.customShort("p"), .long],
        help: ArgumentHelp("The server's port (default: the service's).", valueName: "port"))
    var port: UInt16?

    @OptionGroup var families: FamilyOptions

    @Option(
        help: ArgumentHelp(
            "How long to wait for each of: the connection, room to send, the whole answer (0: for ever; default: 10).",
            valueName: "seconds"))
    var timeout: Double?

    @Option(help: ArgumentHelp("How much of an answer, or of a text, is taken (default: 1 MiB).", valueName: "bytes"))
    var limit: Int?

    @Flag(help: "Print every socket call with its arguments, result and time.")
    var calls = false

    @Option(name: .customLong("name"), help: ArgumentHelp("chat: your name.", valueName: "name"))
    var member: String?

    @Flag(help: "file: what there is.")
    var list = false

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("file: where to put it (default: its name, here).", valueName: "file"))
    var output: String?

    @Option(
        name: .customLong("kind"),
        help: ArgumentHelp("unix-echo: stream, dgram or seqpacket (default: stream).", valueName: "kind"))
    var chosenKind: UnixKind?

    var kind: UnixKind { chosenKind ?? .stream }

    func validate() throws {
        if port == 0 { throw ValidationError("--port must be between 1 and 65535.") }
        if let timeout, !(timeout >= 0 && timeout < 1e9) {
            throw ValidationError("--timeout must be 0 or more seconds.")
        }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1 byte.") }
        try refuseUseless()
        if name.transport == .unix, host.isEmpty {
            throw ValidationError("Say which path: netprobe client \(name.name) /tmp/echo.")
        }
        try validateWords()
    }

    private func refuseUseless() throws {
        let given: [(ClientOption, Bool)] = [
            (.name, member != nil), (.list, list), (.output, output != nil), (.kind, chosenKind != nil),
            (.port, port != nil), (.family, families.family != nil), (.timeout, timeout != nil), (.limit, limit != nil),
        ]
        for (option, isGiven) in given where isGiven && !(name.takes(option) && !(option == .output && list)) {
            throw UselessOption.error(option.rawValue, for: name)
        }
    }

    /// Whether the client can send what stands on the command line.
    private func validateWords() throws {
        switch name.client {
        case .dialogue(.file):
            if words.count != (list ? 0 : 1) { throw ValidationError("Name one file, or --list.") }
            if words.contains(where: { $0.utf8.contains(10) }) {
                throw ValidationError("The name has a newline in it, and a request ends at one.")
            }
        case .connectionEach(let size):
            if let odd = messages.first(where: { $0.count != size }) {
                throw ValidationError("A message of \(name.name) has \(size) octets; yours has \(odd.count).")
            }
        case .lines:
            if messages.contains([]) {
                throw ValidationError(
                    "An empty message is none: over TCP there would be nothing to send and nothing to answer.")
            }
        case .dialogue(.textStore):
            let isKnown =
                switch words.first {
                case nil: true
                case "get": words.count == 1
                case "set": words.count == 2
                default: false
                }
            if !isKnown {
                throw ValidationError(
                    "Say get, set TEXT, set - (the text comes from standard input), or nothing for the menu.")
            }
        case .listening, .dialogue(.chat):
            if !words.isEmpty { throw ValidationError("\(name.name) sends no text from the command line.") }
        case .echo, .datagrams, .oneWay, .retried: break
        }
    }

    /// What is to be sent.
    var messages: [[UInt8]] { (words.isEmpty ? name.message.map { [$0] } ?? [] : words).map { Array($0.utf8) } }

    var wait: Duration? { timeout == 0 ? nil : .seconds(timeout ?? 10) }

    func run() throws {
        if calls {
            let recorder = CallRecorder(clock: SystemClock.now, limit: 0, observer: StandardErrorLog.printCall)
            try ClientSession(command: self, socket: recorder.sockets(.client)).run()
        } else {
            try ClientSession<Socket>(command: self) { (family, kind) throws(SocketError) in try Socket(family, kind) }
                .run()
        }
    }

    /// Every address of the host, in getaddrinfo's order.
    private func servers() throws(CommandFailure) -> [Endpoint] {
        let number = port ?? name.port.rawValue
        let kind: SocketKind = name.transport == .udp ? .datagram : .stream
        return try HostQuestion.endpoints(
            of: host, service: String(number), family: families.family, kind: kind, timeout: wait ?? .seconds(10))
    }

    /// Asks at one address of the host after the other until one can be reached. A server may listen at one of them
    /// alone: `localhost` is 127.0.0.1 and ::1.
    ///
    /// - Throws: exit status 2, naming every address, when none can be.
    func reaching<Answer: ~Copyable>(_ ask: (Endpoint) throws(SocketError) -> Answer) throws -> Answer {
        var failures: [SocketError] = []
        for server in try servers() {
            do throws(SocketError) {
                return try ask(server)
            } catch {
                let couldNotReach =
                    error.code == .connectionRefused || [.socket, .connect, .sendto].contains(error.call)
                if !couldNotReach { throw ClientFailure.of(error) }
                failures.append(error)
            }
        }
        throw CommandFailure(failures.map { "\($0)" }.joined(separator: "; "))
    }
}
