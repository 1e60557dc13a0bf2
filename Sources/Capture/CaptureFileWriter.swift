import Packets
import SystemPackage

/// Writes a capture file in the format that its name asks for: `.pcap` (and `.cap`, `.dmp`) is classic pcap, everything
/// else, standard output too, is pcapng.
public struct CaptureFileWriter: ~Copyable, CaptureSink {
    // One of the two is there. An enum of them could not be changed in place.
    private var pcap: PcapWriter?
    private var pcapng: PcapngWriter?

    /// Creates the file or empties it.
    ///
    /// - Parameter section: what a pcapng file says about itself; classic pcap has no place for it.
    public init(path: String, section: CaptureSection) throws(CaptureWriteError) {
        if Self.asksForPcap(path) {
            pcap = try PcapWriter(path: path, resolution: nil)
        } else {
            pcapng = try PcapngWriter(path: path, section: section)
        }
    }

    /// Writes pcapng to a descriptor, which stays open.
    public init(descriptor: FileDescriptor, name: String, section: CaptureSection) throws(CaptureWriteError) {
        pcapng = try PcapngWriter(descriptor: descriptor, name: name, section: section)
    }

    /// Whether a file of this name is classic pcap.
    public static func asksForPcap(_ path: String) -> Bool {
        let name = path.lowercased()
        return [".pcap", ".cap", ".dmp"].contains { name.hasSuffix($0) }
    }

    public func knows(interface number: Int) -> Bool {
        pcap?.knows(interface: number) ?? pcapng?.knows(interface: number) ?? false
    }

    public mutating func add(_ interface: CaptureInterface, as number: Int) throws(CaptureWriteError) {
        try pcap?.add(interface, as: number)
        try pcapng?.add(interface, as: number)
    }

    public mutating func write(
        _ header: RecordHeader, bytes: RawSpan, comments: [String], flags: PacketFlags?
    ) throws(CaptureWriteError) {
        try pcap?.write(header, bytes: bytes, comments: comments, flags: flags)
        try pcapng?.write(header, bytes: bytes, comments: comments, flags: flags)
    }

    public mutating func writeCustomBlock(enterprise: UInt32, bytes: RawSpan) throws(CaptureWriteError) -> Bool {
        try pcapng?.writeCustomBlock(enterprise: enterprise, bytes: bytes) ?? false
    }

    public var companionsCopied = 0

    public mutating func write(_ companion: CompanionBlock) throws(CaptureWriteError) -> Bool {
        try pcapng?.write(companion) ?? false
    }

    public mutating func flush() throws(CaptureWriteError) {
        try pcap?.flush()
        try pcapng?.flush()
    }

    public mutating func finish(statistics: [InterfaceStatistics]) throws(CaptureWriteError) {
        try pcap?.finish(statistics: statistics)
        try pcapng?.finish(statistics: statistics)
    }
}
