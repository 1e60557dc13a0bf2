import DequeModule
import Sockets

/// What a connection still has to send, because the peer has not made room for it yet.
struct OutgoingQueue: Sendable {
    /// Octets that come first, from `start` on.
    private(set) var bytes: [UInt8] = []
    private(set) var start = 0
    /// Whether they stand elsewhere too (a text that many clients are sent), and so must not be written to.
    private var areShared = false
    /// What comes after them.
    private var parts: Deque<AnswerPart> = []
    /// Octets in memory that only this queue holds.
    private(set) var held = 0

    var isEmpty: Bool { start == bytes.count && parts.isEmpty }
    var hasBytes: Bool { start < bytes.count }
    var part: AnswerPart? { parts.first }

    mutating func add(_ more: Span<UInt8>) {
        if more.isEmpty { return }
        held += more.count
        if parts.isEmpty, !areShared {
            if start > 1 << 16 {
                bytes.removeFirst(start)
                start = 0
            }
            bytes.append(copying: more)
        } else {
            var copy: [UInt8] = []
            copy.append(copying: more)
            parts.append(.bytes(copy))
        }
    }

    /// Adds a part. Its octets are kept elsewhere too, and so are not counted as held here.
    mutating func add(_ part: AnswerPart) { parts.append(part) }

    /// So many of the first octets are gone.
    mutating func drop(_ count: Int) {
        start += count
        held = max(0, held - count)
        if start == bytes.count {
            bytes = []
            start = 0
            areShared = false
            if parts.isEmpty { held = 0 }
        }
    }

    /// So much of the first part, a file, is gone.
    mutating func dropFromFile(_ count: Int64) {
        guard case .file(var region)? = part else { return }
        region.offset += count
        region.count -= count
        if region.count > 0 { parts[0] = .file(region) } else { parts.removeFirst() }
    }

    /// The file's first octets come next, read already; the rest of it stays.
    mutating func replaceFileStart(with content: [UInt8]) {
        dropFromFile(Int64(content.count))
        (bytes, start, areShared) = (content, 0, true)
    }

    /// The first part's octets come next.
    mutating func openPart(_ content: [UInt8]) {
        (bytes, start, areShared) = (content, 0, true)
        parts.removeFirst()
    }
}
