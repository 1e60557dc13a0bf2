import Packets

/// Files of several variants bear the same magic number. Which one a file is of shows in its first records: read as the
/// wrong variant, the fields of the second one make no sense. Wireshark 4.0 decides so, too (wiretap/libpcap.c), and a
/// file must look alike in both, so the same oddities are counted in the same way.
extension CaptureFileReader {
    /// The variant whose first odd record has the fewest oddities; the first named wins a tie. Nothing is consumed.
    mutating func likeliestVariant(_ named: PcapVariant) throws(CaptureFileError) -> PcapVariant {
        let candidates: [PcapVariant] = named == .microseconds
            ? [.microseconds, .patched1999April, .nokia]
            : [.patched1999October, .patched1999September]
        var best = named
        var fewest = Int.max
        for candidate in candidates {
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
