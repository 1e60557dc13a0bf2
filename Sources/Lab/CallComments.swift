import Analysis
import Capture
import Conversations
import Packets
import Sockets
import Timeline

/// Keeps socket calls in a capture, as comments on its packets, and reads them back. Where there are no packets
/// (AF_UNIX, a call that fails by itself) they are comments of the section.
public enum CallComments {
    /// The comments of each packet: every call stands on the packet that it caused, else on the one that made it
    /// return, else on the nearest in time. Packets of other protocols than TCP and UDP get none.
    /// - Returns: comments for the section header (`CaptureSection.comments`): the calls that no packet can carry.
    public static func attach(_ calls: [SocketCall], to records: inout [CapturedRecord]) -> [String] {
        var packets: [ObservedPacket] = []
        var positions: [Int] = []
        var analyzer = PacketAnalyzer()
        for (position, record) in records.enumerated() {
            analyzer.take(record.header, record.bytes.rawSpan)
            guard let packet = ObservedPacket(record.bytes.rawSpan, analyzer.dissection, analyzer.facts) else {
                continue
            }
            packets.append(packet)
            positions.append(position)
        }
        var homeless: [String] = []
        for placement in CallSegmentAligner.place(calls, on: packets) {
            let home: (Int, SocketCallComment.Relation)? =
                switch placement.relation {
                case .caused(let found): found.first.map { ($0, .caused) }
                case .causedBy(let found): found.last.map { ($0, .causedBy) }
                case .nearest(let found): (found, .nearest)
                case .none: nil
                }
            guard let (packet, relation) = home else {
                homeless.append(SocketCallComment(placement.call, .noPacket).text)
                continue
            }
            records[positions[packet]].comments.append(SocketCallComment(placement.call, relation).text)
        }
        return homeless
    }

    /// The calls in a packet's or a section's comments; comments that others wrote are passed over.
    public static func calls(in comments: [String]) -> [SocketCall] {
        comments.compactMap { SocketCallComment($0)?.call }
    }
}
