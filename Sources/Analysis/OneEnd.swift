import Capture

/// Chooses one end where a file has both ends of a wire: that of the first packet. In such a file everything that
/// crossed the wire was captured twice, and the second sighting would be taken for a retransmission.
struct OneEnd {
    private enum View {
        /// No packet yet.
        case open
        /// The file's packets are not those of a wire's ends.
        case everything
        case end(WireEnd)
    }

    private var view = View.open
    /// The last packet's interface, and whether its packets are kept.
    private var last = (interface: -1, isKept: true)
    /// The other end, and its interfaces so far.
    private var other: (end: WireEnd, interfaces: Set<Int>)?

    /// Whether a packet is of the end that is told of.
    @inline(__always)
    mutating func keeps(_ header: RecordHeader, of reader: borrowing CaptureFileReader) -> Bool {
        if header.interface != last.interface {
            last = (header.interface, look(at: header.interface, reader.interfaces))
        }
        return last.isKept
    }

    private mutating func look(at number: Int, _ interfaces: [CaptureInterface]) -> Bool {
        if case .everything = view { return true }
        let end = interfaces.indices.contains(number) ? WireEnd(interfaces[number]) : nil
        switch view {
        case .everything: return true
        case .open:
            view = end.map { .end($0) } ?? .everything
            return true
        case .end(let chosen):
            guard let end, end != chosen else { return true }
            other = (other?.end ?? end, (other?.interfaces ?? []).union([number]))
            return false
        }
    }

    /// Whose view the packets are; nil where nothing was passed over.
    func notice(_ interfaces: [CaptureInterface]) -> ReadingNotice? {
        guard case .end(let chosen) = view, let other else { return nil }
        return .oneEnd(
            of: chosen, notOf: other.end, interfaces: other.interfaces.sorted().map { interfaces[$0].numberInSection })
    }
}
