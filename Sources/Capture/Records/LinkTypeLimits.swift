import Packets

extension LinkType {
    /// The most bytes that a captured packet of this link type can have; longer ones are taken for damage, as libpcap
    /// (max_snaplen_for_dlt) and Wireshark (wtap_max_snaplen_for_encap) do.
    var maximumCapturedLength: Int {
        switch rawValue {
        // D-Bus, USB on Linux, USBPcap: messages of 128 MiB.
        case 231, 220, 249: 128 * 1024 * 1024
        // Elektrobit high speed capture and replay.
        case 279: 32 * 1024 * 1024
        default: 262_144
        }
    }

    /// Whether a pcap file of this link type is taken for one. Wireshark refuses files whose number it does not know,
    /// for that is where damage to a pcap file's header shows; these are the numbers that it does know (measured
    /// with 4.0) and those that were assigned since (https://www.tcpdump.org/linktypes.html). pcapng's header is
    /// checked in other ways, so there an unknown number is an interface of unknown packets.
    var isReadInPcap: Bool {
        switch rawValue {
        case 0...3, 6...14, 16, 18, 19, 32, 50, 51, 99...101, 104...109, 112...114, 117...119, 121...123, 127...131,
            133,
            135...144, 147...163, 165, 167, 169...173, 177...181, 183, 184, 186...190, 192, 195...197, 199...204,
            209...215,
            220, 224...231, 235...237, 239...243, 245, 248...256, 258...260, 264, 266, 268, 270...276, 279, 280, 283,
            287, 288, 290, 292...303:
            true
        default: false
        }
    }
}
