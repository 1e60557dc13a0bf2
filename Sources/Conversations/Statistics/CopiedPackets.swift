/// Packets that a capture has a second time: they count for what the capture holds, and for nothing that was sent.
public struct CopiedPackets: Hashable, Sendable {
    /// How many there are.
    public private(set) var packets = 0
    /// Their bytes on the wire.
    public private(set) var bytes: UInt64 = 0

    /// None.
    public init() {}

    /// Takes one of so many bytes.
    public mutating func add(wireLength: Int) {
        packets &+= 1
        bytes &+= UInt64(truncatingIfNeeded: max(0, wireLength))
    }
}
