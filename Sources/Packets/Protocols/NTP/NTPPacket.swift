import Addressing

/// An NTP packet, read in place (RFC 5905 section 7.3).
///
///     +---+-----+-----+---------------+---------------+---------------+
///     |LI | VN  |Mode |    Stratum    |     Poll      |   Precision   |
///     +---+-----+-----+---------------+---------------+---------------+
///     |  Root Delay (4), Root Dispersion (4), Reference ID (4)        |
///     |  Reference, Origin, Receive and Transmit Timestamp (8 each)   |
///     +---------------------------------------------------------------+
///
/// Modes 6 and 7 (control, and an implementation's own) have the first byte in common and no more.
public struct NTPPacket: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let headerLength = 48

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Proves the first byte; what follows is optional, for the modes that have something else there.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        guard bytes.byteCount >= 1 else { throw LengthError(required: 1, available: 0, layer: .ntp) }
        self.bytes = bytes
    }

    /// Whether the last minute of the day has 59 or 61 seconds (RFC 5905 section 7.3).
    public var leapIndicator: UInt8 { bytes.uint8(at: 0) >> 6 }
    /// The version of NTP.
    public var version: UInt8 { bytes.uint8(at: 0) >> 3 & 7 }
    /// 3 is a client, 4 a server.
    public var mode: UInt8 { bytes.uint8(at: 0) & 7 }
    /// Whether the packet has the fields that follow the first byte.
    public var tellsTime: Bool { mode != 6 && mode != 7 }
    /// 0 is a "kiss of death" or unspecified, 1 a reference clock, above that the distance to one.
    public var stratum: UInt8? { tellsTime && bytes.byteCount >= 2 ? bytes.uint8(at: 1) : nil }

    /// A moment in NTP's format: seconds since 1900 and fractions of 2^-32 s; nil for zero, which means "unknown".
    /// Seconds whose top bit is clear count from 2036, the next era (RFC 4330 section 3).
    static func timestamp(_ value: UInt64) -> Timestamp? {
        guard value != 0 else { return nil }
        let seconds = Int64(value >> 32)
        let era: Int64 = value >> 63 == 1 ? -2_208_988_800 : 2_085_978_496
        let nanoseconds = ((value & 0xffff_ffff) &* 1_000_000_000) >> 32
        return Timestamp(seconds: seconds &+ era, nanoseconds: UInt32(truncatingIfNeeded: nanoseconds))
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        let isTime = cursor.available > 0 && record.uint8(at: cursor.start) & 7 < 6
        let required = isTime ? headerLength : 1
        guard cursor.has(required) else { return cursor.cut(.ntp, required: required, &layers) }
        // Extensions and the authenticator are NTP's too (RFC 7822).
        cursor.add(.ntp, header: cursor.available, to: &layers)
        return .data
    }
}
