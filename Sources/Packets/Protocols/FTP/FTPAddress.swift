import Addressing

/// Where a data connection is to go: `10,0,0,1,200,10`, the four bytes of an IPv4 address and the two of a port
/// (RFC 959 section 4.1.2), or, in the reply to EPSV, a port alone: `(|||6446|)` (RFC 2428 section 3).
struct FTPAddress {
    let host: IPv4Address
    let port: UInt16

    /// The six numbers, wherever in the text they begin: section 4.1.2 does not say what stands around them in a reply.
    init?(_ text: Range<Int>, _ record: RawSpan) {
        var start = text.lowerBound
        while start < text.upperBound, !(48...57 ~= record.uint8(at: start)) { start &+= 1 }
        var numbers: UInt64 = 0
        for index in 0..<6 {
            var end = start
            while end < text.upperBound, 48...57 ~= record.uint8(at: end) { end &+= 1 }
            guard let number = CommandLine.number(start..<end, record), number <= 255 else { return nil }
            numbers = numbers << 8 | number
            if index < 5 {
                guard end < text.upperBound, record.uint8(at: end) == 44 else { return nil }
                start = end &+ 1
            }
        }
        host = IPv4Address(rawValue: UInt32(truncatingIfNeeded: numbers >> 16))
        port = UInt16(truncatingIfNeeded: numbers)
    }

    /// The port of a reply to EPSV: between the third and the fourth of the same separator.
    static func extendedPort(_ text: Range<Int>, _ record: RawSpan) -> UInt64? {
        var start = text.lowerBound
        while start < text.upperBound, record.uint8(at: start) != 40 { start &+= 1 }
        guard start &+ 4 < text.upperBound else { return nil }
        let separator = record.uint8(at: start &+ 1)
        guard record.uint8(at: start &+ 2) == separator, record.uint8(at: start &+ 3) == separator else { return nil }
        start &+= 4
        var end = start
        while end < text.upperBound, 48...57 ~= record.uint8(at: end) { end &+= 1 }
        guard end < text.upperBound, record.uint8(at: end) == separator else { return nil }
        guard let port = CommandLine.number(start..<end, record), port <= 0xffff else { return nil }
        return port
    }
}
