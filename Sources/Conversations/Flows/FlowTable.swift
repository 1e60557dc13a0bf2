/// Numbers conversations in the order in which they appear: open addressing over plain arrays, no allocation a packet.
///
/// Keys lie in chunks, so that growing never copies them and memory follows the number of conversations closely:
/// 40 bytes a key and at most 32 of index.
public struct FlowTable: Sendable {
    private static let chunkBits = 12
    private static let chunkSize = 1 << chunkBits

    private var chunks: [[FlowKey]] = []
    /// Flow numbers plus one in the lower half, 0 for free; the size is a power of two and at least twice the count.
    /// The upper half has the hash's upper half: with that, a key that is not the right one is hardly ever looked at.
    private var slots: [UInt64]
    private let seed: UInt64
    /// One more than the highest number that was given.
    public private(set) var count = 0
    /// Numbers of conversations that were forgotten, to be given again.
    private var free: [UInt32] = []
    /// How many numbers are in use.
    public var remembered: Int { count &- free.count }

    /// - Parameter seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(seed: UInt64) {
        self.seed = seed
        slots = [UInt64](repeating: 0, count: 1024)
    }

    /// The key of a conversation that was numbered here.
    public subscript(number: Int) -> FlowKey { chunks[number >> Self.chunkBits][number & (Self.chunkSize - 1)] }

    /// The number of a conversation, a new one if it was not seen before.
    public mutating func number(of key: FlowKey) -> (number: Int, isNew: Bool) {
        let hash = key.hash(seed: seed)
        let slot = find(key, hash)
        let entry = slots[slot]
        if entry != 0 { return (Self.number(entry), false) }
        return (add(key, hash, slot), true)
    }

    /// The number of a conversation that was seen before; nil where it was not.
    public func existing(_ key: FlowKey) -> Int? {
        let entry = slots[find(key, key.hash(seed: seed))]
        return entry == 0 ? nil : Self.number(entry)
    }

    /// Starts the conversation anew under a number of its own (a port pair that is used again); the old number is kept
    /// by whoever holds it, but packets find the new one.
    public mutating func restart(_ key: FlowKey) -> Int {
        let hash = key.hash(seed: seed)
        return add(key, hash, find(key, hash))
    }

    /// Forgets a conversation, whose number may be given to another one then. Whoever removes none gets numbers in the
    /// order in which conversations appear.
    public mutating func remove(_ number: Int) {
        let key = self[number]
        let mask = slots.count &- 1
        var hole = find(key, key.hash(seed: seed))
        guard slots[hole] != 0, Self.number(slots[hole]) == number else { return }
        free.append(UInt32(truncatingIfNeeded: number))
        // What was put further on because this slot was taken moves up, or it would not be found any more (Knuth, The
        // Art of Computer Programming, volume 3, section 6.4, algorithm R).
        var slot = hole
        while true {
            slot = (slot &+ 1) & mask
            guard slots[slot] != 0 else { break }
            let home = Int(truncatingIfNeeded: self[Self.number(slots[slot])].hash(seed: seed)) & mask
            if (slot &- home) & mask >= (slot &- hole) & mask {
                slots[hole] = slots[slot]
                hole = slot
            }
        }
        slots[hole] = 0
    }

    /// Forgets a conversation behind which another was started under the same key; its number may be given again.
    mutating func removeEarlier(_ number: Int) { free.append(UInt32(truncatingIfNeeded: number)) }

    private static func number(_ entry: UInt64) -> Int { Int(entry & 0xffff_ffff) &- 1 }

    @inline(__always)
    private func find(_ key: FlowKey, _ hash: UInt64) -> Int {
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 || entry >> 32 == hash >> 32 && self[Self.number(entry)] == key { return slot }
            slot = (slot &+ 1) & mask
        }
    }

    private mutating func add(_ key: FlowKey, _ hash: UInt64, _ slot: Int) -> Int {
        let number = append(key)
        slots[slot] = (hash >> 32) << 32 | UInt64(UInt32(truncatingIfNeeded: number &+ 1))
        if (count &- free.count) &* 2 > slots.count { grow() }
        return number
    }

    private mutating func append(_ key: FlowKey) -> Int {
        if let number = free.popLast().map(Int.init) {
            chunks[number >> Self.chunkBits][number & (Self.chunkSize - 1)] = key
            return number
        }
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
        slots = [UInt64](repeating: 0, count: old.count * 2)
        let mask = slots.count - 1
        for entry in old where entry != 0 {
            var slot = Int(truncatingIfNeeded: self[Self.number(entry)].hash(seed: seed)) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = entry
        }
    }
}
