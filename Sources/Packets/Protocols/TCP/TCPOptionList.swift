/// Where the options of a segment lie: kind, place and length, whatever they mean and even where the header is cut.
struct TCPOptionList: ~Escapable {
    struct Option {
        let kind: UInt8
        /// Its first byte, counted from the header's.
        let offset: Int
        /// As its length byte says; 1 for those without one.
        let length: Int
    }

    private let header: RawSpan
    /// One past the last byte of the options as the data offset says.
    private let end: Int
    private var position = TCPSegment.minimumLength
    private var isSpaceCapable = false
    /// Where the option begins that is too short for what it says: it is the last one. Counted from the header's first
    /// byte.
    private(set) var broken: Int?

    /// - Parameter header: the header, cut or not, with its 20 fixed bytes.
    @_lifetime(copy header)
    init(_ header: RawSpan) {
        self.header = header
        end = Int(header.uint8(at: 12) >> 4) &* 4
    }

    @_lifetime(self: copy self)
    mutating func next() -> Option? {
        let start = position
        guard start < end, start < header.byteCount else { return nil }
        let kind = header.uint8(at: start)
        if kind == 0 {
            position = end
            return nil
        }
        if kind == 1 {
            position &+= 1
            return Option(kind: kind, offset: start, length: 1)
        }
        guard start &+ 1 < header.byteCount, start &+ 1 < end else { return nil }
        let length = Int(header.uint8(at: start &+ 1))
        guard length >= 2, start &+ length <= end else {
            position = end
            return nil
        }
        position = start &+ length
        let option = header.extracting(start..<min(position, header.byteCount))
        if option.byteCount == length, !TCPOptionSize.isWhole(option, isSpaceCapable: isSpaceCapable) {
            broken = start
            position = end
        }
        if kind == TCPOptionSize.spaceCapabilities, length == 4 { isSpaceCapable = true }
        return Option(kind: kind, offset: start, length: length)
    }

    /// Where a header's first option begins that is too short for what it says; nil where all are whole.
    static func firstBroken(_ header: RawSpan) -> Int? {
        var options = TCPOptionList(header)
        while options.next() != nil {}
        return options.broken
    }
}
