import Addressing
import Packets
import SystemPackage

/// Writes pcapng (draft-ietf-opsawg-pcapng), version 1.0, little endian.
///
/// Each interface keeps its own resolution and offset of times (nanoseconds unless it came from a file that said
/// otherwise), so a copy has the times of the original. A time that the interface cannot express becomes the nearest
/// one that it can; a packet without a time is written as a Simple Packet Block where that says the same, else with
/// time 0.
///
/// A comment longer than an option can be (65,535 bytes of UTF-8) is cut at a character and ends with "…".
public struct PcapngWriter: ~Copyable, CaptureSink {
    private var out: BlockWriter
    /// What is known of an interface: its number in the file by the number that headers use.
    private var written: [Int: WrittenInterface] = [:]
    private var sectionNumber = 0
    /// How many of a reader's `companions` have been dealt with by `copy`.
    public var companionsCopied = 0

    private struct WrittenInterface {
        let number: UInt32
        let snaplen: UInt32
        let clock: InterfaceClock
    }

    /// Creates the file, or empties it, and starts the section.
    /// - Parameter section: hardware, operating system, program and comments; the byte order is always little endian.
    public init(path: String, section: CaptureSection = CaptureSection()) throws(CaptureWriteError) {
        try self.init(out: try BlockWriter(path: path), section: section)
    }

    private init(out: consuming BlockWriter, section: CaptureSection) throws(CaptureWriteError) {
        self.out = out
        try writeSection(section)
    }

    /// Writes to a descriptor from where it stands.
    public init(
        descriptor: FileDescriptor, name: String, closesDescriptor: Bool = false,
        section: CaptureSection = CaptureSection()
    ) throws(CaptureWriteError) {
        try self.init(
            out: BlockWriter(descriptor: descriptor, closesDescriptor: closesDescriptor, name: name), section: section)
    }

    /// Whether an Interface Description Block of this number stands in the current section.
    public func knows(interface number: Int) -> Bool { written[number] != nil }

    /// The number of the current section, counted from 0.
    public var section: Int? { sectionNumber }

    /// Writes the counts of the section's interfaces and a new Section Header Block; the interfaces of the new section
    /// have to be described again.
    public mutating func startSection(
        _ section: CaptureSection, number: Int, statistics: [InterfaceStatistics]
    ) throws(CaptureWriteError) {
        try write(statistics)
        written.removeAll()
        sectionNumber = number
        try writeSection(section)
    }

    /// Writes an Interface Description Block, once in a section.
    public mutating func add(_ interface: CaptureInterface, as number: Int) throws(CaptureWriteError) {
        if written[number] != nil { return }
        written[number] = WrittenInterface(
            number: UInt32(clamping: written.count), snaplen: interface.snaplen,
            clock: InterfaceClock(resolution: interface.resolution, offset: interface.timestampOffset))
        var options = OptionList()
        for comment in interface.comments { options.add(OptionCode.comment, comment) }
        options.add(OptionCode.interfaceName, interface.name)
        options.add(OptionCode.interfaceDescription, interface.description)
        if let speed = interface.speed { options.add(OptionCode.interfaceSpeed, speed) }
        options.add(OptionCode.interfaceResolution, [interface.resolution.rawValue])
        // The filter is a string of libpcap's language, which code 0 says.
        if let filter = interface.filter { options.add(OptionCode.interfaceFilter, "\0" + filter) }
        options.add(OptionCode.interfaceOS, interface.operatingSystem)
        if let length = interface.fcsLength { options.add(OptionCode.interfaceFCSLength, [length]) }
        if interface.timestampOffset != 0 {
            options.add(OptionCode.interfaceOffset, UInt64(bitPattern: interface.timestampOffset))
        }
        options.add(OptionCode.interfaceHardware, interface.hardware)

        let length = startBlock(BlockType.interfaceDescription, fixed: 8, options)
        out.append(UInt16(truncatingIfNeeded: interface.linkType.rawValue))
        out.append(0 as UInt16)
        out.append(interface.snaplen)
        endBlock(length, options)
        try out.endFileHeader()
    }

    /// Writes one packet as an Enhanced Packet Block. An interface that was not described is described by its link type
    /// alone.
    public mutating func write(
        _ header: RecordHeader, bytes: RawSpan, comments: [String], flags: PacketFlags?
    ) throws(CaptureWriteError) {
        // Custom Blocks have a function of their own; whether a journal entry still makes sense in a copy is not known
        // here.
        if header.kind != .packet { return }
        if written[header.interface] == nil {
            try add(CaptureInterface(linkType: header.linkType), as: header.interface)
        }
        guard let interface = written[header.interface] else { return }
        let packetLength = bytes.byteCount
        if header.timestamp == nil, comments.isEmpty, flags == nil, interface.number == 0,
            packetLength
                == (interface.snaplen == 0 ? header.wireLength : min(header.wireLength, Int(interface.snaplen)))
        {
            return try writeSimple(header, bytes)
        }
        let units = header.timestamp.map { interface.clock.units(of: $0) } ?? 0
        var options = OptionList()
        for comment in comments { options.add(OptionCode.comment, comment) }
        if let flags {
            options.add(OptionCode.packetFlags, (0..<4).map { UInt8(truncatingIfNeeded: flags.rawValue >> (8 * $0)) })
        }
        let length = startBlock(BlockType.enhancedPacket, fixed: 20 + (packetLength + 3) & ~3, options)
        out.append(interface.number)
        out.append(UInt32(truncatingIfNeeded: units >> 32))
        out.append(UInt32(truncatingIfNeeded: units))
        out.append(UInt32(clamping: packetLength))
        out.append(UInt32(clamping: header.wireLength))
        out.append(bytes, alignment: 4)
        endBlock(length, options)
        try out.endRecord()
    }

    private mutating func writeSimple(_ header: RecordHeader, _ bytes: RawSpan) throws(CaptureWriteError) {
        let none = OptionList()
        let length = startBlock(BlockType.simplePacket, fixed: 4 + (bytes.byteCount + 3) & ~3, none)
        out.append(UInt32(clamping: header.wireLength))
        out.append(bytes, alignment: 4)
        endBlock(length, none)
        try out.endRecord()
    }

    /// All that follows the enterprise number is copied as it came, options included: nobody else can tell them from
    /// the data.
    public mutating func writeCustomBlock(enterprise: UInt32, bytes: RawSpan) throws(CaptureWriteError) -> Bool {
        let none = OptionList()
        let length = startBlock(BlockType.customCopied, fixed: 4 + (bytes.byteCount + 3) & ~3, none)
        out.append(enterprise)
        out.append(bytes, alignment: 4)
        endBlock(length, none)
        try out.endRecord()
        return true
    }

    /// Writes a Name Resolution Block or a Decryption Secrets Block.
    public mutating func write(_ companion: CompanionBlock) throws(CaptureWriteError) -> Bool {
        let none = OptionList()
        let type = companion.kind == .nameResolution ? BlockType.nameResolution : BlockType.decryptionSecrets
        let length = startBlock(type, fixed: (companion.body.count + 3) & ~3, none)
        out.append(companion.body.rawSpan, alignment: 4)
        endBlock(length, none)
        try out.endFileHeader()
        return true
    }

    /// Hands everything so far to the system.
    public mutating func flush() throws(CaptureWriteError) { try out.flush() }

    /// Writes an Interface Statistics Block for each of `statistics` whose interface is in the file, flushes and
    /// closes.
    public mutating func finish(statistics: [InterfaceStatistics]) throws(CaptureWriteError) {
        try write(statistics)
        try out.finish()
    }

    private mutating func write(_ statistics: [InterfaceStatistics]) throws(CaptureWriteError) {
        for counts in statistics {
            guard let interface = written[counts.interface] else { continue }
            try write(counts, of: interface)
        }
    }

    private mutating func write(_ counts: InterfaceStatistics, of interface: WrittenInterface) throws(CaptureWriteError)
    {
        var options = OptionList()
        for comment in counts.comments { options.add(OptionCode.comment, comment) }
        for (code, time) in [(OptionCode.statisticsStart, counts.started), (OptionCode.statisticsEnd, counts.ended)] {
            guard let time else { continue }
            // A time is two halves, the high one first.
            let units = interface.clock.units(of: time)
            options.add(code, units >> 32 | units << 32)
        }
        for (code, count) in [
            (OptionCode.statisticsReceived, counts.received),
            (OptionCode.statisticsInterfaceDropped, counts.droppedByInterface),
            (OptionCode.statisticsAccepted, counts.accepted),
            (OptionCode.statisticsSystemDropped, counts.dropped),
            (OptionCode.statisticsDelivered, counts.delivered),
        ] {
            if let count { options.add(code, count) }
        }
        let units = (counts.timestamp ?? counts.ended).map { interface.clock.units(of: $0) } ?? 0
        let length = startBlock(BlockType.interfaceStatistics, fixed: 12, options)
        out.append(interface.number)
        out.append(UInt32(truncatingIfNeeded: units >> 32))
        out.append(UInt32(truncatingIfNeeded: units))
        endBlock(length, options)
        try out.endFileHeader()
    }

    private mutating func writeSection(_ section: CaptureSection) throws(CaptureWriteError) {
        var options = OptionList()
        for comment in section.comments { options.add(OptionCode.comment, comment) }
        options.add(OptionCode.sectionHardware, section.hardware)
        options.add(OptionCode.sectionOS, section.operatingSystem)
        options.add(OptionCode.sectionApplication, section.application)
        let length = startBlock(BlockType.sectionHeader, fixed: 16, options)
        out.append(0x1a2b_3c4d as UInt32)
        out.append(1 as UInt16)
        out.append(0 as UInt16)
        // The section's length is not known yet: all ones say so.
        out.append(UInt64.max)
        endBlock(length, options)
        try out.endFileHeader()
    }

    // MARK: Blocks

    private mutating func startBlock(_ type: UInt32, fixed: Int, _ options: OptionList) -> UInt32 {
        let length = UInt32(clamping: 12 + fixed + options.length)
        out.append(type)
        out.append(length)
        return length
    }

    private mutating func endBlock(_ length: UInt32, _ options: OptionList) {
        if options.length > 0 { out.append(options.bytes.rawSpan) }
        out.append(length)
    }
}

/// The options of a block as they are written: code (2), length (2), value padded to 4; ended by four zero bytes.
private struct OptionList {
    private var encoded: [UInt8] = []

    /// All options with their end; empty when there are none.
    var bytes: [UInt8] { encoded.isEmpty ? [] : encoded + [0, 0, 0, 0] }
    var length: Int { encoded.isEmpty ? 0 : encoded.count + 4 }

    mutating func add(_ code: UInt16, _ value: [UInt8]) {
        let length = min(value.count, PcapngLimits.option)
        encoded.append(UInt8(truncatingIfNeeded: code))
        encoded.append(UInt8(truncatingIfNeeded: code >> 8))
        encoded.append(UInt8(truncatingIfNeeded: length))
        encoded.append(UInt8(truncatingIfNeeded: length >> 8))
        encoded.append(contentsOf: value.prefix(length))
        while encoded.count % 4 != 0 { encoded.append(0) }
    }

    mutating func add(_ code: UInt16, _ value: UInt64) {
        add(code, (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }

    /// Text that is too long is cut at a character and ends with an ellipsis.
    mutating func add(_ code: UInt16, _ text: String?) {
        guard let text else { return }
        if text.utf8.count <= PcapngLimits.option { return add(code, Array(text.utf8)) }
        let ellipsis = "…"
        var end = text.utf8.index(text.startIndex, offsetBy: PcapngLimits.option - ellipsis.utf8.count)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        add(code, Array(text[..<end].utf8) + Array(ellipsis.utf8))
    }
}
