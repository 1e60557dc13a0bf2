import Addressing
import Conversations

/// Segments that came when their connection had been told already. What is known of a connection is let go of some time
/// after its end (`ReleaseOrder`), so nothing can be said of them but that they came.
struct LateSegments: Sendable {
    static let topic = Topic("late_segments", "Late segments", "what came of connections that had been told")

    private var packets = PacketNumbers()
    private var start: Timestamp?
    private var end: Timestamp?

    mutating func add(_ packet: ObservedPacket) {
        packets.add(packet.number)
        start = start ?? packet.time
        end = packet.time
    }

    /// nil where there were none.
    var finding: Finding? {
        guard let start, let end else { return nil }
        return Finding(
            .lateSegments, .note,
            """
            \(.count(packets.count, "segment")) came more than a minute after the end of a connection, or after \
            \(.number(ReleaseOrder.lingeringLimit)) others had ended or \(.number(ReleaseOrder.idleLimit)) others had \
            been tried without an answer. They are not among what is told of it.
            """,
            evidence: Finding.Evidence(packets: packets), at: start, duration: end.elapsed(since: start))
    }
}

extension Finding.Kind {
    /// Segments of connections that had been told.
    package static let lateSegments: Self = "late_segments"
}
