import Addressing
import Packets
import SystemPackage

/// The formats that are read.
public enum CaptureFileFormat: Hashable, Sendable {
    case pcap(PcapVariant)
    case pcapng
}

/// Reads the packets of a capture file, one after the other, in constant memory.
///
/// The format is found by the first bytes, never by the name: pcap in its variants, pcapng, and both compressed with
/// gzip, or with zstd or lz4 where the system has their libraries.
/// `next` gives the header of the next packet; `bytes` is a borrowed view of that packet's bytes in the read buffer,
/// valid until `next` is called again; comments and flags are looked up only when asked for.
///
///     var reader = try CaptureFileReader(path: "echo.pcapng")
///     while let header = try reader.next() { show(header, reader.bytes) }
///
/// Everything before damaged data is handed out first, then `next` throws.
public struct CaptureFileReader: ~Copyable {
    var blocks: BlockReader
    /// What the first bytes say the file is.
    public internal(set) var format: CaptureFileFormat
    /// The interfaces seen so far, over all sections.
    public internal(set) var interfaces: [CaptureInterface] = []
    /// The sections seen so far; pcap files have one without contents.
    public internal(set) var sections: [CaptureSection] = []
    /// The latest statistics of each interface that had any. They stand at the end of a file.
    public internal(set) var statistics: [InterfaceStatistics] = []
    /// How many packets were dropped before packets of the file, as far as they say so themselves (`epb_dropcount`).
    public internal(set) var droppedBeforePackets: UInt64 = 0
    /// Names of addresses that the file carries (Name Resolution Blocks), in file order.
    public internal(set) var names: [NamedAddress] = []
    /// Whether blocks that speak of the packets are kept in `companions`: set it before the first `next`.
    public var keepsCompanions = false
    /// The blocks with names and decryption secrets so far, in file order; at most 16 MiB of them.
    public internal(set) var companions: [CompanionBlock] = []
    /// How many of them were not kept because they are too large.
    public internal(set) var companionsLeftOut = 0
    var companionBytes = 0

    // The current record, relative to the window's start: it stays there until the next one is asked for.
    var recordLength = 0
    var dataStart = 0
    var dataLength = 0
    var optionsStart = 0
    var optionsLength = 0
    var recordCount = 0
    /// What ended the reading; thrown again by every further `next`.
    var failure: CaptureFileError?

    var pcap = PcapFileHeader()
    // pcapng's current section.
    var bigEndian = false
    var clocks: [SectionInterface] = []
    var firstInterface = 0
    var passing = PassedBlock()

    /// Opens a capture file.
    /// - Throws: `CaptureFileError` when it cannot be opened, or is no capture, or breaks off within its file header.
    public init(path: String) throws(CaptureFileError) {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                FilePath(path), .readOnly, options: .closeOnExec, retryOnInterrupt: true)
        } catch {
            let number = (error as? Errno) ?? .ioError
            throw CaptureFileError(
                kind: .cannotOpen(number), file: path, offset: nil, message: "cannot be opened: \(number)")
        }
        try self.init(descriptor: descriptor, name: path, closesDescriptor: true)
    }

    /// Reads a capture from a descriptor (standard input, a pipe, a socket), from where it stands.
    /// - Parameter name: what errors call it.
    public init(descriptor: FileDescriptor, name: String, closesDescriptor: Bool = false) throws(CaptureFileError) {
        blocks = BlockReader(descriptor: descriptor, closesDescriptor: closesDescriptor, name: name)
        format = .pcapng
        try open()
    }

    /// Finds the format and takes in the file header.
    private mutating func open() throws(CaptureFileError) {
        try openCompressed()
        guard try blocks.fill(4) else {
            let count = "\(blocks.available) byte\(blocks.available == 1 ? "" : "s")"
            let message =
                blocks.available == 0 ? "is empty, not a capture file" : "is not a capture file: it has only \(count)"
            throw CaptureFileError(kind: .notACapture, file: blocks.name, offset: nil, message: message)
        }
        let magic = blocks.uint32(at: 0, bigEndian: true)
        if magic == BlockType.sectionHeader {
            guard try readSectionHeader() else { throw truncated("the Section Header Block") }
        } else if let variant = PcapFileHeader.magic(magic) {
            format = .pcap(variant.variant)
            try readPcapFileHeader(variant)
        } else {
            throw Self.notACapture(magic: magic, name: blocks.name)
        }
    }

    /// Switches to unpacking where the first bytes are those of a compressed file.
    private mutating func openCompressed() throws(CaptureFileError) {
        if try blocks.fill(2), blocks.uint16(at: 0, bigEndian: true) == 0x1f8b {
            guard let inflater = GzipInflater() else { throw unsupported("zlib could not be started") }
            return blocks.unpack(with: inflater)
        }
        guard try blocks.fill(4) else { return }
        switch blocks.uint32(at: 0, bigEndian: true) {
        case Self.zstdMagic: if let decoder = ZstdDecoder() { blocks.unpack(with: LibraryUnpacker(decoder)) }
        case Self.lz4Magic: if let decoder = LZ4Decoder() { blocks.unpack(with: LibraryUnpacker(decoder)) }
        default: break
        }
    }

    private static let zstdMagic: UInt32 = 0x28b5_2ffd
    private static let lz4Magic: UInt32 = 0x0422_4d18

    /// The header of the next packet, or `nil` at the end of the file.
    ///
    /// After `nil`, and after a `truncated` error, it may be called again: a file that is still being written may
    /// have more by then.
    public mutating func next() throws(CaptureFileError) -> RecordHeader? {
        var header = RecordHeader.none
        return try next(into: &header) ? header : nil
    }

    /// The same for callers that read many packets: the header is written in place.
    /// - Returns: whether there was a packet.
    public mutating func next(into header: inout RecordHeader) throws(CaptureFileError) -> Bool {
        finishRecord()
        if failure != nil { throw failure ?? malformed("is damaged") }
        switch format {
        case .pcap: return try nextPcapRecord(into: &header)
        case .pcapng:
            guard let next = try nextPcapngRecord() else { return false }
            header = next
            return true
        }
    }

    /// The current packet with bytes and comments of its own.
    public func record(_ header: RecordHeader) -> CapturedRecord {
        var copy: [UInt8] = []
        copy.reserveCapacity(dataLength)
        appendBytes(to: &copy)
        return CapturedRecord(header: header, bytes: copy, comments: comments())
    }

    /// Whether the file is compressed; offsets are then those of the unpacked data.
    public var isCompressed: Bool { blocks.isCompressed }

    /// Bytes that the read buffer takes. It grows only for a record that is larger and really there.
    public var bufferSize: Int { blocks.capacity }

    /// Lets go of the current record.
    @inline(__always)
    mutating func finishRecord() {
        blocks.consume(recordLength)
        recordLength = 0
        dataLength = 0
        optionsLength = 0
    }

    /// A length on the wire. No packet has 2 GiB; what damaged files claim beyond becomes the largest, as in Wireshark.
    @inline(__always)
    static func wireLength(_ claimed: UInt32) -> Int { Int(truncatingIfNeeded: min(claimed, 0x7fff_ffff)) }

    // MARK: Errors

    func malformed(_ message: String, at position: Int = 0) -> CaptureFileError {
        CaptureFileError(
            kind: .malformed, file: blocks.name, offset: blocks.offset &+ UInt64(clamping: position), message: message)
    }

    func unsupported(_ message: String) -> CaptureFileError {
        CaptureFileError(kind: .unsupported, file: blocks.name, offset: blocks.offset, message: message)
    }

    func truncated(_ what: String) -> CaptureFileError {
        CaptureFileError(
            kind: .truncated, file: blocks.name, offset: blocks.offset,
            message:
                """
                the file is cut short: only \(blocks.available) \
                byte\(blocks.available == 1 ? " is" : "s are") left of \(what)
                """
        )
    }

    /// Remembers an error beyond which nothing can be read.
    mutating func fail(_ error: CaptureFileError) -> CaptureFileError {
        failure = error
        return error
    }

    private static func notACapture(magic: UInt32, name: String) -> CaptureFileError {
        let tool: String? =
            switch magic {
            case zstdMagic: "zstd"
            case lz4Magic: "lz4"
            case 0xfd37_7a58: "xz"
            default: magic >> 8 == 0x42_5a68 ? "bzip2" : nil
            }
        if let tool {
            return CaptureFileError(
                kind: .unsupported, file: name, offset: nil,
                message: "is compressed with \(tool), for which there is no library here: unpack it first (\(tool) -d)")
        }
        return CaptureFileError(
            kind: .notACapture, file: name, offset: nil,
            message: "is not a capture file: it starts like neither pcap nor pcapng")
    }
}
