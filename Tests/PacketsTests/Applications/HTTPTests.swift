import Testing

@testable import Packets

@Suite struct HTTPTests {
    private func packet(_ text: String, port: UInt16 = 80) -> Application {
        Application(Array(text.utf8), over: .tcp, from: 40_000, to: port)
    }

    @Test func request() {
        let packet = packet(
            """
            GET /index.html?q=1 HTTP/1.1\r\nHOST: example.com\r\nuser-agent:  curl/8 \r\nX-Other: \
            a:b\r\n\r\nbody: no\r\n
            """
        )
        #expect(packet.kind == .http)
        #expect(packet.values("http.request.method") == ["GET"])
        #expect(packet.values("http.request.uri") == ["/index.html?q=1"])
        #expect(packet.values("http.request.version") == ["HTTP/1.1"])
        #expect(packet.values("http.host") == ["example.com"])
        #expect(packet.values("http.user_agent") == ["curl/8"])
        #expect(packet.values("http.request.line").count == 3)
        #expect(packet.values("http.response.code") == [])
        #expect(packet.summary == "HTTP GET /index.html?q=1 HTTP/1.1")
    }

    @Test func response() {
        let packet = packet("HTTP/1.1 404 Not Found\nContent-Length: 12\nSet-Cookie: a\nSet-Cookie: b\n\n", port: 8080)
        #expect(packet.values("http.response.code") == ["404"])
        #expect(packet.values("http.response.phrase") == ["Not Found"])
        #expect(packet.values("http.content_length") == ["12"])
        #expect(packet.values("http.set_cookie") == ["a", "b"])
        #expect(packet.summary == "HTTP/1.1 404 Not Found")
    }

    @Test func targets() {
        let packet = packet("GET /a?b=c&&d HTTP/1.1\r\nHost: example.com\r\n\r\n")
        #expect(packet.values("http.request.uri.path") == ["/a"])
        #expect(packet.values("http.request.uri.query") == ["b=c&&d"])
        #expect(packet.values("http.request.uri.query.parameter") == ["b=c", "d"])
        #expect(packet.values("http.request.full_uri") == ["http://example.com/a?b=c&&d"])
        let proxied = self.packet("GET HTTPS://x/y? HTTP/1.1\r\nHost: example.com\r\n\r\n")
        #expect(proxied.values("http.request.full_uri") == ["HTTPS://x/y?"])
        #expect(proxied.values("http.request.uri.query") == [])
        #expect(
            self.packet("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n").values("http.request.full_uri") == ["h:443"])
        #expect(self.packet("GET / HTTP/1.0\r\n\r\n").values("http.request.full_uri") == [])
        #expect(self.packet("HTTP/1.1 404 Gone fishing\r\n\r\n").values("http.response.code.desc") == ["Not Found"])
        #expect(self.packet("HTTP/1.1 104 X\r\n\r\n").values("http.response.code.desc") == [])
    }

    @Test func segments() {
        // Cut in the middle of a line, and begun in the middle of a body.
        #expect(packet("GET /index.html HTTP/1.1\r\nHost: exam").values("http.host") == ["exam"])
        #expect(packet("GET /index.html HTTP/1.1").summary == "HTTP GET /index.html HTTP/1.1")
        #expect(packet("<p>and so on").summary == "HTTP continuation")
        #expect(packet("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").values("http.request.method") == [])
    }

    @Test func discovery() {
        let search = Application(
            Array("M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\n\r\n".utf8), over: .udp, from: 40_000, to: 1900)
        #expect(search.kind == .ssdp)
        #expect(search.values("http.request.method") == ["M-SEARCH"])
        #expect(search.summary == "SSDP M-SEARCH * HTTP/1.1")
        #expect(Application([1, 2, 3], over: .udp, from: 1900, to: 40_000).summary == "SSDP, not HTTP")
    }

    @Test func byContent() {
        #expect(packet("GET / HTTP/1.0\r\n\r\n", port: 40_001).kind == .http)
        #expect(packet("HTTP/1.1 200 OK\r\n", port: 40_001).kind == .http)
        #expect(packet("GET / HTTP/1.0", port: 40_001).kind == .tcp)
        #expect(packet("HELLO world\r\n", port: 40_001).kind == .tcp)
        #expect(packet("", port: 80).kind == .tcp)
    }

    @Test func escaped() {
        #expect(packet("GET /\u{1b}[2J\u{202e} HTTP/1.1\r\n").summary == "HTTP GET /\\x1b[2J\\xe2\\x80\\xae HTTP/1.1")
        let long = packet("GET /" + String(repeating: "é", count: 4_000) + " HTTP/1.1\r\n")
        #expect(long.summary.utf8.count < 300)
        #expect(long.summary.contains("…"))
        #expect(long.readEverything())
    }
}
