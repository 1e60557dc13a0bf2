import Text

/// What a line says of a fragment behind the first: `IPv4 fragment of UDP, id 0x1234, offset 1400, len 560`. Who speaks
/// to whom on which ports stands in the first alone.
public enum FragmentText {
    /// Writes what a fragment of IPv4 says.
    /// - Parameter length: bytes of the datagram that it has.
    public static func write(_ packet: borrowing IPv4Packet, length: Int, to out: inout OutputBuffer) {
        write(" IPv4", packet.protocolNumber, UInt32(packet.identification), packet.fragmentOffset, length, &out)
    }

    /// The same for IPv6.
    public static func write(_ header: borrowing IPv6FragmentHeader, length: Int, to out: inout OutputBuffer) {
        write(" IPv6", header.nextHeader, header.identification, header.fragmentOffset, length, &out)
    }

    private static func write(
        _ version: StaticString, _ carried: IPProtocol, _ identification: UInt32, _ offset: Int, _ length: Int,
        _ out: inout OutputBuffer
    ) {
        out.append(version)
        out.append(" fragment of ")
        if let name = carried.name {
            out.append(name)
        } else {
            out.append("protocol ")
            out.append(decimal: UInt64(carried.rawValue))
        }
        out.append(", id 0x")
        out.append(hex: UInt64(identification))
        out.append(", offset ")
        out.append(decimal: UInt64(clamping: offset))
        out.append(", len ")
        out.append(decimal: UInt64(clamping: length))
    }
}
