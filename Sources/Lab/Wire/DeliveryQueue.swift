import HeapModule

/// Frames that are under way, the one that comes out first on top. Frames of one time keep their order.
struct DeliveryQueue: ~Copyable {
    struct Item: Comparable {
        let time: Int64
        let order: UInt64
        let direction: WireDirection
        let frame: [UInt8]

        static func < (one: Self, other: Self) -> Bool { (one.time, one.order) < (other.time, other.order) }
        static func == (one: Self, other: Self) -> Bool { (one.time, one.order) == (other.time, other.order) }
    }

    private var heap = Heap<Item>()
    private var nextOrder: UInt64 = 0

    var count: Int { heap.count }
    var firstTime: Int64? { heap.min?.time }

    mutating func add(_ frame: [UInt8], _ direction: WireDirection, at time: Int64) {
        heap.insert(Item(time: time, order: nextOrder, direction: direction, frame: frame))
        nextOrder += 1
    }

    /// Takes the first one that is due.
    mutating func take(until now: Int64) -> Item? {
        guard let first = heap.min, first.time <= now else { return nil }
        return heap.popMin()
    }
}
