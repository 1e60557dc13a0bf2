/// The header of a Linux "cooked" capture, read in place (LINKTYPE_LINUX_SLL): what libpcap writes for the `any` device
/// and for devices whose own header it does not know.
///
///     +-------------+-------------+----------------+---------------------+-----------+
///     | Packet type | ARPHRD type | Address length | Address (8, filled) | Protocol  |
///     +-------------+-------------+----------------+---------------------+-----------+
public struct LinuxSLLHeader: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 16

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .linuxSLL)
        self.bytes = bytes
    }

    /// 0 to us, 1 broadcast, 2 multicast, 3 between others, 4 sent by us.
    @inlinable public var packetType: UInt16 { bytes.uint16(at: 0) }
    /// Linux's ARPHRD_ number of the device.
    @inlinable public var hardwareType: UInt16 { bytes.uint16(at: 2) }
    /// Bytes of the address that are used.
    @inlinable public var addressLength: UInt16 { bytes.uint16(at: 4) }
    /// An EtherType, or a small number of Linux's own (ETH_P_…).
    @inlinable public var protocolNumber: UInt16 { bytes.uint16(at: 14) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.linuxSLL, required: length, &layers) }
        let start = cursor.start
        cursor.add(.linuxSLL, header: length, to: &layers)
        return handoff(record.uint16(at: start &+ 14), hardware: record.uint16(at: start &+ 2), after: .linuxSLL)
    }

    /// ARPHRD_NETLINK: no packet, and the header's other fields have meanings of netlink's own.
    static let netlink: UInt16 = 824

    /// What a protocol number means: it depends on the kind of device.
    static func handoff(_ number: UInt16, hardware: UInt16, after kind: LayerKind) -> Handoff {
        let isEtherType = number > 1536  // as Linux counts them
        switch hardware {
        // ARPHRD_IPGRE: what GRE carries.
        case 778 where isEtherType: return .greProtocol(number, hasSequence: false)
        // ARPHRD_FRAD and ARPHRD_IEEE80211_RADIOTAP: frames with their header, unless an EtherType says that there is
        // none.
        case 770 where !isEtherType: return .linkType(.frameRelay)
        case 803 where !isEtherType: return .linkType(.ieee80211Radiotap)
        case netlink: return .stop(.unsupported(after: kind, number: UInt32(hardware)))
        default: break
        }
        switch number {
        case 3: return .linkType(.ethernet)  // ETH_P_ALL: frames with their header
        case 4: return .frame(.logicalLink)  // ETH_P_802_2
        case 7: return .linkType(.pppHDLC)
        default:
            return isEtherType
                ? .etherType(EtherType(rawValue: number)) : .stop(.unsupported(after: kind, number: UInt32(number)))
        }
    }
}

/// The header of a Linux "cooked" capture, version 2, read in place (LINKTYPE_LINUX_SLL2): the same in another order,
/// with the interface's index.
///
///     +----------+----------+-----------------+-------------+------+--------+---------------------+
///     | Protocol | Reserved | Interface index | ARPHRD type | Type | Length | Address (8, filled) |
///     +----------+----------+-----------------+-------------+------+--------+---------------------+
public struct LinuxSLL2Header: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 20

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .linuxSLL2)
        self.bytes = bytes
    }

    /// The EtherType of the payload, or what the hardware type has in its place.
    @inlinable public var protocolNumber: UInt16 { bytes.uint16(at: 0) }
    /// The interface's number on the host that captured.
    @inlinable public var interfaceIndex: UInt32 { bytes.uint32(at: 4) }
    /// The device's ARPHRD_ type.
    @inlinable public var hardwareType: UInt16 { bytes.uint16(at: 8) }
    /// Which way the packet went: PACKET_HOST and its like.
    @inlinable public var packetType: UInt8 { bytes.uint8(at: 10) }
    /// Bytes of the address that are used.
    @inlinable public var addressLength: UInt8 { bytes.uint8(at: 11) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.linuxSLL2, required: length, &layers) }
        let start = cursor.start
        cursor.add(.linuxSLL2, header: length, to: &layers)
        return LinuxSLLHeader.handoff(
            record.uint16(at: start), hardware: record.uint16(at: start &+ 8), after: .linuxSLL2)
    }
}

/// The values of a version 1 header, owned.
public struct LinuxSLLValues: Hashable, Sendable {
    /// Which way the packet went: PACKET_HOST and its like.
    public var packetType: UInt16
    /// The device's ARPHRD_ type.
    public var hardwareType: UInt16
    /// At most eight bytes.
    public var address: [UInt8]
    /// The EtherType of the payload, or what the hardware type has in its place.
    public var protocolNumber: UInt16

    /// - Parameter address: of the sender; eight bytes have room for it.
    public init(packetType: UInt16, hardwareType: UInt16, address: [UInt8], protocolNumber: UInt16) {
        self.packetType = packetType
        self.hardwareType = hardwareType
        self.address = address
        self.protocolNumber = protocolNumber
    }

    /// Copies the values of a header that was read.
    public init(_ header: borrowing LinuxSLLHeader) {
        packetType = header.packetType
        hardwareType = header.hardwareType
        address = (0..<min(8, Int(header.addressLength))).map { header.bytes.uint8(at: 6 + $0) }
        protocolNumber = header.protocolNumber
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(uint16: packetType)
        bytes.append(uint16: hardwareType)
        bytes.append(uint16: UInt16(min(8, address.count)))
        bytes += (address + [UInt8](repeating: 0, count: 8)).prefix(8)
        bytes.append(uint16: protocolNumber)
        return bytes
    }
}
