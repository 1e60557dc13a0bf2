import Addressing
import Packets

/// Checks the checksum of a TCP segment or UDP datagram against its bytes and the pseudo-header.
public enum TransportChecksum {
    /// Says no more than can be known: `unverified` where bytes are missing or the packet is a fragment, `partial`
    /// where only the pseudo-header's sum was filled in for a network card that never came.
    public static func status(_ record: RawSpan, _ ends: TransportEnds) -> ChecksumStatus {
        let layer = ends.layer
        guard layer.end == layer.claimedEnd, Int(layer.end) <= record.byteCount else { return .unverified }
        if layer.isPartOfDatagram { return .unverified }
        let bytes = record.extracting(layer.range)
        let field = bytes.byteCount >= 18 && ends.transport == .tcp ? bytes.uint16(at: 16) : bytes.uint16(at: 6)
        if ends.transport == .udp, field == 0 { return .unverified }
        var pseudo = InternetChecksum()
        pseudo.addPseudoHeader(
            source: ends.source, destination: ends.destination, protocol: ends.transport == .tcp ? .tcp : .udp,
            length: bytes.byteCount)
        var whole = pseudo
        whole.add(bytes)
        // A correct packet sums to all ones, field included (RFC 1071 section 1).
        if whole.folded == 0xffff { return .correct }
        return field == pseudo.folded ? .partial : .incorrect
    }
}
