import Addressing
import Packets

/// Reading pcapng, block by block (draft-ietf-opsawg-pcapng). What Wireshark accepts or refuses is accepted or refused
/// here; its wiretap/pcapng.c says what writers got wrong.
extension CaptureFileReader {
    /// A block that is being passed over: its length (0 for none), what is left of it before its trailer, its start.
    struct PassedBlock {
        var length = 0
        var left = 0
        var start: UInt64 = 0
    }

    /// The next packet, with the blocks before it taken in on the way.
    mutating func nextPcapngRecord() throws(CaptureFileError) -> RecordHeader? {
        if passing.length > 0 { try passOver() }
        while true {
            guard try blocks.fill(8) else {
                if blocks.available == 0 { return nil }
                throw truncated("an 8-byte block header")
            }
            let type = blocks.uint32(at: 0, bigEndian: bigEndian)
            if type == BlockType.sectionHeader {
                guard try readSectionHeader() else { throw truncated("a Section Header Block") }
                continue
            }
            let claimed = blocks.uint32(at: 4, bigEndian: bigEndian)
            guard claimed <= PcapngLimits.block else { throw fail(tooLong(claimed)) }
            // Not a multiple of four is wrong, and was written by some.
            let length = (Int(truncatingIfNeeded: claimed) &+ 3) & ~3
            guard length >= 12 else {
                throw fail(
                    malformed("a pcapng block claims \(claimed) bytes in all, fewer than its own header and trailer"))
            }
            switch type {
            case BlockType.enhancedPacket:
                return try packetBlock(length, fixed: 28)
            case BlockType.simplePacket:
                return try simplePacketBlock(length)
            case BlockType.packet:
                return try packetBlock(length, fixed: 28, isObsolete: true)
            case BlockType.interfaceDescription:
                try whole(length, "an Interface Description Block")
                try readInterface(length)
                blocks.consume(length)
            case BlockType.interfaceStatistics:
                try whole(length, "an Interface Statistics Block")
                try readStatistics(length)
                blocks.consume(length)
            case BlockType.nameResolution:
                try whole(length, "a Name Resolution Block")
                try readNames(length)
                keepNames(length)
                blocks.consume(length)
            case BlockType.decryptionSecrets where keepsCompanion(length):
                try whole(length, "a Decryption Secrets Block")
                try keepSecrets(length)
                blocks.consume(length)
            case BlockType.customCopied, BlockType.customNotCopied:
                return try customBlock(length)
            case BlockType.journalEntry:
                return try journalBlock(length)
            default:
                if type == BlockType.decryptionSecrets, keepsCompanions { companionsLeftOut += 1 }
                passing = PassedBlock(length: length, left: length - 4, start: blocks.offset)
                try passOver()
            }
        }
    }

    /// Makes the whole block available and checks its trailer, the length said once more.
    @inline(__always)
    mutating func whole(_ length: Int, _ what: StaticString) throws(CaptureFileError) {
        guard try blocks.fill(length) else {
            throw truncated("the \(length) bytes of \(what) (after packet \(recordCount))")
        }
        try checkTrailer(length, at: length &- 4)
    }

    @inline(__always)
    mutating func checkTrailer(_ length: Int, at position: Int) throws(CaptureFileError) {
        let again = blocks.uint32(at: position, bigEndian: bigEndian)
        if (Int(truncatingIfNeeded: again) &+ 3) & ~3 != length {
            throw fail(malformed("a pcapng block says \(length) bytes at its start and \(again) at its end"))
        }
    }

    func tooLong(_ claimed: UInt32) -> CaptureFileError {
        malformed("a pcapng block claims \(claimed) bytes, more than any block can have (\(PcapngLimits.block))")
    }

    /// Passes over a block that is of no use here (decryption secrets that nobody wants, unknown ones) without keeping
    /// it. Where the file ends within it, the next call goes on from there.
    mutating func passOver() throws(CaptureFileError) {
        passing.left = try blocks.skip(passing.left)
        guard passing.left == 0, try blocks.fill(4) else {
            throw CaptureFileError(
                kind: .truncated, file: blocks.name, offset: passing.start,
                message: "the file is cut short within a \(passing.length)-byte block that is not shown")
        }
        try checkTrailer(passing.length, at: 0)
        blocks.consume(4)
        passing.length = 0
    }
}
