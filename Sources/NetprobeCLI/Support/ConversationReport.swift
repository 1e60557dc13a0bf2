import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets
import Timeline

/// Conversations and socket calls of a capture, and their ladders.
struct ConversationReport {
    let conversations: [Conversation]
    let calls: [SocketCall]

    init(packets: [ObservedPacket], calls: [SocketCall]) {
        conversations = Conversation.all(in: packets, seed: .random(in: .min ... .max))
        self.calls = calls.sorted { $0.id < $1.id }
    }

    init(_ records: [CapturedRecord], calls: [SocketCall]) {
        var packets: [ObservedPacket] = []
        var dissection = Dissection()
        for record in records {
            Dissector().dissect(
                record.bytes.rawSpan, linkType: record.header.linkType, wireLength: record.header.wireLength, into: &dissection)
            if let packet = ObservedPacket(record.bytes.rawSpan, dissection, PacketFacts(record.header)) { packets.append(packet) }
        }
        self.init(packets: packets, calls: calls)
    }

    /// Every conversation's ladder, with a blank line between.
    func writeLadders(columns: Int?, to out: inout OutputBuffer) {
        for (index, conversation) in conversations.enumerated() {
            if index > 0 { out.append(ascii: 10) }
            LadderText(columns: columns).write(SequenceDiagram(conversation, calls: calls), to: &out)
        }
    }
}
