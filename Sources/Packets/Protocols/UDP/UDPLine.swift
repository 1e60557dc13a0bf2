import Addressing
import Text

/// What a line says of a UDP datagram.
public enum UDPLine {
    /// Writes the length of what the datagram carries.
    public static func write(
        _ datagram: borrowing UDPDatagram, _ layer: LayerRange, _ record: RawSpan, to out: inout OutputBuffer
    ) {
        out.append(style: .blue)
        out.append(" UDP")
        out.append(style: .plain)
        out.append(" len ")
        // A first fragment, and what an ICMP error quotes, has the whole datagram's length.
        let whole = Int(datagram.length) - UDPDatagram.headerLength
        let length = layer.isPartOfDatagram && whole >= 0 ? whole : layer.claimedPayloadLength
        out.append(decimal: UInt64(clamping: length))
    }

    /// Writes that the datagram's length says more than the packet has.
    public static func writeWrongLength(_ datagram: borrowing UDPDatagram, to out: inout OutputBuffer) {
        out.append(style: .red)
        out.append(" [malformed udp: its length says ")
        out.append(decimal: UInt64(max(0, Int(datagram.length) - UDPDatagram.headerLength)))
        out.append(ascii: 93)
        out.append(style: .plain)
    }

    static let title: TitleWriter = { context, out in
        if let datagram = try? UDPDatagram(context.bytes) {
            write(datagram.sourcePort, datagram.destinationPort, &out)
        }
    }

    /// Two ports, as a title has them.
    static func write(_ source: Port, _ destination: Port, _ out: inout OutputBuffer) {
        out.append(", Src Port: ")
        out.append(decimal: UInt64(source.rawValue))
        out.append(", Dst Port: ")
        out.append(decimal: UInt64(destination.rawValue))
    }
}
