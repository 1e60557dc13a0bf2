/// What the first header of a record is: the LINKTYPE_ number of a capture file
/// (https://www.tcpdump.org/linktypes.html; draft-ietf-opsawg-pcaplinktype).
///
/// An open number: a type that nobody dissects here still survives reading and writing.
public struct LinkType: RawRepresentable, Hashable, Sendable {
    /// The number as capture files have it.
    public let rawValue: UInt32

    /// Any number, known or not.
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Stands where a record is no packet; no capture file has this number.
    public static let notAPacket = LinkType(rawValue: .max)
}
