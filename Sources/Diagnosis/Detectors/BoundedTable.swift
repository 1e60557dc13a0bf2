/// What is known of many things of one kind, in the order in which they came up, and of no more than so many: what
/// comes up beyond that is counted.
struct BoundedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var places: [Key: Int] = [:]
    private(set) var values: [Value] = []
    /// How often something new came up that there was no room for.
    private(set) var dropped = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { values.isEmpty }
    var isFull: Bool { values.count >= limit }

    subscript(key: Key) -> Value? { places[key].map { values[$0] } }

    /// Changes what is known of a thing, if anything is.
    mutating func update(_ key: Key, _ change: (inout Value) -> Void) {
        if let place = places[key] { change(&values[place]) }
    }

    /// Changes what is known of a thing; of a new one, what is given first.
    mutating func update(_ key: Key, new: @autoclosure () -> Value, _ change: (inout Value) -> Void) {
        if let place = places[key] { return change(&values[place]) }
        guard values.count < limit else {
            dropped += 1
            return
        }
        places[key] = values.count
        values.append(new())
        change(&values[values.count - 1])
    }

    /// The next time that this thing comes up, it is a new one.
    mutating func close(_ key: Key) { places[key] = nil }
}
