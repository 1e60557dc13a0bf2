/// What is known of an HTTP answer from its connection.
public struct HTTPFacts: Hashable, Sendable {
    /// The packet with the request that it answers; 0 for none.
    public var request: UInt32 = 0
    /// How long the answer took, in nanoseconds.
    public var time: Int64 = 0

    /// Answers nothing.
    public init() {}
}

extension TransportFacts {
    /// Notes what the segment's message answers.
    /// - Parameters:
    ///   - packet: the packet with the request; 0 for none.
    ///   - time: from there to this packet, in nanoseconds.
    public mutating func noteAnswer(to packet: UInt32, after time: Int64) { (http.request, http.time) = (packet, time) }
}
