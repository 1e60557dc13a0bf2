import Testing

@testable import Packets

/// SMTP, POP and IMAP.
@Suite struct MailTests {
    private func client(_ text: String, to port: UInt16) -> Application {
        Application(Array(text.utf8), over: .tcp, from: 40_000, to: port)
    }

    private func server(_ text: String, from port: UInt16) -> Application {
        Application(Array(text.utf8), over: .tcp, from: port, to: 40_000)
    }

    private func asks(_ packet: Application) -> Bool? { packet.dissection.layers.last?.asks(packet.record.rawSpan) }

    @Test func mailCommands() {
        let packet = client("MAIL FROM:<a@b.c>\r\nrcpt TO:<d@e.f>\r\nDATA\r\n", to: 25)
        #expect(packet.kinds == [.ipv4, .tcp, .smtp])
        #expect(packet.values("smtp.req") == ["1", "1", "1"])
        #expect(packet.values("smtp.req.command") == ["MAIL", "rcpt", "DATA"])
        #expect(packet.values("smtp.req.parameter") == ["FROM:<a@b.c>", "TO:<d@e.f>"])
        #expect(packet.summary == "SMTP MAIL FROM:<a@b.c>")
        #expect(asks(packet) == true)
    }

    @Test func mailReplies() {
        let packet = server("250-mail.example\r\n250-SIZE 1000\r\n250 STARTTLS\r\n354 go\r\n", from: 25)
        #expect(packet.values("smtp.rsp") == ["1"])
        #expect(packet.values("smtp.response.code") == ["250", "354"])
        #expect(packet.values("smtp.rsp.parameter") == ["mail.example", "SIZE 1000", "STARTTLS", "go"])
        #expect(packet.summary == "SMTP 250-mail.example")
        #expect(asks(packet) == false)
    }

    /// A message may speak of mail, data and help; only commands are commands.
    @Test func messageTextIsNoCommand() {
        for text in ["Mail is here\r\nDATA\r\n", "Data follow\r\n", "Help me\r\n", "From: a@b.c\r\nQUIT\r\n", ".\r\n"] {
            let packet = client(text, to: 25)
            #expect(packet.values("smtp.req.command") == [])
            #expect(packet.summary == "SMTP message text or authentication")
            #expect(asks(packet) == nil)
        }
        #expect(client("DATA\r\nQUIT\r\n", to: 25).values("smtp.req.command") == ["DATA"])
    }

    @Test func postOffice() {
        let user = client("PASS secret word\r\n", to: 110)
        #expect(user.kinds == [.ipv4, .tcp, .pop])
        #expect(user.values("pop.request.command") == ["PASS"])
        #expect(user.values("pop.request.parameter") == ["secret word"])
        #expect(asks(user) == true)
        let list = server("+OK 2 messages\r\n1 100\r\n2 200\r\n.\r\n", from: 110)
        #expect(list.values("pop.response.indicator") == ["+OK"])
        #expect(list.values("pop.response.description") == ["2 messages"])
        #expect(list.summary == "POP +OK 2 messages")
        #expect(asks(list) == false)
        let text = server("userland\r\n", from: 110)
        #expect(text.values("pop.request") == [] && text.values("pop.response") == [])
        #expect(text.summary == "POP list or message text")
    }

    @Test func mailboxes() {
        let login = client("a001 uid fetch 1 (BODY)\r\n", to: 143)
        #expect(login.kinds == [.ipv4, .tcp, .imap])
        #expect(login.values("imap.isrequest") == ["1"])
        #expect(login.values("imap.request") == ["a001 uid fetch 1 (BODY)"])
        #expect(login.values("imap.request_tag") == ["a001"])
        #expect(login.values("imap.request.command") == ["fetch"])
        #expect(login.summary == "IMAP a001 uid fetch 1 (BODY)")
        #expect(asks(login) == true)
        let answer = server("* 3 EXISTS\r\na002 OK done\r\n", from: 143)
        #expect(answer.values("imap.isrequest") == ["0"])
        #expect(answer.values("imap.response") == ["a002 OK done"])
        #expect(answer.values("imap.response_tag") == ["a002"])
        #expect(answer.values("imap.response.status") == ["OK"])
        #expect(asks(answer) == false)
        #expect(server("+ idling\r\n", from: 143).values("imap.response_tag") == ["+"])
        #expect(client("DONE\r\n", to: 143).values("imap.request") == ["DONE"])
        let text = server("text in the middle\r\na OK\r\n", from: 143)
        #expect(text.values("imap.response") == [])
        #expect(text.summary == "IMAP literal or message text")
    }

    @Test func damage() {
        let reply = Array("250-mail.example\r\n250 STARTTLS\r\nMAIL FROM:<a>\r\n".utf8)
        #expect(Application.survivesDamage(reply, over: .tcp, from: 25, to: 40_000))
        #expect(Application.survivesDamage(Array("+OK 2\r\n".utf8), over: .tcp, from: 110, to: 40_000))
        #expect(
            Application.survivesDamage(Array("a UID FETCH 1\r\nb OK x\r\n".utf8), over: .tcp, from: 143, to: 40_000))
    }
}
