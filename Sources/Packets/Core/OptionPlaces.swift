/// Walks over the options of an IPv4 packet (RFC 791 section 3.1) or a TCP segment (RFC 9293 section 3.1), whatever
/// they mean: both lay them out alike.
///
/// An option is a kind byte, and for all but the first two kinds a length byte that counts kind and length too:
///
///     +--------+--------+---------+
///     |  kind  | length | value…  |
///     +--------+--------+---------+
///
/// A length below 2 or beyond the options' end ends the walk: what follows cannot be told apart any more.
@usableFromInline
struct OptionPlaces {
    @usableFromInline
    enum Step {
        /// - start: its first byte, counted as `position` is.
        /// - length: with kind and length; 1 for no-operation.
        case option(kind: UInt8, start: Int, length: Int)
        case malformed(kind: UInt8)
    }

    /// Where the next option begins.
    @usableFromInline var position: Int
    /// One past the last byte of the options, which may be more than was captured.
    @usableFromInline let end: Int

    @inlinable
    init(from position: Int, to end: Int) {
        self.position = position
        self.end = end
    }

    /// The next option; nil at the end of the list, or of what was captured.
    @inlinable
    mutating func next(in bytes: RawSpan) -> Step? {
        let start = position
        guard start < min(end, bytes.byteCount) else { return nil }
        let kind = bytes.uint8(at: start)
        switch kind {
        case 0:
            position = end
            return nil
        case 1:
            position &+= 1
            return .option(kind: kind, start: start, length: 1)
        default: break
        }
        position = end
        guard start &+ 1 < min(end, bytes.byteCount) else { return .malformed(kind: kind) }
        let length = Int(bytes.uint8(at: start &+ 1))
        guard length >= 2, start &+ length <= end else { return .malformed(kind: kind) }
        position = start &+ length
        return .option(kind: kind, start: start, length: length)
    }
}
