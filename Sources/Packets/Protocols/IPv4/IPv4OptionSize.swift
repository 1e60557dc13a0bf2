/// The bytes that an IPv4 option has at least, type and length included, as its definition says: what is shorter makes
/// no sense, and Wireshark gives the packet up there. An option of an unknown type has whatever its length says.
enum IPv4OptionSize {
    private static let commercialSecurity: UInt8 = 134

    private static func least(_ type: UInt8) -> Int {
        switch type {
        case 7, 130, 131, 133, 137: 3  // record route, security, source routes (RFC 791 section 3.1; RFC 1108)
        case 11, 12: 4  // MTU probe and reply (RFC 1063)
        case 68, 136: 4  // timestamps, stream identifier (RFC 791)
        case 148: 4  // router alert (RFC 2113)
        case commercialSecurity: 6  // CIPSO (draft-ietf-cipso-ipsecurity)
        case 82: 12  // traceroute (RFC 1393)
        default: 2
        }
    }

    /// Whether every option between two places is as long as its definition asks. A length that ends the list is no
    /// matter here.
    static func isWhole(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        var places = OptionPlaces(from: start, to: end)
        while case .option(let type, let position, let length) = places.next(in: record) {
            if type == 1 { continue }
            if length < least(type) { return false }
            // Quick-start (RFC 4782 section 3.1): a request and a report have a nonce.
            if type == 25, length < 8, length < 3 || record.uint8(at: position &+ 2) & 0x70 == 0 { return false }
            // One byte is no tag, unless it is padding.
            if type == commercialSecurity, length == 7, record.uint8(at: position &+ 6) != 0 { return false }
        }
        return true
    }
}
