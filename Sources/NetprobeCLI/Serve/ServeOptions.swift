import Addressing
import ArgumentParser
import Logging
import Services
import Sockets

/// Where a server listens and what it asks of its sockets.
struct ServeSocketOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The address or name to listen on; 0.0.0.0 or :: for all. May be repeated.", valueName: "address"))
    var bind: [String] = []

    @Option(
        name: [.customShort("p"), .long],
        help: ArgumentHelp("The port (0: any free one; default: the service's).", valueName: "port"))
    var port: UInt16?

    @OptionGroup var families: FamilyOptions

    @Option(help: ArgumentHelp("Only clients that come in over this interface (SO_BINDTODEVICE).", valueName: "if"))
    var interface: String?

    @Flag(help: "Take the port even while old connections are in TIME-WAIT (SO_REUSEADDR).")
    var reuseaddr = false

    @Flag(help: "Send probes over idle connections (SO_KEEPALIVE).")
    var keepalive = false

    @Flag(help: "Send small segments at once (TCP_NODELAY).")
    var nodelay = false

    @Option(help: ArgumentHelp("The receive buffer (SO_RCVBUF).", valueName: "bytes"))
    var rcvbuf: Int32?

    @Option(
        help: ArgumentHelp("How many connections may wait to be accepted (default: 1024; --simple: 5).", valueName: "n")
    )
    var backlog: Int32?

    func validate() throws {
        if let rcvbuf, rcvbuf < 1 { throw ValidationError("--rcvbuf must be at least 1 byte.") }
        if let backlog, backlog < 0 { throw ValidationError("--backlog must be 0 or more.") }
    }

    func options(idle: Duration?) -> ServerOptions {
        var options = ServerOptions()
        options.reuseAddress = reuseaddr
        options.keepAlive = keepalive
        options.noDelay = nodelay
        options.receiveBuffer = rcvbuf
        options.interface = interface
        options.idle = idle
        return options
    }
}

/// What a server allows its clients.
struct ServeLimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Close a connection that is silent, or does not read, for so long (0: never; default: 600).",
            valueName: "seconds"))
    var timeout: Double?

    @Option(
        help: ArgumentHelp(
            """
            How many clients at once; the next wait in the queue (default: chat 10, else as many as descriptors allow).
            """,
            valueName: "n"))
    var max: Int?

    @Option(help: ArgumentHelp("The longest message, or text of text-store.", valueName: "bytes"))
    var limit: Int?

    func validate() throws {
        if let timeout, !(timeout >= 0 && timeout < 1e9) {
            throw ValidationError("--timeout must be 0 or more seconds.")
        }
        if let max, max < 1 { throw ValidationError("--max must be at least 1.") }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1 byte.") }
    }

    var idle: Duration? { timeout == 0 ? nil : .seconds(timeout ?? 600) }
}

/// What a server tells.
struct ServeLogOptions: ParsableArguments {
    @Flag(help: "Print every socket call with its arguments, result and time.")
    var calls = false

    @Option(
        help: ArgumentHelp(
            """
            Keep the server's packets and socket calls in a pcapng file, as demo --write does; needs the right to \
            capture.
            """,
            valueName: "file"))
    var capture: String?

    @Flag(name: [.customShort("q"), .long], help: "Log only warnings and errors.")
    var quiet = false
}

/// How to listen, from the command line's words.
enum ServeAddresses {
    /// Every endpoint to listen on: `--bind`'s, else the loopback address.
    static func endpoints(_ options: ServeSocketOptions, port: Port, kind: SocketKind) throws(CommandFailure)
        -> [Endpoint]
    {
        if options.bind.isEmpty {
            return [Endpoint(options.families.family == .ipv6 ? .v6(.loopback) : .v4(.loopback), port)]
        }
        var result: [Endpoint] = []
        for name in options.bind {
            let found = try HostQuestion.endpoints(
                of: name, service: String(port.rawValue), family: options.families.family, kind: kind,
                timeout: .seconds(5))
            for endpoint in found where !result.contains(endpoint) { result.append(endpoint) }
        }
        // 0.0.0.0 is every IPv4 address already, and binding one of them beside it would fail.
        let wild = result.filter(\.address.isUnspecified).map { AddressFamily(of: $0.address) }
        return result.filter { $0.address.isUnspecified || !wild.contains(AddressFamily(of: $0.address)) }
    }

    /// From where an endpoint can be reached, a line each: `127.0.0.1:65432: from this machine only`.
    static func reach(of endpoint: Endpoint) -> [String] {
        addresses(of: endpoint).map { address in
            let place = Endpoint(address.address, endpoint.port, scope: address.scope)
            return "\(place): \(text(AddressKind(of: address.address).reach))"
        }
    }

    /// Whether others than this machine can reach it.
    static func isOpen(_ endpoint: Endpoint) -> Bool {
        endpoint.address.isUnspecified || AddressKind(of: endpoint.address).category != .loopback
    }

    private static func text(_ reach: AddressKind.Reach?) -> String {
        switch reach {
        case .machine?: "from this machine only"
        case .link?: "from machines on the same link"
        case .network?: "from machines of the same network"
        case .everywhere?: "from everywhere, if no firewall forbids it"
        case nil: "not an address that one machine is reached at"
        }
    }

    private static func addresses(of endpoint: Endpoint) -> [InterfaceAddress] {
        guard endpoint.address.isUnspecified else {
            return [InterfaceAddress(endpoint.address, prefixLength: nil, scope: endpoint.scope)]
        }
        let family = AddressFamily(of: endpoint.address)
        let interfaces = (try? InterfaceAddresses.all()) ?? []
        return interfaces.filter { $0.flags.contains(.up) }.flatMap(\.addresses).filter {
            AddressFamily(of: $0.address) == family
        }
    }
}
