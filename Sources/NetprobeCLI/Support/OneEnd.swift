import Capture
import Rendering
import Text

/// Of a file with both ends of one wire, one: that of the first packet. There, what crossed the wire was seen twice,
/// and whoever took every packet for one of its own would tell of retransmissions that never were.
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

    /// One line that says whose view it is, and how to have the other one; nil where nothing was passed over.
    /// - Parameter file: as the user named it.
    func notice(_ interfaces: [CaptureInterface], file: String) -> String? {
        guard case .end(let chosen) = view, let other else { return nil }
        let numbers = other.interfaces.sorted().map { "frame.interface_id == \(interfaces[$0].numberInSection)" }
        return
            "\(file == "-" ? "standard input" : file) has both ends of one wire (\(chosen.name) and \(other.end.name)): told as \(chosen.isOurWire ? "the \(chosen.name)'s end" : chosen.name) saw it. "
            + "For the other: netprobe show -Y '\(numbers.joined(separator: " || "))' -w other-end.pcapng \(file == "-" ? "FILE" : file.asShellWord)"
    }
}
