/// How many bytes an option of a hop-by-hop or destination header takes at least: what its definition fixes. One whose
/// length says less is still read as its definition has it, so the next begins behind that; Wireshark reads the same
/// way.
enum IPv6OptionSize {
    /// Bytes of an option's contents, behind type and length.
    /// - Parameters:
    ///   - record: the packet's bytes.
    ///   - start: where the contents begin.
    ///   - end: where the packet ends.
    static func contents(of type: UInt8, length: Int, _ record: RawSpan, _ start: Int, _ end: Int) -> Int {
        /// A byte of the contents; 0 beyond the packet, which ends before the contents do then.
        func byte(_ offset: Int) -> Int { start &+ offset < end ? Int(record.uint8(at: start &+ offset)) : 0 }
        let least =
            switch type {
            case 0x04: 1  // tunnel encapsulation limit (RFC 2473 section 4.1.1)
            case 0x05: 2  // router alert (RFC 2711)
            case 0x07: 8 &+ 4 &* byte(4)  // CALIPSO, with a bitmap of so many words (RFC 5570 section 5.1)
            case 0x08: duplicateDetection(byte(0))
            case 0x0f: 10  // performance and diagnostic metrics (RFC 8250 section 3.2)
            // Quick-start: request and report have a nonce (RFC 4782 section 3.1).
            case 0x26: byte(0) & 0x70 == 0 ? 6 : 1
            case 0x30, 0x41: 4  // minimum path MTU (RFC 9268), endpoint identification's former number
            case 0x31: byte(1) == 0 ? 10 : 2  // in situ OAM, with its trace's header (RFC 9486, RFC 9197 section 4.4)
            case 0x63: 4  // RPL (RFC 6553)
            case 0x6d: 2 &+ seedLength(byte(0))  // MPL (RFC 7731 section 6.1)
            case 0xc2: 4  // jumbo payload (RFC 2675)
            case 0xc9: 16  // home address (RFC 6275 section 6.3)
            case 0xee: 3  // depth-first forwarding (RFC 6971 section 13)
            default: 0
            }
        return max(least, length)
    }

    /// Simplified multicast forwarding (RFC 6621 section 6.1): a hash, or a tagger's identifier of a length that it
    /// states.
    private static func duplicateDetection(_ first: Int) -> Int {
        first & 0x80 != 0 || first & 0x70 == 0 ? 1 : 2 &+ first & 0x0f
    }

    private static func seedLength(_ first: Int) -> Int {
        switch first >> 6 {
        case 0: 0
        case 1: 2
        case 2: 8
        default: 16
        }
    }
}
