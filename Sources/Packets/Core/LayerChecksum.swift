import Addressing

/// Checks the checksum of a layer against the record's bytes, and says no more than can be known.
public enum LayerChecksum {
    /// `unverified` where bytes are missing or the packet is a fragment; `partial` where only the pseudo-header's sum
    /// was filled in for a network card to finish.
    public static func status(of layer: LayerRange, in record: RawSpan) -> ChecksumStatus {
        guard layer.start >= 0, Int(layer.end) <= record.byteCount, layer.start <= layer.end else { return .unverified }
        let bytes = record.extracting(layer.range)
        switch layer.kind {
        case .ipv4: return ipv4(bytes)
        case .icmp, .igmp: return whole(layer, bytes, field: 2, pseudo: nil)
        case .icmpv6: return whole(layer, bytes, field: 2, pseudo: pseudoHeader(layer, record, .icmpv6))
        case .tcp: return whole(layer, bytes, field: 16, pseudo: pseudoHeader(layer, record, .tcp))
        case .udp: return udp(layer, bytes, record)
        case .udplite: return udplite(layer, bytes, record)
        default: return .unverified
        }
    }

    /// RFC 791 section 3.1: over the header alone. Offload leaves 0 for the card.
    private static func ipv4(_ bytes: RawSpan) -> ChecksumStatus {
        guard let packet = try? IPv4Packet(bytes), packet.headerLength >= IPv4Packet.minimumLength,
            packet.headerLength <= bytes.byteCount
        else {
            return .unverified
        }
        var sum = InternetChecksum()
        sum.add(bytes.extracting(0..<packet.headerLength))
        if sum.folded == 0xffff { return .correct }
        return packet.headerChecksum == 0 ? .partial : .incorrect
    }

    /// A checksum over a whole message, field included, sums to all ones (RFC 1071 section 1).
    private static func whole(_ layer: LayerRange, _ bytes: RawSpan, field: Int, pseudo: InternetChecksum?)
        -> ChecksumStatus
    {
        let needsPseudoHeader = layer.kind != .icmp && layer.kind != .igmp
        guard !layer.isPartOfDatagram, layer.end == layer.claimedEnd, field &+ 2 <= bytes.byteCount,
            pseudo != nil || !needsPseudoHeader
        else {
            return .unverified
        }
        var sum = pseudo ?? InternetChecksum()
        sum.add(bytes)
        if sum.folded == 0xffff { return .correct }
        return pseudo?.folded == bytes.uint16(at: field) ? .partial : .incorrect
    }

    /// RFC 768: 0 says that there is none; IPv6 forbids that (RFC 8200 section 8.1) but for tunnels (RFC 6935).
    private static func udp(_ layer: LayerRange, _ bytes: RawSpan, _ record: RawSpan) -> ChecksumStatus {
        guard bytes.byteCount >= 8, !UDPDatagram.claimsTooMuch(layer, in: record) else { return .unverified }
        if bytes.uint16(at: 6) == 0 { return layer.isOverIPv4 ? .absent : .forbidden }
        return whole(layer, bytes, field: 6, pseudo: pseudoHeader(layer, record, .udp))
    }

    /// RFC 3828 section 3.1: over as many bytes as the coverage says, with the whole length in the pseudo-header.
    private static func udplite(_ layer: LayerRange, _ bytes: RawSpan, _ record: RawSpan) -> ChecksumStatus {
        guard !layer.isPartOfDatagram, bytes.byteCount >= 8, var sum = pseudoHeader(layer, record, .udplite) else {
            return .unverified
        }
        let coverage = Int(bytes.uint16(at: 4))
        let covered = coverage == 0 ? bytes.byteCount : coverage
        guard coverage != 0 || layer.end == layer.claimedEnd, covered >= 8, covered <= bytes.byteCount else {
            return .unverified
        }
        sum.add(bytes.extracting(0..<covered))
        return sum.folded == 0xffff ? .correct : .incorrect
    }

    /// The pseudo-header of the IP packet that carries the layer; nil where there is none.
    private static func pseudoHeader(_ layer: LayerRange, _ record: RawSpan, _ number: IPProtocol) -> InternetChecksum?
    {
        let start = Int(layer.carrier)
        guard start >= 0, start < record.byteCount else { return nil }
        let packet = record.extracting(start..<record.byteCount)
        let length = Int(layer.claimedEnd &- layer.start)
        var sum = InternetChecksum()
        if layer.isOverIPv4 {
            guard let header = try? IPv4Packet(packet), let destination = header.finalDestination else { return nil }
            sum.addPseudoHeader(
                source: .v4(header.source), destination: .v4(destination), protocol: number, length: length)
        } else {
            guard let header = try? IPv6Packet(packet) else { return nil }
            sum.addPseudoHeader(
                source: .v6(header.source), destination: .v6(header.finalDestination), protocol: number, length: length)
        }
        return sum
    }
}

extension FieldDefinition {
    /// The field that says whether a layer's checksum is right, with Wireshark's numbers.
    /// - Parameter needed: bytes of header that have to be there.
    static func checksumStatus(_ name: String, needed: Int) -> FieldDefinition {
        FieldDefinition(name, .unsigned(bits: 8), "Checksum status", valueName: { ChecksumStatus(number: $0)?.name }) {
            context, values in
            guard context.header.byteCount >= needed else { return }
            values.append(.unsigned(LayerChecksum.status(of: context.layer, in: context.record).number))
        }
    }
}

extension ChecksumStatus {
    /// Wireshark's number for the status.
    public var number: UInt64 {
        switch self {
        case .incorrect: 0
        case .correct: 1
        case .unverified: 2
        case .absent: 3
        case .forbidden: 4
        case .partial: 5
        }
    }

    init?(number: UInt64) {
        switch number {
        case 0: self = .incorrect
        case 1: self = .correct
        case 2: self = .unverified
        case 3: self = .absent
        case 4: self = .forbidden
        case 5: self = .partial
        default: return nil
        }
    }

    /// What the tree and JSON say of it.
    public var name: StaticString {
        switch self {
        case .incorrect: "incorrect"
        case .correct: "correct"
        case .unverified: "unverified"
        case .absent: "not present"
        case .forbidden: "not present, which IPv6 forbids"
        case .partial: "partial (offload)"
        }
    }
}
