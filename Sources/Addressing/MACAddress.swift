import Text

/// A 48-bit hardware address (IEEE 802 EUI-48), six octets.
public struct MACAddress: RawRepresentable, Hashable, Sendable {
    /// The address as a number in the low 48 bits; the first octet on the wire is the most significant.
    public let rawValue: UInt64

    /// An address by its lowest 48 bits, the first octet the highest.
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue & 0xffff_ffff_ffff }

    /// ff:ff:ff:ff:ff:ff, every station on the link.
    public static let broadcast = MACAddress(rawValue: 0xffff_ffff_ffff)

    /// The group bit: a multicast or broadcast address (IEEE 802 section 8.2).
    @inlinable public var isGroup: Bool { rawValue >> 40 & 1 == 1 }

    /// Writes six pairs of hexadecimal digits separated by colons.
    @inlinable
    public func write<Sink: TextSink & ~Copyable>(to sink: inout Sink) {
        var shift: UInt64 = 40
        while true {
            sink.append(hexByte: UInt8(truncatingIfNeeded: rawValue >> shift))
            if shift == 0 { return }
            sink.append(ascii: 58)
            shift &-= 8
        }
    }
}

extension MACAddress: CustomStringConvertible {
    public var description: String {
        var collector = ByteCollector()
        write(to: &collector)
        return collector.text
    }
}
