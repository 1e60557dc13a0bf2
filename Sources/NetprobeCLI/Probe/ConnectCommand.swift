import Addressing
import ArgumentParser
import Packets
import Probe
import Rendering
import Sockets

/// `netprobe connect HOST PORT`
struct ConnectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connect to a TCP server, and say which address answered and why the others did not.",
        discussion: """
            The course's first client: resolves the name, tries its addresses as RFC 8305 (Happy Eyeballs) has it, and \
            says from which local endpoint the connection comes. With --send and --read, the end of sending is told to \
            the server (FIN), so that one that waits for it answers to the end. What comes back is printed with \
            control characters escaped.
            Exit status: 0 connected, 1 nobody accepted, 2 could not ask.

            Examples:
              netprobe connect localhost 65432 --send 'Hello, world' --read
              netprobe connect example.org http --handshake
            """)

    @Argument(help: "A name or an address.")
    var host: String

    @Argument(help: "A port, or a service's name.")
    var port: String

    @OptionGroup var families: FamilyOptions

    @Flag(help: "Capture the three-way handshake and print its card; needs the right to capture (netprobe doctor).")
    var handshake = false

    @Option(help: ArgumentHelp("Send this text.", valueName: "text"))
    var send: String?

    @Flag(help: "Print what the server sends, until it ends or is silent for --timeout.")
    var read = false

    @Option(help: ArgumentHelp("How long to try, and how long to wait for data.", valueName: "seconds"))
    var timeout = 5.0

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var colour: ColourOption

    func validate() throws {
        if port.isEmpty || port == "0" {
            throw ValidationError("The port must be between 1 and 65535, or a service's name.")
        }
        if port.allSatisfy(\.isNumber), UInt16(port) == nil {
            throw ValidationError("'\(port)' is no port: 1 to 65535.")
        }
        if !(timeout > 0 && timeout < 1e6) { throw ValidationError("--timeout must be a positive number of seconds.") }
    }

    func run() throws {
        let candidates = try HostQuestion.endpoints(
            of: host, service: port, family: families.family, kind: .stream, timeout: .seconds(timeout))
        var capture = handshake ? HandshakeCapture(candidates) : nil
        var network = try attempt { () throws(SocketError) in try DialSockets() }
        var race = HappyEyeballs(candidates, now: network.now(), timeout: Int64(timeout * 1e9))
        do throws(SocketError) { try race.run(&network) } catch { throw CommandFailure(error) }

        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        if !json { ConnectText.write(race, host: host, to: &out) }
        guard let winner = race.winner, let socket = network.take(winner) else {
            let card = race.attempts.first.flatMap { capture?.conversation(from: nil, to: $0.endpoint) }
            if json {
                ConnectJSON.write(race, host: host, port: port, local: nil, exchange: nil, card: card, to: &out)
            } else if capture != nil {
                HandshakeCapture.write(card, to: &out)
            }
            try output.finish(&out)
            throw Status.no
        }
        let peer = race.attempts[winner].endpoint
        let local = try? socket.localEndpoint()
        if !json {
            out.append(text: "connected to \(peer)" + (local.map { " from \($0)" } ?? "") + "\n")
            out.flush()
        }
        var exchange = ConnectExchange(timeout: .seconds(timeout))
        do throws(SocketError) {
            if let send { try exchange.send(Array(send.utf8), over: socket, last: read) }
            if read {
                try exchange.read(from: socket) { piece in
                    if !json { ConnectExchange.write(piece, to: &out) }
                }
            }
        } catch {
            exchange.failure = error
        }
        if !json { exchange.writeEnding(to: &out) }
        exchange.closeLingering(over: socket)
        _ = try? socket.close()
        let card = capture?.conversation(from: local, to: peer) ?? nil
        if json {
            ConnectJSON.write(race, host: host, port: port, local: local, exchange: exchange.told, card: card, to: &out)
        } else if capture != nil {
            HandshakeCapture.write(card, to: &out)
        }
        try output.finish(&out)
        if let failure = exchange.failure { Diagnostics.write("\(failure)") }
    }
}
