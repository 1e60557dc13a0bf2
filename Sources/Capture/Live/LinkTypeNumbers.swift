import CPcap
import Packets

/// libpcap's DLT_ numbers of this system and the LINKTYPE_ numbers of files are the same but for a few that
/// systems had numbered differently before (pcap/dlt.h, https://www.tcpdump.org/linktypes.html).
extension LinkType {
    init(dlt: Int32) {
        switch dlt {
        case DLT_RAW: self = .raw
        case DLT_ATM_RFC1483: self.init(rawValue: 100)
        case DLT_SLIP_BSDOS: self.init(rawValue: 102)
        case DLT_PPP_BSDOS: self.init(rawValue: 103)
        default: self.init(rawValue: UInt32(clamping: dlt))
        }
    }

    var dlt: Int32 {
        switch rawValue {
        case LinkType.raw.rawValue, LinkType.rawDLT.rawValue, LinkType.rawOpenBSD.rawValue: DLT_RAW
        case 100: DLT_ATM_RFC1483
        case 102: DLT_SLIP_BSDOS
        case 103: DLT_PPP_BSDOS
        default: Int32(clamping: rawValue)
        }
    }
}
