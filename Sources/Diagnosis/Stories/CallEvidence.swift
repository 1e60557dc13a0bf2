import Addressing
import Conversations
import Sockets

/// A socket call as a capture keeps it: which packet it stands on, and what it has to do with it.
public struct CapturedCall: Sendable {
    /// The number of the packet that it stands on.
    public let packet: Int
    /// The call, and what it has to do with the packet.
    public let comment: SocketCallComment

    /// A call on a packet.
    public init(packet: Int, comment: SocketCallComment) {
        self.packet = packet
        self.comment = comment
    }
}

/// Which socket calls stand behind which findings of a story.
public struct CallEvidence: Sendable {
    private let calls: [CapturedCall]

    /// - Parameter calls: all that the capture keeps.
    public init(_ calls: [CapturedCall]) { self.calls = calls }

    /// The story with the calls that caused its packets, or returned because of them, among the evidence, and with a
    /// finding more for those that failed without a packet of their own.
    public func added(to story: Story) -> Story {
        if calls.isEmpty { return story }
        var story = story
        var failed: [SocketCall] = []
        for call in calls where Self.concerns(call.comment.call, story) {
            if let home = Self.home(of: call, in: story) {
                story.findings[home].evidence.calls.append(call.comment.call.id)
            } else if case .failed = call.comment.call.result {
                failed.append(call.comment.call)
            }
        }
        for index in story.findings.indices { story.findings[index].evidence.calls.sort() }
        if let first = failed.min(by: { $0.id < $1.id }) {
            story.findings.append(
                Finding(
                    .failedWithoutPacket, .warning, "Failed, and no packet above is theirs:",
                    evidence: Finding.Evidence(calls: failed.map(\.id).sorted()), at: first.start))
        }
        return story
    }

    private static func home(of call: CapturedCall, in story: Story) -> Int? {
        if [.nearest, .noPacket].contains(call.comment.relation) { return nil }
        return story.findings.firstIndex {
            ![.agreed, .total, .stillOpen, .joined].contains($0.kind) && $0.evidence.packets.contains(call.packet)
        }
    }

    /// By its addresses: those of an unbound or listening socket match where they can.
    private static func concerns(_ call: SocketCall, _ story: Story) -> Bool {
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

extension Finding.Kind {
    /// Calls that failed without a packet of their own.
    package static let failedWithoutPacket: Self = "failed_without_packet"
}
