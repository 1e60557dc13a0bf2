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
    private var places: OptionPlaces
    private var isSpaceCapable = false
    /// Where the option begins that is too short for what it says: it is the last one. Counted from the header's first
    /// byte.
    private(set) var broken: Int?

    /// - Parameter header: the header, cut or not, with its 20 fixed bytes.
    @_lifetime(copy header)
    init(_ header: RawSpan) {
        self.header = header
        places = OptionPlaces(from: TCPSegment.minimumLength, to: Int(header.uint8(at: 12) >> 4) &* 4)
    }

    @_lifetime(self: copy self)
    mutating func next() -> Option? {
        guard case .option(let kind, let start, let length) = places.next(in: header) else { return nil }
        let next = start &+ length
        if length == 1 { return Option(kind: kind, offset: start, length: length) }
        let option = header.extracting(start..<min(next, header.byteCount))
        if option.byteCount == length, !TCPOptionSize.isWhole(option, isSpaceCapable: isSpaceCapable) {
            broken = start
            places.position = places.end
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
