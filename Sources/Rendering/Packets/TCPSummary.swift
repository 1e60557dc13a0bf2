import Addressing
import Packets

/// What a line says of a TCP segment.
enum TCPSummary {
    static func write(
        _ segment: borrowing TCPSegment, _ layer: LayerRange, _ stream: StreamFacts, absolute: Bool, to out: inout OutputBuffer
    ) {
        let flags = segment.flags
        let length = layer.claimedPayloadLength
        // What opens, closes and breaks a connection stands out.
        out.append(style: flags.contains(.rst) ? .red : flags.contains(.syn) ? .green : flags.contains(.fin) ? .yellow : .cyan)
        out.append(" TCP ")
        write(flags, to: &out)
        out.append(style: .plain)
        out.append(" seq ")
        let sequence = absolute ? segment.sequence.rawValue : stream.relativeSequence ?? segment.sequence.rawValue
        out.append(decimal: UInt64(sequence))
        if length > 0 {
            out.append(ascii: 58, decimal: UInt64(sequence &+ UInt32(truncatingIfNeeded: length)))
        }
        if flags.contains(.ack) {
            out.append(" ack ")
            let acknowledgment = absolute ? segment.acknowledgment.rawValue : stream.relativeAcknowledgment ?? segment.acknowledgment.rawValue
            out.append(decimal: UInt64(acknowledgment))
        }
        out.append(" win ")
        out.append(decimal: UInt64(segment.window))
        if flags.contains(.urg) {
            out.append(" urg ")
            out.append(decimal: UInt64(segment.urgentPointer))
        }
        writeOptions(segment, &out)
        out.append(" len ")
        out.append(decimal: UInt64(length))
    }

    /// The flags' names with plus signs between, in the order of `TCPFlags.names`, without building a String.
    static func write(_ flags: TCPFlags, to out: inout OutputBuffer) {
        switch flags.rawValue & 0x1ff {
        // The few combinations that nearly every segment has.
        case 0x10: out.append("ACK")
        case 0x18: out.append("PSH+ACK")
        case 0x02: out.append("SYN")
        case 0x12: out.append("SYN+ACK")
        case 0x11: out.append("FIN+ACK")
        default:
            var separate = false
            for (flag, name) in TCPFlags.names where flags.contains(flag) {
                if separate { out.append(ascii: 43) }
                out.append(name)
                separate = true
            }
            if !separate { out.append("no flags") }
        }
    }

    private static func writeOptions(_ segment: borrowing TCPSegment, _ out: inout OutputBuffer) {
        var options = segment.options
        var separate = false
        while let option = options.next() {
            if case .noOperation = option { continue }
            out.append(separate ? ", " : " [")
            separate = true
            switch option {
            case .noOperation: break
            case .maximumSegmentSize(let size):
                out.append("mss ")
                out.append(decimal: UInt64(size))
            case .windowScale(let shift):
                out.append("wscale ")
                out.append(decimal: UInt64(shift))
            case .sackPermitted: out.append("sackOK")
            case .sack(let blocks):
                out.append("sack ")
                out.append(decimal: UInt64(blocks))
            case .timestamps(let value, let echo):
                out.append("TS ")
                out.append(decimal: UInt64(value))
                out.append(ascii: 32, decimal: UInt64(echo))
            case .other(let kind, _):
                out.append("option ")
                out.append(decimal: UInt64(kind))
            case .malformed(let kind):
                out.append("malformed option ")
                out.append(decimal: UInt64(kind))
            }
        }
        if separate { out.append(ascii: 93) }
    }
}
