/// What is known of a packet's outermost ICMP message from the packets before.
public struct ICMPFacts: Hashable, Sendable {
    /// Where the message starts in the record; -1 where there is none.
    public var layer: Int32 = -1
    /// The packet with the echo request that it answers; 0 for none.
    public var request: UInt32 = 0
}
