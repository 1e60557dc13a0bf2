import Addressing

/// Writes numbers in network byte order into a buffer of bytes: the other direction of `NetworkOrder`.
extension [UInt8] {
    mutating func append(uint16 value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    mutating func append(uint32 value: UInt32) {
        append(uint16: UInt16(truncatingIfNeeded: value >> 16))
        append(uint16: UInt16(truncatingIfNeeded: value))
    }

    mutating func append(uint64 value: UInt64) {
        append(uint32: UInt32(truncatingIfNeeded: value >> 32))
        append(uint32: UInt32(truncatingIfNeeded: value))
    }
}

extension [UInt8] {
    mutating func append(address: MACAddress) {
        append(uint16: UInt16(truncatingIfNeeded: address.rawValue >> 32))
        append(uint32: UInt32(truncatingIfNeeded: address.rawValue))
    }

    mutating func append(address: IPv4Address) { append(uint32: address.rawValue) }

    mutating func append(address: IPv6Address) {
        append(uint64: address.high)
        append(uint64: address.low)
    }
}
