/// The character at one place of a text in UTF-8 (RFC 3629 section 4), or the bytes there that are none.
@usableFromInline
struct UTF8Character {
    /// The character; nil where the bytes are not well formed: a continuation byte alone, an overlong form, a
    /// surrogate, a character that is cut short.
    @usableFromInline let scalar: Unicode.Scalar?
    /// How many bytes it has; of ill-formed ones as many as could have begun a character, at least 1.
    @usableFromInline let length: Int

    /// Reads the character that begins at `offset`, which is within the bytes.
    @usableFromInline
    init(_ bytes: Span<UInt8>, at offset: Int) {
        let first = bytes[offset]
        let count: Int
        // The second byte's range keeps overlong forms, surrogates and what is beyond U+10FFFF out.
        var range: ClosedRange<UInt8> = 0x80...0xbf
        switch first {
        case ..<0x80: count = 1
        case 0xc2...0xdf: count = 2
        case 0xe0: (count, range) = (3, 0xa0...0xbf)
        case 0xed: (count, range) = (3, 0x80...0x9f)
        case 0xe1...0xef: count = 3
        case 0xf0: (count, range) = (4, 0x90...0xbf)
        case 0xf4: (count, range) = (4, 0x80...0x8f)
        case 0xf1...0xf3: count = 4
        default:
            (scalar, length) = (nil, 1)
            return
        }
        var value = UInt32(count == 1 ? first : first & (0x7f >> UInt8(count)))
        for index in 1..<count {
            guard index < bytes.count &- offset, range.contains(bytes[offset &+ index]) else {
                (scalar, length) = (nil, index)
                return
            }
            value = value << 6 | UInt32(bytes[offset &+ index] & 0x3f)
            range = 0x80...0xbf
        }
        (scalar, length) = (Unicode.Scalar(value), count)
    }
}

extension Unicode.Scalar {
    /// Whether the character can be shown as it is: it neither moves a cursor nor turns the direction of the text, and
    /// is seen. Not so: controls (C0, DEL, C1), bidirectional marks and other invisible format characters, line and
    /// paragraph separators, and what Unicode has not assigned.
    @usableFromInline var isShownAsItIs: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
