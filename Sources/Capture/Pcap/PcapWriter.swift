import Addressing
import Packets
import SystemPackage

/// Writes classic pcap (draft-ietf-opsawg-pcap), version 2.4, little endian, in microseconds or nanoseconds.
///
/// It holds one link type and neither interfaces nor comments; a packet of another link type is refused. Packets
/// without a time get 0; times that 32 bits of seconds cannot hold (before 1970, after 2106) become the nearest that
/// they can.
public struct PcapWriter: ~Copyable, CaptureSink {
    private var out: BlockWriter
    /// nil: what the interfaces that are known at the first packet need.
    private var resolution: Resolution?
    private var linkType: LinkType?
    private var interfaces: [Int: CaptureInterface] = [:]

    /// How fine the times are.
    public enum Resolution: Hashable, Sendable { case microseconds, nanoseconds }

    /// Creates the file, or empties it. The file header follows with the first packet.
    /// - Parameter resolution: nil for the interfaces' own: nanoseconds as soon as one of them counts finer than
    ///   microseconds.
    public init(path: String, resolution: Resolution? = .microseconds) throws(CaptureWriteError) {
        self.init(out: try BlockWriter(path: path), resolution: resolution)
    }

    private init(out: consuming BlockWriter, resolution: Resolution?) {
        self.out = out
        self.resolution = resolution
    }

    /// Writes to a descriptor from where it stands.
    public init(
        descriptor: FileDescriptor, name: String, closesDescriptor: Bool = false,
        resolution: Resolution? = .microseconds
    ) {
        out = BlockWriter(descriptor: descriptor, closesDescriptor: closesDescriptor, name: name)
        self.resolution = resolution
    }

    /// Whether the interface of this number was described.
    public func knows(interface number: Int) -> Bool { interfaces[number] != nil }

    /// Remembers the interface: the first packet's gives the file header its link type, snaplen and FCS length.
    public mutating func add(_ interface: CaptureInterface, as number: Int) throws(CaptureWriteError) {
        if interfaces[number] == nil { interfaces[number] = interface }
    }

    /// Writes one packet, before the first one the file header; comments and flags have no place here.
    /// - Throws: `CaptureWriteError` of kind `unsupported` for a second link type.
    public mutating func write(
        _ header: RecordHeader, bytes: RawSpan, comments: [String], flags: PacketFlags?
    ) throws(CaptureWriteError) {
        // Classic pcap has no place for records that are no packets.
        if header.kind != .packet { return }
        if linkType == nil { try writeFileHeader(header.linkType, interfaces[header.interface]) }
        if let linkType, header.linkType != linkType { throw otherLinkType(header.linkType, than: linkType) }
        let time = header.timestamp ?? .epoch
        out.append(UInt32(clamping: time.seconds))
        out.append(resolution == .nanoseconds ? time.nanoseconds : time.nanoseconds / 1000)
        out.append(UInt32(clamping: bytes.byteCount))
        out.append(UInt32(clamping: header.wireLength))
        out.append(bytes)
        try out.endRecord()
    }

    /// Hands everything so far to the system.
    public mutating func flush() throws(CaptureWriteError) { try out.flush() }

    /// Flushes and closes. Without a single packet the file header is that of the first interface, or of Ethernet,
    /// so that the file is a capture.
    public mutating func finish(statistics: [InterfaceStatistics]) throws(CaptureWriteError) {
        if linkType == nil {
            let first = interfaces.min { $0.key < $1.key }?.value
            try writeFileHeader(first?.linkType ?? .ethernet, first)
        }
        try out.finish()
    }

    private mutating func writeFileHeader(_ linkType: LinkType, _ interface: CaptureInterface?)
        throws(CaptureWriteError)
    {
        // pcapng may have described an interface by any number; in pcap's header neither Wireshark nor this takes it.
        guard linkType.isReadInPcap else {
            throw CaptureWriteError(
                kind: .unsupported, file: out.name, recordsWritten: 0,
                message:
                    """
                    link type \(linkType.rawValue) is none that Wireshark and netprobe read in classic pcap: \
                    write pcapng
                    """
            )
        }
        self.linkType = linkType
        let finest = interfaces.values.map { $0.resolution.unitsPerSecond ?? .max }.max() ?? .max
        if resolution == nil { resolution = finest <= 1_000_000 ? .microseconds : .nanoseconds }
        let snaplen = interface?.snaplen ?? 0
        out.append(resolution == .nanoseconds ? 0xa1b2_3c4d as UInt32 : 0xa1b2_c3d4)
        out.append(2 as UInt16)
        out.append(4 as UInt16)
        out.append(0 as UInt32)
        out.append(0 as UInt32)
        // tcpdump takes a snaplen of 0 for an empty packet; the largest packet says the same.
        out.append(snaplen == 0 ? UInt32(clamping: linkType.maximumCapturedLength) : snaplen)
        let fcs = interface?.fcsLength.map { UInt32(min($0 / 16, 15)) << 28 | 0x0400_0000 } ?? 0
        out.append(linkType.rawValue & 0xffff | fcs)
        try out.endFileHeader()
    }

    private func otherLinkType(_ other: LinkType, than linkType: LinkType) -> CaptureWriteError {
        CaptureWriteError(
            kind: .unsupported, file: out.name, recordsWritten: out.recordsAppended,
            message:
                """
                classic pcap holds one link type (\(linkType.rawValue)) and cannot take packets of link type \
                \(other.rawValue): write pcapng
                """
        )
    }
}
