import Addressing
import Conversations
import Diagnosis
import Sockets

/// A socket call as a capture keeps it: which packet it stands on, and what it has to do with it.
public struct StoryCall: Sendable {
    public let packet: Int
    public let comment: SocketCallComment

    public init(packet: Int, comment: SocketCallComment) {
        self.packet = packet
        self.comment = comment
    }
}

/// Which socket calls stand behind which events of a story.
struct StoryCalls {
    /// For each event the calls that caused its packets, or returned because of them.
    let behind: [[SocketCall]]
    /// Calls for this conversation that failed without a packet of their own.
    let failed: [SocketCall]

    init(_ story: StoryBook.Story, _ calls: [StoryCall]) {
        var behind = [[SocketCall]](repeating: [], count: story.events.count)
        var failed: [SocketCall] = []
        for call in calls where Self.concerns(call.comment.call, story) {
            let home =
                [.nearest, .noPacket].contains(call.comment.relation)
                ? nil : story.events.firstIndex { Self.canHaveCalls($0) && $0.packets.contains(call.packet) }
            if let home {
                behind[home].append(call.comment.call)
            } else if case .failed = call.comment.call.result {
                failed.append(call.comment.call)
            }
        }
        self.behind = behind.map { $0.sorted { $0.id < $1.id } }
        self.failed = failed.sorted { $0.id < $1.id }
    }

    private static func canHaveCalls(_ event: StoryEvent) -> Bool {
        switch event.kind {
        case .agreed, .total, .stillOpen, .joined: false
        default: true
        }
    }

    /// By its addresses: those of an unbound or listening socket match where they can.
    private static func concerns(_ call: SocketCall, _ story: StoryBook.Story) -> Bool {
        guard call.transport.rawValue == (story.name.transport == .tcp ? "tcp" : "udp") else { return false }
        var peer = call.peer
        switch call.result {
        case .accepted(_, let accepted): peer = accepted
        case .received(_, let sender?): peer = sender
        default: break
        }
        func isEnd(_ endpoint: Endpoint) -> Bool {
            [story.client, story.server].contains {
                $0.port == endpoint.port && ($0.address == endpoint.address || endpoint.address.isUnspecified)
            }
        }
        if let peer, !isEnd(peer) { return false }
        if let local = call.local { return isEnd(local) }
        return peer != nil
    }
}
