import Packets

/// What describes the packets of a section: its header and its interfaces.
extension CaptureFileReader {
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
            throw fail(
                malformed(
                    "a Section Header Block has the unknown byte-order magic 0x\(String(other, radix: 16))", at: 8))
        }
        let claimed = blocks.uint32(at: 4, bigEndian: order)
        guard claimed <= PcapngLimits.block else { throw fail(tooLong(claimed)) }
        let length = (Int(claimed) + 3) & ~3
        guard length >= 28 else {
            throw fail(
                malformed(
                    "a Section Header Block claims \(claimed) bytes in all, fewer than its fixed fields have (28)"))
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

    func text(_ option: OptionPlace) -> String { blocks.string(at: option.start, count: option.length) }

    /// An Interface Description Block.
    ///
    ///     link type (2) | reserved (2) | snaplen (4) | options
    mutating func readInterface(_ length: Int) throws(CaptureFileError) {
        guard length >= 20 else {
            throw fail(
                malformed(
                    """
                    an Interface Description Block claims \(length) bytes in all, \
                    fewer than its fixed fields have (20)
                    """
                ))
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
            throw fail(
                unsupported(
                    """
                    interface \(clocks.count) counts time in units too small for 64 bits (if_tsresol \
                    \(interface.resolution.rawValue))
                    """
                ))
        }
        guard interfaces.count < Self.mostInterfaces else {
            throw fail(unsupported("more than \(Self.mostInterfaces) interfaces are described: no machine has so many"))
        }
        interfaces.append(interface)
        clocks.append(
            SectionInterface(
                linkType: interface.linkType, snaplen: interface.snaplen,
                clock: InterfaceClock(resolution: interface.resolution, offset: interface.timestampOffset),
                maximumLength: interface.linkType.maximumCapturedLength))
    }

    /// All of them are kept, so memory grows with them: this many take some twenty megabytes.
    static let mostInterfaces = 100_000
}
