import Conversations
import Packets
import Text

/// Rows of stream bytes, a column a byte, with rulers below: where each segment began, and what each `send()` and
/// `recv()` took.
///
///     → 0        Hello, world
///       segment  |packet 4
///       send()   |12 bytes
///       recv()   |12 bytes
struct RulerRows {
    private static let width = 64

    private let boundaries: StreamBoundaries
    private var fromClient = true
    private var start: UInt64 = 0
    private var bytes: [UInt8] = []
    private var segments: [(position: UInt64, label: String)] = []

    init(_ boundaries: StreamBoundaries) { self.boundaries = boundaries }

    mutating func add(_ new: [UInt8], at position: UInt64, packet: Int, fromClient: Bool, to out: inout OutputBuffer) {
        if !bytes.isEmpty, self.fromClient != fromClient || position != start + UInt64(bytes.count) { flush(to: &out) }
        if bytes.isEmpty { start = position }
        self.fromClient = fromClient
        segments.append((position, "packet \(packet)"))
        var offset = 0
        while offset < new.count {
            let count = min(Self.width - bytes.count, new.count - offset)
            bytes += new[offset..<offset + count]
            offset += count
            if bytes.count == Self.width { flush(to: &out) }
            if bytes.isEmpty { start = position + UInt64(offset) }
        }
    }

    mutating func flush(to out: inout OutputBuffer) {
        guard !bytes.isEmpty else { return }
        let end = start + UInt64(bytes.count)
        out.append(style: fromClient ? .cyan : .magenta)
        out.append(fromClient ? "→ " : "← ")
        let label = String(start)
        out.append(text: label)
        out.append(spaces: max(1, 9 - label.utf8.count))
        for byte in bytes { out.append(ascii: byte >= 32 && byte < 127 ? byte : 46) }
        out.append(style: .plain)
        out.append(ascii: 10)
        rule("segment", segments, end, &out)
        rule("send()", Self.labels(fromClient ? boundaries.sent.client : boundaries.sent.server, start, end), end, &out)
        rule(
            "recv()", Self.labels(fromClient ? boundaries.received.client : boundaries.received.server, start, end),
            end, &out)
        bytes.removeAll()
        segments.removeAll()
        start = end
    }

    private static func labels(_ shares: [StreamBoundaries.Share], _ start: UInt64, _ end: UInt64) -> [(
        position: UInt64, label: String
    )] {
        shares.filter { $0.position >= start && $0.position < end }
            .map { ($0.position, "\($0.length) byte\($0.length == 1 ? "" : "s")") }
    }

    private func rule(
        _ name: StaticString, _ marks: [(position: UInt64, label: String)], _ end: UInt64, _ out: inout OutputBuffer
    ) {
        guard !marks.isEmpty else { return }
        out.append(style: .dim)
        out.append("  ")
        out.append(name)
        out.append(spaces: 9 - name.utf8CodeUnitCount)
        var column = 0
        for (index, mark) in marks.enumerated() {
            let place = Int(mark.position - start)
            guard place >= column else { continue }
            out.append(spaces: place - column)
            out.append(ascii: 124)
            column = place + 1
            let next = index + 1 < marks.count ? Int(marks[index + 1].position - start) : Self.width
            if column + mark.label.utf8.count <= next {
                out.append(text: mark.label)
                column += mark.label.utf8.count
            }
        }
        out.append(style: .plain)
        out.append(ascii: 10)
    }
}
