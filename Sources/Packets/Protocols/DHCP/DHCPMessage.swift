import Addressing

/// A BOOTP message (RFC 951) with DHCP's options (RFC 2131 section 2), read in place.
///
///     +---------------+---------------+---------------+---------------+
///     |     op (1)    |   htype (1)   |   hlen (1)    |   hops (1)    |
///     +---------------+---------------+---------------+---------------+
///     |                            xid (4)                            |
///     +-------------------------------+-------------------------------+
///     |           secs (2)            |           flags (2)           |
///     +-------------------------------+-------------------------------+
///     |  ciaddr (4), yiaddr (4), siaddr (4), giaddr (4), chaddr (16)  |
///     |  sname (64), file (128)                                       |
///     +---------------------------------------------------------------+
///     |  magic cookie 99.130.83.99, options: code, length, value …    |
///     +---------------------------------------------------------------+
public struct DHCPMessage: HeaderView, ~Escapable {
    /// The fixed part that BOOTP defined.
    public static let fixedLength = 236
    /// Where the server's name and the boot file lie; both may hold options instead.
    static let serverName = 44..<108
    static let file = 108..<236
    static let optionsOffset = 240
    static let magicCookie: UInt32 = 0x6382_5363

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.fixedLength, for: .dhcp)
        self.bytes = bytes
    }

    /// 1 from a client, 2 from a server.
    public var operation: UInt8 { bytes.uint8(at: 0) }
    /// The same in all messages of an exchange.
    public var transaction: UInt32 { bytes.uint32(at: 4) }
    /// The address that the client has already.
    public var clientAddress: IPv4Address { bytes.ipv4Address(at: 12) }
    /// The address that the server gives.
    public var yourAddress: IPv4Address { bytes.ipv4Address(at: 16) }
    /// The client's hardware address.
    public var hardwareAddress: MACAddress { bytes.macAddress(at: 28) }

    /// The options that follow the magic cookie; none in plain BOOTP.
    public var options: DHCPOptions {
        @_lifetime(copy self) get { DHCPOptions(of: bytes) }
    }

    /// Which of the fields `file` and `sname` hold options instead of what their names say.
    var overload: DHCPOptions.Overload {
        var options = options
        while options.overload == nil, options.next() != nil {}
        return options.overload ?? []
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(fixedLength) else { return cursor.cut(.dhcp, required: fixedLength, &layers) }
        // The options are part of the header: nothing follows them.
        cursor.add(.dhcp, header: cursor.available, to: &layers)
        return .data
    }
}

/// DHCP's options, one after the other (RFC 2132): a code, a length that counts the value alone, and the value. Code 0
/// pads, 255 ends; neither has a length.
///
/// Option 52 says that the fields `file` and `sname` hold options, too (RFC 2132 section 9.3); they are read where it
/// stands, as in Wireshark.
public struct DHCPOptions: ~Escapable {
    /// An option that is there in full.
    public struct Option: Hashable, Sendable {
        /// Which option it is (RFC 2132).
        public var code: UInt8
        /// Where the value lies, counted from the message's first byte.
        public var value: Range<Int>
    }

    /// Which fields hold options beside their own place.
    struct Overload: OptionSet {
        let rawValue: UInt8
        static let file = Overload(rawValue: 1)
        static let serverName = Overload(rawValue: 2)
    }

    private let bytes: RawSpan
    private var position: Int
    private var end: Int
    /// The fields that are still to be read after this one, the next one last.
    private var waiting: [Range<Int>] = []
    /// What option 52 said; a second one is ignored.
    private(set) var overload: Overload?

    /// - Parameter bytes: the whole message.
    @_lifetime(copy bytes)
    init(of bytes: RawSpan) {
        self.bytes = bytes
        let there =
            bytes.byteCount >= DHCPMessage.optionsOffset
            && bytes.uint32(at: DHCPMessage.fixedLength) == DHCPMessage.magicCookie
        position = there ? DHCPMessage.optionsOffset : bytes.byteCount
        end = bytes.byteCount
    }

    /// The next option; nil at the end of the list or where an option is not there in full. The end marker is one of
    /// one byte, as is padding, whose bytes are its value; after the marker there is only padding.
    @_lifetime(self: copy self)
    public mutating func next() -> Option? {
        while true {
            if let option = nextInField() { return option }
            guard let field = waiting.popLast() else { return nil }
            (position, end) = (field.lowerBound, field.upperBound)
        }
    }

    @_lifetime(self: copy self)
    private mutating func nextInField() -> Option? {
        guard position < end else { return nil }
        let code = bytes.uint8(at: position)
        position &+= 1
        switch code {
        // Padding: all of it is one, and has no length (RFC 2132 section 3.1).
        case 0:
            let start = position &- 1
            while position < end, bytes.uint8(at: position) == 0 { position &+= 1 }
            return Option(code: code, value: start..<position)
        case 255:
            let place = position &- 1..<position
            if position < end, bytes.uint8(at: position) != 0 { position = end }
            return Option(code: code, value: place)
        default:
            break
        }
        let length = position < end ? Int(bytes.uint8(at: position)) : .max
        guard length < end &- position else {
            position = end
            return nil
        }
        let value = position &+ 1..<position &+ 1 &+ length
        position = value.upperBound
        if code == 52, length == 1, overload == nil {
            let fields = Overload(rawValue: bytes.uint8(at: value.lowerBound) & 3)
            overload = fields
            waiting = [position..<end]
            if fields.contains(.serverName) { waiting.append(DHCPMessage.serverName) }
            if fields.contains(.file) { waiting.append(DHCPMessage.file) }
            position = end
        }
        return Option(code: code, value: value)
    }
}

/// What a DHCP message is: the value of option 53 (RFC 2132 section 9.6).
enum DHCPMessageType {
    static func name(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "Discover"
        case 2: "Offer"
        case 3: "Request"
        case 4: "Decline"
        case 5: "ACK"
        case 6: "NAK"
        case 7: "Release"
        case 8: "Inform"
        case 9: "Force Renew"
        case 10: "Lease query"
        case 11: "Lease Unassigned"
        case 12: "Lease Unknown"
        case 13: "Lease Active"
        default: nil
        }
    }
}
