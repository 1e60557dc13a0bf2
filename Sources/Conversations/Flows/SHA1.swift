/// SHA-1 (RFC 3174) of a message that fits one block: all that a Community ID needs, which is defined over SHA-1.
///
/// Written here because it is sixty lines and no secret depends on it: swift-crypto would add BoringSSL's C sources to every
/// build. Not for anything that has to withstand an attacker.
enum SHA1 {
    /// Longer messages do not fit one block with their length behind them.
    static let maximumLength = 55

    /// The digest as five words, the first the most significant; nil for a message that is too long.
    static func digest(_ message: [UInt8]) -> [UInt32]? {
        guard message.count <= maximumLength else { return nil }
        // Section 4: a 1 bit, zeros, and the length in bits.
        var block = message + [0x80]
        block += [UInt8](repeating: 0, count: 62 - block.count)
        block.append(uint16: UInt16(message.count * 8))
        var words: [UInt32] = []
        words.reserveCapacity(80)
        for index in 0..<16 {
            words.append(block[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | UInt32($1) })
        }
        for index in 16..<80 {
            let word = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
            words.append(word << 1 | word >> 31)
        }
        let start: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
        var (a, b, c, d, e) = (start[0], start[1], start[2], start[3], start[4])
        for index in 0..<80 {
            // Section 5: a function and a constant for each twenty steps.
            let (mixed, constant): (UInt32, UInt32) = switch index {
            case 0..<20: (b & c | ~b & d, 0x5a82_7999)
            case 20..<40: (b ^ c ^ d, 0x6ed9_eba1)
            case 40..<60: (b & c | b & d | c & d, 0x8f1b_bcdc)
            default: (b ^ c ^ d, 0xca62_c1d6)
            }
            let next = (a << 5 | a >> 27) &+ mixed &+ e &+ words[index] &+ constant
            (e, d, c, b, a) = (d, c, b << 30 | b >> 2, a, next)
        }
        return zip(start, [a, b, c, d, e]).map { $0 &+ $1 }
    }
}

extension [UInt8] {
    fileprivate mutating func append(uint16 value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }
}
