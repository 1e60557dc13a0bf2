import Packets
import Text

/// What could not be dissected, and why, in square brackets: truncated, cut short, malformed and not known are
/// different things and must not look alike.
enum StopText {
    static func write(_ dissection: borrowing Dissection, to out: inout OutputBuffer) {
        switch dissection.stop {
        case .complete:
            return
        case .truncatedBySnaplen(let error):
            out.append("[truncated by the capture: ")
            writeLengths(error, dissection, &out)
        case .truncatedOnWire(let error):
            out.append(error.source == .lengthField ? "[cut short by a length field: " : "[cut short on the wire: ")
            writeLengths(error, dissection, &out)
        case .malformed(let kind, let what, let offset):
            out.append("[malformed ")
            writeName(kind, &out)
            switch what {
            case .version: out.append(": wrong version")
            case .headerLength: out.append(": impossible header length")
            case .optionLength: out.append(": impossible option length")
            case .totalLength: out.append(": impossible total length")
            }
            writePlace(offset, dissection, &out)
        case .unsupported(.frame, let number):
            out.append("[link type ")
            out.append(decimal: UInt64(number))
            out.append(" is not dissected")
        // The "protected" bit (IEEE 802.11 section 9.2.4.1.9).
        case .unsupported(.ieee80211, 0x40):
            out.append("[encrypted")
        case .unsupported(let kind, let number):
            out.append("[not dissected: ")
            writeName(kind, &out)
            out.append(" carries ")
            writeNumber(number, under: kind, &out)
        case .fragment:
            out.append("[fragment")
        case .tooDeep:
            out.append("[too many layers")
        }
        out.append(ascii: 93)
    }

    /// A protocol's number as people know it: IP's in decimal and by name, EtherTypes and others in hexadecimal.
    private static func writeNumber(_ number: UInt32, under kind: LayerKind, _ out: inout OutputBuffer) {
        switch kind.role {
        case .network:
            let name = IPProtocol(rawValue: UInt8(truncatingIfNeeded: number)).name
            if let name {
                out.append(name)
                out.append(" (")
            }
            out.append("protocol ")
            out.append(decimal: UInt64(number))
            if name != nil { out.append(ascii: 41) }
        default:
            out.append("0x")
            out.append(hex: UInt64(number))
        }
    }

    private static func writeLengths(
        _ error: LengthError, _ dissection: borrowing Dissection, _ out: inout OutputBuffer
    ) {
        writeName(error.layer, &out)
        writePlace(error.offset, dissection, &out)
        out.append(" needs ")
        out.append(decimal: UInt64(clamping: error.required))
        out.append(" bytes, has ")
        out.append(decimal: UInt64(clamping: error.available))
    }

    /// Counted from the first byte of the frame, or of what it completes.
    private static func writePlace(_ place: Int, _ dissection: borrowing Dissection, _ out: inout OutputBuffer) {
        out.append(" at byte ")
        out.append(decimal: UInt64(clamping: place - dissection.sourceStart(of: place)))
        if let source = dissection.source(at: place) {
            out.append(" of the ")
            out.append(source.name)
        }
    }

    private static func writeName(_ kind: LayerKind, _ out: inout OutputBuffer) {
        if let name = kind.protocolDescription?.name { out.append(text: name) } else { out.append("layer") }
    }
}
