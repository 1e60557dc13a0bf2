/// How large the packets of a capture are, in the classes of `tshark -z plen,tree`. Bytes on the wire.
public struct PacketSizes: Sendable {
    /// Each class begins here and ends before the next.
    public static let bounds = [0, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120]

    /// How many packets are in each class of `bounds`.
    public private(set) var counts = [Int](repeating: 0, count: bounds.count)
    /// How many packets there are.
    public private(set) var packets = 0
    /// Their bytes on the wire.
    public private(set) var bytes: UInt64 = 0
    /// The smallest packet's length; nil without packets.
    public private(set) var smallest: Int?
    /// The largest packet's length; nil without packets.
    public private(set) var largest: Int?

    /// No packet yet.
    public init() {}

    /// Takes a packet's length on the wire.
    public mutating func take(_ length: Int) {
        packets += 1
        bytes &+= UInt64(max(0, length))
        smallest = min(smallest ?? length, length)
        largest = max(largest ?? length, length)
        counts[(Self.bounds.lastIndex { length >= $0 }) ?? 0] += 1
    }
}
