/// Finds the largest packet that gets through a path unfragmented (RFC 1191, RFC 8201; by asking the path itself where
/// routers keep silent, RFC 8899). Knows no socket: it says which size to try, and is told what came of it.
public struct PathMTUSearch: Sendable, Hashable {
    /// What came of a size that was tried.
    public enum Outcome: Hashable, Sendable {
        /// Came through, an answer is there.
        case answered
        /// This machine or a router says that it is too long; `limit` is what fits there, where it was said.
        case tooLong(limit: Int?)
        /// No answer, several times.
        case silent
    }

    /// Packet sizes, IP header included: every one up to `fits` came through, none above `ceiling` can.
    public private(set) var fits: Int
    /// The largest size that may still come through.
    public private(set) var ceiling: Int
    /// How often a size was lost without a word although it is too long: a black hole (RFC 2923 section 2.1).
    public private(set) var silences = 0
    /// What was said on the way: the first limits that were heard of, in order.
    public private(set) var limits: [Int] = []

    /// - Parameters:
    ///   - floor: a size that is known to come through.
    ///   - ceiling: the largest that can be tried: the interface's MTU, or what an IP packet can hold.
    public init(floor: Int, ceiling: Int) {
        fits = floor
        self.ceiling = max(floor, ceiling)
    }

    /// The next size to try; nil once it is found.
    public var next: Int? {
        if fits >= ceiling { return nil }
        // The largest first: on most paths it fits, or a router says at once what does.
        if silences == 0 { return ceiling }
        return fits + (ceiling - fits + 1) / 2
    }

    /// Takes what came of a size, in bytes with the IP header.
    public mutating func record(_ size: Int, _ outcome: Outcome) {
        switch outcome {
        case .answered:
            fits = max(fits, min(size, ceiling))
        case .silent:
            silences += 1
            ceiling = max(fits, min(ceiling, size - 1))
        case .tooLong(let limit):
            // A limit that contradicts what came through already, or is no limit at all, is only another "too long".
            if let limit, limit >= fits, limit < size {
                if limits.last != limit { limits.append(limit) }
                ceiling = min(ceiling, limit)
            } else {
                ceiling = max(fits, min(ceiling, size - 1))
                silences += 1
            }
        }
    }

    /// The path MTU, once `next` is nil.
    public var result: Int { fits }
}
