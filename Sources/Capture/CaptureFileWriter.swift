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

    /// Whether the interface of this number has been described in the current section.
    public func knows(interface number: Int) -> Bool {
        pcap?.knows(interface: number) ?? pcapng?.knows(interface: number) ?? false
    }

    /// Describes an interface, under the number that record headers use.
    public mutating func add(_ interface: CaptureInterface, as number: Int) throws(CaptureWriteError) {
        try pcap?.add(interface, as: number)
        try pcapng?.add(interface, as: number)
    }

    /// Writes one record; classic pcap leaves out comments and flags.
    public mutating func write(
        _ header: RecordHeader, bytes: RawSpan, comments: [String], flags: PacketFlags?
    ) throws(CaptureWriteError) {
        try pcap?.write(header, bytes: bytes, comments: comments, flags: flags)
        try pcapng?.write(header, bytes: bytes, comments: comments, flags: flags)
    }

    /// Copies a Custom Block into pcapng; false in classic pcap, which has no place for it.
    public mutating func writeCustomBlock(enterprise: UInt32, bytes: RawSpan) throws(CaptureWriteError) -> Bool {
        try pcapng?.writeCustomBlock(enterprise: enterprise, bytes: bytes) ?? false
    }

    /// How many of a reader's `companions` have been dealt with by `copy`.
    public var companionsCopied = 0

    /// Writes names or secrets into pcapng; false in classic pcap, which has no place for them.
    public mutating func write(_ companion: CompanionBlock) throws(CaptureWriteError) -> Bool {
        try pcapng?.write(companion) ?? false
    }

    /// Hands everything so far to the system.
    public mutating func flush() throws(CaptureWriteError) {
        try pcap?.flush()
        try pcapng?.flush()
    }

    /// Writes the interfaces' counts into pcapng, flushes and closes.
    public mutating func finish(statistics: [InterfaceStatistics]) throws(CaptureWriteError) {
        try pcap?.finish(statistics: statistics)
        try pcapng?.finish(statistics: statistics)
    }
}
