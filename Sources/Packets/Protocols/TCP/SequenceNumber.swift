/// A TCP sequence number: 32 bits that wrap, so "less" means "less than half the space behind" (RFC 9293 section 3.4).
public struct SequenceNumber: RawRepresentable, Hashable, Sendable {
    /// The number as it is sent.
    public let rawValue: UInt32

    /// Any number, known or not.
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// The same, without the label.
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// How far this number lies after `other`; negative when before, between -2^31 and 2^31 - 1.
    @inlinable public func distance(from other: SequenceNumber) -> Int32 {
        Int32(bitPattern: rawValue &- other.rawValue)
    }

    /// The number relative to an initial sequence number, as shown to people.
    @inlinable public func relative(to initial: SequenceNumber) -> UInt32 { rawValue &- initial.rawValue }

    /// So many bytes further, wrapping around.
    @inlinable public static func + (a: Self, b: UInt32) -> Self { Self(a.rawValue &+ b) }

    /// Whether this number comes before `other` in the wrapping order. Not `Comparable`: the relation is not transitive
    /// over the whole space, and sorting by it would be wrong.
    @inlinable public func precedes(_ other: SequenceNumber) -> Bool { distance(from: other) < 0 }
}
