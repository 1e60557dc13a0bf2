import Addressing
import Packets

/// Block types of pcapng (draft-ietf-opsawg-pcapng, "Block Definitions"). Every block is
///
///     type (4) | total length (4) | body, padded to 4 | total length again (4)
enum BlockType {
    /// Reads the same in both byte orders, which is how a section can say its own.
    static let sectionHeader: UInt32 = 0x0a0d_0d0a
    static let interfaceDescription: UInt32 = 1
    /// The obsolete Packet Block.
    static let packet: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let nameResolution: UInt32 = 4
    static let interfaceStatistics: UInt32 = 5
    static let enhancedPacket: UInt32 = 6
    /// systemd Journal Export Block.
    static let journalEntry: UInt32 = 9
    static let decryptionSecrets: UInt32 = 10
    static let customCopied: UInt32 = 0xbad
    static let customNotCopied: UInt32 = 0x4000_0bad
}

enum OptionCode {
    static let end: UInt16 = 0
    static let comment: UInt16 = 1
    // Section Header Block.
    static let sectionHardware: UInt16 = 2
    static let sectionOS: UInt16 = 3
    static let sectionApplication: UInt16 = 4
    // Interface Description Block.
    static let interfaceName: UInt16 = 2
    static let interfaceDescription: UInt16 = 3
    static let interfaceSpeed: UInt16 = 8
    static let interfaceResolution: UInt16 = 9
    static let interfaceFilter: UInt16 = 11
    static let interfaceOS: UInt16 = 12
    static let interfaceFCSLength: UInt16 = 13
    static let interfaceOffset: UInt16 = 14
    static let interfaceHardware: UInt16 = 15
    // Packet blocks.
    static let packetFlags: UInt16 = 2
    static let packetDropCount: UInt16 = 4
    // Interface Statistics Block.
    static let statisticsStart: UInt16 = 2
    static let statisticsEnd: UInt16 = 3
    static let statisticsReceived: UInt16 = 4
    static let statisticsInterfaceDropped: UInt16 = 5
    static let statisticsAccepted: UInt16 = 6
    static let statisticsSystemDropped: UInt16 = 7
    static let statisticsDelivered: UInt16 = 8

    /// Whether an option begins with an enterprise number: text or bytes, to be copied or not.
    static func isCustom(_ code: UInt16) -> Bool { [2988, 2989, 19372, 19373].contains(code) }
}

enum PcapngLimits {
    /// The largest block: Wireshark's limit, a D-Bus message of 128 MiB with 128 KiB of options.
    static let block: UInt32 = 32 + 128 * 1024 * 1024 + 131_072
    /// The longest value of an option: its length field has 16 bits.
    static let option = 65_535
}

/// What the records of one interface of the current section need; the rest is in `CaptureInterface`.
struct SectionInterface {
    let linkType: LinkType
    let snaplen: UInt32
    let clock: InterfaceClock
    let maximumLength: Int
}

/// A name that a file gives to an address: a record of pcapng's Name Resolution Block.
public struct NamedAddress: Hashable, Sendable {
    /// The address that has the name.
    public var address: IPAddress
    /// The name; escape it before it goes to a terminal.
    public var name: String

    /// An address with its name.
    public init(address: IPAddress, name: String) {
        self.address = address
        self.name = name
    }
}
