/// Frames that are under way, the one that comes out first on top: a binary heap. Frames of one time keep their order.
struct DeliveryQueue: ~Copyable {
    struct Item {
        let time: Int64
        let order: UInt64
        let direction: WireDirection
        let frame: [UInt8]

        func precedes(_ other: Item) -> Bool { time != other.time ? time < other.time : order < other.order }
    }

    private var heap: [Item] = []
    private var nextOrder: UInt64 = 0

    var count: Int { heap.count }
    var firstTime: Int64? { heap.first?.time }

    mutating func add(_ frame: [UInt8], _ direction: WireDirection, at time: Int64) {
        heap.append(Item(time: time, order: nextOrder, direction: direction, frame: frame))
        nextOrder += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if !heap[child].precedes(heap[parent]) { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the first one that is due.
    mutating func take(until now: Int64) -> Item? {
        guard let first = heap.first, first.time <= now else { return nil }
        let last = heap.removeLast()
        if heap.isEmpty { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].precedes(heap[least])
            { least = child }
            if least == parent { return first }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
