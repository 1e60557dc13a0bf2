/// A list that grows without ever copying what it holds, so that memory follows the count closely and no moment needs
/// twice as much: chunks of a fixed number of elements.
struct ChunkedList<Element: Sendable>: Sendable {
    private static var bits: Int { 12 }
    private var chunks: [[Element]] = []
    private(set) var count = 0

    subscript(index: Int) -> Element {
        // Lends the element: a copy of a whole one would cost more than what is asked of it.
        _read { yield chunks[index >> Self.bits][index & ((1 << Self.bits) - 1)] }
        _modify { yield &chunks[index >> Self.bits][index & ((1 << Self.bits) - 1)] }
    }

    mutating func append(_ element: Element) {
        if count & ((1 << Self.bits) - 1) == 0 {
            var chunk: [Element] = []
            // A short list takes little; later chunks are whole from the start.
            if count > 0 { chunk.reserveCapacity(1 << Self.bits) }
            chunks.append(chunk)
        }
        chunks[chunks.count - 1].append(element)
        count += 1
    }
}
