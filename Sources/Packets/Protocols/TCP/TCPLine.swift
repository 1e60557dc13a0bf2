import Addressing
import Text

/// What a line says of a TCP segment.
public enum TCPLine {
    /// Writes flags, numbers, window, options and length.
    /// - Parameters:
    ///   - stream: what is known of the segment's connection, for relative numbers.
    ///   - absolute: whether the numbers are written as sent.
    public static func write(
        _ segment: borrowing TCPSegment, _ layer: LayerRange, _ stream: StreamFacts, absolute: Bool,
        to out: inout OutputBuffer
    ) {
        let flags = segment.flags
        let length = layer.claimedPayloadLength
        if out.colours {
            // What opens, closes and breaks a connection stands out.
            out.append(
                style: flags.contains(.rst)
                    ? .red : flags.contains(.syn) ? .green : flags.contains(.fin) ? .yellow : .cyan)
            out.append(" TCP ")
            write(flags, to: &out)
            out.append(style: .plain)
            out.append(" seq")
        } else {
            switch flags.rawValue & 0x1ff {
            // The two that nearly every segment has, in one piece.
            case 0x10: out.append(" TCP ACK seq")
            case 0x18: out.append(" TCP PSH+ACK seq")
            default:
                out.append(" TCP ")
                write(flags, to: &out)
                out.append(" seq")
            }
        }
        let sequence = absolute ? segment.sequence.rawValue : stream.relativeSequence ?? segment.sequence.rawValue
        out.append(ascii: 32, decimal: UInt64(sequence))
        if length > 0 {
            out.append(ascii: 58, decimal: UInt64(sequence &+ UInt32(truncatingIfNeeded: length)))
        }
        if flags.contains(.ack) {
            out.append(" ack")
            let acknowledgment =
                absolute
                ? segment.acknowledgment.rawValue : stream.relativeAcknowledgment ?? segment.acknowledgment.rawValue
            out.append(ascii: 32, decimal: UInt64(acknowledgment))
        }
        out.append(" win")
        out.append(ascii: 32, decimal: UInt64(segment.window))
        if flags.contains(.urg) {
            out.append(" urg ")
            out.append(decimal: UInt64(segment.urgentPointer))
        }
        // The edges of SACK blocks count in the peer's bytes, as acknowledgments do.
        let base =
            absolute
            ? 0 : segment.acknowledgment.rawValue &- (stream.relativeAcknowledgment ?? segment.acknowledgment.rawValue)
        TCPOptionText.write(segment, base: base, to: &out)
        out.append(" len")
        out.append(ascii: 32, decimal: UInt64(length))
    }

    /// The flags' names with plus signs between, in the order of `TCPFlags.names`, without building a String.
    public static func write(_ flags: TCPFlags, to out: inout OutputBuffer) {
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

    /// Behind the full name: ports, the numbers as the stream counts them, and the length.
    static let title: TitleWriter = { context, out in
        guard let segment = try? TCPSegment(context.bytes) else { return }
        UDPLine.write(segment.sourcePort, segment.destinationPort, &out)
        // What is known of the stream is the outermost segment's.
        let outermost = context.facts.transport.tcpLayer
        let stream = outermost >= 0 && outermost != context.layer.start ? StreamFacts() : context.facts.stream
        out.append(", Seq: ")
        out.append(decimal: UInt64(stream.relativeSequence ?? segment.sequence.rawValue))
        if segment.flags.contains(.ack) {
            out.append(", Ack: ")
            out.append(decimal: UInt64(stream.relativeAcknowledgment ?? segment.acknowledgment.rawValue))
        }
        out.append(", Len: ")
        out.append(decimal: UInt64(context.layer.claimedPayloadLength))
    }
}
