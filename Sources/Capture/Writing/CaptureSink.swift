import Packets
import SystemPackage
import Text

/// Somewhere that packets are written to.
///
/// An interface is described before its first packet (`add`), under the number that the packets' headers name it by, so
/// that new ones may turn up at any time. After an error nothing more is written: every further call throws the same
/// error, and the file ends with the last whole record.
public protocol CaptureSink: ~Copyable {
    /// Describes an interface; `number` is what `RecordHeader.interface` will say. A second description of a number is
    /// ignored.
    mutating func add(_ interface: CaptureInterface, as number: Int) throws(CaptureWriteError)

    /// Whether `add` has described this interface.
    func knows(interface number: Int) -> Bool

    /// The number of the section being written, for formats that have sections.
    var section: Int? { get }

    /// Ends the section with the counts of its interfaces and starts one with interfaces of its own (pcapng only).
    mutating func startSection(
        _ section: CaptureSection, number: Int, statistics: [InterfaceStatistics]
    ) throws(CaptureWriteError)

    /// Writes one packet. Formats without comments or flags leave them out.
    mutating func write(
        _ header: RecordHeader, bytes: RawSpan, comments: [String], flags: PacketFlags?
    ) throws(CaptureWriteError)

    /// Writes a pcapng Custom Block whose enterprise lets it be copied.
    /// - Returns: false where the format has no such thing.
    mutating func writeCustomBlock(enterprise: UInt32, bytes: RawSpan) throws(CaptureWriteError) -> Bool

    /// How many of a reader's `companions` have been dealt with by `copy`.
    var companionsCopied: Int { get set }

    /// Writes a block with names of addresses or decryption secrets into the current section.
    /// - Returns: false where the format has no such thing.
    mutating func write(_ companion: CompanionBlock) throws(CaptureWriteError) -> Bool

    /// Hands what is buffered to the operating system.
    mutating func flush() throws(CaptureWriteError)

    /// Writes the interfaces' counts where the format has room for them, flushes and closes.
    mutating func finish(statistics: [InterfaceStatistics]) throws(CaptureWriteError)
}

extension CaptureSink where Self: ~Copyable {
    /// Writes a packet without comments and flags.
    public mutating func write(_ header: RecordHeader, bytes: RawSpan) throws(CaptureWriteError) {
        try write(header, bytes: bytes, comments: [], flags: nil)
    }

    /// Writes a packet with comments and without flags.
    public mutating func write(_ header: RecordHeader, bytes: RawSpan, comments: [String]) throws(CaptureWriteError) {
        try write(header, bytes: bytes, comments: comments, flags: nil)
    }

    /// Writes a packet that owns its bytes.
    public mutating func write(_ record: CapturedRecord) throws(CaptureWriteError) {
        try write(record.header, bytes: record.bytes.rawSpan, comments: record.comments, flags: nil)
    }

    /// Finishes without counts.
    public mutating func finish() throws(CaptureWriteError) { try finish(statistics: []) }

    /// Formats without sections ignore where one begins.
    public mutating func startSection(
        _ section: CaptureSection, number: Int, statistics: [InterfaceStatistics]
    ) throws(CaptureWriteError) {}

    /// Formats without sections have no number for one.
    public var section: Int? { nil }

    /// Formats without Custom Blocks leave them out.
    public mutating func writeCustomBlock(enterprise: UInt32, bytes: RawSpan) throws(CaptureWriteError) -> Bool {
        false
    }

    /// Formats without such blocks have none.
    public var companionsCopied: Int {
        get { 0 }
        set {}
    }

    /// Formats without such blocks leave them out.
    public mutating func write(_ companion: CompanionBlock) throws(CaptureWriteError) -> Bool { false }

    /// Copies the reader's current record with its section, the section's interfaces (also those without packets so
    /// far), comments and flags. Of the records that are no packets only Custom Blocks that may be copied are
    /// (draft-ietf-opsawg-pcapng, "Custom Block": nobody else can know whether what they say still holds).
    /// - Returns: whether the record has been written.
    @discardableResult
    public mutating func copy(_ header: RecordHeader, from reader: borrowing CaptureFileReader)
        throws(CaptureWriteError) -> Bool
    {
        let enterprise = header.kind == .customBlock ? reader.copyableEnterprise : nil
        if header.kind != .packet, enterprise == nil { return false }
        if let section, section != header.section, header.section < reader.sections.count {
            try copyCompanions(of: section, from: reader)
            try addInterfaces(of: section, from: reader)
            try startSection(reader.sections[header.section], number: header.section, statistics: reader.statistics)
        }
        try copyCompanions(of: header.section, from: reader)
        if let enterprise { return try writeCustomBlock(enterprise: enterprise, bytes: reader.bytes) }
        if !knows(interface: header.interface) { try addInterfaces(of: header.section, from: reader) }
        try write(header, bytes: reader.bytes, comments: reader.comments(), flags: reader.flags())
        return true
    }

    /// Ends a copy: describes the interfaces that have not been described yet, writes all statistics, then `finish`.
    public mutating func finish(copying reader: borrowing CaptureFileReader) throws(CaptureWriteError) {
        try copyCompanions(of: section ?? 0, from: reader)
        try addInterfaces(of: section ?? 0, from: reader)
        try finish(statistics: reader.statistics)
    }

    /// Writes the companions of a section that the reader has met since the last copy: secrets stand before the packets
    /// that they open. Those of a section that has no packet in the copy are passed over.
    public mutating func copyCompanions(of section: Int, from reader: borrowing CaptureFileReader)
        throws(CaptureWriteError)
    {
        while companionsCopied < reader.companions.count {
            let companion = reader.companions[companionsCopied]
            if companion.section > section { return }
            if companion.section == section, try !write(companion) { return }
            companionsCopied += 1
        }
    }

    private mutating func addInterfaces(of section: Int, from reader: borrowing CaptureFileReader)
        throws(CaptureWriteError)
    {
        for (number, interface) in reader.interfaces.enumerated()
        where interface.section == section && !knows(interface: number) {
            try add(interface, as: number)
        }
    }
}

/// Why a capture file could not be written any further.
public struct CaptureWriteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What can go wrong in writing.
    public enum Kind: Hashable, Sendable {
        /// `open` failed.
        case cannotCreate(Errno)
        /// `write` or `close` failed: a full disk (ENOSPC), a quota (EDQUOT), a size limit (EFBIG) …
        case cannotWrite(Errno)
        /// The reader of the pipe has gone (EPIPE). Seen only where SIGPIPE is ignored.
        case closedPipe
        /// The format cannot hold it: a second link type in classic pcap.
        case unsupported
    }

    /// What went wrong.
    public let kind: Kind
    /// The file, as it was named on opening.
    public let file: String
    /// Records that are whole in the file.
    public let recordsWritten: Int
    /// What went wrong, without the file.
    public let message: String

    /// An error in writing a file.
    public init(kind: Kind, file: String, recordsWritten: Int, message: String) {
        self.kind = kind
        self.file = file
        self.recordsWritten = recordsWritten
        self.message = message
    }

    /// One line, safe for a terminal.
    public var description: String { "\(file.escapedForDisplay): \(message)" }
}
