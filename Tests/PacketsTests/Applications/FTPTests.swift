import Testing

@testable import Packets

@Suite struct FTPTests {
    private func command(_ text: String) -> Application {
        Application(Array(text.utf8), over: .tcp, from: 40_000, to: 21)
    }

    private func reply(_ text: String) -> Application {
        Application(Array(text.utf8), over: .tcp, from: 21, to: 40_000)
    }

    @Test func commandAndReply() {
        let user = command("USER anonymous\r\n")
        #expect(user.kinds == [.ipv4, .tcp, .ftp])
        #expect(user.values("ftp.request") == ["1"])
        #expect(user.values("ftp.request.command") == ["USER"])
        #expect(user.values("ftp.request.arg") == ["anonymous"])
        #expect(user.values("ftp.response") == ["0"])
        #expect(user.summary == "FTP USER anonymous")
        #expect(user.dissection.layers.last?.asks(user.record.rawSpan) == true)
        let answer = reply("331 Any password\r\n")
        #expect(answer.values("ftp.response.code") == ["331"])
        #expect(answer.values("ftp.response.arg") == ["Any password"])
        #expect(answer.values("ftp.request.command") == [])
        #expect(answer.summary == "FTP 331 Any password")
        #expect(answer.dissection.layers.last?.asks(answer.record.rawSpan) == false)
        // The first of several lines, and one that ends with the segment.
        #expect(reply("220-Welcome\r\n220 ready\r\n").values("ftp.response.arg") == ["Welcome"])
        #expect(reply("226").values("ftp.response.code") == ["226"])
    }

    @Test func addressesOfDataConnections() {
        let active = command("port 10,0,0,1,200,10\r\n")
        #expect(active.values("ftp.active.cip") == ["10.0.0.1"])
        #expect(active.values("ftp.active.port") == ["51210"])
        let passive = reply("227 Entering Passive Mode (10,0,0,2,100,5).\r\n")
        #expect(passive.values("ftp.passive.ip") == ["10.0.0.2"])
        #expect(passive.values("ftp.passive.port") == ["25605"])
        #expect(reply("229 Extended (|||6446|)\r\n").values("ftp.epsv.port") == ["6446"])
        // Numbers that are no bytes, too few of them, ports that do not exist.
        #expect(reply("227 (10,0,0,256,100,5)\r\n").values("ftp.passive.ip") == [])
        #expect(reply("227 (10,0,0,2,100)\r\n").values("ftp.passive.port") == [])
        #expect(reply("229 (|||70000|)\r\n").values("ftp.epsv.port") == [])
        #expect(reply("229 (|||6446").values("ftp.epsv.port") == [])
    }

    @Test func otherLinesHaveNoFields() {
        for text in [" SIZE\r\n", "6000 bytes\r\n", "hello\r\n", "\r\n", "22\r\n", "220x\r\n"] {
            let packet = reply(text)
            #expect(packet.kind == .ftp)
            #expect(packet.values("ftp.response") == [] && packet.values("ftp.request") == [])
            #expect(packet.summary == "FTP reply text")
        }
    }

    /// What is no text belongs to somebody else: TLS behind AUTH TLS.
    @Test func onlyTextIsFTP() {
        let hello: [UInt8] = [22, 3, 1, 0, 5, 1, 0, 0, 1, 0]
        #expect(Application(hello, over: .tcp, from: 40_000, to: 21).kind != .ftp)
    }

    @Test func damage() {
        let payload = Array("227 Entering Passive Mode (10,0,0,2,100,5).\r\n".utf8)
        #expect(Application.survivesDamage(payload, over: .tcp, from: 21, to: 40_000))
        #expect(Application.survivesDamage(Array("229 (|||6446|)".utf8), over: .tcp, from: 21, to: 40_000))
    }
}
