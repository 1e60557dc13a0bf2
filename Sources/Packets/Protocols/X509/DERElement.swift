/// An element of ASN.1's Distinguished Encoding Rules (ITU-T X.690 sections 8.1 and 10.1): a tag, a length, and so many
/// bytes, which may be elements again.
///
///     +-----+--------------------------------+---------…
///     | tag | length: 1 byte, or 0x80 + n, n | content
///     +-----+--------------------------------+---------…
struct DERElement {
    let tag: UInt8
    let content: Range<Int>

    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let octetString: UInt8 = 0x04
    static let objectIdentifier: UInt8 = 0x06
    static let utf8String: UInt8 = 0x0c
    static let printableString: UInt8 = 0x13
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31

    /// A tag of the element's own context, by its number.
    static func context(_ number: UInt8, isConstructed: Bool = false) -> UInt8 {
        0x80 | number | (isConstructed ? 0x20 : 0)
    }

    /// What is inside.
    var elements: DERElements { DERElements(content) }
}

/// Elements one after the other. One that claims more bytes than there are ends the walk, and so does what these rules
/// do not allow: lengths that are not known, and tags of several bytes.
struct DERElements {
    private var position: Int
    private let end: Int

    init(_ range: Range<Int>) { (position, end) = (range.lowerBound, range.upperBound) }

    mutating func next(_ bytes: RawSpan) -> DERElement? {
        guard position &+ 2 <= end, end <= bytes.byteCount else { return nil }
        let tag = bytes.uint8(at: position)
        var length = Int(bytes.uint8(at: position &+ 1))
        var start = position &+ 2
        if length >= 0x80 {
            let count = length & 0x7f
            guard count >= 1, count <= 4, start &+ count <= end else { return nil }
            length = 0
            for offset in 0..<count { length = length << 8 | Int(bytes.uint8(at: start &+ offset)) }
            start &+= count
        }
        guard tag & 0x1f != 0x1f, length <= end &- start else { return nil }
        position = start &+ length
        return DERElement(tag: tag, content: start..<position)
    }

    /// The next element, if it has this tag.
    mutating func next(_ bytes: RawSpan, tag: UInt8) -> DERElement? {
        var ahead = self
        guard let element = ahead.next(bytes), element.tag == tag else { return nil }
        self = ahead
        return element
    }
}
