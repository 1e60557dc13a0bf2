import Addressing
import Conversations
import Packets
import Text

/// What the options of a SYN offer, and what both ends agree on.
extension HandshakeCard {
    static func writeOffer(_ packet: ObservedPacket, _ out: inout OutputBuffer) {
        guard let header = packet.tcp else { return }
        if packet.isMalformed {
            return out.append(
                "         malformed: its header length cannot be right, so options and data are not known\n")
        }
        let offer = Handshake.Offer(packet)
        guard offer.isWhole else {
            var words = ["window \(header.window) (never scaled in a SYN)"]
            if let size = offer.maximumSegmentSize { words.append("MSS \(size)") }
            if let shift = offer.windowScale { words.append("window scale \(shift) (×\(scale(shift)))") }
            if offer.sackPermitted { words.append("SACK permitted") }
            if offer.timestamps { words.append("timestamps") }
            out.append(
                text: "         offers \(words.joined(separator: ", ")), and what the capture cut off of its options\n")
            return
        }
        var words = [
            offer.maximumSegmentSize.map { "MSS \($0)" }
                ?? """
                no MSS (\(Handshake.standardSegmentSize(of: packet.source.address)) is \
                assumed, RFC 9293 section 3.7.1)
                """
        ]
        words.append("window \(header.window) (never scaled in a SYN)")
        words.append(offer.windowScale.map { "window scale \($0) (×\(scale($0)))" } ?? "no window scale")
        words.append(offer.sackPermitted ? "SACK permitted" : "no SACK")
        words.append(offer.timestamps ? "timestamps" : "no timestamps")
        out.append(text: "         offers \(words.joined(separator: ", "))\n")
    }

    static func writeAgreement(_ handshake: Handshake, _ out: inout OutputBuffer) {
        guard handshake.synACK != nil, handshake.syn != nil else { return }
        let isKnown = handshake.clientOffer?.isWhole == true && handshake.serverOffer?.isWhole == true
        func yes(_ agreed: Bool) -> String { agreed ? "yes" : isKnown ? "no" : "not known" }
        out.append(
            text:
                """
                Agreed: window scaling \(yes(handshake.windowScaling)), SACK \(yes(handshake.sack)), \
                timestamps \(yes(handshake.timestamps))\n
                """
        )
    }

    /// RFC 7323 section 2.3: a shift above 14 counts as 14.
    private static func scale(_ shift: UInt8) -> Int { 1 << Int(min(shift, 14)) }

    static func scaled(_ window: UInt16, _ handshake: Handshake) -> String {
        guard handshake.windowScaling, let shift = handshake.clientOffer?.windowScale, shift > 0 else {
            return " bytes"
        }
        return " × \(scale(shift)) = \(Int(window) * scale(shift)) bytes"
    }
}
