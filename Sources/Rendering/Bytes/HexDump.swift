import Addressing
import Packets
import Text

/// A packet's bytes, laid out as tcpdump lays them out.
///
///     	0x0000:  4500 003c 1c46 4000 4006 b1e6 7f00 0001  E..<.F@.@.......
public enum HexDump {
    /// tcpdump's options for it.
    public enum Style: Sendable {
        /// `-x`: hexadecimal.
        case hex
        /// `-X`: hexadecimal and ASCII.
        case hexAndASCII
        /// `-A`: ASCII alone, for text protocols.
        case ascii
    }

    /// Where the bytes after the link headers begin: what `-x` shows, where `-xx` shows everything.
    public static func startAfterLink(_ dissection: borrowing Dissection) -> Int {
        for layer in dissection.layers where layer.kind.role != .link { return Int(layer.start) }
        return dissection.layers.last.map { Int($0.headerEnd) } ?? 0
    }

    /// Writes the data sources that a packet has besides its frame, each under a heading.
    public static func writeSources(
        of dissection: borrowing Dissection, in packet: RawSpan, _ style: Style, to out: inout OutputBuffer
    ) {
        for source in dissection.sources where source.range.upperBound <= packet.byteCount {
            out.append("The ")
            out.append(source.name)
            out.append(" (")
            out.append(decimal: UInt64(clamping: source.range.count))
            out.append(source.range.count == 1 ? " byte):\n" : " bytes):\n")
            write(packet.extracting(source.range), style, to: &out)
        }
    }

    /// Writes bytes; offsets count from the first of them.
    public static func write(_ bytes: RawSpan, _ style: Style, to out: inout OutputBuffer) {
        if style == .ascii { return writeASCII(bytes, &out) }
        var offset = 0
        while offset < bytes.byteCount {
            let end = min(offset &+ 16, bytes.byteCount)
            out.append("\t0x")
            if offset < 0x1000 { out.append(ascii: 48) }
            if offset < 0x100 { out.append(ascii: 48) }
            if offset < 0x10 { out.append(ascii: 48) }
            out.append(hex: UInt64(offset))
            out.append(": ")
            for position in offset..<end {
                if position & 1 == 0 { out.append(ascii: 32) }
                out.append(hexByte: bytes.uint8(at: position))
            }
            if style == .hexAndASCII {
                let count = end &- offset
                out.append(spaces: 40 &- count &* 2 &- (count &+ 1) / 2 &+ 2)
                for position in offset..<end {
                    let byte = bytes.uint8(at: position)
                    out.append(ascii: byte > 32 && byte < 127 ? byte : 46)
                }
            }
            out.append(ascii: 10)
            offset = end
        }
    }

    /// Printable characters, tabs and line ends as they are; a carriage return before a line end is left out,
    /// everything else is a dot. Nothing of it can act on a terminal.
    private static func writeASCII(_ bytes: RawSpan, _ out: inout OutputBuffer) {
        for position in 0..<bytes.byteCount {
            let byte = bytes.uint8(at: position)
            switch byte {
            case 32..<127, 9, 10: out.append(ascii: byte)
            case 13 where position &+ 1 < bytes.byteCount && bytes.uint8(at: position &+ 1) == 10: continue
            default: out.append(ascii: 46)
            }
        }
        out.append(ascii: 10)
    }
}
