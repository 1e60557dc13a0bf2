import Addressing

/// An ARP packet, read in place (RFC 826).
///
///     +-------------------------------+-------------------------------+
///     |         Hardware type         |         Protocol type         |
///     +---------------+---------------+-------------------------------+
///     | Hardware size | Protocol size |           Operation           |
///     +---------------+---------------+-------------------------------+
///     |  sender's hardware and protocol address, target's of both     |
///     +---------------------------------------------------------------+
///
/// The four addresses are as long as the two sizes say.
public struct ARPPacket: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 8

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .arp)
        self.bytes = bytes
    }

    /// 1 is Ethernet.
    @inlinable public var hardwareType: UInt16 { bytes.uint16(at: 0) }
    /// The EtherType of the protocol whose addresses are asked for.
    @inlinable public var protocolType: EtherType { EtherType(rawValue: bytes.uint16(at: 2)) }
    /// Bytes of a hardware address.
    @inlinable public var hardwareSize: Int { Int(bytes.uint8(at: 4)) }
    /// Bytes of a protocol address.
    @inlinable public var protocolSize: Int { Int(bytes.uint8(at: 5)) }
    /// 1 request, 2 reply.
    @inlinable public var operation: UInt16 { bytes.uint16(at: 6) }
    /// Bytes of the packet with its four addresses.
    @inlinable public var totalLength: Int { Self.minimumLength &+ 2 &* (hardwareSize &+ protocolSize) }

    /// Whether the protocol addresses are IPv4's.
    @inlinable public var asksForIPv4: Bool { protocolType == .ipv4 && protocolSize == 4 }
    /// nil where the packet is not about IPv4, or is cut. What of a cut packet is read depends on the operation: those
    /// that people want explained in a line are read to the end first.
    @inlinable public var senderIPv4: IPv4Address? {
        isATM ? ATMAddresses(bytes)?.sender : ipv4(at: Self.minimumLength &+ hardwareSize, needed: lookAhead)
    }
    /// The target's protocol address.
    @inlinable public var targetIPv4: IPv4Address? {
        isATM ? ATMAddresses(bytes)?.target : ipv4(at: Self.minimumLength &+ 2 &* hardwareSize &+ protocolSize)
    }
    /// nil where the hardware's addresses are not MAC addresses of Ethernet or IEEE 802.
    @inlinable public var senderMAC: MACAddress? { mac(at: Self.minimumLength) }
    /// The target's hardware address.
    @inlinable public var targetMAC: MACAddress? { mac(at: Self.minimumLength &+ hardwareSize &+ protocolSize) }

    @usableFromInline
    var isATM: Bool { hardwareType == ATMAddresses.hardwareType }

    @usableFromInline
    var lookAhead: Int {
        switch operation {
        case 1, 2, 4, 6: totalLength
        case 3, 5, 8: totalLength &- protocolSize
        default: 0
        }
    }

    @usableFromInline
    func ipv4(at offset: Int, needed: Int = 0) -> IPv4Address? {
        asksForIPv4 && max(needed, offset &+ 4) <= bytes.byteCount ? bytes.ipv4Address(at: offset) : nil
    }

    @usableFromInline
    func mac(at offset: Int) -> MACAddress? {
        hardwareSize == 6 && (hardwareType == 1 || hardwareType == 6) && max(lookAhead, offset &+ 6) <= bytes.byteCount
            ? bytes.macAddress(at: offset) : nil
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.arp, required: minimumLength, &layers) }
        let start = cursor.start
        if record.uint16(at: start) == ATMAddresses.hardwareType {
            return ATMAddresses.dissect(record, &cursor, &layers)
        }
        let length = minimumLength &+ 2 &* (Int(record.uint8(at: start &+ 4)) &+ Int(record.uint8(at: start &+ 5)))
        cursor.limit(toLength: length)
        if cursor.claimed < length {
            // The sender left addresses out: where those that are there belong nobody can say.
            let reason = cursor.missing(length, for: .arp)
            cursor.limit(toLength: minimumLength)
            cursor.append(.arp, header: minimumLength, to: &layers)
            return .stop(reason)
        }
        guard cursor.has(length) else { return cursor.cut(.arp, required: length, &layers) }
        cursor.add(.arp, header: length, to: &layers)
        return .data
    }
}

/// The IPv4 addresses of an ATM ARP packet (RFC 2225 section 8.1), where each address has a length of its own: the
/// sizes' bytes are the lengths of the sender's ATM number and subaddress, and four more follow the operation.
@usableFromInline
struct ATMAddresses {
    @usableFromInline static let hardwareType: UInt16 = 19
    static let minimumLength = 12

    @usableFromInline var sender: IPv4Address?
    @usableFromInline var target: IPv4Address?

    /// Of a packet that is cut anywhere only the hardware type is shown: where the rest belongs depends on all of the
    /// lengths.
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        let required = cursor.has(minimumLength) ? length(record, cursor.start) : minimumLength
        cursor.limit(toLength: required)
        guard cursor.has(required) else {
            cursor.append(.arp, header: 2, to: &layers)
            return .stop(cursor.missing(required, for: .arp))
        }
        cursor.add(.arp, header: required, to: &layers)
        return .data
    }

    /// The whole packet's length: the twelve bytes and the six addresses.
    private static func length(_ record: RawSpan, _ start: Int) -> Int {
        var length = minimumLength
        for offset in [4, 5, 9, 10] { length &+= Int(record.uint8(at: start &+ offset) & 0x3f) }
        return length &+ Int(record.uint8(at: start &+ 8)) &+ Int(record.uint8(at: start &+ 11))
    }

    @usableFromInline
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.minimumLength, bytes.uint16(at: 2) == EtherType.ipv4.rawValue else { return nil }
        // Bit 6 says which kind of number it is.
        func length(_ offset: Int) -> Int { Int(bytes.uint8(at: offset) & 0x3f) }
        func address(_ size: UInt8, _ offset: Int) -> IPv4Address? {
            size == 4 && offset &+ 4 <= bytes.byteCount ? bytes.ipv4Address(at: offset) : nil
        }
        let first = 12 &+ length(4) &+ length(5)
        sender = address(bytes.uint8(at: 8), first)
        target = address(bytes.uint8(at: 11), first &+ Int(bytes.uint8(at: 8)) &+ length(9) &+ length(10))
    }
}

/// The values of an ARP packet for IPv4 over Ethernet, owned.
public struct ARPMessage: Hashable, Sendable {
    /// 1 asks, 2 answers (RFC 826).
    public var operation: UInt16
    /// The sender's hardware address.
    public var senderMAC: MACAddress
    /// The sender's protocol address.
    public var senderIPv4: IPv4Address
    /// The target's hardware address.
    public var targetMAC: MACAddress
    /// The target's protocol address.
    public var targetIPv4: IPv4Address

    /// A packet for IPv4 over Ethernet; a request leaves the target's hardware address zero.
    public init(
        operation: UInt16, senderMAC: MACAddress, senderIPv4: IPv4Address,
        targetMAC: MACAddress = MACAddress(rawValue: 0),
        targetIPv4: IPv4Address
    ) {
        self.operation = operation
        self.senderMAC = senderMAC
        self.senderIPv4 = senderIPv4
        self.targetMAC = targetMAC
        self.targetIPv4 = targetIPv4
    }

    /// nil where the packet is not for IPv4 over addresses of six bytes, or is cut.
    public init?(_ packet: borrowing ARPPacket) {
        guard let senderMAC = packet.senderMAC, let senderIPv4 = packet.senderIPv4, let targetMAC = packet.targetMAC,
            let targetIPv4 = packet.targetIPv4
        else { return nil }
        self.init(
            operation: packet.operation, senderMAC: senderMAC, senderIPv4: senderIPv4, targetMAC: targetMAC,
            targetIPv4: targetIPv4)
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = [0, 1, 8, 0, 6, 4]
        bytes.append(uint16: operation)
        bytes.append(address: senderMAC)
        bytes.append(address: senderIPv4)
        bytes.append(address: targetMAC)
        bytes.append(address: targetIPv4)
        return bytes
    }
}
