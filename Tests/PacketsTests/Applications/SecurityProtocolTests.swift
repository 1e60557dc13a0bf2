import Addressing
import Testing

@testable import Packets

/// IKE, ESP with and without UDP, and WireGuard.
@Suite struct SecurityProtocolTests {
    private static let initialization: [UInt8] = joined(
        [1, 2, 3, 4, 5, 6, 7, 8], bytes(0, 8), [33, 0x20, 34, 8, 0, 0, 0, 0, 0, 0, 0, 48],
        [34, 0, 0, 8, 1, 2, 3, 4], [0, 0, 0, 12], bytes(7, 8))

    private func ike(_ bytes: [UInt8], port: UInt16 = 500) -> Application {
        Application(bytes, over: .udp, from: port, to: port)
    }

    @Test func keyExchange() {
        let packet = ike(Self.initialization)
        #expect(packet.kinds == [.ipv4, .udp, .isakmp])
        #expect(packet.values("isakmp.ispi") == ["0102030405060708"])
        #expect(packet.values("isakmp.nextpayload") == ["33"])
        #expect(packet.values("isakmp.version") == ["0x20"])
        #expect(packet.values("isakmp.exchangetype") == ["34"])
        #expect(packet.values("isakmp.flag_i") == ["1"] && packet.values("isakmp.flag_r") == ["0"])
        #expect(packet.values("isakmp.flag_e") == [])
        #expect(packet.values("isakmp.length") == ["48"])
        #expect(packet.values("isakmp.typepayload") == ["33", "34"])
        #expect(packet.values("isakmp.payloadlength") == ["8", "12"])
        #expect(packet.summary == "IKEv2 IKE_SA_INIT request 0")
        #expect(packet.dissection.layers.last?.asks(packet.record.rawSpan) == true)
    }

    /// What is encrypted has no payloads that could be told.
    @Test func encryptedKeyExchange() {
        var first = Self.initialization
        (first[17], first[18], first[19]) = (0x10, 32, 1)
        #expect(ike(first).values("isakmp.typepayload") == [])
        #expect(ike(first).summary == "IKEv1 Quick Mode")
        var second = Self.initialization
        (second[16], second[19]) = (46, 0x20)
        #expect(ike(second).values("isakmp.typepayload") == ["46"])
        #expect(ike(second).dissection.layers.last?.asks(ike(second).record.rawSpan) == false)
    }

    @Test func keyExchangeDamage() {
        var endless = Self.initialization
        endless[31] = 0
        #expect(ike(endless).values("isakmp.typepayload") == [])
        var other = Self.initialization
        other[17] = 0x70
        #expect(ike(other).kind == .udp)
        #expect(Application.survivesDamage(Self.initialization, over: .udp, from: 500, to: 500))
    }

    @Test func securityPayload() {
        let packet = Dissected(Sample.ipv4(.esp, joined([0, 0, 0, 10, 0, 0, 0, 5], bytes(1, 24))), .raw)
        #expect(packet.kinds == [.ipv4, .esp])
        #expect(packet.number("esp.spi") == 10 && packet.number("esp.sequence") == 5)
        #expect(packet.line == " ESP SPI 0xa, sequence 5")
        #expect(packet.dissection.data == nil)
        #expect(Dissected(Sample.ipv4(.esp, [0, 0, 0, 10]), .raw).stop != .complete)
    }

    @Test func throughATranslator() {
        let encrypted = ike([0, 0, 0, 10, 0, 0, 0, 5, 1, 2, 3, 4], port: 4500)
        #expect(encrypted.kinds == [.ipv4, .udp, .espInUDP, .esp])
        #expect(encrypted.values("esp.sequence") == ["5"])
        let exchange = ike(joined(bytes(0, 4), Self.initialization), port: 4500)
        #expect(exchange.kinds == [.ipv4, .udp, .espInUDP, .isakmp])
        #expect(exchange.values("isakmp.typepayload") == ["33", "34"])
        let alive = ike([0xff], port: 4500)
        #expect(alive.kinds == [.ipv4, .udp, .espInUDP])
        #expect(alive.summary == "NAT keep-alive")
        #expect(ike([1, 2], port: 4500).dissection.stop != .complete)
        #expect(Application.survivesDamage(joined(bytes(0, 4), Self.initialization), over: .udp, from: 4500, to: 4500))
    }

    private static let data: [UInt8] = joined([4, 0, 0, 0, 88, 0, 0, 0, 3], bytes(0, 7), bytes(9, 32))

    private func wireGuard(_ bytes: [UInt8], to port: UInt16 = 51820) -> Application {
        Application(bytes, over: .udp, from: 40_000, to: port)
    }

    @Test func tunnelOfWireGuard() {
        let start = wireGuard(joined([1, 0, 0, 0, 77, 0, 0, 0], bytes(3, 140)))
        #expect(start.kinds == [.ipv4, .udp, .wireGuard])
        #expect(start.values("wg.sender") == ["0x0000004d"])
        #expect(start.values("wg.mac1").count == 1 && start.values("wg.receiver") == [])
        #expect(start.summary == "WireGuard Handshake Initiation")
        let answer = wireGuard(joined([2, 0, 0, 0, 88, 0, 0, 0, 77, 0, 0, 0], bytes(3, 80)))
        #expect(answer.values("wg.sender") == ["0x00000058"] && answer.values("wg.receiver") == ["0x0000004d"])
        let data = wireGuard(Self.data, to: 9_999)
        #expect(data.values("wg.receiver") == ["0x00000058"] && data.values("wg.counter") == ["3"])
        #expect(data.summary == "WireGuard Transport Data 3")
        #expect(wireGuard(Array(Self.data.prefix(32))).summary == "WireGuard keep-alive 3")
    }

    /// Only messages as long as their type has them are WireGuard's.
    @Test func lengthsOfWireGuard() {
        #expect(wireGuard([1, 0, 0, 0, 77, 0, 0, 0]).kind == .udp)
        #expect(wireGuard(Self.data.dropLast()).kind == .udp)
        #expect(wireGuard(joined([5], Array(Self.data.dropFirst()))).kind == .udp)
        #expect(wireGuard(joined([4, 1], Array(Self.data.dropFirst(2)))).kind == .udp)
        #expect(Application.survivesDamage(Self.data, over: .udp, from: 40_000, to: 51820))
    }
}
