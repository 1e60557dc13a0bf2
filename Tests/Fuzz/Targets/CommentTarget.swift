import Addressing
import Conversations
import Packets
import Rendering
import Sockets
import Timeline

/// Comments that claim to be socket calls, one a line. Those that parse are drawn beside packets between their own
/// addresses.
enum CommentTarget {
    static func run(_ input: [UInt8]) throws(FuzzFinding) {
        var calls: [SocketCall] = []
        for line in input.split(separator: 10, maxSplits: 40, omittingEmptySubsequences: true) {
            let text = String(decoding: line, as: UTF8.self)
            guard let comment = SocketCallComment(text) else { continue }
            try require(comment.text == text, "\"\(text)\" is written again as \"\(comment.text)\"")
            calls.append(comment.call)
        }
        if calls.isEmpty { return }
        let packets = packets(of: calls)
        let placed = CallSegmentAligner.place(calls, on: packets)
        try require(placed.count == calls.count, "\(placed.count) of \(calls.count) calls are placed")
        let text = TextCheck()
        var out = text.buffer(small: input.count & 1 == 1)
        for conversation in Conversation.all(in: packets, seed: 1) {
            let diagram = Scene(conversation, calls: calls)
            for columns in [nil, 80, 1] as [Int?] { LadderText(columns: columns).write(diagram, to: &out) }
            HandshakeCard.write(conversation, to: &out)
            AccountText.write(ConversationAccount(conversation.packets), to: &out)
        }
        try text.check("ladder", &out)
    }

    /// A SYN, data and a FIN for each call that names both ends, at the moments of the call.
    private static func packets(of calls: [SocketCall]) -> [ObservedPacket] {
        var packets: [ObservedPacket] = []
        for call in calls {
            guard let local = call.local, let peer = call.peer else { continue }
            for (step, flags) in [TCPFlags.syn, [.psh, .ack], [.fin, .ack]].enumerated() {
                let header = TCPHeader(
                    sourcePort: local.port, destinationPort: peer.port, sequence: SequenceNumber(UInt32(step) * 5),
                    flags: flags, window: 512)
                let isTCP = call.transport == .tcp
                packets.append(
                    ObservedPacket(
                        number: packets.count + 1, time: step == 0 ? call.start : call.finish ?? call.start,
                        transport: isTCP ? .tcp : .udp,
                        source: local, destination: peer, tcp: isTCP ? header : nil, payloadLength: step == 1 ? 12 : 0,
                        wireLength: 66,
                        networkLength: 52, checksum: .partial))
            }
        }
        return packets
    }
}
