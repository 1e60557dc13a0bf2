import Addressing

/// The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words.
public struct InternetChecksum: Sendable {
    @usableFromInline var sum: UInt64 = 0

    /// A sum of nothing yet.
    @inlinable public init() {}

    /// Adds bytes; an odd last byte is filled up with zero (RFC 1071 section 1). Only the last part may be odd.
    @inlinable
    public mutating func add(_ bytes: RawSpan) {
        var offset = 0
        let count = bytes.byteCount
        while offset &+ 4 <= count {
            sum &+= UInt64(bytes.uint32(at: offset))
            offset &+= 4
        }
        if offset &+ 2 <= count {
            sum &+= UInt64(bytes.uint16(at: offset))
            offset &+= 2
        }
        if offset < count { sum &+= UInt64(bytes.uint8(at: offset)) << 8 }
    }

    /// Adds one word, in the host's byte order.
    @inlinable public mutating func add(_ word: UInt16) { sum &+= UInt64(word) }
    /// Adds two words, in the host's byte order: the carry between them is folded in at the end.
    @inlinable public mutating func add(_ word: UInt32) { sum &+= UInt64(word) }

    /// Adds the pseudo-header of TCP and UDP over IPv4 (RFC 9293 section 3.1) or IPv6 (RFC 8200 section 8.1).
    @inlinable
    public mutating func addPseudoHeader(
        source: IPAddress, destination: IPAddress, protocol number: IPProtocol, length: Int
    ) {
        for address in [source, destination] {
            switch address {
            case .v4(let address):
                add(address.rawValue)
            case .v6(let address):
                add(UInt32(truncatingIfNeeded: address.high >> 32))
                add(UInt32(truncatingIfNeeded: address.high))
                add(UInt32(truncatingIfNeeded: address.low >> 32))
                add(UInt32(truncatingIfNeeded: address.low))
            }
        }
        add(UInt32(number.rawValue))
        add(UInt32(truncatingIfNeeded: length))
    }

    /// The sum folded to 16 bits, not complemented: what offload leaves in the field for the hardware to finish.
    @inlinable
    public var folded: UInt16 {
        var rest = sum
        while rest >> 16 != 0 { rest = (rest & 0xffff) &+ (rest >> 16) }
        return UInt16(truncatingIfNeeded: rest)
    }

    /// The value for the checksum field.
    @inlinable public var value: UInt16 { ~folded }
}

/// What is known of a checksum.
public enum ChecksumStatus: UInt8, Hashable, Sendable {
    case correct
    case incorrect
    /// The field holds only the sum of the pseudo-header: the sender left the rest to its network card (checksum
    /// offload). On loopback no card ever finishes it, and the kernel does not check it.
    case partial
    /// Not computed: bytes are missing, or the packet is a fragment.
    case unverified
    /// UDP over IPv4 may send none (RFC 768).
    case absent
    /// UDP over IPv6 may not (RFC 8200 section 8.1) but in tunnels (RFC 6935).
    case forbidden
}
