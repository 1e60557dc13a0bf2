import Addressing
import Conversations
import Packets
import Sockets

/// Finds the conversation that a socket call is about, by addresses and, where a port pair was used again, by time.
struct ConversationIndex {
    private struct Pair: Hashable {
        let transport: Transport
        let local: Endpoint
        let peer: Endpoint
    }

    /// A socket bound to every address is known by its port alone.
    private struct PortAndPeer: Hashable {
        let transport: Transport
        let port: Port
        let peer: Endpoint
    }

    private struct Place: Hashable {
        let transport: Transport
        let endpoint: Endpoint
    }

    private struct PlacePort: Hashable {
        let transport: Transport
        let port: Port
    }

    private let conversations: [Conversation]
    // Numbers of conversations, in the order in which they began.
    private var pairs: [Pair: [Int]] = [:]
    private var ports: [PortAndPeer: [Int]] = [:]
    private var opened: [Place: [Int]] = [:]
    private var places: [Place: [Int]] = [:]
    private var placePorts: [PlacePort: [Int]] = [:]

    init(_ conversations: [Conversation]) {
        self.conversations = conversations
        let order = conversations.indices.sorted {
            let (a, b) = (conversations[$0].firstTime, conversations[$1].firstTime)
            return a != b ? a < b : $0 < $1
        }
        for number in order {
            let conversation = conversations[number]
            let transport = conversation.transport
            opened[Place(transport: transport, endpoint: conversation.server), default: []].append(number)
            note(number, transport, conversation.client, conversation.server)
            if conversation.client != conversation.server {
                note(number, transport, conversation.server, conversation.client)
            }
        }
    }

    private mutating func note(_ number: Int, _ transport: Transport, _ local: Endpoint, _ peer: Endpoint) {
        pairs[Pair(transport: transport, local: local, peer: peer), default: []].append(number)
        ports[PortAndPeer(transport: transport, port: local.port, peer: peer), default: []].append(number)
        places[Place(transport: transport, endpoint: local), default: []].append(number)
        placePorts[PlacePort(transport: transport, port: local.port), default: []].append(number)
    }

    static func transport(_ call: SocketCall) -> Transport? {
        switch call.transport {
        case .tcp: .tcp
        case .udp: .udp
        default: nil
        }
    }

    /// The conversation that a call names with both its addresses; nil where it does not, or where there is none.
    func named(by call: SocketCall) -> Int? {
        guard let transport = Self.transport(call), let local = call.local?.onTheWire, let peer = call.counterpart
        else { return nil }
        let found =
            local.address.isUnspecified
            ? ports[PortAndPeer(transport: transport, port: local.port, peer: peer)]
            : pairs[Pair(transport: transport, local: local, peer: peer)]
        guard let found, let first = found.first else { return nil }
        if found.count == 1 { return first }
        // The latest that had begun when the call returned; a call on a socket that nobody has used yet, the first.
        let until = call.returned ?? call.start
        return found.last { conversations[$0].firstTime <= until } ?? first
    }

    /// Those that were opened towards an endpoint, in the order in which they began, from a moment on.
    func opened(_ transport: Transport, towards server: Endpoint, from start: Timestamp) -> ArraySlice<Int> {
        guard let all = opened[Place(transport: transport, endpoint: server)] else { return [] }
        return all[all.firstPosition { conversations[$0].firstTime >= start }...]
    }

    /// Those that a socket bound to this address takes part in.
    func at(_ local: Endpoint, _ transport: Transport) -> [Int] {
        let found =
            local.address.isUnspecified
            ? placePorts[PlacePort(transport: transport, port: local.port)]
            : places[Place(transport: transport, endpoint: local)]
        return found ?? []
    }
}

extension RandomAccessCollection {
    /// The first position at which a condition holds that holds from somewhere on.
    func firstPosition(_ holds: (Element) -> Bool) -> Index {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = index(low, offsetBy: distance(from: low, to: high) / 2)
            if holds(self[middle]) { high = middle } else { low = index(after: middle) }
        }
        return low
    }
}
