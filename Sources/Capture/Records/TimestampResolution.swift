import Addressing

/// How fine the timestamps of an interface are: pcapng's `if_tsresol` octet (draft-ietf-opsawg-pcapng, Interface
/// Description Block). With the top bit clear the unit is 10^-n seconds, with it set 2^-n seconds.
public struct TimestampResolution: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// What holds where `if_tsresol` is absent.
    public static let microseconds = TimestampResolution(rawValue: 6)
    /// What netprobe writes.
    public static let nanoseconds = TimestampResolution(rawValue: 9)

    /// Units in a second; `nil` where the number needs more than 64 bits (above 10^19 or 2^63), which Wireshark refuses
    /// too.
    public var unitsPerSecond: UInt64? {
        let exponent = rawValue & 0x7f
        if rawValue & 0x80 != 0 { return exponent > 63 ? nil : 1 << UInt64(exponent) }
        if exponent > 19 { return nil }
        var units: UInt64 = 1
        for _ in 0..<exponent { units &*= 10 }
        return units
    }
}

/// The arithmetic between pcapng's 64-bit counts and `Timestamp`, for one interface.
struct InterfaceClock {
    let unitsPerSecond: UInt64
    /// `if_tsoffset`: seconds to add to every time of the interface.
    let offset: Int64

    init(resolution: TimestampResolution, offset: Int64) {
        self.unitsPerSecond = resolution.unitsPerSecond ?? 1_000_000
        self.offset = offset
    }

    @inline(__always)
    func timestamp(units: UInt64) -> Timestamp {
        let whole: UInt64
        let nanoseconds: UInt32
        // The two usual resolutions divide by constants, which costs a tenth of a division by a variable.
        if unitsPerSecond == 1_000_000 {
            whole = units / 1_000_000
            nanoseconds = UInt32(truncatingIfNeeded: (units &- whole &* 1_000_000) &* 1000)
        } else if unitsPerSecond == 1_000_000_000 {
            whole = units / 1_000_000_000
            nanoseconds = UInt32(truncatingIfNeeded: units &- whole &* 1_000_000_000)
        } else {
            whole = units / unitsPerSecond
            // 128 bits inside: 10^9 times a rest below 2^64 does not fit in 64. Rounded down.
            let product = (units &- whole &* unitsPerSecond).multipliedFullWidth(by: 1_000_000_000)
            nanoseconds = UInt32(truncatingIfNeeded: unitsPerSecond.dividingFullWidth(product).quotient)
        }
        return Timestamp(seconds: Int64(truncatingIfNeeded: whole) &+ offset, nanoseconds: nanoseconds)
    }

    /// The inverse, rounded up so that reading gives the same nanoseconds back. A time that the interface cannot
    /// express becomes the nearest one that it can.
    func units(of time: Timestamp) -> UInt64 {
        let (whole, overflow) = time.seconds.subtractingReportingOverflow(offset)
        if overflow { return time.seconds < 0 ? 0 : .max }
        if whole < 0 { return 0 }
        let product = UInt64(time.nanoseconds).multipliedFullWidth(by: unitsPerSecond)
        let (quotient, rest) = UInt64(1_000_000_000).dividingFullWidth(product)
        let part = quotient &+ (rest > 0 ? 1 : 0)
        let (scaled, o1) = UInt64(whole).multipliedReportingOverflow(by: unitsPerSecond)
        let (sum, o2) = scaled.addingReportingOverflow(part)
        return o1 || o2 ? .max : sum
    }
}
