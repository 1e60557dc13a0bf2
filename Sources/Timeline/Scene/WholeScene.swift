import Addressing
import Conversations
import Packets
import Sockets

extension SceneBuilder {
    /// Everything in one scene: a lane for each program and thread, grouped by host, and one for each host whose
    /// programs are not known; the packets of every conversation go between the lanes that own its ends.
    ///
    /// Whoever opens a conversation stands left of whom it talks to, as far as that goes. A single conversation is the
    /// scene of that one.
    /// - Parameter most: so many lanes at the most, two at least: where there are more, threads share their process's,
    ///   then processes their program's, then the programs of a host one.
    public func whole(lanesAtMost most: Int = 6) -> Scene {
        if count == 0 { return Scene(calls: others) }
        let cast = (0...Cast.coarsest).lazy.map { Cast(self, grain: $0) }
        guard let cast = cast.first(where: { $0.lanes.count <= max(2, most) }) ?? cast.last else {
            return Scene(calls: calls)
        }
        if count == 1, cast.lanes.count <= 2 { return scene(of: 0, withOthers: true) }
        var assembly = SceneAssembly()
        var exchanges: [Scene.Exchange] = []
        for number in 0..<count {
            let lanes = cast.owners[number]
            guard let exchange = exchange(number, lanes: lanes) else { continue }
            assembly.append(self.assembly(of: number, lanes: lanes), exchange: exchanges.count)
            exchanges.append(exchange)
        }
        for call in calls { assembly.add(call, lane: cast.lane(of: call), exchange: cast.conversation(of: call)) }
        return Scene(
            hosts: cast.hosts, lanes: cast.lanes, exchanges: exchanges, assembly, silenceLimit: nil,
            hasBothEnds: hasBothEnds)
    }
}

/// Who appears in a scene, and where.
private struct Cast {
    /// Threads, processes, programs and hosts have a lane each.
    static let coarsest = 3

    private(set) var hosts: [Scene.Host] = []
    private(set) var lanes: [Scene.Lane] = []
    /// For each conversation the lanes of its client's and its server's end.
    private(set) var owners: [(client: Int, server: Int)] = []
    private var laneOfProgram: [SocketCall.End: Int] = [:]
    private var conversationOfCall: [Int: Int] = [:]

    /// What a lane is for, before it has a place.
    private enum Role: Hashable {
        case program(SocketCall.End, host: Int)
        /// Whoever makes calls on this host, or whose calls are not known.
        case anybody(host: Int)

        var host: Int {
            switch self {
            case .program(_, let host), .anybody(let host): host
            }
        }
    }

    /// - Parameter grain: what shares a lane: 0 nothing, 1 the threads of a process, 2 the processes of a program, 3
    ///   the programs of a host.
    init(_ scenes: SceneBuilder, grain: Int) {
        var table = HostTable(areApart: scenes.hasBothEnds)
        var hostOfProgram: [SocketCall.End: Int] = [:]
        var ends: [(client: Role, server: Role)] = []
        for number in 0..<scenes.count {
            guard let exchange = scenes.exchange(number, lanes: (0, 1)) else { continue }
            let entries = scenes.entries(of: number)
            var roles: [Scene.Side: Role] = [:]
            for (side, endpoint) in [(Scene.Side.client, exchange.client), (.server, exchange.server)] {
                let host = table.number(of: endpoint.address, at: side)
                for entry in entries where entry.side == side && hostOfProgram[entry.call.end] == nil {
                    hostOfProgram[entry.call.end] = host
                }
                let owner = Self.owner(entries.filter { $0.side == side }.map(\.call))
                roles[side] = owner.map { Self.role($0, hostOfProgram[$0] ?? host, grain) } ?? .anybody(host: host)
            }
            // A call that concerns several conversations (listen) is of none of them.
            for entry in entries {
                conversationOfCall[entry.call.id] = conversationOfCall[entry.call.id] == nil ? number : -1
            }
            ends.append((roles[.client] ?? .anybody(host: 0), roles[.server] ?? .anybody(host: 0)))
        }
        if table.all.isEmpty { _ = table.number(of: nil, at: .client) }
        hosts = table.all

        // In the order of their first calls; hosts whose programs are not known, of their first conversations.
        var programs: [(role: Role, ends: [SocketCall.End])] = []
        func place(_ role: Role, _ end: SocketCall.End?) {
            let place = programs.firstIndex { $0.role == role } ?? programs.count
            if place == programs.count { programs.append((role, [])) }
            if let end, !programs[place].ends.contains(end) { programs[place].ends.append(end) }
        }
        var roleOfProgram: [SocketCall.End: Role] = [:]
        for call in scenes.calls where roleOfProgram[call.end] == nil {
            let role = Self.role(call.end, hostOfProgram[call.end] ?? 0, grain)
            roleOfProgram[call.end] = role
            place(role, call.end)
        }
        for end in ends {
            place(end.client, nil)
            place(end.server, nil)
        }
        let order = Self.order(programs.map(\.role), ends)
        var laneOfRole: [Role: Int] = [:]
        for (lane, place) in order.enumerated() {
            let (role, ends) = programs[place]
            laneOfRole[role] = lane
            lanes.append(Scene.Lane(host: role.host, programs: ends, endpoint: nil))
        }
        laneOfProgram = roleOfProgram.compactMapValues { laneOfRole[$0] }
        owners = ends.map { (laneOfRole[$0.client] ?? 0, laneOfRole[$0.server] ?? 0) }
    }

    func lane(of call: SocketCall) -> Int { laneOfProgram[call.end] ?? 0 }

    /// The only conversation that a call concerns.
    func conversation(of call: SocketCall) -> Int? { conversationOfCall[call.id].flatMap { $0 < 0 ? nil : $0 } }

    private static func role(_ end: SocketCall.End, _ host: Int, _ grain: Int) -> Role {
        switch grain {
        case 0: .program(end, host: host)
        case 1: .program(end.process, host: host)
        case 2: .program(end.program, host: host)
        default: .anybody(host: host)
        }
    }

    /// Which of the programs at one end of a conversation it belongs to: the one that moves most data, as a server's
    /// child does for the parent that accepted.
    private static func owner(_ calls: [SocketCall]) -> SocketCall.End? {
        var weights: [SocketCall.End: Int] = [:]
        var order: [SocketCall.End] = []
        for call in calls {
            if weights[call.end] == nil { order.append(call.end) }
            weights[call.end, default: 0] += call.name.sends || call.name.receives ? 1000 : 1
        }
        return order.max { (weights[$0] ?? 0) < (weights[$1] ?? 0) }
    }

    /// Lanes from left to right: who opens a conversation before whom it talks to, lanes of one host beside each other.
    private static func order(_ roles: [Role], _ ends: [(client: Role, server: Role)]) -> [Int] {
        var places: [Role: Int] = [:]
        for (place, role) in roles.enumerated() { places[role] = place }
        var callers: [Int: Set<Int>] = [:]
        for end in ends {
            guard let client = places[end.client], let server = places[end.server], client != server else { continue }
            callers[server, default: []].insert(client)
        }
        var left = Array(roles.indices)
        var order: [Int] = []
        while !left.isEmpty {
            // In a circle somebody has to be first.
            let next = left.first { callers[$0, default: []].isSubset(of: order) } ?? left[0]
            order.append(next)
            left.removeAll { $0 == next }
        }
        var hosts: [Int] = []
        for place in order where !hosts.contains(roles[place].host) { hosts.append(roles[place].host) }
        return hosts.flatMap { host in order.filter { roles[$0].host == host } }
    }
}
