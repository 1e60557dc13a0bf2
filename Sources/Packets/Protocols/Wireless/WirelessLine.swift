import Addressing
import Text

/// What a line says of an 802.11 frame that carries no packet: which kind, from whom to whom, and of beacons and the
/// like the network's name (IEEE 802.11 section 9.3).
enum WirelessLine {
    static let form = LineForm.frame(needs: WirelessFrame.minimumLength) { layer, record, out in
        if let frame = try? WirelessFrame(record.extracting(layer.range)) { write(frame, to: &out) }
    }

    private static func write(_ frame: borrowing WirelessFrame, to out: inout OutputBuffer) {
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
        if let name = frame.networkName {
            out.append(" SSID \"")
            out.append(escaping: bytes.extracting(name))
            out.append(ascii: 34)
        }
    }

    /// CTS and ACK name the receiver alone.
    private static func hasTransmitter(_ subtype: UInt8) -> Bool { subtype != 12 && subtype != 13 }

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
