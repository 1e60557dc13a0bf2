import Packets

/// Files of several variants bear the same magic number. Which one a file is of shows in its first records: read as the
/// wrong variant, the fields of the second one make no sense. Wireshark 4.0 decides so, too (wiretap/libpcap.c), and a
/// file must look alike in both, so the same things count as odd. As in later Wiresharks, a rarer
/// variant is thought of only where the fields that it alone has make sense, and, unlike there, only where it makes
/// more records whole: a damaged file is no reason to read what comes before the damage otherwise.
extension CaptureFileReader {
    /// The variant that makes sense throughout, else the one whose first odd record comes last; the first named wins a
    /// tie. Nothing is consumed.
    mutating func likeliestVariant(_ named: PcapVariant) throws(CaptureFileError) -> PcapVariant {
        let candidates: [PcapVariant] =
            named == .microseconds
            ? [.microseconds, .patched1999April, .nokia]
            : [.patched1999October, .patched1999September]
        var best = named
        var most = -1
        for candidate in candidates {
            guard try ownFieldsMakeSense(candidate) else { continue }
            let (whole, isOdd) = try wholeRecords(recordHeader: candidate.recordHeaderLength)
            if !isOdd { return candidate }
            if whole > most {
                most = whole
                best = candidate
            }
        }
        return best
    }

    /// How many of the first three records make sense, if their headers are this long, and whether there is an odd one
    /// among them.
    private mutating func wholeRecords(recordHeader headerLength: Int) throws(CaptureFileError) -> (
        whole: Int, isOdd: Bool
    ) {
        var position = 0
        for number in 0..<3 {
            if try !isThere(position + headerLength) { return (number, blocks.available != position) }
            let (captured, wire) = recordLengths(at: position)
            // The largest packet of any link type has 128 MiB.
            if blocks.uint32(at: position + 4, bigEndian: pcap.bigEndian) >= 1_000_000
                || Int(captured) > pcap.maximumLength
                || wire > 128 * 1024 * 1024 || captured > pcap.snaplen || captured > wire
            {
                return (number, true)
            }
            position += headerLength + Int(captured)
            if try !isThere(position) { return (number, true) }
        }
        return (3, false)
    }

    /// What stands behind the four common fields of the first record's header.
    private mutating func ownFieldsMakeSense(_ variant: PcapVariant) throws(CaptureFileError) -> Bool {
        let bigEndian = pcap.bigEndian
        switch variant {
        case .patched1999April, .patched1999October, .patched1999September:
            // The interface's index, an EtherType or one of Linux's own protocols, Linux's packet type.
            guard try isThere(variant.recordHeaderLength), blocks.uint32(at: 16, bigEndian: bigEndian) <= 10_000 else {
                return false
            }
            let type = blocks.uint16(at: 20, bigEndian: bigEndian)
            let isProtocol = type >= 0x0600 || type <= 0x17 || type == 0x60 || type == 0x200 || type == 0x400
            return isProtocol && blocks.uint8(at: 22) <= 4
        case .nokia:
            // Of unknown meaning; the values seen are 0x[9b]fbf[bd][69]0[12].
            guard try isThere(variant.recordHeaderLength) else { return false }
            let value = blocks.uint32(at: 16, bigEndian: false)
            return value & 0x0fff_00f0 == 0x0fbf_0000 && [0x9, 0xb].contains(value >> 28)
                && [0xb, 0xd].contains(value >> 12 & 15)
                && [0x6, 0x9].contains(value >> 8 & 15) && [1, 2].contains(value & 15)
        default:
            return true
        }
    }

    /// Looking ahead stops at two megabytes: three records of all but a few link types are less.
    private mutating func isThere(_ count: Int) throws(CaptureFileError) -> Bool {
        let limit = 2 * 1024 * 1024
        do { return try blocks.fill(min(count, limit)) && count <= limit } catch {
            // Damage further on is reported when reading gets there.
            if case .cannotRead = error.kind { throw error }
            return false
        }
    }
}
