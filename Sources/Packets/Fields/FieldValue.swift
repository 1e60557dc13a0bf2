import Addressing

/// One value of a field, read from a packet. Text and bytes are ranges of the record, so that reading allocates nothing
/// and copying a value is copying 24 bytes.
public enum FieldValue: Hashable, Sendable {
    case unsigned(UInt64)
    case signed(Int64)
    case boolean(Bool)
    case ipv4(IPv4Address)
    case ipv6(IPv6Address)
    case mac(MACAddress)
    /// A moment, for `frame.time_epoch` and the like.
    case time(Timestamp)
    /// Nanoseconds, shown as seconds with nine decimals.
    case duration(nanoseconds: Int64)
    /// Bytes of the record, offsets counted from its first byte.
    case bytes(start: Int32, end: Int32)
    /// Text in the record; nothing about it is trusted, the renderers escape it.
    case text(start: Int32, end: Int32)
    /// A domain name in wire format, compressed or not, that begins at `start`; compression pointers count from
    /// `message` (RFC 1035 section 4.1.4).
    case domainName(start: Int32, message: Int32)
    /// A word of netprobe's own, such as a checksum's status.
    case word(StaticWord)
    /// An address as the text that it is shown as, for `ip.host` and the like: no name is looked up.
    case hostIPv4(IPv4Address)
    case hostIPv6(IPv6Address)
    /// `http://`, a host and a target, both text of the record: `http.request.full_uri`.
    case webAddress(hostStart: Int32, hostEnd: Int32, targetStart: Int32, targetEnd: Int32)
    /// TCP's twelve flags, a letter each where it is set: `tcp.flags.str`.
    case flagLetters(TCPFlags)
    /// The names of the packet's layers with colons between: `frame.protocols`.
    case layerNames
    /// A comment on the packet, looked up in `PacketNotes`.
    case comment(Int32)
    /// The name of the interface that captured the packet, looked up in `PacketNotes`.
    case interfaceName
}

/// A fixed word as a field's value. A literal in the program, so that values stay free of reference counts.
public struct StaticWord: Hashable, Sendable {
    /// The word.
    public let text: StaticString

    /// A word that is written in the program.
    @inlinable public init(_ text: StaticString) { self.text = text }

    public static func == (a: Self, b: Self) -> Bool { String(describing: a.text) == String(describing: b.text) }

    public func hash(into hasher: inout Hasher) { hasher.combine(String(describing: text)) }
}
