import Packets

/// Files of several variants bear the same magic number. Which one a file is of shows in its first records: read as the
/// wrong variant, their fields make no sense. Wireshark does the same (wiretap/libpcap.c), and a file must look alike
/// in both, so the same oddities are counted.
extension CaptureFileReader {
    private static var recordsToTry: Int { 3 }

    /// The variant with the fewest oddities in the first records; the first named wins a tie.
    mutating func likeliestVariant(_ named: PcapVariant) throws(CaptureFileError) -> PcapVariant {
        let candidates: [PcapVariant] = named == .microseconds
            ? [.microseconds, .patched1999April, .nokia]
            : [.patched1999October, .patched1999September]
        var best = named
        var fewest = Int.max
        for candidate in candidates {
            let oddities = try countOddities(as: candidate)
            if oddities == 0 { return candidate }
            if oddities < fewest {
                fewest = oddities
                best = candidate
            }
        }
        return best
    }

    /// What is odd about the first records read as `variant`. Nothing is consumed.
    private mutating func countOddities(as variant: PcapVariant) throws(CaptureFileError) -> Int {
        let bigEndian = pcap.bigEndian
        let headerLength = variant.recordHeaderLength
        var oddities = 0
        var position = 0
        for _ in 0..<Self.recordsToTry {
            let complete = try isThere(position + headerLength)
            let there = blocks.available - position
            if there == 0 { break }
            // Fields are counted as far as the file goes; a record that breaks off is one oddity more.
            if there >= 8, blocks.uint32(at: position + 4, bigEndian: bigEndian) >= 1_000_000 { oddities += 1 }
            let captured = blocks.uint32(at: position + 8, bigEndian: bigEndian)
            let isTooLong = Int(captured) > pcap.maximumLength
            if there >= 12 {
                if isTooLong { oddities += 1 }
                if captured > pcap.snaplen { oddities += 1 }
            }
            if there >= 16 {
                let wire = blocks.uint32(at: position + 12, bigEndian: bigEndian)
                if wire > 128 * 1024 * 1024 { oddities += 1 }
                if captured > wire { oddities += 1 }
            }
            oddities += countOwnOddities(of: variant, at: position, there: there)
            if !complete {
                oddities += 1
                break
            }
            if isTooLong { break }
            position += headerLength + Int(captured)
            if try !isThere(position) {
                oddities += 1
                break
            }
        }
        return oddities
    }

    /// Looking ahead stops at a megabyte: three records of usual link types are less.
    private mutating func isThere(_ count: Int) throws(CaptureFileError) -> Bool {
        do { return try blocks.fill(min(count, 1024 * 1024)) && count <= 1024 * 1024 } catch {
            // Damage further on is told when it is reached.
            if case .cannotRead = error.kind { throw error }
            return false
        }
    }

    /// The fields that only `variant` has.
    private func countOwnOddities(of variant: PcapVariant, at position: Int, there: Int) -> Int {
        let bigEndian = pcap.bigEndian
        var oddities = 0
        switch variant {
        case .patched1999April, .patched1999October, .patched1999September:
            // Interface index, protocol (an EtherType or one of Linux's own), packet type (Linux's PACKET_…).
            if there >= 20, blocks.uint32(at: position + 16, bigEndian: bigEndian) > 10_000 { oddities += 1 }
            if there >= 22 {
                switch blocks.uint16(at: position + 20, bigEndian: bigEndian) {
                case 0x0600..., 0x0060, 0x0200, 0x0400, 0...0x17: break
                default: oddities += 1
                }
            }
            if there >= 23, blocks.uint8(at: position + 22) > 4 { oddities += 1 }
        case .nokia:
            // Only the values that were seen there: 0x[9b]fbf[bd][69]0[12].
            if there >= 20 {
                let field = Self.nokiaField(blocks.uint32(at: position + 16, bigEndian: false))
                if !field { oddities += 1 }
            }
        default: break
        }
        return oddities
    }

    private static func nokiaField(_ value: UInt32) -> Bool {
        value & 0x0fff_00f0 == 0x0fbf_0000
            && (value >> 28 == 0x9 || value >> 28 == 0xb)
            && (value >> 12 & 15 == 0xb || value >> 12 & 15 == 0xd)
            && (value >> 8 & 15 == 0x6 || value >> 8 & 15 == 0x9)
            && (value & 15 == 1 || value & 15 == 2)
    }
}
