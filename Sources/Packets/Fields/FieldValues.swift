/// Where fields put their values: the sink of every field's reader.
///
/// Kept from packet to packet, so that reading allocates nothing. With the values it keeps the parts of the layer that
/// is being read, which are found once for all of the layer's fields.
public struct FieldValues: Sendable {
    @usableFromInline var values: [FieldValue] = []
    /// The parts of the layer that was read last.
    public internal(set) var parts = LayerParts()

    /// Without values.
    public init() { values.reserveCapacity(64) }

    /// Takes a value.
    @inlinable public mutating func append(_ value: FieldValue) { values.append(value) }

    /// How many values there are.
    @inlinable public var count: Int { values.count }
    /// Whether there are none.
    @inlinable public var isEmpty: Bool { values.isEmpty }
    /// The places of the values, from 0.
    @inlinable public var indices: Range<Int> { 0..<values.count }
    /// The value at one of `indices`.
    @inlinable public subscript(index: Int) -> FieldValue { values[index] }

    /// Makes room for the values of another field of the same packet.
    @inlinable
    public mutating func removeAll() {
        // A few values: taking them off one by one is less than what removing a range asks for.
        while values.popLast() != nil {}
    }

    /// Forgets everything: the next packet's bytes lie where this one's did.
    @inlinable public mutating func beginPacket() {
        // All values of a packet are many.
        if !isEmpty { values.removeAll(keepingCapacity: true) }
        if parts.isOfLayer { forgetParts() }
    }

    @usableFromInline mutating func forgetParts() { parts.forget() }

    /// What was done to find parts since this value was made: parts found, and the steps and characters of their names.
    /// For tests, which count work instead of timing it.
    package var work: Int { parts.work }

    /// Finds the parts of a layer, where that has not been done.
    mutating func findParts(of context: borrowing LayerContext, with finder: PartFinder) {
        parts.find(in: context, with: finder)
    }

    /// Reads something from each part of a layer that is of one of some kinds.
    mutating func readParts(
        _ kinds: PartKinds, of context: borrowing LayerContext, foundBy finder: PartFinder, _ read: PartReader
    ) {
        parts.find(in: context, with: finder)
        var index = 0
        while index < parts.found.count {
            let part = parts.found[index]
            if kinds.contains(part) { read(context, part, &self) }
            index &+= 1
        }
    }

    /// The first part of some kinds, where the parts of the layer have been found.
    func firstPart(_ kinds: PartKinds) -> LayerPart? {
        for part in parts.found where kinds.contains(part) { return part }
        return nil
    }
}
