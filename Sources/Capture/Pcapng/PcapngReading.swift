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
                throw fail(malformed("a pcapng block claims \(claimed) bytes in all, fewer than its own header and trailer"))
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
                blocks.consume(length)
            case BlockType.customCopied, BlockType.customNotCopied:
                return try customBlock(length)
            case BlockType.journalEntry:
                return try journalBlock(length)
            default:
                passing = PassedBlock(length: length, left: length - 4, start: blocks.offset)
                try passOver()
            }
        }
    }

    /// Makes the whole block available and checks its trailer, the length said once more.
    @inline(__always)
    private mutating func whole(_ length: Int, _ what: StaticString) throws(CaptureFileError) {
        guard try blocks.fill(length) else { throw truncated("the \(length) bytes of \(what) (after packet \(recordCount))") }
        try checkTrailer(length, at: length &- 4)
    }

    @inline(__always)
    private mutating func checkTrailer(_ length: Int, at position: Int) throws(CaptureFileError) {
        let again = blocks.uint32(at: position, bigEndian: bigEndian)
        if (Int(truncatingIfNeeded: again) &+ 3) & ~3 != length {
            throw fail(malformed("a pcapng block says \(length) bytes at its start and \(again) at its end"))
        }
    }

    private func tooLong(_ claimed: UInt32) -> CaptureFileError {
        malformed("a pcapng block claims \(claimed) bytes, more than any block can have (\(PcapngLimits.block))")
    }

    /// Passes over a block that is of no use here (decryption secrets, unknown ones) without keeping it. Where the file
    /// ends within it, the next call goes on from there.
    private mutating func passOver() throws(CaptureFileError) {
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

    // MARK: Packets

    /// An Enhanced Packet Block, or the obsolete Packet Block: a 16-bit interface and drop count instead of a 32-bit interface.
    ///
    ///     interface (4) | time, high (4) | time, low (4) | captured (4) | on wire (4) | packet, padded to 4 | options
    @inline(__always)
    private mutating func packetBlock(
        _ length: Int, fixed: Int, isObsolete: Bool = false
    ) throws(CaptureFileError) -> RecordHeader {
        guard length >= 32 else {
            throw fail(malformed("a packet block claims \(length) bytes in all, fewer than its fixed fields have (32)"))
        }
        guard try blocks.fill(fixed) else { throw truncated("the \(length) bytes of a packet block (after packet \(recordCount))") }
        let bigEndian = bigEndian
        let interface = isObsolete
            ? Int(blocks.uint16(at: 8, bigEndian: bigEndian))
            : Int(truncatingIfNeeded: blocks.uint32(at: 8, bigEndian: bigEndian))
        let units = UInt64(blocks.uint32(at: 12, bigEndian: bigEndian)) << 32 | UInt64(blocks.uint32(at: 16, bigEndian: bigEndian))
        let captured = Int(truncatingIfNeeded: blocks.uint32(at: 20, bigEndian: bigEndian))
        let wire = Self.wireLength(blocks.uint32(at: 24, bigEndian: bigEndian))
        let padded = (captured &+ 3) & ~3
        guard padded <= length &- 32 else {
            throw fail(malformed("packet \(recordCount + 1) claims \(captured) bytes, more than its block of \(length) has room for"))
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
    private mutating func simplePacketBlock(_ length: Int) throws(CaptureFileError) -> RecordHeader {
        guard length >= 16 else {
            throw fail(malformed("a Simple Packet Block claims \(length) bytes in all, fewer than its fixed fields have (16)"))
        }
        guard try blocks.fill(12) else { throw truncated("the \(length) bytes of a packet block (after packet \(recordCount))") }
        guard let description = clocks.first else { throw fail(noSuchInterface(0)) }
        let wire = Self.wireLength(blocks.uint32(at: 8, bigEndian: bigEndian))
        let captured = description.snaplen == 0 ? wire : min(wire, Int(description.snaplen))
        guard (captured + 3) & ~3 <= length - 16 else {
            throw fail(malformed("packet \(recordCount + 1) claims \(wire) bytes, more than its block of \(length) has room for"))
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

    /// A Custom Block: an enterprise number (4), then what that enterprise likes.
    private mutating func customBlock(_ length: Int) throws(CaptureFileError) -> RecordHeader {
        guard length >= 16 else {
            throw fail(malformed("a Custom Block claims \(length) bytes in all, fewer than its fixed fields have (16)"))
        }
        try whole(length, "a Custom Block")
        return otherRecord(.customBlock, length, start: 12, count: length - 16, time: nil)
    }

    /// A systemd Journal Export Block: lines of `FIELD=value`, filled up with zero bytes.
    private mutating func journalBlock(_ length: Int) throws(CaptureFileError) -> RecordHeader {
        try whole(length, "a systemd Journal Export Block")
        var count = length - 12
        while count > 0, blocks.uint8(at: 8 + count - 1) == 0 { count -= 1 }
        let shortest = "__REALTIME_TIMESTAMP=0\n".utf8.count
        guard count >= shortest else {
            throw fail(malformed("a systemd Journal Export Block has \(count) bytes, fewer than its shortest entry (\(shortest))"))
        }
        return otherRecord(.journalEntry, length, start: 8, count: count, time: journalTime(count))
    }

    /// The entry's time: microseconds behind `__REALTIME_TIMESTAMP=`.
    private func journalTime(_ count: Int) -> Timestamp? {
        let key = Array("__REALTIME_TIMESTAMP=".utf8)
        var position = 8
        search: while position + key.count < 8 + count {
            for index in 0..<key.count where blocks.uint8(at: position + index) != key[index] {
                position += 1
                continue search
            }
            var value: UInt64 = 0
            var digits = 0
            position += key.count
            while position < 8 + count, case let byte = blocks.uint8(at: position), 48...57 ~= byte {
                let (scaled, o1) = value.multipliedReportingOverflow(by: 10)
                let (sum, o2) = scaled.addingReportingOverflow(UInt64(byte - 48))
                if o1 || o2 { return nil }
                value = sum
                digits += 1
                position += 1
            }
            return digits == 0 ? nil : InterfaceClock(resolution: .microseconds, offset: 0).timestamp(units: value)
        }
        return nil
    }

    private mutating func otherRecord(
        _ kind: RecordHeader.Kind, _ length: Int, start: Int, count: Int, time: Timestamp?
    ) -> RecordHeader {
        recordCount += 1
        recordLength = length
        dataStart = start
        dataLength = count
        return RecordHeader(
            number: recordCount, timestamp: time, capturedLength: count, wireLength: count, interface: 0,
            linkType: .notAPacket, fileOffset: blocks.offset, section: sections.count - 1, kind: kind)
    }

    private func noSuchInterface(_ interface: Int) -> CaptureFileError {
        malformed("packet \(recordCount + 1) names interface \(interface), but its section has described \(clocks.count)")
    }

    private func tooLong(_ captured: Int, _ description: SectionInterface) -> CaptureFileError {
        malformed(
            "packet \(recordCount + 1) claims \(captured) bytes, more than a packet of link type \(description.linkType.rawValue) can have (\(description.maximumLength))")
    }

    // MARK: Section and interfaces

    /// Takes in the Section Header Block that starts the window; `false` when the file ends within it.
    ///
    ///     byte-order magic (4) | major (2) | minor (2) | section length (8) | options
    mutating func readSectionHeader() throws(CaptureFileError) -> Bool {
        guard try blocks.fill(12) else { return false }
        let order: Bool
        switch blocks.uint32(at: 8, bigEndian: true) {
        case 0x1a2b_3c4d: order = true
        case 0x4d3c_2b1a: order = false
        case let other:
            throw fail(malformed("a Section Header Block has the unknown byte-order magic 0x\(String(other, radix: 16))", at: 8))
        }
        let claimed = blocks.uint32(at: 4, bigEndian: order)
        guard claimed <= PcapngLimits.block else { throw fail(tooLong(claimed)) }
        let length = (Int(claimed) + 3) & ~3
        guard length >= 28 else {
            throw fail(malformed("a Section Header Block claims \(claimed) bytes in all, fewer than its fixed fields have (28)"))
        }
        guard try blocks.fill(16) else { return false }
        let major = blocks.uint16(at: 12, bigEndian: order)
        let minor = blocks.uint16(at: 14, bigEndian: order)
        // 1.2 is 1.0 as some programs with blocks of their own number it.
        guard major == 1, minor == 0 || minor == 2 else {
            throw fail(unsupported("pcapng version \(major).\(minor) is not read here (1.0 is)"))
        }
        guard try blocks.fill(length) else { return false }
        bigEndian = order
        try checkTrailer(length, at: length - 4)

        var section = CaptureSection(isBigEndian: order, fileOffset: blocks.offset)
        var walk = OptionWalk(start: 24, length: length - 28, bigEndian: order)
        while let option = walk.next(in: blocks) {
            switch option.code {
            case OptionCode.comment: section.comments.append(text(option))
            case OptionCode.sectionHardware: section.hardware = text(option)
            case OptionCode.sectionOS: section.operatingSystem = text(option)
            case OptionCode.sectionApplication: section.application = text(option)
            default: break
            }
        }
        if walk.isDamaged { throw fail(malformed("the options of a Section Header Block do not fit into it")) }
        // The section's length is not used: most writers do not know it when they write it.
        sections.append(section)
        clocks.removeAll()
        firstInterface = interfaces.count
        blocks.consume(length)
        return true
    }

    private func text(_ option: OptionPlace) -> String { blocks.string(at: option.start, count: option.length) }

    /// An Interface Description Block.
    ///
    ///     link type (2) | reserved (2) | snaplen (4) | options
    private mutating func readInterface(_ length: Int) throws(CaptureFileError) {
        guard length >= 20 else {
            throw fail(malformed("an Interface Description Block claims \(length) bytes in all, fewer than its fixed fields have (20)"))
        }
        var interface = CaptureInterface(
            linkType: LinkType(rawValue: UInt32(blocks.uint16(at: 8, bigEndian: bigEndian))),
            snaplen: blocks.uint32(at: 12, bigEndian: bigEndian), resolution: .microseconds,
            section: sections.count - 1, numberInSection: clocks.count)
        var walk = OptionWalk(start: 16, length: length - 20, bigEndian: bigEndian)
        while let option = walk.next(in: blocks) {
            switch (option.code, option.length) {
            case (OptionCode.comment, _): interface.comments.append(text(option))
            case (OptionCode.interfaceName, _): interface.name = text(option)
            case (OptionCode.interfaceDescription, _): interface.description = text(option)
            case (OptionCode.interfaceOS, _): interface.operatingSystem = text(option)
            case (OptionCode.interfaceHardware, _): interface.hardware = text(option)
            case (OptionCode.interfaceFilter, 1...) where blocks.uint8(at: option.start) == 0:
                interface.filter = blocks.string(at: option.start + 1, count: option.length - 1)
            case (OptionCode.interfaceSpeed, 8): interface.speed = blocks.uint64(at: option.start, bigEndian: bigEndian)
            case (OptionCode.interfaceResolution, 1):
                interface.resolution = TimestampResolution(rawValue: blocks.uint8(at: option.start))
            case (OptionCode.interfaceOffset, 8):
                interface.timestampOffset = Int64(bitPattern: blocks.uint64(at: option.start, bigEndian: bigEndian))
            case (OptionCode.interfaceFCSLength, 1): interface.fcsLength = blocks.uint8(at: option.start)
            default: break
            }
        }
        if walk.isDamaged { throw fail(malformed("the options of an Interface Description Block do not fit into it")) }
        guard interface.resolution.unitsPerSecond != nil else {
            throw fail(unsupported("interface \(clocks.count) counts time in units too small for 64 bits (if_tsresol \(interface.resolution.rawValue))"))
        }
        interfaces.append(interface)
        clocks.append(SectionInterface(
            linkType: interface.linkType, snaplen: interface.snaplen,
            clock: InterfaceClock(resolution: interface.resolution, offset: interface.timestampOffset),
            maximumLength: interface.linkType.maximumCapturedLength))
    }

    // MARK: Statistics and names

    /// An Interface Statistics Block; the last one of an interface stays.
    ///
    ///     interface (4) | time, high (4) | time, low (4) | options
    private mutating func readStatistics(_ length: Int) throws(CaptureFileError) {
        guard length >= 24 else {
            throw fail(malformed("an Interface Statistics Block claims \(length) bytes in all, fewer than its fixed fields have (24)"))
        }
        let number = Int(blocks.uint32(at: 8, bigEndian: bigEndian))
        let isDescribed = number < clocks.count
        let clock = isDescribed ? clocks[number].clock : InterfaceClock(resolution: .microseconds, offset: 0)
        var found = InterfaceStatistics(interface: firstInterface + number, timestamp: clock.timestamp(units: splitUnits(at: 12)))
        var walk = OptionWalk(start: 20, length: length - 24, bigEndian: bigEndian)
        while let option = walk.next(in: blocks) {
            if option.code == OptionCode.comment {
                found.comments.append(text(option))
                continue
            }
            if option.length != 8 { continue }
            let count = blocks.uint64(at: option.start, bigEndian: bigEndian)
            switch option.code {
            case OptionCode.statisticsStart: found.started = clock.timestamp(units: splitUnits(at: option.start))
            case OptionCode.statisticsEnd: found.ended = clock.timestamp(units: splitUnits(at: option.start))
            case OptionCode.statisticsReceived: found.received = count
            case OptionCode.statisticsInterfaceDropped: found.droppedByInterface = count
            case OptionCode.statisticsAccepted: found.accepted = count
            case OptionCode.statisticsSystemDropped: found.dropped = count
            case OptionCode.statisticsDelivered: found.delivered = count
            default: break
            }
        }
        if walk.isDamaged { throw fail(malformed("the options of an Interface Statistics Block do not fit into it")) }
        // One about an interface that nobody described says nothing.
        if !isDescribed { return }
        if let old = statistics.firstIndex(where: { $0.interface == found.interface }) {
            statistics[old] = found
        } else {
            statistics.append(found)
        }
    }

    /// A time: two 32-bit halves, the high one first in both byte orders.
    private func splitUnits(at position: Int) -> UInt64 {
        UInt64(blocks.uint32(at: position, bigEndian: bigEndian)) << 32 | UInt64(blocks.uint32(at: position + 4, bigEndian: bigEndian))
    }

    /// A Name Resolution Block: records of an address and its names, ended by a record of type 0.
    ///
    ///     type (2) | length (2) | address (4 or 16), names each ended by a zero byte, padded to 4
    private mutating func readNames(_ length: Int) throws(CaptureFileError) {
        guard length >= 16 else {
            throw fail(malformed("a Name Resolution Block claims \(length) bytes in all, fewer than the smallest one has (16)"))
        }
        var position = 8
        let end = length - 4
        while position < end {
            guard end - position >= 4 else { throw fail(malformed("a Name Resolution Block ends within a record")) }
            let type = blocks.uint16(at: position, bigEndian: bigEndian)
            let count = Int(blocks.uint16(at: position + 2, bigEndian: bigEndian))
            position += 4
            guard (count + 3) & ~3 <= end - position else {
                throw fail(malformed("a record of a Name Resolution Block claims \(count) bytes, more than the block has left"))
            }
            switch type {
            case 0:
                try checkNameOptions(from: position, to: end)
                return
            case 1, 2:
                let addressLength = type == 1 ? 4 : 16
                guard count >= addressLength else {
                    throw fail(malformed("a record of a Name Resolution Block has \(count) bytes, too few for an address"))
                }
                let address: IPAddress = type == 1
                    ? .v4(IPv4Address(rawValue: blocks.uint32(at: position, bigEndian: true)))
                    : .v6(IPv6Address(
                        high: blocks.uint64(at: position, bigEndian: true), low: blocks.uint64(at: position + 8, bigEndian: true)))
                try readNames(of: address, from: position + addressLength, to: position + count)
            default: break
            }
            position += (count + 3) & ~3
        }
    }

    private mutating func checkNameOptions(from start: Int, to end: Int) throws(CaptureFileError) {
        var walk = OptionWalk(start: start, length: end - start, bigEndian: bigEndian)
        while walk.next(in: blocks) != nil {}
        if walk.isDamaged { throw fail(malformed("the options of a Name Resolution Block do not fit into it")) }
    }

    private mutating func readNames(of address: IPAddress, from start: Int, to end: Int) throws(CaptureFileError) {
        var nameStart = start
        for position in start..<end where blocks.uint8(at: position) == 0 {
            names.append(NamedAddress(address: address, name: blocks.string(at: nameStart, count: position - nameStart)))
            nameStart = position + 1
        }
        if nameStart != end { throw fail(malformed("a name in a Name Resolution Block has no end")) }
    }
}
