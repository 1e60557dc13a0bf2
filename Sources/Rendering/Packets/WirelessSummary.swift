import Addressing
import Packets

/// What a line says of an 802.11 frame that carries no packet: which kind, from whom to whom, and of beacons and the like the network's
/// name (IEEE 802.11 section 9.3).
enum WirelessSummary {
    static func write(_ frame: borrowing WirelessFrame, to out: inout OutputBuffer) {
        let bytes = frame.bytes
        // Receiver, and where the frame is long enough for it the transmitter.
        if bytes.byteCount >= 16, frame.type != 1 || hasTransmitter(frame.subtype) {
            bytes.macAddress(at: 10).write(to: &out)
            out.append(" > ")
        }
        if bytes.byteCount >= 10 {
            bytes.macAddress(at: 4).write(to: &out)
            out.append(ascii: 32)
        }
        out.append("802.11 ")
        writeName(frame.type, frame.subtype, &out)
        if frame.type == 0, let name = networkName(frame) {
            out.append(" SSID \"")
            out.append(escaping: bytes.extracting(name))
            out.append(ascii: 34)
        }
    }

    /// CTS and ACK name the receiver alone.
    private static func hasTransmitter(_ subtype: UInt8) -> Bool { subtype != 12 && subtype != 13 }

    /// The SSID element (number 0) of beacons, probes and requests to associate; nil where there is none, or a hidden one.
    private static func networkName(_ frame: borrowing WirelessFrame) -> Range<Int>? {
        var position: Int
        switch frame.subtype {
        case 0: position = 24 + 4
        case 2: position = 24 + 10
        case 4: position = 24
        case 5, 8: position = 24 + 12
        default: return nil
        }
        guard !frame.isProtected else { return nil }
        while position &+ 2 <= frame.bytes.byteCount {
            let length = Int(frame.bytes.uint8(at: position &+ 1))
            let end = position &+ 2 &+ length
            guard end <= frame.bytes.byteCount else { return nil }
            if frame.bytes.uint8(at: position) == 0 { return length > 0 ? position &+ 2..<end : nil }
            position = end
        }
        return nil
    }

    private static func writeName(_ type: UInt8, _ subtype: UInt8, _ out: inout OutputBuffer) {
        switch (type, subtype) {
        case (0, 0): out.append("association request")
        case (0, 1): out.append("association response")
        case (0, 2): out.append("reassociation request")
        case (0, 3): out.append("reassociation response")
        case (0, 4): out.append("probe request")
        case (0, 5): out.append("probe response")
        case (0, 8): out.append("beacon")
        case (0, 9): out.append("ATIM")
        case (0, 10): out.append("disassociation")
        case (0, 11): out.append("authentication")
        case (0, 12): out.append("deauthentication")
        case (0, 13), (0, 14): out.append("action")
        case (1, 7): out.append("control wrapper")
        case (1, 8): out.append("block ACK request")
        case (1, 9): out.append("block ACK")
        case (1, 10): out.append("PS-Poll")
        case (1, 11): out.append("RTS")
        case (1, 12): out.append("CTS")
        case (1, 13): out.append("ACK")
        case (1, 14): out.append("CF-End")
        case (2, 4), (2, 12): out.append("null data")
        case (2, _): out.append("data")
        default:
            out.append("type ")
            out.append(decimal: UInt64(type))
            out.append(" subtype ")
            out.append(decimal: UInt64(subtype))
        }
    }
}
