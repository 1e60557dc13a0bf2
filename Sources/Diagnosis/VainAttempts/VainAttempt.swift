import Addressing
import Conversations

/// A conversation that came to nothing: a connection that was refused or that nobody answered, a datagram without an
/// answer.
public struct VainAttempt: Sendable {
    /// Which host tried.
    let client: IPAddress
    /// And where.
    let server: Endpoint
    /// Whether somebody refused it: with a RST or an ICMP error.
    let isRefused: Bool
    /// The last packet that shows it.
    let packet: Int
    /// When that one was seen.
    let time: Timestamp

    /// nil for a conversation that came to something.
    public init?(_ conversation: Conversation) {
        let error = conversation.icmpErrors.last
        switch conversation.transport {
        case .tcp:
            guard let handshake = conversation.connection?.handshake, handshake.failed || error != nil,
                handshake.synACK == nil, handshake.challenge == nil, handshake.strayReset == nil,
                let syn = handshake.syn
            else { return nil }
            let last = handshake.refusal ?? handshake.repeatedSYNs.last ?? syn
            isRefused = handshake.refusal != nil || error != nil
            packet = error?.packet ?? last.number
        case .udp:
            // One datagram, and that not to a group, where nobody has to answer.
            guard conversation.packets.count == 1, conversation.omitted.isEmpty,
                let only = conversation.packets.first,
                ![.multicast, .broadcast].contains(conversation.server.address.kind.category)
            else { return nil }
            isRefused = error != nil
            packet = error?.packet ?? only.number
        }
        client = conversation.client.address
        server = conversation.server
        time = conversation.lastTime
    }

    /// nil for a story of a conversation that came to something.
    init?(_ story: Story) {
        guard Self.isVain(story), let last = story.findings.last else { return nil }
        client = story.client.address
        server = story.server
        isRefused = story.findings.contains { $0.kind == .refused || $0.kind == .icmpError }
        packet = last.firstPacket
        time = last.time
    }

    /// What such a conversation is told with.
    private static let vain: Set<Finding.Kind> = [
        .refused, .unanswered, .repeatedSYN, .icmpError, .reusedPorts, .total,
    ]

    private static func isVain(_ story: Story) -> Bool {
        let kinds = Set(story.findings.map(\.kind))
        if story.name.transport == .tcp { return kinds.isSubset(of: vain) }
        // One datagram without an answer, or with an ICMP error for one.
        let isGroup = [.multicast, .broadcast].contains(story.server.address.kind.category)
        return !isGroup && kinds.isSubset(of: vain.union([.data]))
            && !kinds.isDisjoint(with: [.unanswered, .icmpError])
            && story.findings.count { $0.kind == .data } <= 1
    }
}
