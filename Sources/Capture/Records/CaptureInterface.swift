import Packets

/// An interface that packets of a capture came from: pcapng's Interface Description Block. Classic pcap has one,
/// of which only the link type, the snaplen and the FCS length are known.
public struct CaptureInterface: Hashable, Sendable {
    /// What its packets begin with.
    public var linkType: LinkType
    /// The most bytes kept of a packet; 0 says that there was no limit.
    public var snaplen: UInt32
    /// The device's name (`if_name`).
    public var name: String?
    public var description: String?
    /// The capture filter in libpcap's language (`if_filter` code 0); compiled filters are not shown.
    public var filter: String?
    /// The system that the interface was on (`if_os`).
    public var operatingSystem: String?
    /// The interface's hardware (`if_hardware`).
    public var hardware: String?
    /// Bits a second, as the interface said.
    public var speed: UInt64?
    /// What its time stamps count in (`if_tsresol`).
    public var resolution: TimestampResolution
    /// `if_tsoffset`: seconds that were added to every timestamp of this interface on reading.
    public var timestampOffset: Int64
    /// Bits of frame check sequence at the end of each packet; `nil` when the file does not say.
    public var fcsLength: UInt8?
    /// The block's comments (`opt_comment`), in file order.
    public var comments: [String]
    /// The section (index into `sections`) and the number in that section, as `frame.interface_id` counts.
    public var section: Int
    /// Its number in that section, counted from 0.
    public var numberInSection: Int

    /// An interface; what is not known keeps its default.
    public init(
        linkType: LinkType, snaplen: UInt32 = 0, name: String? = nil, description: String? = nil, filter: String? = nil,
        operatingSystem: String? = nil, hardware: String? = nil, speed: UInt64? = nil,
        resolution: TimestampResolution = .nanoseconds, timestampOffset: Int64 = 0, fcsLength: UInt8? = nil,
        comments: [String] = [], section: Int = 0, numberInSection: Int = 0
    ) {
        self.linkType = linkType
        self.snaplen = snaplen
        self.name = name
        self.description = description
        self.filter = filter
        self.operatingSystem = operatingSystem
        self.hardware = hardware
        self.speed = speed
        self.resolution = resolution
        self.timestampOffset = timestampOffset
        self.fcsLength = fcsLength
        self.comments = comments
        self.section = section
        self.numberInSection = numberInSection
    }
}

/// A section of a pcapng file: its Section Header Block. Files joined with `cat` have several.
public struct CaptureSection: Hashable, Sendable {
    /// The machine's hardware (`shb_hardware`).
    public var hardware: String?
    /// The machine's system (`shb_os`).
    public var operatingSystem: String?
    /// The program that wrote the section (`shb_userappl`).
    public var application: String?
    /// The block's comments (`opt_comment`), in file order.
    public var comments: [String]
    /// The byte order of its numbers.
    public var isBigEndian: Bool
    /// Where its block begins, in bytes of the (unpacked) file.
    public var fileOffset: UInt64

    /// A section; what is not known keeps its default.
    public init(
        hardware: String? = nil, operatingSystem: String? = nil, application: String? = nil, comments: [String] = [],
        isBigEndian: Bool = false, fileOffset: UInt64 = 0
    ) {
        self.hardware = hardware
        self.operatingSystem = operatingSystem
        self.application = application
        self.comments = comments
        self.isBigEndian = isBigEndian
        self.fileOffset = fileOffset
    }
}
