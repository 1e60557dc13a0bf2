import Text

/// An IPv6 address (RFC 4291), sixteen octets.
public struct IPv6Address: Hashable, Sendable {
    /// The first eight octets, the most significant first.
    public let high: UInt64
    /// The last eight octets.
    public let low: UInt64

    /// An address by its two halves, each with the most significant octet first.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// `::`, the unspecified address (RFC 4291 section 2.5.2).
    public static let any = IPv6Address(high: 0, low: 0)
    /// `::1`, this machine itself (RFC 4291 section 2.5.3).
    public static let loopback = IPv6Address(high: 0, low: 1)

    /// The IPv4 address inside an IPv4-mapped one, `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2).
    @inlinable
    public var mappedIPv4: IPv4Address? {
        high == 0 && low >> 32 == 0xffff ? IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)) : nil
    }

    /// The IPv4 address in the last 32 bits of an IPv4-compatible address (RFC 4291 section 2.5.5.1), which old tunnels
    /// use: written dotted, as inet_ntop(3) does. nil for ::, ::1 and the like, whose last 32 bits are no address.
    @usableFromInline
    var compatibleIPv4: IPv4Address? {
        high == 0 && low >> 32 == 0 && low >> 16 != 0 ? IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)) : nil
    }

    /// One of the eight 16-bit groups, the first is 0.
    @inlinable
    func group(_ index: Int) -> UInt16 {
        let half = index < 4 ? high : low
        return UInt16(truncatingIfNeeded: half >> UInt64(48 &- 16 &* (index & 3)))
    }

    /// Reads the text forms of RFC 4291 section 2.2, with at most one `::` and an IPv4 tail allowed. No zone (`%eth0`):
    /// that belongs to the endpoint, not to the address.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        var groups: [UInt16] = []
        var gap: Int?
        var position = 0
        if bytes.starts(with: [58, 58]) {
            gap = 0
            position = 2
        }
        while position < bytes.count {
            let end = bytes[position...].firstIndex(of: 58) ?? bytes.count
            let part = bytes[position..<end]
            if part.contains(46) {
                guard end == bytes.count, let tail = IPv4Address(String(decoding: part, as: UTF8.self)) else {
                    return nil
                }
                groups.append(UInt16(truncatingIfNeeded: tail.rawValue >> 16))
                groups.append(UInt16(truncatingIfNeeded: tail.rawValue))
                position = end
                break
            }
            guard (1...4).contains(part.count) else { return nil }
            var value: UInt16 = 0
            for byte in part {
                let digit: UInt8
                switch byte {
                case 48...57: digit = byte - 48
                case 65...70: digit = byte - 55
                case 97...102: digit = byte - 87
                default: return nil
                }
                value = value << 4 | UInt16(digit)
            }
            groups.append(value)
            guard end < bytes.count else {
                position = end
                break
            }
            position = end + 1
            if position < bytes.count, bytes[position] == 58 {
                guard gap == nil else { return nil }
                gap = groups.count
                position += 1
            } else if position == bytes.count {
                return nil
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        high = groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) }
        low = groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
    }

    /// Writes the canonical text form of RFC 5952: lower case, no leading zeros, the longest run of two or more zero
    /// groups (the first of equals) as `::`, and dotted decimal for IPv4-mapped addresses (section 5).
    @inlinable
    public func write<Sink: TextSink & ~Copyable>(to sink: inout Sink) {
        var bestStart = 8
        var bestLength = 1
        var runStart = 0
        var runLength = 0
        var index = 0
        while index < 8 {
            if group(index) == 0 {
                if runLength == 0 { runStart = index }
                runLength &+= 1
                if runLength > bestLength {
                    bestStart = runStart
                    bestLength = runLength
                }
            } else {
                runLength = 0
            }
            index &+= 1
        }
        let mapped = mappedIPv4 ?? compatibleIPv4
        let count = mapped == nil ? 8 : 6
        index = 0
        var separate = false
        while index < count {
            if index == bestStart {
                sink.append(ascii: 58)
                sink.append(ascii: 58)
                index &+= bestLength
                separate = false
                continue
            }
            if separate { sink.append(ascii: 58) }
            sink.append(hex: UInt64(group(index)))
            separate = true
            index &+= 1
        }
        if let mapped {
            if separate { sink.append(ascii: 58) }
            mapped.write(to: &sink)
        }
    }
}

extension IPv6Address: CustomStringConvertible {
    public var description: String {
        var collector = ByteCollector()
        write(to: &collector)
        return collector.text
    }
}

extension IPv6Address: Comparable {
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }
}
