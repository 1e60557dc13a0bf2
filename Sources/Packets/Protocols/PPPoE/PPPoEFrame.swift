import Text

/// A PPP over Ethernet frame, read in place (RFC 2516 section 4): discovery (EtherType 0x8863) or session (0x8864).
///
///     +-------+-------+---------------+-------------------------------+
///     |Version| Type  |     Code      |          Session ID           |
///     +-------+-------+---------------+-------------------------------+
///     |        Payload length         |  payload: tags or a PPP frame |
///     +-------------------------------+-------------------------------+
public struct PPPoEFrame: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 6

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .pppoe)
        self.bytes = bytes
    }

    /// The version of the format.
    @inlinable public var version: UInt8 { bytes.uint8(at: 0) >> 4 }
    /// 1 in every frame, as the version.
    @inlinable public var type: UInt8 { bytes.uint8(at: 0) & 15 }
    /// 0 in sessions; 9 PADI, 7 PADO, 25 PADR, 101 PADS, 167 PADT in discovery.
    @inlinable public var code: UInt8 { bytes.uint8(at: 1) }
    /// Which session between the two hosts.
    @inlinable public var sessionID: UInt16 { bytes.uint16(at: 2) }
    /// Bytes behind the header.
    @inlinable public var payloadLength: UInt16 { bytes.uint16(at: 4) }

    /// What `--link` says of it.
    static let link = LinkForm.tag(needs: PPPoEFrame.length) { layer, record, out in
        guard let frame = try? PPPoEFrame(record.extracting(layer.range)) else { return }
        out.append(" session 0x")
        out.append(hex: UInt64(frame.sessionID))
    }

    static func dissectDiscovery(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(length) else { return cursor.cut(.pppoeDiscovery, required: length, &layers) }
        cursor.add(.pppoeDiscovery, header: length, to: &layers)
        return .data
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.pppoe, required: length, &layers) }
        cursor.limit(toLength: length &+ Int(record.uint16(at: cursor.start &+ 4)))
        cursor.add(.pppoe, header: length, to: &layers)
        return .frame(.ppp)
    }
}

/// The values of a PPPoE header, owned.
public struct PPPoEHeader: Hashable, Sendable {
    /// The code, which says more precisely what the type means.
    public var code: UInt8
    /// Which session between the two hosts.
    public var sessionID: UInt16
    /// Bytes behind the header.
    public var payloadLength: UInt16

    /// - Parameter code: 0 in a session, else the discovery packet's kind (RFC 2516 section 5).
    public init(code: UInt8, sessionID: UInt16, payloadLength: UInt16) {
        self.code = code
        self.sessionID = sessionID
        self.payloadLength = payloadLength
    }

    /// Copies the values of a header that was read.
    public init(_ frame: borrowing PPPoEFrame) {
        self.init(code: frame.code, sessionID: frame.sessionID, payloadLength: frame.payloadLength)
    }

    /// In wire format, version and type 1 as RFC 2516 requires.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = [0x11, code]
        bytes.append(uint16: sessionID)
        bytes.append(uint16: payloadLength)
        return bytes
    }
}
