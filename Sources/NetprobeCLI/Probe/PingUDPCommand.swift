import Addressing
import ArgumentParser
import Probe
import Rendering
import Services
import Sockets

/// `netprobe ping-udp HOST`
struct PingUDPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ping-udp",
        abstract:
            "Send datagrams to a UDP echo server: round-trip times, and what was lost, doubled, reordered or damaged.",
        discussion: """
            Every request carries a sequence number, the time and a pattern; every byte of the answer is checked. A \
            closed port (ICMP port unreachable) and silence are told apart. Ctrl-\\ (SIGQUIT) prints the figures so far.
            Exit status: 0 there was an answer, 1 there was none, 2 could not ask.

            Examples:
              netprobe serve udp-echo &  netprobe ping-udp localhost -c 5
              netprobe ping-udp 192.0.2.7 -p 7 -i 0.2 --histogram
              netprobe ping-udp fe80::1%eth0 --mtu
            """)

    @Argument(help: "A name or an address, also fe80::1%eth0.")
    var host: String

    @Option(
        name: [.customShort("p"), .long], help: ArgumentHelp("The server's port; 7 is inetd's echo.", valueName: "port")
    )
    var port = CourseDefaults.port.rawValue

    @OptionGroup var families: FamilyOptions
    @OptionGroup var pace: PingPaceOptions

    @Option(
        name: [.customShort("s"), .customLong("size")], help: ArgumentHelp("Bytes in a request.", valueName: "bytes"))
    var size = 56

    @Option(
        name: [.customShort("I"), .customLong("interface")],
        help: ArgumentHelp("Send from this interface, or from this address.", valueName: "if|address"))
    var interface: String?

    @Flag(name: [.customShort("q"), .long], help: "Only the figures at the end.")
    var quiet = false

    @Flag(
        name: [.customShort("D"), .customLong("timestamps")],
        help: "Print the time (seconds since 1970) before each line.")
    var timestamps = false

    @Flag(
        name: [.customShort("O"), .customLong("outstanding")],
        help: "Say when a request goes out before the last was answered.")
    var outstanding = false

    @Flag(help: "Draw how the round-trip times are spread.")
    var histogram = false

    @Flag(help: "Print newline-delimited JSON.")
    var ndjson = false

    @Flag(help: "Find the largest packet that passes unfragmented (path MTU).")
    var mtu = false

    @OptionGroup var colour: ColourOption

    func validate() throws {
        if port == 0 { throw ValidationError("-p must be between 1 and 65535.") }
        if size < 0 || size > 100_000 {
            throw ValidationError("-s must be between 0 and 100000 bytes; a datagram holds at most 65507.")
        }
        if mtu && (histogram || outstanding || pace.flood || pace.adaptive) {
            throw ValidationError("--mtu goes without --histogram, -O, -f and -A.")
        }
    }

    func run() throws {
        let peer = try findPeer()
        let plan = pace.plan(size: size)
        let signals = try attempt { () throws(SocketError) in
            try SignalWaiter([SignalNumbers.interrupt, SignalNumbers.terminate, SignalNumbers.quit])
        }
        let socket = try attempt { () throws(SocketError) in
            try DatagramSocket(connectedTo: peer, from: localAddress, interface: interfaceName)
        }
        if mtu { try attempt { () throws(SocketError) in try socket.forbidFragments() } }
        let session = PingSession(
            command: self, peer: peer, local: try? socket.localEndpoint(), interfaceMTU: socket.pathMTU)
        let network = PingSocket(socket, signals: signals, isTight: plan.pace == .flood && !mtu)
        if mtu { try session.findMTU(network) } else { try session.ping(network, plan) }
    }

    /// An address is one whatever interfaces there are; everything else names one.
    private var localAddress: IPAddress? { interface.flatMap { IPAddress($0) } }
    private var interfaceName: String? { localAddress == nil ? interface : nil }

    private func findPeer() throws(CommandFailure) -> Endpoint {
        let family = families.family ?? localAddress.map { AddressFamily(of: $0) }
        let found = try HostQuestion.endpoints(
            of: host, service: String(port), family: family, kind: .datagram, timeout: .seconds(5))
        guard var peer = found.first else { throw CommandFailure("\(host): no address of a usable kind") }
        // A link-local address means nothing without its link (RFC 4007 section 6).
        if peer.scope == 0, peer.address.kind.category == .linkLocal, case .v6 = peer.address {
            guard let interfaceName, let scope = HostLookup.scope(ofInterface: interfaceName) else {
                throw CommandFailure(
                    "\(host): a link-local address needs its interface: \(peer.address)%eth0, or -I eth0")
            }
            peer.scope = scope
        }
        return peer
    }
}

/// When requests leave, and when it ends: ping's flags.
struct PingPaceOptions: ParsableArguments {
    @Option(name: [.customShort("c"), .long], help: ArgumentHelp("Stop after so many requests.", valueName: "n"))
    var count: Int?

    @Option(name: [.customShort("i"), .long], help: ArgumentHelp("Time between requests.", valueName: "seconds"))
    var interval = 1.0

    @Option(
        name: [.customShort("W"), .customLong("wait")],
        help: ArgumentHelp("How long to wait for answers after the last request.", valueName: "seconds"))
    var wait: Double?

    @Option(
        name: [.customShort("w"), .customLong("deadline")],
        help: ArgumentHelp("End after so many seconds whatever happens; -c then counts answers.", valueName: "seconds"))
    var deadline: Double?

    @Flag(
        name: [.customShort("f"), .long], help: "Send the next request as soon as the last is answered, or after 10 ms."
    )
    var flood = false

    @Flag(
        name: [.customShort("A"), .long], help: "Send the next request when the last is answered, at least 2 ms later.")
    var adaptive = false

    func validate() throws {
        if let count, count < 1 { throw ValidationError("-c must be at least 1.") }
        if !(interval >= 0 && interval < 1e6) { throw ValidationError("-i must be 0 or more seconds.") }
        if let wait, !(wait >= 0 && wait < 1e6) { throw ValidationError("-W must be 0 or more seconds.") }
        if let deadline, !(deadline > 0 && deadline < 1e6) {
            throw ValidationError("-w must be a positive number of seconds.")
        }
        if flood && adaptive { throw ValidationError("-f and -A exclude each other.") }
    }

    func plan(size: Int) -> PingPlan {
        var plan = PingPlan()
        plan.count = count
        plan.interval = Int64(interval * 1e9)
        plan.linger = wait.map { Int64($0 * 1e9) }
        plan.deadline = deadline.map { Int64($0 * 1e9) }
        plan.size = size
        plan.pace = flood ? .flood : adaptive ? .adaptive : .interval
        return plan
    }
}
