/// A block of pcapng that stands beside the packets and speaks of them (draft-ietf-opsawg-pcapng, "Name Resolution
/// Block" and "Decryption Secrets Block"). A copy of the packets is worth less without it.
public struct CompanionBlock: Hashable, Sendable {
    /// What the block holds.
    public enum Kind: Hashable, Sendable {
        /// Names of addresses.
        case nameResolution
        /// Keys that open what the packets carry encrypted, such as a TLS key log.
        case decryptionSecrets
    }

    /// What the block is about.
    public let kind: Kind
    /// Index into the reader's `sections`.
    public let section: Int
    /// All between the block's length and its trailer, numbers little endian whatever the file's byte order is.
    public let body: [UInt8]
}

extension CaptureFileReader {
    /// The most bytes of companion blocks that are kept, over the whole file: a key log of a long day fits in.
    static let mostCompanionBytes = 16 * 1024 * 1024

    /// Whether a companion block of `length` bytes in all is to be kept, and may be.
    func keepsCompanion(_ length: Int) -> Bool {
        keepsCompanions && companionBytes + length <= Self.mostCompanionBytes
    }

    /// Keeps the Name Resolution Block at the window's start, which has been read and makes sense.
    mutating func keepNames(_ length: Int) {
        guard keepsCompanion(length) else {
            if keepsCompanions { companionsLeftOut += 1 }
            return
        }
        var body: [UInt8] = []
        body.reserveCapacity(length - 12)
        var position = 8
        while position + 4 <= length - 4 {
            let type = blocks.uint16(at: position, bigEndian: bigEndian)
            let count = blocks.uint16(at: position + 2, bigEndian: bigEndian)
            body.append(littleEndian: type)
            body.append(littleEndian: count)
            position += 4
            if type == 0 { break }
            let padded = (Int(count) + 3) & ~3
            blocks.append(at: position, count: padded, to: &body)
            position += padded
        }
        appendOptions(from: position, to: length - 4, &body)
        keep(.nameResolution, body, length)
    }

    /// Keeps the Decryption Secrets Block at the window's start.
    ///
    ///     secrets type (4) | secrets length (4) | secrets, padded to 4 | options
    mutating func keepSecrets(_ length: Int) throws(CaptureFileError) {
        guard length >= 20 else {
            throw fail(
                malformed(
                    "a Decryption Secrets Block claims \(length) bytes in all, fewer than its fixed fields have (20)"))
        }
        let count = Int(blocks.uint32(at: 12, bigEndian: bigEndian))
        let padded = (count + 3) & ~3
        guard padded <= length - 20 else {
            throw fail(
                malformed("the secrets of a Decryption Secrets Block claim \(count) bytes, more than the block has"))
        }
        var body: [UInt8] = []
        body.reserveCapacity(length - 12)
        body.append(littleEndian: blocks.uint32(at: 8, bigEndian: bigEndian))
        body.append(littleEndian: UInt32(truncatingIfNeeded: count))
        blocks.append(at: 16, count: padded, to: &body)
        appendOptions(from: 16 + padded, to: length - 4, &body)
        keep(.decryptionSecrets, body, length)
    }

    private mutating func keep(_ kind: CompanionBlock.Kind, _ body: [UInt8], _ length: Int) {
        companionBytes += length
        companions.append(CompanionBlock(kind: kind, section: sections.count - 1, body: body))
    }

    /// Copies options; of their values only the enterprise number of custom options depends on the byte order.
    private func appendOptions(from start: Int, to end: Int, _ body: inout [UInt8]) {
        var walk = OptionWalk(start: start, length: end - start, bigEndian: bigEndian)
        var found = false
        while let option = walk.next(in: blocks) {
            found = true
            body.append(littleEndian: option.code)
            body.append(littleEndian: UInt16(truncatingIfNeeded: option.length))
            if OptionCode.isCustom(option.code), option.length >= 4 {
                body.append(littleEndian: blocks.uint32(at: option.start, bigEndian: bigEndian))
                blocks.append(at: option.start + 4, count: option.length - 4, to: &body)
            } else {
                blocks.append(at: option.start, count: option.length, to: &body)
            }
            while body.count % 4 != 0 { body.append(0) }
        }
        if found { body.append(littleEndian: UInt32(0)) }
    }
}

extension [UInt8] {
    fileprivate mutating func append<Number: FixedWidthInteger>(littleEndian value: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}
