import Addressing
import Packets
import Text

/// The headers of a packet as their RFCs draw them, 32 bits wide, with the values that this packet has: `--headers`.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------------------------------+-------------------------------+
///     |          Source port          |       Destination port        |
///     |             43210             |             65432             |
///     +-------------------------------+-------------------------------+
///
/// A bit is two columns wide. Cells longer than a row go on in the next one; what was not captured is drawn as `…`.
public struct HeaderBox {
    /// A cell in one row.
    private struct Part {
        var cell: Int
        var start: Int
        var end: Int
        var label = ""
        var value = ""
    }

    /// One value draws any number of packets, and keeps its buffers between them.
    public init() {}

    /// Draws every header that has a drawing.
    public func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        to out: inout OutputBuffer
    ) {
        // Where each message has its length before it, the layer begins with that and not with a header.
        for layer in dissection.layers where !layer.hasLengthPrefix {
            guard Int(layer.headerEnd) <= record.byteCount, layer.start <= layer.headerEnd else { continue }
            let header = record.extracting(layer.header)
            guard let known = layer.kind.protocolDescription, let layout = known.box?(header) else { continue }
            out.append(style: .bold)
            out.append(text: known.title)
            out.append(style: .plain)
            out.append(", bytes ")
            out.append(decimal: UInt64(clamping: layer.start))
            out.append(ascii: 45)
            out.append(decimal: UInt64(clamping: max(layer.start, layer.headerEnd - 1)))
            out.append(ascii: 10)
            draw(layout, header, record, dissection, &out)
        }
    }

    private func draw(
        _ layout: HeaderLayout, _ header: RawSpan, _ record: RawSpan, _ dissection: borrowing Dissection,
        _ out: inout OutputBuffer
    ) {
        let rows = Self.rows(layout, header, record, dissection)
        out.append(" 0                   1                   2                   3\n")
        out.append(" 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1\n")
        for index in rows.indices {
            Self.writeRule(index > 0 ? rows[index - 1] : nil, rows[index], &out)
            Self.writeRow(rows[index], \.label, .dim, &out)
            Self.writeRow(rows[index], \.value, .cyan, &out)
        }
        Self.writeRule(rows.last, nil, &out)
    }

    // MARK: Cells

    private static func rows(
        _ layout: HeaderLayout, _ header: RawSpan, _ record: RawSpan, _ dissection: borrowing Dissection
    ) -> [[Part]] {
        var rows: [[Part]] = []
        var bit = 0
        for (number, cell) in layout.cells.enumerated() {
            place(number, cell.label, bit, cell.bits, value(cell, bit, header, record, dissection), &rows)
            bit += cell.bits
        }
        // Options, four bytes a row as they are.
        var offset = bit / 8
        var number = layout.cells.count
        while offset < header.byteCount {
            let length = min(4, header.byteCount - offset)
            let bytes = (offset..<offset + length).map { position in
                var text = ByteCollector()
                text.append(hexByte: header.uint8(at: position))
                return text.text
            }
            place(number, layout.rest, offset * 8, length * 8, bytes.joined(separator: " "), &rows)
            number += 1
            offset += length
        }
        return rows
    }

    /// Cuts a cell at the ends of rows. Label and value stand in its longest part, the first of them.
    private static func place(
        _ number: Int, _ label: String, _ bit: Int, _ bits: Int, _ value: String, _ rows: inout [[Part]]
    ) {
        var parts: [(row: Int, part: Part)] = []
        var start = bit
        while start < bit + bits {
            let row = start / 32
            let end = min(bit + bits, (row + 1) * 32)
            parts.append((row, Part(cell: number, start: start - row * 32, end: end - row * 32)))
            start = end
        }
        let longest = parts.map { $0.part.end - $0.part.start }.max() ?? 0
        // An IPv6 address has four rows: it stands in the second.
        let candidates = parts.indices.filter { parts[$0].part.end - parts[$0].part.start == longest }
        let chosen = candidates[min(candidates.count - 1, candidates.count > 2 ? 1 : 0)]
        parts[chosen].part.label = label
        parts[chosen].part.value = value
        for (row, part) in parts {
            while rows.count <= row { rows.append([]) }
            rows[row].append(part)
        }
    }

    private static func value(
        _ cell: HeaderLayout.Cell, _ bit: Int, _ header: RawSpan, _ record: RawSpan, _ dissection: borrowing Dissection
    ) -> String {
        guard (bit + cell.bits + 7) / 8 <= header.byteCount else { return "…" }
        let offset = bit / 8
        let value: FieldValue
        switch cell.type {
        case .mac: value = .mac(header.macAddress(at: offset))
        case .ipv4: value = .ipv4(header.ipv4Address(at: offset))
        case .ipv6: value = .ipv6(header.ipv6Address(at: offset))
        default: value = .unsigned(bits(cell.bits, at: bit, of: header))
        }
        var text = ByteCollector()
        // As many digits as the cell has room for in its bits: five for a flow label.
        if case .hex = cell.type, case .unsigned(let number) = value {
            let digits = String(number, radix: 16)
            for byte in ("0x" + String(repeating: "0", count: max(0, (cell.bits + 3) / 4 - digits.count)) + digits).utf8
            { text.append(ascii: byte) }
        } else {
            FieldText.write(value, as: cell.type, of: record, dissection, .none, to: &text)
        }
        if cell.unit > 1 { for byte in "×\(cell.unit) B".utf8 { text.append(ascii: byte) } }
        guard case .unsigned(let number) = value, let name = cell.valueName?(number) else { return text.text }
        let named = "\(text.text) \(name)"
        return named.unicodeScalars.count <= cell.bits * 2 - 1 ? named : text.text
    }

    private static func bits(_ count: Int, at bit: Int, of header: RawSpan) -> UInt64 {
        var value: UInt64 = 0
        for position in bit..<bit + min(count, 64) {
            value = value << 1 | UInt64(header.uint8(at: position / 8) >> UInt8(7 - position % 8) & 1)
        }
        return value
    }

    // MARK: Lines

    /// The line between two rows: `+` where a cell of either ends, open where a cell goes on below.
    private static func writeRule(_ above: [Part]?, _ below: [Part]?, _ out: inout OutputBuffer) {
        let rowEnd = max(above?.last?.end ?? 0, below?.last?.end ?? 0)
        var line = [UInt8](repeating: UInt8(ascii: "-"), count: rowEnd * 2 + 1)
        for upper in above ?? [] {
            for lower in below ?? [] where lower.cell == upper.cell {
                let (from, to) = (max(upper.start, lower.start), min(upper.end, lower.end))
                if from < to { for column in (from * 2 + 1)..<(to * 2) { line[column] = UInt8(ascii: " ") } }
            }
        }
        for part in (above ?? []) + (below ?? []) {
            line[part.start * 2] = UInt8(ascii: "+")
            line[part.end * 2] = UInt8(ascii: "+")
        }
        for byte in line { out.append(ascii: byte) }
        out.append(ascii: 10)
    }

    private static func writeRow(
        _ row: [Part], _ text: KeyPath<Part, String>, _ style: OutputBuffer.Style, _ out: inout OutputBuffer
    ) {
        out.append(ascii: UInt8(ascii: "|"))
        for part in row {
            let width = (part.end - part.start) * 2 - 1
            var content = part[keyPath: text]
            if content.unicodeScalars.count > width { content = String(content.unicodeScalars.prefix(width)) }
            let free = width - content.unicodeScalars.count
            out.append(spaces: free / 2)
            out.append(style: style)
            out.append(text: content)
            out.append(style: .plain)
            out.append(spaces: free - free / 2)
            out.append(ascii: UInt8(ascii: "|"))
        }
        out.append(ascii: 10)
    }
}
