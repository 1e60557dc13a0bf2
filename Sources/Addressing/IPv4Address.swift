import Text

/// An IPv4 address (RFC 791 section 3.1), four octets.
public struct IPv4Address: RawRepresentable, Hashable, Sendable {
    /// The address as a number; the first octet is the most significant.
    public let rawValue: UInt32

    /// An address by its number, the first octet the highest.
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// An address by its four octets, in the order in which they are written: `IPv4Address(10, 0, 0, 1)`.
    @inlinable
    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        rawValue = UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)
    }

    /// 0.0.0.0: "this host", every local address when bound to (RFC 1122 section 3.2.1.3).
    public static let any = IPv4Address(rawValue: 0)
    /// 127.0.0.1, this machine itself (RFC 1122 section 3.2.1.3).
    public static let loopback = IPv4Address(127, 0, 0, 1)

    /// Reads dotted decimal of exactly four parts, as inet_pton does: no octal, no hexadecimal, no missing parts.
    public init?(_ text: some StringProtocol) {
        var value: UInt32 = 0
        var parts = 0
        for part in text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard (1...3).contains(part.count), parts < 4 else { return nil }
            var octet: UInt32 = 0
            for byte in part {
                guard (48...57).contains(byte) else { return nil }
                octet = octet * 10 + UInt32(byte - 48)
            }
            // A leading zero would be octal to some readers and decimal to others (RFC 6943 section 3.1.1).
            guard octet < 256, part.count == 1 || part.first != 48 else { return nil }
            value = value << 8 | octet
            parts += 1
        }
        guard parts == 4 else { return nil }
        rawValue = value
    }

    /// Writes the address in dotted decimal: two octets with their dots fill a word of eight bytes at most.
    @inlinable
    public func write<Sink: TextSink & ~Copyable>(to sink: inout Sink) {
        let first = Self.text(UInt8(truncatingIfNeeded: rawValue >> 24))
        let second = Self.text(UInt8(truncatingIfNeeded: rawValue >> 16))
        let third = Self.text(UInt8(truncatingIfNeeded: rawValue >> 8))
        let fourth = Self.text(UInt8(truncatingIfNeeded: rawValue))
        sink.append(packed: first.digits | second.digits << first.bits, count: Int((first.bits &+ second.bits) / 8))
        // Without the last dot.
        sink.append(
            packed: third.digits | fourth.digits << third.bits, count: Int((third.bits &+ fourth.bits) / 8) &- 1)
    }

    /// An octet in decimal with a dot behind it, the first character in the lowest byte, and how many bits that is.
    @inlinable @inline(__always)
    static func text(_ octet: UInt8) -> (digits: UInt64, bits: UInt64) {
        let value = UInt64(octet)
        let hundreds = (value &* 41) >> 12
        let rest = value &- hundreds &* 100
        let tens = (rest &* 103) >> 10
        let all = (hundreds | tens << 8 | (rest &- tens &* 10) << 16 | 0x2e30_3030)
        let missing: UInt64 = octet >= 100 ? 0 : octet >= 10 ? 8 : 16
        return (all >> missing, 32 &- missing)
    }
}

extension IPv4Address: CustomStringConvertible {
    public var description: String {
        var collector = ByteCollector()
        write(to: &collector)
        return collector.text
    }
}

extension IPv4Address: Comparable {
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
