import Conversations
import Packets
import Text

/// What the checksums and sizes of a conversation's packets say about offload.
public enum ChecksumNote {
    /// Writes how many packets have which kind of checksum, and how many segments are larger than the receiver's MSS.
    public static func write(_ conversation: Conversation, to out: inout OutputBuffer) {
        func count(_ status: ChecksumStatus) -> Int { conversation.packets.count { $0.checksum == status } }
        let partial = count(.partial)
        if partial > 0 {
            out.append(
                text:
                    """
                    Checksums: \(partial) partial: offload, the kernel leaves the rest to a network \
                    card, and loopback has none\n
                    """
            )
        }
        for status in [ChecksumStatus.correct, .incorrect, .unverified, .absent, .forbidden] where count(status) > 0 {
            out.append(text: "Checksums: \(count(status)) \(status.name)\n")
        }
        let large = conversation.packets.filter(conversation.isOffloaded)
        if let first = large.first {
            out.append(
                text:
                    """
                    Offloaded: \(large.count) segments (first: packet \(first.number), \(first.payloadLength) \
                    bytes) are larger than the MSS that their receiver announced; a network card would cut them \
                    up, loopback hands them over whole\n
                    """
            )
        }
    }
}
