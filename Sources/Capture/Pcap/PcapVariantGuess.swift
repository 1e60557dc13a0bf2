import Packets

/// Files of several variants bear the same magic number. Which one a file is of shows in its first records: read as the
/// wrong variant, the fields of the second one make no sense. Wireshark 4.0 decides so, too (wiretap/libpcap.c), and a
/// file must look alike in both, so the same oddities are counted in the same way. As in later Wiresharks, a rarer
/// variant is thought of only where the fields that it alone has make sense: a damaged file is no reason.
extension CaptureFileReader {
    /// The variant whose first odd record has the fewest oddities; the first named wins a tie. Nothing is consumed.
    mutating func likeliestVariant(_ named: PcapVariant) throws(CaptureFileError) -> PcapVariant {
        let candidates: [PcapVariant] = named == .microseconds
            ? [.microseconds, .patched1999April, .nokia]
            : [.patched1999October, .patched1999September]
        var best = named
        var fewest = Int.max
        for candidate in candidates {
            guard try ownFieldsMakeSense(candidate) else { continue }
            let oddities = try countOddities(recordHeader: candidate.recordHeaderLength)
            if oddities == 0 { return candidate }
            if oddities < fewest {
                fewest = oddities
                best = candidate
            }
        }
        return best
    }

    /// How many things are odd about the first odd one of the first three records, if their headers are this long.
    private mutating func countOddities(recordHeader headerLength: Int) throws(CaptureFileError) -> Int {
        var position = 0
        for _ in 0..<3 {
            if try !isThere(position + headerLength) { return blocks.available == position ? 0 : 1 }
            let (captured, wire) = recordLengths(at: position)
            var oddities = 0
            if blocks.uint32(at: position + 4, bigEndian: pcap.bigEndian) >= 1_000_000 { oddities += 1 }
            if Int(captured) > pcap.maximumLength { oddities += 1 }
            // As large as the largest packet of any link type.
            if wire > 128 * 1024 * 1024 { oddities += 1 }
            if captured > pcap.snaplen { oddities += 1 }
            if captured > wire { oddities += 1 }
            if oddities > 0 { return oddities }
            position += headerLength + Int(captured)
            if try !isThere(position) { return 1 }
        }
        return 0
    }

    /// What stands behind the four common fields of the first record's header.
    private mutating func ownFieldsMakeSense(_ variant: PcapVariant) throws(CaptureFileError) -> Bool {
        let bigEndian = pcap.bigEndian
        switch variant {
        case .patched1999April, .patched1999October, .patched1999September:
            // The interface's index, an EtherType or one of Linux's own protocols, Linux's packet type.
            guard try isThere(variant.recordHeaderLength), blocks.uint32(at: 16, bigEndian: bigEndian) <= 10_000 else { return false }
            let type = blocks.uint16(at: 20, bigEndian: bigEndian)
            let isProtocol = type >= 0x0600 || type <= 0x17 || type == 0x60 || type == 0x200 || type == 0x400
            return isProtocol && blocks.uint8(at: 22) <= 4
        case .nokia:
            // Of unknown meaning; the values seen are 0x[9b]fbf[bd][69]0[12].
            guard try isThere(variant.recordHeaderLength) else { return false }
            let value = blocks.uint32(at: 16, bigEndian: false)
            return value & 0x0fff_00f0 == 0x0fbf_0000 && [0x9, 0xb].contains(value >> 28) && [0xb, 0xd].contains(value >> 12 & 15)
                && [0x6, 0x9].contains(value >> 8 & 15) && [1, 2].contains(value & 15)
        default:
            return true
        }
    }

    /// Looking ahead stops at two megabytes: three records of all but a few link types are less.
    private mutating func isThere(_ count: Int) throws(CaptureFileError) -> Bool {
        let limit = 2 * 1024 * 1024
        do { return try blocks.fill(min(count, limit)) && count <= limit } catch {
            // Damage further on is told when it is reached.
            if case .cannotRead = error.kind { throw error }
            return false
        }
    }
}
