/// The bytes that a TCP option has to have for its definition to be read, type and length included. Where they are not
/// there nothing behind the option makes sense either, and Wireshark gives the segment up: the options that follow and
/// the payload stay unread. Of the options that have one length only a wrong one is merely odd, and passed.
enum TCPOptionSize {
    static let sack: UInt8 = 5
    /// The space communications protocol's capabilities (CCSDS 714.0-B-2 section 3.2.3).
    static let spaceCapabilities: UInt8 = 20
    static let multipath: UInt8 = 30
    /// Riverbed's probe for a peer that accelerates.
    static let probe: UInt8 = 76

    /// Whether an option is as long as what it says that it has.
    /// - Parameters:
    ///   - option: its bytes, kind and length included.
    ///   - isSpaceCapable: whether an option before it announced the space communications protocol.
    static func isWhole(_ option: RawSpan, isSpaceCapable: Bool) -> Bool {
        switch option.uint8(at: 0) {
        case sack: option.byteCount >= 10  // one block (RFC 2018 section 3)
        case multipath: option.byteCount >= leastOfMultipath(option)
        case probe: option.byteCount < 3 || option.byteCount >= leastOfProbe(option.uint8(at: 2))
        case spaceCapabilities: option.byteCount == 4 || !isSpaceCapable || isWholeBindingSpaces(option)
        default: true
        }
    }

    /// RFC 8684 section 3. Keys, addresses and numbers that may be left out show in the length and are no part of this.
    private static func leastOfMultipath(_ option: RawSpan) -> Int {
        guard option.byteCount >= 3 else { return 3 }
        switch option.uint8(at: 2) >> 4 {
        case 0, 3, 8: return 4  // MP_CAPABLE, ADD_ADDR, MP_TCPRST
        case 2: return option.byteCount < 4 ? 4 : leastOfDataSequence(flags: option.uint8(at: 3))
        case 6, 7: return 12  // MP_FAIL, MP_FASTCLOSE
        default: return 3
        }
    }

    /// The data sequence signal (RFC 8684 section 3.3): an acknowledgment and a mapping, each where its flag is set,
    /// with numbers of four or eight bytes.
    private static func leastOfDataSequence(flags: UInt8) -> Int {
        var length = 4
        if flags & 0x01 != 0 { length += flags & 0x02 != 0 ? 8 : 4 }
        if flags & 0x04 != 0 { length += (flags & 0x08 != 0 ? 8 : 4) + 4 + 2 }
        return length
    }

    /// - Parameter byte: version and type of the probe.
    private static func leastOfProbe(_ byte: UInt8) -> Int {
        if byte & 1 == 1 {
            switch byte >> 4 {
            case 0, 3, 4: return 10  // query, trace
            case 1: return 14  // response
            case 5: return 18
            case 6...9: return 8
            default: return 3
            }
        }
        switch byte >> 1 {
        case 6, 7, 10: return 4
        case 8, 9: return 8
        default: return 3
        }
    }

    /// Extended capabilities (CCSDS 714.0-B-2 section 3.2.5): spaces with a number, a length in units of two bytes, and
    /// data.
    private static func isWholeBindingSpaces(_ option: RawSpan) -> Bool {
        var position = 2
        while position < option.byteCount {
            guard position + 2 <= option.byteCount else { return false }
            position += 2 + 2 * Int(option.uint8(at: position + 1) >> 4)
        }
        return position == option.byteCount
    }
}
