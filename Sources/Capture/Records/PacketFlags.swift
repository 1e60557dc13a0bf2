/// pcapng's `epb_flags`: which way a packet went and how it was received
/// (draft-ietf-opsawg-pcapng, Enhanced Packet Block Flags Word).
public struct PacketFlags: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Came in.
    public static let inbound = PacketFlags(rawValue: 1)
    /// Went out.
    public static let outbound = PacketFlags(rawValue: 2)

    /// Which way a packet went, as far as the flags say.
    public enum Direction: Hashable, Sendable { case unknown, inbound, outbound }

    /// Bits 0 and 1.
    public var direction: Direction {
        switch rawValue & 3 {
        case 1: .inbound
        case 2: .outbound
        default: .unknown
        }
    }

    /// Bits 5 to 8: octets of frame check sequence at the end of this packet, 0 when not said.
    public var fcsOctets: Int { Int(rawValue >> 5 & 15) }
}
