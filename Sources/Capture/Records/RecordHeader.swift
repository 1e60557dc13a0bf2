import Addressing
import Packets

/// What a capture says about one packet, apart from its bytes. A plain value: the reader hands out one per packet.
public struct RecordHeader: Hashable, Sendable {
    /// What the record is. Wireshark counts all of these as frames, so they are numbered here, too.
    public enum Kind: UInt8, Hashable, Sendable {
        case packet
        /// A pcapng Custom Block: its bytes are those behind the enterprise number.
        case customBlock
        /// A pcapng systemd Journal Export Block: its bytes are one entry of a journal.
        case journalEntry
    }

    /// Whether it is a packet, or one of the records that are none.
    public var kind: Kind
    /// The packet's number in the file or the live capture, from 1.
    public var number: Int
    /// When the packet was captured. Simple Packet Blocks of pcapng carry no time (tshark leaves `frame.time_epoch`
    /// empty for them), so there is none here either.
    public var timestamp: Timestamp?
    /// Bytes that were kept (the snaplen may have cut the packet).
    public var capturedLength: Int
    /// Bytes that the packet had on the wire. Damaged or odd files have less than `capturedLength`; it is shown as
    /// found.
    public var wireLength: Int
    /// Index into the reader's `interfaces`, counted over the whole file (pcapng counts anew in each section).
    public var interface: Int
    /// What the packet starts with; `LinkType.notAPacket` for the other kinds of record.
    public var linkType: LinkType
    /// Where the record starts in the file; in a compressed file, where it starts in the unpacked data.
    public var fileOffset: UInt64
    /// Index into the reader's `sections`; always 0 outside pcapng.
    public var section: Int

    /// Of no packet: what stands where none was read yet.
    public static var none: RecordHeader {
        RecordHeader(number: 0, timestamp: nil, capturedLength: 0, wireLength: 0, linkType: .ethernet)
    }

    /// The header of one record; lengths in bytes.
    @inlinable
    public init(
        number: Int, timestamp: Timestamp?, capturedLength: Int, wireLength: Int, interface: Int = 0,
        linkType: LinkType, fileOffset: UInt64 = 0, section: Int = 0, kind: Kind = .packet
    ) {
        self.number = number
        self.timestamp = timestamp
        self.capturedLength = capturedLength
        self.wireLength = wireLength
        self.interface = interface
        self.linkType = linkType
        self.fileOffset = fileOffset
        self.section = section
        self.kind = kind
    }
}
