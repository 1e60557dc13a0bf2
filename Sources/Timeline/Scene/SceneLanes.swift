import Addressing
import Conversations
import Packets
import Sockets

extension Scene {
    /// One conversation with the calls that concern it; calls of other conversations are left out.
    public init(_ conversation: Conversation, calls: [SocketCall]) {
        self = SceneBuilder([conversation], calls: calls).scene(of: 0)
    }

    /// Calls alone.
    public init(calls: [SocketCall]) { self.init(ConversationCalls.entries(calls.sorted { $0.id < $1.id })) }

    /// Calls alone, in two lanes.
    init(_ entries: [ConversationCalls.Entry]) {
        self.init(nil, SceneAssembly(), entries, silenceLimit: nil, false)
    }

    /// Lane 0 is the client's end, lane 1 the server's.
    init(
        _ exchange: Exchange?, _ packets: SceneAssembly, _ calls: [ConversationCalls.Entry], silenceLimit: Int64?,
        _ hasBothEnds: Bool
    ) {
        var assembly = packets
        var programs: [Side: [SocketCall.End]] = [.client: [], .server: []]
        for entry in calls {
            assembly.add(entry.call, lane: entry.side == .client ? 0 : 1, exchange: exchange == nil ? nil : 0)
            if programs[entry.side]?.contains(entry.call.end) == false {
                programs[entry.side]?.append(entry.call.end)
            }
        }
        var hosts = HostTable(areApart: hasBothEnds)
        let lanes = [(Side.client, exchange?.client), (.server, exchange?.server)].map { side, endpoint in
            Lane(
                host: hosts.number(of: endpoint?.address, at: side), programs: programs[side] ?? [],
                endpoint: endpoint)
        }
        self.init(
            hosts: hosts.all, lanes: lanes, exchanges: exchange.map { [$0] } ?? [], assembly,
            silenceLimit: silenceLimit, hasBothEnds: hasBothEnds)
    }

    /// Puts what was taken in order.
    init(
        hosts: [Host], lanes: [Lane], exchanges: [Exchange], _ assembly: SceneAssembly, silenceLimit: Int64?,
        hasBothEnds: Bool
    ) {
        var assembly = assembly
        assembly.sort()
        self.hosts = hosts
        self.lanes = lanes
        self.exchanges = exchanges
        packets = assembly.packets
        rows = assembly.rows()
        start = assembly.start ?? .epoch
        self.hasBothEnds = hasBothEnds
        self.silenceLimit = silenceLimit ?? Self.silenceLimit(rows, packets, hasBothEnds)
    }

    /// A silence is long beside the usual time between two rows; where packets are seen to be under way, long beside
    /// the slowest of them.
    private static func silenceLimit(_ rows: [Row], _ packets: [Packet], _ hasBothEnds: Bool) -> Int64 {
        guard hasBothEnds else { return Conversation.silenceLimit(rows.lazy.map(\.time)) }
        let slowest = packets.compactMap { packet in
            packet.left.flatMap { left in packet.arrived.first?.nanoseconds(since: left) }
        }.max()
        let (limit, overflow) = (slowest ?? 0).multipliedReportingOverflow(by: 4)
        return overflow ? .max : max(200_000_000, limit)
    }
}

/// Which machine an address is of.
struct HostTable {
    /// Whether client and server were captured each at their own host.
    let areApart: Bool
    private(set) var all: [Scene.Host] = []
    private var ofSide: [Scene.Side: Int] = [:]

    init(areApart: Bool) { self.areApart = areApart }

    /// Position of the machine with an address; all loopback addresses are of one, as is what has no address.
    mutating func number(of address: IPAddress?, at side: Scene.Side) -> Int {
        let known = areApart ? ofSide[side] : all.firstIndex { Self.isSame($0.addresses.first, address) }
        let number = known ?? all.count
        if known == nil { all.append(Scene.Host(addresses: [])) }
        ofSide[side] = number
        if let address, !all[number].addresses.contains(address) { all[number].addresses.append(address) }
        return number
    }

    private static func isSame(_ one: IPAddress?, _ other: IPAddress?) -> Bool {
        one == other || (one?.isLoopback ?? true) && (other?.isLoopback ?? true)
    }
}
