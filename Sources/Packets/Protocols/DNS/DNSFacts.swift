/// What is known of a packet's first DNS message from the packets before.
public struct DNSFacts: Hashable, Sendable {
    /// Where the message's layer starts in the record; -1 where there is none.
    public var layer: Int32 = -1
    /// The packet with the query that it answers; 0 for none.
    public var query: UInt32 = 0
    /// How long the answer took, in nanoseconds.
    public var time: Int64 = 0
    /// A query or answer that was sent before.
    public var isRepeated = false
}
