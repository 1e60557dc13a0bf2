import Packets

/// The three kinds of packet block.
extension CaptureFileReader {
    /// An Enhanced Packet Block, or the obsolete Packet Block: a 16-bit interface and drop count instead of a 32-bit
    /// interface.
    ///
    ///     interface (4) | time, high (4) | time, low (4) | captured (4) | on wire (4) | packet, padded to 4 | options
    @inline(__always)
    mutating func packetBlock(
        _ length: Int, fixed: Int, isObsolete: Bool = false
    ) throws(CaptureFileError) -> RecordHeader {
        guard length >= 32 else {
            throw fail(malformed("a packet block claims \(length) bytes in all, fewer than its fixed fields have (32)"))
        }
        guard try blocks.fill(fixed) else {
            throw truncated("the \(length) bytes of a packet block (after packet \(recordCount))")
        }
        let bigEndian = bigEndian
        let interface =
            isObsolete
            ? Int(blocks.uint16(at: 8, bigEndian: bigEndian))
            : Int(truncatingIfNeeded: blocks.uint32(at: 8, bigEndian: bigEndian))
        let units =
            UInt64(blocks.uint32(at: 12, bigEndian: bigEndian)) << 32
            | UInt64(blocks.uint32(at: 16, bigEndian: bigEndian))
        let captured = Int(truncatingIfNeeded: blocks.uint32(at: 20, bigEndian: bigEndian))
        let wire = Self.wireLength(blocks.uint32(at: 24, bigEndian: bigEndian))
        let padded = (captured &+ 3) & ~3
        guard padded <= length &- 32 else {
            throw fail(
                malformed(
                    "packet \(recordCount + 1) claims \(captured) bytes, more than its block of \(length) has room for")
            )
        }
        guard interface < clocks.count else { throw fail(noSuchInterface(interface)) }
        let description = clocks[interface]
        guard captured <= description.maximumLength else { throw fail(tooLong(captured, description)) }
        try whole(length, "a packet block")

        dataStart = fixed
        dataLength = captured
        optionsStart = fixed &+ padded
        optionsLength = length &- 32 &- padded
        if optionsLength > 0, !optionsAreWhole() {
            optionsLength = 0
            dataLength = 0
            throw fail(malformed("the options of packet \(recordCount + 1) do not fit into its block"))
        }
        recordCount &+= 1
        recordLength = length
        return RecordHeader(
            number: recordCount, timestamp: description.clock.timestamp(units: units), capturedLength: captured,
            wireLength: wire, interface: firstInterface &+ interface, linkType: description.linkType,
            fileOffset: blocks.offset, section: sections.count &- 1)
    }

    /// A Simple Packet Block: no time, no interface (it is the section's first), no captured length (it is
    /// the smaller of snaplen and length on the wire).
    mutating func simplePacketBlock(_ length: Int) throws(CaptureFileError) -> RecordHeader {
        guard length >= 16 else {
            throw fail(
                malformed("a Simple Packet Block claims \(length) bytes in all, fewer than its fixed fields have (16)"))
        }
        guard try blocks.fill(12) else {
            throw truncated("the \(length) bytes of a packet block (after packet \(recordCount))")
        }
        guard let description = clocks.first else { throw fail(noSuchInterface(0)) }
        let wire = Self.wireLength(blocks.uint32(at: 8, bigEndian: bigEndian))
        let captured = description.snaplen == 0 ? wire : min(wire, Int(description.snaplen))
        guard (captured + 3) & ~3 <= length - 16 else {
            throw fail(
                malformed(
                    "packet \(recordCount + 1) claims \(wire) bytes, more than its block of \(length) has room for"))
        }
        guard captured <= description.maximumLength else { throw fail(tooLong(captured, description)) }
        try whole(length, "a packet block")
        recordCount += 1
        recordLength = length
        dataStart = 12
        dataLength = captured
        return RecordHeader(
            number: recordCount, timestamp: nil, capturedLength: captured, wireLength: wire, interface: firstInterface,
            linkType: description.linkType, fileOffset: blocks.offset, section: sections.count - 1)
    }

    private func noSuchInterface(_ interface: Int) -> CaptureFileError {
        malformed(
            "packet \(recordCount + 1) names interface \(interface), but its section has described \(clocks.count)")
    }

    private func tooLong(_ captured: Int, _ description: SectionInterface) -> CaptureFileError {
        malformed(
            """
            packet \(recordCount + 1) claims \(captured) bytes, more than a packet of link type \
            \(description.linkType.rawValue) can have (\(description.maximumLength))
            """
        )
    }
}
