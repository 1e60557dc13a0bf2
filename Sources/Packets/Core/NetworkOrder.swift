import Addressing
import Text

/// All bytes of packets are read through these functions: fixed-size numbers in network byte order (RFC 1700, "Data
/// Notation"). Each load is checked against the span's bounds, so a mistake traps instead of reading beyond; a view
/// checks its length when it is opened, so that this never happens.
///
/// This is the only file of `Packets` where `unsafe` stands: the standard library calls every load of a type from raw
/// bytes unsafe because not every type has only valid bit patterns. Integers do.
extension RawSpan {
    /// One byte. The offset counts from the span's first byte, as in all of these.
    @inlinable @inline(__always)
    public func uint8(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Two bytes in network order.
    @inlinable @inline(__always)
    public func uint16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// Four bytes in network order.
    @inlinable @inline(__always)
    public func uint32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Eight bytes in network order.
    @inlinable @inline(__always)
    public func uint64(at offset: Int) -> UInt64 {
        UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// A number in the byte order of the machine that wrote it, little endian: some capture headers have it.
    @inlinable @inline(__always)
    public func littleEndianUInt16(at offset: Int) -> UInt16 { uint16(at: offset).byteSwapped }

    /// Four bytes in little-endian order.
    @inlinable @inline(__always)
    public func littleEndianUInt32(at offset: Int) -> UInt32 { uint32(at: offset).byteSwapped }

    /// The address in four bytes.
    @inlinable @inline(__always)
    public func ipv4Address(at offset: Int) -> IPv4Address { IPv4Address(rawValue: uint32(at: offset)) }

    /// The address in sixteen bytes.
    @inlinable @inline(__always)
    public func ipv6Address(at offset: Int) -> IPv6Address {
        IPv6Address(high: uint64(at: offset), low: uint64(at: offset &+ 8))
    }

    /// The address in six bytes.
    @inlinable @inline(__always)
    public func macAddress(at offset: Int) -> MACAddress {
        MACAddress(rawValue: UInt64(uint16(at: offset)) << 32 | UInt64(uint32(at: offset &+ 2)))
    }
}

extension RawSpan {
    /// The bytes in an array of their own, with one copy of memory.
    public var copied: [UInt8] { unsafe withUnsafeBytes { unsafe [UInt8]($0) } }
}

extension [UInt8] {
    /// Adds a copy of all the bytes.
    public mutating func append(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}

extension [UInt8] {
    /// The array's bytes as a view: owned bytes (tests, recorded demos) are read in the same way.
    @inlinable
    public var rawSpan: RawSpan {
        @_lifetime(borrow self)
        get { unsafe span.bytes }
    }
}

extension ArraySlice<UInt8> {
    /// The slice's bytes as a view, counted from 0.
    public var rawSpan: RawSpan {
        @_lifetime(borrow self)
        get { unsafe span.bytes }
    }
}

extension StaticString {
    /// The bytes of a literal, which stay as long as the program runs.
    var bytes: RawSpan {
        @_lifetime(immortal)
        get {
            guard hasPointerRepresentation else { return RawSpan() }
            let bytes = unsafe RawSpan(_unsafeStart: utf8Start, byteCount: utf8CodeUnitCount)
            return unsafe _overrideLifetime(bytes, copying: ())
        }
    }
}

extension TextSink where Self: ~Copyable {
    /// Appends a literal's bytes as they are.
    mutating func append(word: StaticString) {
        // A literal of one character is kept as that character, and not as bytes in memory.
        guard word.hasPointerRepresentation else {
            for byte in String(word.unicodeScalar).utf8 { append(ascii: byte) }
            return
        }
        append(raw: word.bytes)
    }
}

extension InlineArray where Element == UInt8 {
    /// The bytes as a view: short texts that are collected without an allocation.
    @inlinable
    var rawSpan: RawSpan {
        @_lifetime(borrow self)
        get { unsafe span.bytes }
    }
}
