/// A frame relay frame, read in place (Q.922 annex A; RFC 2427 for what it carries).
///
///     +-----------------+----+----+     +-----------------+------+------+------+----+
///     | DLCI, upper six | CR | EA |     | DLCI, next four | FECN | BECN |  DE  | EA |
///     +-----------------+----+----+     +-----------------+------+------+------+----+
///
/// The address has two to four bytes; the last has its lowest bit set. Then comes either an HDLC control byte 0x03 with
/// a network layer protocol identifier, or, as Cisco does, an EtherType.
public struct FrameRelayFrame: HeaderView, ~Escapable {
    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan
    @usableFromInline let addressLength: Int

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        let length = Self.addressLength(bytes, 0, bytes.byteCount)
        try LengthError.check(bytes, has: length, for: .frameRelay)
        self.bytes = bytes
        addressLength = length
    }

    /// The data link connection identifier: which virtual circuit.
    public var circuit: UInt32 {
        var value = UInt32(bytes.uint8(at: 0) >> 2)
        value = value << 4 | UInt32(bytes.uint8(at: 1) >> 4)
        if addressLength > 2 { value = value << 7 | UInt32(bytes.uint8(at: 2) >> 1) }
        if addressLength > 3 { value = value << 7 | UInt32(bytes.uint8(at: 3) >> 1) }
        return value
    }

    private static func addressLength(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Int {
        var length = 2
        while start &+ length <= end, length < 16, bytes.uint8(at: start &+ length &- 1) & 1 == 0 { length &+= 1 }
        return length
    }

    /// Whether all bits of the circuit's number are zero: six in the first byte, four in the second, seven in a third,
    /// of which the last keeps one for itself. Longer addresses than of four bytes do not exist.
    private static func isCircuitZero(_ bytes: RawSpan, _ start: Int, length: Int) -> Bool {
        if bytes.uint8(at: start) >> 2 != 0 || bytes.uint8(at: start &+ 1) >> 4 != 0 { return false }
        guard 3...4 ~= length else { return true }
        for index in 2..<length where bytes.uint8(at: start &+ index) >> (index == length &- 1 ? 2 : 1) != 0 {
            return false
        }
        return true
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        let start = cursor.start
        guard cursor.has(2) else { return cursor.cut(.frameRelay, required: 2, &layers) }
        // An address of one byte does not exist.
        if record.uint8(at: start) & 1 == 1 {
            return cursor.malformed(.frameRelay, .headerLength, at: 0, shown: 1, &layers)
        }
        let address = addressLength(record, start, cursor.end)
        guard cursor.has(address &+ 1) else { return cursor.cut(.frameRelay, required: address &+ 1, &layers) }
        let control = record.uint8(at: start &+ address)
        if control == 0x03 { return dissectIdentified(record, &cursor, &layers, at: address &+ 1, control: control) }
        let signalling = isCircuitZero(record, start, length: address)
        // Circuit 0 is for signalling (Q.933), and 0xaf begins an exchange of identities.
        if signalling || control == 0xaf || !cursor.has(address &+ 2) {
            cursor.add(.frameRelay, header: address, to: &layers)
            return .data
        }
        // Cisco's way: an EtherType behind the address.
        let number = record.uint16(at: start &+ address)
        if CiscoHDLCFrame.isKnown(number) {
            cursor.add(.frameRelay, header: address &+ 2, to: &layers)
            return CiscoHDLCFrame.handoff(number, after: .frameRelay, record, &cursor)
        }
        // Another control field than 0x03 before an identifier that makes sense.
        var offset = address
        if control == 0 { offset &+= 1 }
        let kind = record.uint8(at: start &+ offset)
        offset &+= kind & 3 == 3 ? 1 : 2
        if cursor.has(offset &+ 1), isIdentifier(record.uint8(at: start &+ offset)) {
            return dissectIdentified(
                record, &cursor, &layers, at: address &+ (control & 3 == 3 ? 1 : 2), control: control)
        }
        cursor.add(.frameRelay, header: address, to: &layers)
        // A whole Ethernet frame, if a length or a type that we know stands where Ethernet has it.
        guard cursor.has(14) else { return .data }
        let type = EtherType(rawValue: record.uint16(at: cursor.start &+ 12))
        guard type.rawValue <= EtherType.lastLength || type.isKnown else { return .data }
        cursor.checkLength = 4
        return .linkType(.ethernet)
    }

    /// The identifiers of network layers that somebody dissects.
    private static func isIdentifier(_ number: UInt8) -> Bool {
        switch number {
        case 0x00, 0x08, 0x09, 0x80, 0x81, 0x82, 0x83, 0x8e, 0xb0, 0xcc, 0xcf: true
        default: false
        }
    }

    private static func dissectIdentified(
        _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], at position: Int, control: UInt8
    ) -> Handoff {
        let start = cursor.start
        var offset = position
        guard cursor.has(offset &+ 1) else { return cursor.cut(.frameRelay, required: offset &+ 1, &layers) }
        if record.uint8(at: start &+ offset) == 0 {  // a byte to make the header even (RFC 2427 section 3)
            offset &+= 1
            guard cursor.has(offset &+ 1) else { return cursor.cut(.frameRelay, required: offset &+ 1, &layers) }
        }
        let identifier = record.uint8(at: start &+ offset)
        offset &+= 1
        if identifier == 0x80 {
            let handoff = SNAPHeader.dissect(record, &cursor, &layers, kind: .frameRelay, at: offset, padding: 0)
            if case .etherType = handoff, !LLCHeader.carriesPacket(control) { return .data }
            return handoff
        }
        cursor.add(.frameRelay, header: offset, to: &layers)
        return .networkLayerID(identifier)
    }
}
