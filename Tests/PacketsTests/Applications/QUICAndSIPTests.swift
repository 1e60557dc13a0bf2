import Testing

@testable import Packets

@Suite struct QUICAndSIPTests {
    private static let identifiers: [UInt8] = [8, 0, 1, 2, 3, 4, 5, 6, 7, 4, 0x61, 0x62, 0x63, 0x64]
    private static let initial: [UInt8] = joined(
        [0xc3, 0, 0, 0, 1], identifiers, [2, 0xaa, 0xbb], [0x40, 20], bytes(9, 20))
    private static let handshake: [UInt8] = joined([0xe3, 0, 0, 0, 1], identifiers, [10], bytes(8, 10))
    private static let short: [UInt8] = joined([0x45], bytes(7, 30))

    private func quic(_ payload: [UInt8], to port: UInt16 = 443) -> Application {
        Application(payload, over: .udp, from: 40_000, to: port)
    }

    @Test func packetsOfOneDatagram() {
        let packet = quic(joined(Self.initial, Self.handshake, Self.short))
        #expect(packet.kinds == [.ipv4, .udp, .quic])
        #expect(packet.values("quic.header_form") == ["1", "1", "0"])
        #expect(packet.values("quic.long.packet_type") == ["0", "2"])
        #expect(packet.values("quic.version") == ["0x00000001", "0x00000001"])
        #expect(packet.values("quic.dcid") == ["0001020304050607", "0001020304050607"])
        #expect(packet.values("quic.scid") == ["61626364", "61626364"])
        #expect(packet.values("quic.dcil") == ["8", "8"] && packet.values("quic.scil") == ["4", "4"])
        #expect(packet.values("quic.token") == ["aabb"] && packet.values("quic.token_length") == ["2"])
        #expect(packet.values("quic.length") == ["20", "10"])
        #expect(packet.values("quic.packet_length") == ["44", "30", "31"])
        #expect(
            packet.summary == "QUIC Initial to 0001020304050607 from 61626364, Handshake, protected payload")
        // Zeros fill up a client's first datagram.
        #expect(quic(joined(Self.initial, bytes(0, 100))).values("quic.header_form") == ["1"])
    }

    @Test func retryAndNegotiation() {
        let retry = quic(joined([0xf0, 0, 0, 0, 1], Self.identifiers, [1, 2, 3], bytes(5, 16)))
        #expect(retry.values("quic.retry_token") == ["010203"] && retry.values("quic.long.packet_type") == ["3"])
        let negotiation = quic(joined([0x80, 0, 0, 0, 0], Self.identifiers, [0, 0, 0, 1]), to: 9_999)
        #expect(negotiation.kind == .quic && negotiation.values("quic.long.packet_type") == [])
        #expect(negotiation.summary.hasPrefix("QUIC Version Negotiation"))
    }

    /// At another port only a long header of a known version tells.
    @Test func onlyQUICIsQUIC() {
        #expect(quic(Self.initial, to: 4433).kind == .quic)
        #expect(quic(Self.short, to: 4433).kind == .udp)
        #expect(quic(bytes(0x45, 5)).kind == .udp)
        #expect(quic(joined([0x05], bytes(7, 30))).kind == .udp)
        #expect(quic(joined([0xc3, 9, 9, 9, 9], Self.identifiers)).kind == .udp)
        #expect(quic(joined([0xc3, 0, 0, 0, 1, 21], bytes(1, 40))).kind == .udp)
        let all = joined(Self.initial, Self.handshake, Self.short)
        #expect(Application.survivesDamage(all, over: .udp, from: 40_000, to: 443))
    }

    private static let description = """
        v=0\r\no=alice 536 235 IN IP4 10.0.0.1\r\ns=Call\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\na=x\r\n\
        m=audio 49172/2 RTP/AVP 0 8\r\na=sendrecv\r\n
        """
    private static let invitation =
        "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1\r\nf: Alice <sip:alice@example.com>\r\n"
        + "To: <sip:bob@example.com>\r\nCall-ID: 12@h\r\nCSeq: 1 INVITE\r\n"
        + "c: application/sdp\r\nMax-Forwards: 70\r\n\r\n"

    private func sip(_ text: String, to port: UInt16 = 5060) -> Application {
        Application(Array(text.utf8), over: .udp, from: 40_000, to: port)
    }

    @Test func invitationWithDescription() {
        let packet = sip(Self.invitation + Self.description)
        #expect(packet.kinds == [.ipv4, .udp, .sip, .sdp])
        #expect(packet.values("sip.Request-Line") == ["INVITE sip:bob@example.com SIP/2.0"])
        #expect(packet.values("sip.Method") == ["INVITE"] && packet.values("sip.r-uri") == ["sip:bob@example.com"])
        #expect(packet.values("sip.From") == ["Alice <sip:alice@example.com>"])
        #expect(packet.values("sip.Call-ID") == ["12@h"] && packet.values("sip.CSeq") == ["1 INVITE"])
        #expect(packet.values("sip.Max-Forwards") == ["70"])
        #expect(packet.values("sdp.owner.address") == ["10.0.0.1"])
        #expect(packet.values("sdp.connection_info.address") == ["10.0.0.1"])
        #expect(packet.values("sdp.media") == ["audio 49172/2 RTP/AVP 0 8"])
        #expect(packet.values("sdp.media.port") == ["49172"])
        #expect(packet.values("sdp.session_attr") == ["x"] && packet.values("sdp.media_attr") == ["sendrecv"])
        #expect(packet.summary == "SDP audio 49172/2 RTP/AVP 0 8")
        let request = packet.dissection.layers.first { $0.kind == .sip }
        #expect(request?.asks(packet.record.rawSpan) == true)
    }

    @Test func answersAndWhatIsNone() {
        let answer = sip("SIP/2.0 180 Ringing\r\nContent-Length: 0\r\n\r\n", to: 7_000)
        #expect(answer.values("sip.Status-Code") == ["180"] && answer.values("sip.Content-Length") == ["0"])
        #expect(answer.summary == "SIP 180 Ringing")
        for text in ["\r\n\r\n", "INVITE sip:x HTTP/1.1\r\n", "SIP/2.0 18 Ringing\r\n", "invite sip:x SIP/2.0\r\n"] {
            #expect(sip(text).kind == .udp, "\(text)")
        }
        let whole = Array((Self.invitation + Self.description).utf8)
        #expect(Application.survivesDamage(whole, over: .udp, from: 40_000, to: 5060))
    }
}
