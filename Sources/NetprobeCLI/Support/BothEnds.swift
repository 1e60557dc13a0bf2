import Capture
import Rendering

/// Notices that a file has both ends of one wire, for the commands that take every packet for one of its own: there, one that
/// crossed the wire counts twice.
struct BothEnds {
    /// The interfaces that packets came from, a bit each; of more than 63 nothing is said.
    private var seen: UInt64 = 0

    @inline(__always)
    mutating func note(_ interface: Int) { seen |= 1 &<< UInt64(truncatingIfNeeded: max(0, min(63, interface))) }

    /// One line that says so and how to cut out one end; nil where the packets are not those of two ends.
    /// - Parameter file: as the user named it.
    func warning(_ interfaces: [CaptureInterface], file: String) -> String? {
        guard seen >> 63 == 0 else { return nil }
        var ends: [(end: WireEnd, interfaces: [CaptureInterface])] = []
        for (number, interface) in interfaces.prefix(63).enumerated() where seen >> UInt64(number) & 1 == 1 {
            guard let end = WireEnd(interface) else { return nil }
            if let known = ends.firstIndex(where: { $0.end == end }) { ends[known].interfaces.append(interface) } else { ends.append((end, [interface])) }
        }
        guard ends.count == 2 else { return nil }
        let numbers = ends[0].interfaces.map { "frame.interface_id == \($0.numberInSection)" }
        return "\(file == "-" ? "standard input" : file) has both ends of one wire (\(ends[0].end.name) and \(ends[1].end.name)): what crossed it is counted twice. "
            + "For one end: netprobe show -Y '\(numbers.joined(separator: " || "))' -w one-end.pcapng \(file == "-" ? "FILE" : file.asShellWord)"
    }
}
