import Capture
import Conversations
import Packets

/// Counts the flows of a capture. Most packets need no dissection for that: the tracker reads them itself.
public struct FlowCounter: Sendable {
    /// What was counted so far.
    public private(set) var flows: FlowTracker
    private var dissection = Dissection()
    private var dissector = PacketDissector(joins: true)
    private var whole = PacketBytes()

    /// - Parameter seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(seed: UInt64) { flows = FlowTracker(seed: seed) }

    /// Takes in what the capture has besides, a second time.
    public mutating func take(_ copied: CopiedPackets) { flows.copied = copied }

    /// Takes one packet.
    /// - Parameter isCounted: false for what a filter dropped: it moves streams' numbers and states on, and is no
    ///   packet of any flow.
    public mutating func take(_ header: borrowing RecordHeader, _ bytes: RawSpan, isCounted: Bool = true) {
        if flows.takePlain(
            bytes, linkType: header.linkType, wireLength: header.wireLength, number: header.number,
            time: header.timestamp, isCounted: isCounted)
        {
            return
        }
        let fragments = dissector.dissect(header, bytes, isCounted: isCounted, into: &dissection, &whole)
        if dissection.sources.isEmpty {
            flows.take(
                bytes, dissection, wireLength: header.wireLength, number: header.number, time: header.timestamp,
                isCounted: isCounted)
        } else {
            let joined = whole.all
            flows.take(
                joined.rawSpan, dissection, wireLength: header.wireLength, number: header.number,
                time: header.timestamp, isCounted: isCounted, earlier: fragments.earlier)
        }
    }
}
