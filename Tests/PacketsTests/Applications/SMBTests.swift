import Testing

@testable import Packets

@Suite struct SMBTests {
    /// A header: command, status, flags, and where the next one begins.
    private static func header(_ command: UInt8, status: UInt8 = 0, flags: UInt8 = 0, next: UInt8 = 0) -> [UInt8] {
        joined(
            [0xfe, 0x53, 0x4d, 0x42, 64, 0, 1, 0, status, 0, 0, status > 0 ? 0xc0 : 0, command, 0, 33, 0],
            [flags, 0, 0, 0, next, 0, 0, 0], [5, 0, 0, 0, 0, 0, 0, 0], [0xff, 0xfe, 0, 0, 7, 0, 0, 0],
            [9, 0, 0, 0, 0, 4, 0, 0], bytes(0, 16))
    }

    private static func session(_ block: [UInt8]) -> [UInt8] { joined([0, 0, 0, UInt8(block.count)], block) }

    private func segment(_ payload: [UInt8]) -> Application {
        Application(payload, over: .tcp, from: 445, to: 40_000)
    }

    @Test func answer() {
        let packet = segment(Self.session(joined(Self.header(5, status: 0x22, flags: 1), [9, 0])))
        #expect(packet.kinds == [.ipv4, .tcp, .nbss, .smb2])
        #expect(packet.values("nbss.type") == ["0x00"] && packet.values("nbss.length") == ["66"])
        #expect(packet.values("smb2.cmd") == ["5"])
        #expect(packet.values("smb2.nt_status") == ["0xc0000022"])
        #expect(packet.values("smb2.credits.granted") == ["33"] && packet.values("smb2.credits.requested") == [])
        #expect(packet.values("smb2.msg_id") == ["5"])
        #expect(packet.values("smb2.pid") == ["0x0000feff"] && packet.values("smb2.tid") == ["0x00000007"])
        #expect(packet.values("smb2.sesid") == ["0x0000040000000009"])
        #expect(packet.summary == "SMB2 Create response STATUS_ACCESS_DENIED")
        #expect(packet.dissection.layers.last?.asks(packet.record.rawSpan) == false)
    }

    @Test func severalCommands() {
        let packet = segment(Self.session(joined(Self.header(5, next: 64), Self.header(6))))
        #expect(packet.values("smb2.cmd") == ["5", "6"])
        #expect(packet.values("smb2.nt_status") == [])
        #expect(packet.summary == "SMB2 Create request, Close request")
    }

    @Test func sessionsAndDamage() {
        let alive = segment([0x85, 0, 0, 0])
        #expect(alive.kinds == [.ipv4, .tcp, .nbss])
        #expect(alive.summary == "NBSS Session keep-alive")
        // The middle of a block, a header cut short, a next command inside of this one or beyond the end.
        #expect(segment([0, 0, 0, 4, 1, 2, 3, 4]).kind == .tcp)
        #expect(segment(Self.session(Array(Self.header(5).prefix(20)))).dissection.stop != .complete)
        #expect(segment(Self.session(Self.header(5, next: 8))).values("smb2.cmd") == ["5"])
        #expect(segment(Self.session(Self.header(5, next: 200))).values("smb2.cmd") == ["5"])
        let whole = Self.session(joined(Self.header(5, next: 64), Self.header(6)))
        #expect(Application.survivesDamage(whole, over: .tcp, from: 445, to: 40_000))
    }
}
