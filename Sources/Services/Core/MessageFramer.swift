/// Finds messages in a stream: each ends at a newline, at the end of the stream, or when the driver reports quiet.
struct MessageFramer: Sendable {
    private let limit: Int
    private var pending: [UInt8] = []
    private(set) var isOverfull = false

    /// - Parameter limit: the longest message in octets, its newline not counted.
    init(limit: Int) { self.limit = limit }

    /// Whether a message has begun and not ended.
    var hasBegun: Bool { !pending.isEmpty }

    /// Takes the next piece of the stream and hands out every message that ends in it, without its newline. After a
    /// message that is too long there are no others: where the next one begins cannot be known.
    mutating func take(_ bytes: Span<UInt8>, _ message: ([UInt8]) -> Void) {
        var start = 0
        var index = 0
        while index < bytes.count, !isOverfull {
            if bytes[index] == UInt8(ascii: "\n") {
                if keep(bytes, start..<index) {
                    let whole = pending
                    pending.removeAll(keepingCapacity: true)
                    message(whole)
                }
                start = index &+ 1
            }
            index &+= 1
        }
        if !isOverfull { _ = keep(bytes, start..<bytes.count) }
    }

    /// The message ends here without a newline.
    mutating func end() -> [UInt8]? {
        if pending.isEmpty || isOverfull { return nil }
        defer { pending = [] }
        return pending
    }

    private mutating func keep(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        if pending.count + range.count > limit {
            isOverfull = true
            pending = []
            return false
        }
        pending.append(copying: bytes.extracting(range))
        return true
    }
}
