import Capture
import Packets

/// Finds out about one packet after the other what there is to know: its layers, and what the packets before it say of
/// it. It is handed the records, of a live capture or in memory; `PacketStream` fetches those of a file.
///
///     var packet = PacketAnalyzer(needs: .stream, seed: seed)
///     packet.take(header, bytes)
///     show(bytes, packet.dissection, packet.facts)
public struct PacketAnalyzer: Sendable {
    /// The current packet's layers.
    public private(set) var dissection = Dissection()
    /// What is known of the current packet besides its bytes.
    public private(set) var facts = PacketFacts()
    private var conversations: ConversationFacts
    private var dissector: PacketDissector
    private var whole = PacketBytes()
    private var clock = CaptureClock()

    /// The layers alone, of each packet by itself.
    public init() {
        conversations = ConversationFacts(needs: [], seed: 0)
        dissector = PacketDissector(joins: false)
    }

    /// - Parameters:
    ///   - needs: what is to be found out about each packet besides its layers. Notes and times are not.
    ///   - joins: whether fragments and messages are put together: then layers may lie in `bytes(of:)` alone, and not
    ///     in the frame.
    ///   - seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(needs: FieldNeeds, joins: Bool = false, seed: UInt64) {
        conversations = ConversationFacts(needs: joins ? needs : needs.subtracting(.messages), seed: seed)
        dissector = PacketDissector(joins: joins)
    }

    /// Takes the next packet.
    public mutating func take(_ header: RecordHeader, _ bytes: RawSpan) {
        var header = header
        clock.note(&header)
        let fragments = dissector.dissect(header, bytes, into: &dissection, &whole)
        facts = PacketFacts(header)
        facts.completedIn = fragments.completedIn
        facts.earlierFragments = fragments.earlier
        if dissection.sources.isEmpty {
            conversations.note(bytes, &dissection, &facts, &whole)
        } else {
            let bytes = whole.all
            conversations.note(bytes.rawSpan, &dissection, &facts, &whole)
        }
    }

    /// The bytes that the current packet's layers lie in: the frame's, and behind them what it completes.
    @_lifetime(copy frame, borrow self)
    public func bytes(of frame: RawSpan) -> RawSpan {
        if dissection.sources.isEmpty { return frame }
        return whole.all.rawSpan
    }

    /// Takes a packet that is known by its bytes alone: a frame that was read from a link.
    public mutating func take(_ bytes: RawSpan, linkType: LinkType) {
        take(
            RecordHeader(
                number: facts.number + 1, timestamp: nil, capturedLength: bytes.byteCount, wireLength: bytes.byteCount,
                linkType: linkType), bytes)
    }

    /// Takes packets that lie in memory, one after the other.
    /// - Parameter body: gets the bytes, the layers and the facts of each, and the record itself.
    public mutating func forEach(
        in records: some Sequence<CapturedRecord>,
        _ body: (RawSpan, borrowing Dissection, borrowing PacketFacts, CapturedRecord) -> Void
    ) {
        for record in records {
            let bytes = record.bytes.rawSpan
            take(record.header, bytes)
            body(self.bytes(of: bytes), dissection, facts, record)
        }
    }
}
