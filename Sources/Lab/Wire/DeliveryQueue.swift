import HeapModule

/// Frames that are under way; the one that is due first comes out first, and frames of one time keep their order.
struct DeliveryQueue: ~Copyable {
    /// A frame, when it is due (nanoseconds of `MonotonicClock`), and the end that it goes to.
    struct Item: Comparable {
        let time: Int64
        let order: UInt64
        let direction: WireDirection
        let frame: [UInt8]

        static func < (a: Item, b: Item) -> Bool { a.time != b.time ? a.time < b.time : a.order < b.order }
        static func == (a: Item, b: Item) -> Bool { a.order == b.order }
    }

    private var items = Heap<Item>()
    private var nextOrder: UInt64 = 0

    var count: Int { items.count }
    var firstTime: Int64? { items.min?.time }

    mutating func add(_ frame: [UInt8], _ direction: WireDirection, at time: Int64) {
        items.insert(Item(time: time, order: nextOrder, direction: direction, frame: frame))
        nextOrder += 1
    }

    /// Takes the first one that is due.
    mutating func take(until now: Int64) -> Item? {
        guard let firstTime, firstTime <= now else { return nil }
        return items.popMin()
    }
}
