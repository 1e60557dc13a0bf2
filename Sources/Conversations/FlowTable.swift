/// Numbers conversations in the order in which they appear: open addressing over plain arrays, no allocation a packet.
///
/// Keys lie in chunks, so that growing never copies them and memory follows the number of conversations closely:
/// 40 bytes a key and at most 8 of index.
public struct FlowTable: Sendable {
    private static let chunkBits = 12
    private static let chunkSize = 1 << chunkBits

    private var chunks: [[FlowKey]] = []
    /// Flow numbers plus one, 0 for free; the size is a power of two and at least 4/3 of the count.
    private var slots: [UInt32]
    private let seed: UInt64
    public private(set) var count = 0

    /// - Parameter seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(seed: UInt64) {
        self.seed = seed
        slots = [UInt32](repeating: 0, count: 1024)
    }

    public subscript(number: Int) -> FlowKey { chunks[number >> Self.chunkBits][number & (Self.chunkSize - 1)] }

    /// The number of a conversation, a new one if it was not seen before.
    public mutating func number(of key: FlowKey) -> (number: Int, isNew: Bool) {
        let slot = find(key)
        if slots[slot] != 0 { return (Int(slots[slot]) - 1, false) }
        let number = append(key)
        slots[slot] = UInt32(truncatingIfNeeded: number + 1)
        if count &* 4 > slots.count &* 3 { grow() }
        return (number, true)
    }

    /// Starts the conversation anew under a number of its own (a port pair that is used again); the old number is kept
    /// by whoever holds it, but packets find the new one.
    public mutating func restart(_ key: FlowKey) -> Int {
        let slot = find(key)
        let number = append(key)
        slots[slot] = UInt32(truncatingIfNeeded: number + 1)
        if count &* 4 > slots.count &* 3 { grow() }
        return number
    }

    private func find(_ key: FlowKey) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: key.hash(seed: seed)) & mask
        while slots[slot] != 0, self[Int(slots[slot]) - 1] != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func append(_ key: FlowKey) -> Int {
        if count & (Self.chunkSize - 1) == 0 {
            var chunk: [FlowKey] = []
            chunk.reserveCapacity(Self.chunkSize)
            chunks.append(chunk)
        }
        chunks[chunks.count - 1].append(key)
        count += 1
        return count - 1
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt32](repeating: 0, count: old.count * 2)
        let mask = slots.count - 1
        for entry in old where entry != 0 {
            var slot = Int(truncatingIfNeeded: self[Int(entry) - 1].hash(seed: seed)) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = entry
        }
    }
}
