import Addressing
import Services
import Sockets

/// A demo: a server and a client as a course would write them, what must be seen when they run, and the sentence that
/// explains it.
///
/// Another demo is another file under `Demos/` and a line in `DemoCatalogue`. `server` and `client` run on threads of
/// their own, on sockets whose calls are recorded; `Role` lets them wait for each other. `verdict` is made from what
/// was captured, never from what should have been.
public protocol Demo: Sendable {
    var name: String { get }
    var group: DemoGroup { get }
    /// One sentence: what it shows.
    var summary: String { get }
    /// The service that it is about; its port and message are the demo's unless that says otherwise.
    var service: ServiceDescription? { get }
    /// What can be chosen on the command line besides the port and the address family.
    var choices: Set<DemoChoice> { get }
    /// What is sent where nothing else was asked for.
    var defaultMessage: String { get }
    /// The longest message that it takes, in bytes.
    var longestMessage: Int { get }
    /// The server's port where none was asked for: the course's.
    var port: Port { get }
    /// Ports that are used besides the server's: those that follow it.
    var furtherPorts: Int { get }
    /// Why it cannot run on the machine's own loopback; nil where it can.
    var needsPrivateNetwork: String? { get }
    /// Why it cannot run over IPv6, as `-6` would have it; nil where it can.
    var notOverIPv6: String? { get }
    /// The wire between two hosts that it needs; nil where loopback does.
    var wire: Impairments? { get }
    /// Why it cannot run between two hosts; nil where it can.
    var needsOneHost: String? { get }
    /// Whether a connection is left open on purpose: its end is not waited for.
    var leavesConnectionsOpen: Bool { get }
    /// Whether handshake cards and the account belong to what it shows, or lines, ladder and the verdict are enough.
    var showsCards: Bool { get }
    /// Whether the streams are shown with rulers for segments and calls.
    var showsRuler: Bool { get }
    /// The demos that are run one after the other, itself where it is one alone.
    var parts: [any Demo] { get }

    /// What the network must be like. Runs before the programs, with root's rights over a private namespace.
    func prepare(_ settings: DemoSettings) throws(SocketError)
    func server(_ role: Role) throws(SocketError)
    func client(_ role: Role) throws(SocketError)
    /// What the recording shows.
    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict
}

extension Demo {
    /// It is about no service.
    public var service: ServiceDescription? { nil }
    /// Nothing can be chosen.
    public var choices: Set<DemoChoice> { [] }
    /// The service's, else the courses' echo message.
    public var defaultMessage: String { service?.message ?? CourseDefaults.tcpMessage }
    /// As much as all messages together may have.
    public var longestMessage: Int { DemoSettings.byteLimit }
    /// The service's, else the courses'.
    public var port: Port {
        guard let port = service?.port, port != .any else { return CourseDefaults.port }
        return port
    }
    /// None.
    public var furtherPorts: Int { 0 }
    /// It runs on loopback too.
    public var needsPrivateNetwork: String? { nil }
    /// It runs over IPv6 too.
    public var notOverIPv6: String? { nil }
    /// Loopback does.
    public var wire: Impairments? { nil }
    /// It runs between two hosts too.
    public var needsOneHost: String? { nil }
    /// Every connection is closed.
    public var leavesConnectionsOpen: Bool { false }
    /// Lines, ladder and verdict are enough.
    public var showsCards: Bool { false }
    /// The streams are not shown.
    public var showsRuler: Bool { false }
    /// It is one demo alone.
    public var parts: [any Demo] { [self] }

    /// Any network does.
    public func prepare(_ settings: DemoSettings) throws(SocketError) {}
    /// There is no server.
    public func server(_ role: Role) throws(SocketError) {}
}

/// How `demo --list` sorts them.
public enum DemoGroup: String, CaseIterable, Sendable {
    case services = "Services: a server and a client of the courses"
    case opening = "Opening a connection"
    case data = "Sending and receiving"
    case closing = "Closing"
    case datagrams = "Datagrams"
    case addresses = "Addresses, ports and rights"
    case wire = "On a wire between two hosts"
}

/// What some demos leave to whoever runs them.
public enum DemoChoice: Hashable, Sendable {
    /// What the client sends.
    case message
    /// How many times.
    case count
}

/// What a recording says.
public enum Verdict: Hashable, Sendable {
    /// It shows what the demo promises, and this is the sentence that explains it.
    case shown(String)
    /// The programs ran, and what they found is not what they should: the answer is no.
    case no(String)
    /// What the demo promises was not seen.
    case notSeen(String)

    /// For programs: `shown`, `no`, `not seen`.
    public var word: String {
        switch self {
        case .shown: "shown"
        case .no: "no"
        case .notSeen: "not seen"
        }
    }

    /// The sentence that is printed.
    public var text: String {
        switch self {
        case .shown(let text), .no(let text): text
        case .notSeen(let what): "This run did not show what the demo is for: \(what)."
        }
    }
}

/// What a demo is to do.
public struct DemoSettings: Sendable {
    /// Where the server listens.
    public var server: Endpoint
    /// What the client sends.
    public var message: [UInt8]
    /// How many times the message is sent.
    public var count: Int
    /// The server's host.
    public var network: DemoNetwork

    /// What is to be done; the properties say what each part is.
    public init(server: Endpoint, message: [UInt8], count: Int = 1, network: DemoNetwork = .loopback) {
        self.server = server
        self.message = message
        self.count = count
        self.network = network
    }

    /// The most messages: a ladder of more is no picture any more.
    public static let countLimit = 100_000
    /// The most bytes in all messages together: packets are kept in memory.
    public static let byteLimit = 256 << 20
}

/// The addresses under which a demo's server can be reached.
public struct DemoNetwork: Hashable, Sendable {
    /// The server's IPv4 address.
    public let ipv4: IPv4Address
    /// The server's IPv6 address.
    public let ipv6: IPv6Address
    /// Everybody in the server's network.
    public let broadcast: IPv4Address

    /// The whole of 127.0.0.0/8 is this machine; 127.255.255.255 its broadcast address.
    public static let loopback = DemoNetwork(
        ipv4: .loopback, ipv6: .loopback, broadcast: IPv4Address(rawValue: 0x7fff_ffff))
    /// The addresses of the host that servers run on.
    public static let twoHosts = DemoNetwork(
        ipv4: TwoHostWire.serverIPv4, ipv6: TwoHostWire.serverIPv6,
        broadcast: IPv4Address(rawValue: TwoHostWire.serverIPv4.rawValue | 0xff))
}
