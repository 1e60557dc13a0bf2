/// The protocol number of IPv4's protocol field and IPv6's next header field (IANA "Assigned Internet Protocol
/// Numbers").
public struct IPProtocol: RawRepresentable, Hashable, Sendable {
    /// The number as it is sent.
    public let rawValue: UInt8

    /// Any number, known or not.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
}
