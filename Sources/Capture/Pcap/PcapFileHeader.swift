import Packets

/// The variants of the classic capture file. What differs is the magic number, the unit of the fraction of a second
/// and what stands behind the four common fields of a record header.
///
///     0        4        8        12       16
///     +--------+--------+--------+--------+ - - - - - - -+- - - - -
///     | seconds| part   |captured| on wire| variant's own| data …
///     +--------+--------+--------+--------+ - - - - - - -+- - - - -
///
/// draft-ietf-opsawg-pcap; libpcap's sf-pcap.c and Wireshark's wiretap/libpcap.c tell of the others.
public enum PcapVariant: Hashable, Sendable {
    /// Microseconds, 0xa1b2c3d4.
    case microseconds
    /// Nanoseconds, 0xa1b23c4d.
    case nanoseconds
    /// Alexey Kuznetzov's patch of 1999-04-17 (Red Hat 6.1): the usual magic number, 24-byte record headers.
    case patched1999April
    /// His patch of 1999-10-29: 0xa1b2cd34, 24-byte record headers.
    case patched1999October
    /// His patch of 1999-09-15 (SuSE 6.3): 0xa1b2cd34, 28-byte record headers.
    case patched1999September
    /// Nokia IPSO: the usual magic number, 20-byte record headers.
    case nokia
    /// AIX: the usual magic number and version 2.2, nanoseconds, interface types for link types.
    case aix
    /// IXIA's hardware captures, 0x1c0001ac: nanoseconds, a longer file header.
    case ixiaHardware
    /// IXIA's software captures, 0x1c0001ab: microseconds, a longer file header.
    case ixiaSoftware

    /// Bytes before the packet's own.
    var recordHeaderLength: Int {
        switch self {
        case .microseconds, .nanoseconds, .aix, .ixiaHardware, .ixiaSoftware: 16
        case .nokia: 20
        case .patched1999April, .patched1999October: 24
        case .patched1999September: 28
        }
    }

    /// What the variant's time stamps count in.
    public var resolution: TimestampResolution {
        switch self {
        case .nanoseconds, .aix, .ixiaHardware: .nanoseconds
        default: .microseconds
        }
    }
}

/// The file header of classic pcap.
///
///     magic (4) | major (2) | minor (2) | zone (4) | accuracy (4) | snaplen (4) | FCS and link type (4)
struct PcapFileHeader {
    /// Which order captured length and length on the wire stand in: version 2.3 interchanged them.
    enum LengthOrder { case capturedFirst, wireFirst, unsure }

    struct Magic {
        let variant: PcapVariant
        let bigEndian: Bool
    }

    var bigEndian = false
    var recordHeaderLength = 16
    var nanosecondsPerUnit: UInt64 = 1000
    var lengthOrder = LengthOrder.capturedFirst
    /// Bytes before each packet that are none of its own (AIX puts three before FDDI frames).
    var padding = 0
    var snaplen: UInt32 = 0
    var linkType = LinkType.ethernet
    var maximumLength = 262_144

    /// What a magic number (read in network byte order) says, or `nil` for another kind of file.
    static func magic(_ value: UInt32) -> Magic? {
        for bigEndian in [true, false] {
            switch bigEndian ? value : value.byteSwapped {
            case 0xa1b2_c3d4: return Magic(variant: .microseconds, bigEndian: bigEndian)
            case 0xa1b2_3c4d: return Magic(variant: .nanoseconds, bigEndian: bigEndian)
            case 0xa1b2_cd34: return Magic(variant: .patched1999October, bigEndian: bigEndian)
            case 0x1c00_01ac: return Magic(variant: .ixiaHardware, bigEndian: bigEndian)
            case 0x1c00_01ab: return Magic(variant: .ixiaSoftware, bigEndian: bigEndian)
            default: break
            }
        }
        return nil
    }
}
