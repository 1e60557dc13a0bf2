import Testing

@testable import Packets

@Suite struct SYSLOGTests {
    private func message(_ text: String) -> Application {
        Application(Array(text.utf8), over: .udp, from: 40_000, to: 514)
    }

    @Test func formOfBSD() {
        let packet = message("<34>Oct 11 22:14:15 mymachine su: failed for x")
        #expect(packet.kinds == [.ipv4, .udp, .syslog])
        #expect(packet.values("syslog.facility") == ["4"])
        #expect(packet.values("syslog.level") == ["2"])
        #expect(packet.values("syslog.msg") == ["Oct 11 22:14:15 mymachine su: failed for x"])
        #expect(packet.values("syslog.timestamp_rfc3164") == ["Oct 11 22:14:15"])
        #expect(packet.values("syslog.hostname") == ["mymachine"])
        #expect(packet.values("syslog.procid") == ["su"])
        #expect(packet.summary == "SYSLOG critical \"Oct 11 22:14:15 mymachine su: failed for x\"")
    }

    @Test func formOfRFC5424() {
        let packet = message("<165>1 2003-10-11T22:14:15.003Z host.example evntslog 12 ID47 - hello")
        #expect(packet.values("syslog.version") == ["1"])
        #expect(packet.values("syslog.hostname") == ["host.example"])
        #expect(packet.values("syslog.appname") == ["evntslog"])
        #expect(packet.values("syslog.procid") == ["12"])
        #expect(packet.values("syslog.timestamp_rfc3164") == [])
    }

    @Test func prioritiesThatCannotBe() {
        for text in ["no priority", "<>x", "<192>x", "<1234>x", "<12", "<a>x", "<"] {
            #expect(message(text).kind == .udp, "\(text)")
        }
        #expect(message("<0>").values("syslog.level") == ["0"])
        let whole = Array("<34>Oct 11 22:14:15 mymachine su[1]: x".utf8)
        #expect(Application.survivesDamage(whole, over: .udp, from: 40_000, to: 514))
        #expect(Application.survivesDamage(Array("<34>1 - h a p".utf8), over: .udp, from: 40_000, to: 514))
    }
}
