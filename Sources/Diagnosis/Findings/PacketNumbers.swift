/// Numbers of packets: the first ones, the last one, and how many there are. Never more than a few, however many there
/// are.
public struct PacketNumbers: Hashable, Sendable {
    static let limit = 8

    /// In the order in which they were added, at most `limit`.
    public private(set) var first: [Int] = []
    /// The one that was added last; 0 where there is none.
    public private(set) var last = 0
    /// How many there are.
    public private(set) var count = 0

    /// Those that are not nil, in this order.
    public init(_ numbers: Int?...) {
        for number in numbers { if let number { add(number) } }
    }

    /// All of them, in this order.
    public init(_ numbers: [Int]) {
        for number in numbers { add(number) }
    }

    /// Adds one; the last one again is not counted twice.
    public mutating func add(_ number: Int) {
        if count > 0, number == last { return }
        count += 1
        last = number
        if first.count < Self.limit { first.append(number) }
    }

    /// Those of both, in the order of the file.
    func joined(with other: PacketNumbers) -> PacketNumbers {
        var all = self
        all.first = Array((first + other.first).sorted().prefix(Self.limit))
        all.last = max(last, other.last)
        all.count = count + other.count
        return all
    }

    /// Whether a packet is one of them. What lies between the ones kept and the last counts as one of them.
    public func contains(_ number: Int) -> Bool {
        if first.contains(number) || number == last { return true }
        return count > Self.limit && number > first[first.count - 1] && number < last
    }
}
