/// What is known of an HTTP answer from its connection.
public struct HTTPFacts: Hashable, Sendable {
    /// The packet with the request that it answers; 0 for none.
    public var request: UInt32 = 0
    /// How long the answer took, in nanoseconds.
    public var time: Int64 = 0
}
