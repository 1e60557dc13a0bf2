import Addressing
import Packets

extension CaptureFileReader {
    /// Reads the file header that starts the window and settles the variant.
    mutating func readPcapFileHeader(_ magic: PcapFileHeader.Magic) throws(CaptureFileError) {
        let isIxia = magic.variant == .ixiaHardware || magic.variant == .ixiaSoftware
        // IXIA adds the total length of the records, which is not needed here.
        let length = isIxia ? 28 : 24
        guard try blocks.fill(length) else { throw truncated("the \(length)-byte file header") }
        let bigEndian = magic.bigEndian
        let major = blocks.uint16(at: 4, bigEndian: bigEndian)
        let minor = blocks.uint16(at: 6, bigEndian: bigEndian)
        guard major >= 2 else {
            throw unsupported("pcap version \(major).\(minor) is older than anything that is read here")
        }

        var network = blocks.uint32(at: 20, bigEndian: bigEndian)
        var variant = magic.variant
        pcap.bigEndian = bigEndian
        pcap.snaplen = blocks.uint32(at: 16, bigEndian: bigEndian)
        if variant == .microseconds, major == 2, minor == 2, let type = Self.aixLinkTypes[network] {
            variant = .aix
            network = type
            // AIX puts three bytes before each FDDI frame and counts them.
            if type == LinkType.fddi.rawValue { pcap.padding = 3 }
        }
        // Bits 0-15 are the link type, 26 says that 28-31 count the FCS in 16-bit words, the rest is reserved.
        guard network & 0x03ff_0000 == 0 else {
            throw unsupported("reserved bits are set in pcap's link type field (0x\(String(network, radix: 16)))")
        }
        pcap.linkType = LinkType(rawValue: network & 0xffff)
        guard pcap.linkType.isReadInPcap else {
            throw unsupported("link type \(network & 0xffff) in the pcap file header is none that is read here")
        }
        pcap.maximumLength = pcap.linkType.maximumCapturedLength
        let fcsLength = network & 0x0400_0000 != 0 ? UInt8(truncatingIfNeeded: network >> 28) &* 16 : nil

        // Up to version 2.2 the length on the wire came first; some wrote 2.3 and kept that order; DG/UX wrote 543.0.
        switch (major, minor) {
        case (2, 0...2), (543, _): pcap.lengthOrder = .wireFirst
        case (2, 3): pcap.lengthOrder = .unsure
        default: break
        }
        blocks.consume(length)
        // On a pipe, looking ahead would hold back the first packets: there the magic number alone decides, as in
        // libpcap.
        if variant == .microseconds || variant == .patched1999October, blocks.isRegularFile {
            variant = try likeliestVariant(variant)
        }
        pcap.recordHeaderLength = variant.recordHeaderLength
        pcap.nanosecondsPerUnit = variant.resolution == .nanoseconds ? 1 : 1000
        format = .pcap(variant)
        sections = [CaptureSection(isBigEndian: bigEndian)]
        interfaces = [
            CaptureInterface(
                linkType: pcap.linkType, snaplen: pcap.snaplen, resolution: variant.resolution, fcsLength: fcsLength)
        ]
    }

    /// AIX writes RFC 1573 interface types: Ethernet, token ring, FDDI, loopback.
    private static var aixLinkTypes: [UInt32: UInt32] { [6: 1, 9: 6, 15: 10, 24: 0] }

    /// The captured length and the length on the wire of the record header at `position`.
    @inline(__always)
    func recordLengths(at position: Int) -> (captured: UInt32, wire: UInt32) {
        let first = blocks.uint32(at: position &+ 8, bigEndian: pcap.bigEndian)
        let second = blocks.uint32(at: position &+ 12, bigEndian: pcap.bigEndian)
        switch pcap.lengthOrder {
        case .capturedFirst: return (first, second)
        case .wireFirst: return (second, first)
        case .unsure: return first > second ? (second, first) : (first, second)
        }
    }

    /// The time that an Endace card wrote into its record, finer than the record header's: little endian, seconds in
    /// the upper half, a binary fraction in the lower.
    private var cardTime: Timestamp {
        let fraction = UInt64(blocks.uint32(at: dataStart, bigEndian: false)) &* 1_000_000_000
        let seconds = Int64(blocks.uint32(at: dataStart &+ 4, bigEndian: false))
        let nanoseconds = fraction >> 32 &+ fraction >> 31 & 1  // rounded
        return Timestamp(seconds: seconds, nanoseconds: UInt32(truncatingIfNeeded: nanoseconds))
    }

    /// The next record of a pcap file.
    @inline(__always)
    mutating func nextPcapRecord(into header: inout RecordHeader) throws(CaptureFileError) -> Bool {
        let headerLength = pcap.recordHeaderLength
        guard try blocks.fill(headerLength) else {
            if blocks.available == 0 { return false }
            throw truncated("packet \(recordCount + 1)'s \(headerLength)-byte header")
        }
        let bigEndian = pcap.bigEndian
        let seconds = blocks.uint32(at: 0, bigEndian: bigEndian)
        let part = blocks.uint32(at: 4, bigEndian: bigEndian)
        let (captured, wire) = recordLengths(at: 0)
        // A packet longer than the file's snaplen is read all the same (Solaris and others wrote such files).
        guard captured <= UInt32(truncatingIfNeeded: pcap.maximumLength) else {
            throw fail(
                malformed(
                    """
                    packet \(recordCount + 1) claims \(captured) bytes, more than a packet of link type \
                    \(pcap.linkType.rawValue) can have (\(pcap.maximumLength))
                    """
                ))
        }
        let length = Int(truncatingIfNeeded: captured)
        guard length >= pcap.padding else {
            throw fail(
                malformed("packet \(recordCount + 1) has no room for AIX's \(pcap.padding) bytes before an FDDI frame"))
        }
        guard try blocks.fill(headerLength &+ length) else {
            throw truncated("the \(headerLength + length) bytes of packet \(recordCount + 1) and its header")
        }
        recordCount &+= 1
        recordLength = headerLength &+ length
        dataStart = headerLength &+ pcap.padding
        dataLength = length &- pcap.padding
        // A fraction above a second is carried over: odd, and not worth losing the packet.
        let nanoseconds = UInt64(part) &* pcap.nanosecondsPerUnit
        var time =
            nanoseconds < 1_000_000_000
            ? Timestamp(seconds: Int64(seconds), nanoseconds: UInt32(truncatingIfNeeded: nanoseconds))
            : Timestamp(
                seconds: Int64(seconds) &+ Int64(nanoseconds / 1_000_000_000),
                nanoseconds: UInt32(nanoseconds % 1_000_000_000))
        if pcap.linkType == .erf, dataLength >= 8 { time = cardTime }
        header = RecordHeader(
            number: recordCount, timestamp: time, capturedLength: dataLength,
            wireLength: max(Self.wireLength(wire) &- pcap.padding, 0),
            linkType: pcap.linkType, fileOffset: blocks.offset)
        return true
    }
}
