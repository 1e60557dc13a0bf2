import Addressing
import Conversations
import Packets
import TestSupport
import Testing
import Text

/// Messages over TCP, however they were cut into segments: through `PacketAnalyzer`, as every command reads them.
@Suite struct MessageReassemblyTests {
    /// The first two: what comes first begins within a body, and looks like a request.
    private static let seeds: [UInt64] =
        [8_991_846_562_331_466_761, 5_023_923_033_715_784_266] + (0..<40).map { _ in .random(in: .min ... .max) }

    // MARK: Any segmentation, order and repetition give the same messages

    @Test(arguments: seeds)
    func anySegmentationGivesTheSameRequests(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var sent: [UInt8] = []
        var targets: [String] = []
        for number in 0..<Int.random(in: 1...8, using: &generator) {
            let (target, message) = request(number, &generator)
            targets.append(target)
            sent += message
        }
        let exchange = TCPExchange(port: 80).cut(sent, &generator)
        #expect(try exchange.texts("http.request.uri") == targets, "seed \(seed)")
    }

    @Test(arguments: seeds)
    func anySegmentationGivesTheSameQuestions(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var sent: [UInt8] = []
        var identifiers: [String] = []
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let identifier = UInt16.random(in: .min ... .max, using: &generator)
            identifiers.append("0x" + String(0x10000 + Int(identifier), radix: 16).dropFirst())
            sent += question(identifier)
        }
        let exchange = TCPExchange(port: 53).cut(sent, &generator)
        #expect(try exchange.texts("dns.id") == identifiers, "seed \(seed)")
    }

    @Test(arguments: seeds)
    func anySegmentationGivesTheSameRecords(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var sent: [UInt8] = []
        var lengths: [String] = []
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let length = Int.random(in: 1...3000, using: &generator)
            lengths.append("\(length)")
            let content = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            sent += [23, 3, 3, UInt8(length >> 8), UInt8(length & 0xff)] + content
        }
        let exchange = TCPExchange(port: 443).cut(sent, &generator)
        #expect(try exchange.texts("tls.record.length") == lengths, "seed \(seed)")
    }

    // MARK: HTTP's messages end where RFC 9112 section 6.3 says

    @Test func aBodyThatLooksLikeARequestIsNone() throws {
        let body = "GET /evil HTTP/1.1\r\nHost: a.test\r\n\r\n"
        var exchange = TCPExchange(port: 80)
        exchange.send("POST /u HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
        exchange.send(body)
        exchange.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(try exchange.texts("http.request.uri") == ["/u"])
        #expect(try exchange.texts("http.request_in") == ["3"])
        #expect(try exchange.texts("tcp.segment") == ["2", "3"])
        #expect(try exchange.texts("tcp.reassembled.length") == ["\(40 + body.utf8.count)"])
    }

    @Test func pipelinedRequestsAreEachAMessage() throws {
        var exchange = TCPExchange(port: 80)
        exchange.send((0...2).map { "GET /\($0) HTTP/1.1\r\nHost: a.test\r\n\r\n" }.joined())
        exchange.answer(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
                + "HTTP/1.1 204 No Content\r\n\r\n")
        #expect(try exchange.texts("http.request.uri") == ["/0", "/1", "/2"])
        #expect(try exchange.texts("http.response.code") == ["200", "404", "204"])
    }

    @Test(arguments: [
        ("HEAD / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"),
        ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n"),
        ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
        (
            "GET / HTTP/1.1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n0\r\nT: 1\r\n\r\n"
        ),
    ])
    func theNextAnswerIsFoundBehind(request: String, answer: String) throws {
        var exchange = TCPExchange(port: 80)
        exchange.send(request + "GET /next HTTP/1.1\r\n\r\n")
        exchange.answer(answer + "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
        #expect(try exchange.texts("http.response.code").last == "410")
    }

    @Test func aTunnelCarriesAnotherProtocol() throws {
        var exchange = TCPExchange(port: 8080)
        exchange.send("CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n")
        exchange.answer("HTTP/1.1 200 Connection established\r\n\r\n")
        exchange.send(bytes: [22, 3, 1, 0, 12, 1, 0, 0, 8, 3, 3, 0, 0, 0, 0, 0, 0])
        #expect(try exchange.texts("tls.handshake.type") == ["1"])
        #expect(try exchange.texts("http.request.method") == ["CONNECT"])
    }

    @Test func anAnswerWithoutLengthEndsWithTheConnection() throws {
        var exchange = TCPExchange(port: 80)
        exchange.send("GET / HTTP/1.1\r\n\r\n")
        exchange.answer("HTTP/1.1 200 OK\r\n\r\nfirst ")
        exchange.answer("second")
        exchange.answer("", flags: [.fin, .ack])
        #expect(try exchange.perPacket("http.response.code") == [[], [], [], [], ["200"]])
        #expect(try exchange.texts("tcp.segment") == ["3", "4"])
    }

    // MARK: A handshake message may span records (RFC 8446 section 5.1)

    @Test(arguments: [1, 3, 4, 20, 60])
    func aHelloInSeveralRecordsIsOneMessage(size: Int) throws {
        let hello = clientHello(serverName: "frag.example.test")
        var records: [UInt8] = []
        for start in stride(from: 0, to: hello.count, by: size) {
            let part = hello[start..<min(hello.count, start + size)]
            records += [22, 3, 1, 0, UInt8(part.count)] + part
        }
        var exchange = TCPExchange(port: 443)
        exchange.send(bytes: records)
        #expect(try exchange.texts("tls.handshake.type") == ["1"])
        #expect(try exchange.texts("tls.handshake.extensions_server_name") == ["frag.example.test"])
        var cut = TCPExchange(port: 443)
        cut.send(bytes: Array(records.prefix(records.count / 2)))
        cut.send(bytes: Array(records.dropFirst(records.count / 2)))
        #expect(try cut.perPacket("tls.handshake.extensions_server_name") == [[], [], ["frag.example.test"]])
    }

    @Test func encryptedHandshakesAreNoHellos() throws {
        var exchange = TCPExchange(port: 443)
        for first in UInt8.min ... .max {
            exchange.send(bytes: [22, 3, 3, 0, 40, first, 0, 9] + [UInt8](repeating: 0x5a, count: 37))
        }
        #expect(try exchange.texts("tls.record.length").count == 256, "none waits for another")
    }

    // MARK: HTTP/2

    @Test func framesOfHTTP2AreToldApart() throws {
        let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        let settings: [UInt8] = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0]
        let headers: [UInt8] = [0, 0, 3, 1, 5, 0, 0, 0, 1, 0x82, 0x86, 0x84]
        let sent = preface + settings + headers
        var exchange = TCPExchange(port: 8080)
        exchange.send(bytes: Array(sent.prefix(40)))
        exchange.send(bytes: Array(sent.dropFirst(40)))
        #expect(try exchange.perPacket("http2.type") == [[], ["4"], ["1"]])
        #expect(try exchange.texts("http2.settings.initial_window_size") == ["65536"])
        #expect(try exchange.texts("http2.streamid") == ["0", "1"])
        #expect(try exchange.texts("http") == [], "a preface continues no message of HTTP/1")
    }

    // MARK: What is missing invents nothing

    @Test func aLengthApartFromItsMessageIsNoMessage() throws {
        var exchange = TCPExchange(port: 53)
        let message = question(7)
        exchange.send(bytes: Array(message.prefix(2)))
        exchange.send(bytes: Array(message.dropFirst(2)))
        #expect(try exchange.perPacket("dns.id") == [[], [], ["0x0007"]])
        #expect(try exchange.texts("_ws.malformed") == [])
    }

    @Test func behindALostSegmentTheNextMessageIsFound() throws {
        var exchange = TCPExchange(port: 53)
        let long = question(1) + question(2) + question(3)
        exchange.send(bytes: Array(long.prefix(20)))
        exchange.lose(10)
        exchange.send(bytes: Array(long.dropFirst(30)))
        exchange.answer("", flags: .ack)
        exchange.send(bytes: question(4))
        let found = try exchange.texts("dns.id")
        #expect(!found.contains("0x0001"), "of the first message bytes are missing")
        #expect(found.last == "0x0004")
        #expect(Set(found).isSubset(of: ["0x0002", "0x0003", "0x0004"]), "nothing is invented: \(found)")
    }

    @Test func aCaptureThatBeginsWithinAMessageWaitsForTheNext() throws {
        var exchange = TCPExchange(port: 443, hasSYN: false)
        exchange.send(bytes: [UInt8](repeating: 0x55, count: 700))
        exchange.send(bytes: [23, 3, 3, 0, 4, 1, 2, 3, 4])
        #expect(try exchange.texts("tls.record.length") == ["4"])
    }

    @Test func aResetThatIsNotAcceptedEndsNothing() throws {
        var exchange = TCPExchange(port: 53)
        exchange.send(bytes: question(1))
        exchange.answer("", flags: .rst)
        exchange.send(bytes: Array(question(2).prefix(5)))
        exchange.send(bytes: Array(question(2).dropFirst(5)))
        #expect(try exchange.texts("dns.id") == ["0x0001", "0x0002"])
    }

    // MARK: Bounds

    @Test func whatWaitsIsBounded() throws {
        var reassembler = MessageReassembler()
        let head = Array("POST / HTTP/1.1\r\nContent-Length: 900000\r\n\r\n".utf8)
        for stream in 0..<UInt32(400) {
            var number: UInt32 = 1
            for payload in [head] + [[UInt8]](repeating: [UInt8](repeating: 65, count: 60_000), count: 3) {
                let packet = TestPacket.tcp(
                    Endpoint(.v4(.loopback), Port(UInt16(2000 + stream))), Endpoint(.v4(.loopback), 80), [.ack],
                    seq: number, payload: payload)
                number += UInt32(payload.count)
                var dissection = Dissection()
                Dissector().dissect(
                    packet.rawSpan, linkType: .ethernet, wireLength: packet.count, into: &dissection)
                let layer = try #require(dissection.first(.tcp))
                _ = reassembler.take(
                    MessageReassembler.Segment(layer: layer, stream: stream, first: 1, packet: stream + 1, time: 0),
                    in: packet.rawSpan)
                #expect(reassembler.size <= MessageReassembler.totalLimit)
            }
        }
        #expect(reassembler.givenUp > 0, "72 MB came, and no message of them was whole")
        #expect(reassembler.count == 400)
    }

    // MARK: Messages

    private func question(_ identifier: UInt16) -> [UInt8] {
        let message: [UInt8] =
            [UInt8(identifier >> 8), UInt8(identifier & 0xff), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
            + [4] + Array("name".utf8) + [4] + Array("test".utf8) + [0, 0, 1, 0, 1]
        return [0, UInt8(message.count)] + message
    }

    private func clientHello(serverName: String) -> [UInt8] {
        let name = Array(serverName.utf8)
        let list: [UInt8] = [0, UInt8(name.count + 3), 0, 0, UInt8(name.count)] + name
        let extensions: [UInt8] = [0, 0, 0, UInt8(list.count)] + list
        let body: [UInt8] =
            [3, 3] + [UInt8](repeating: 0x11, count: 32) + [0, 0, 2, 0x13, 0x01, 1, 0, 0, UInt8(extensions.count)]
            + extensions
        return [1, 0, 0, UInt8(body.count)] + body
    }

    private func request(_ number: Int, _ generator: inout SplitMix64) -> (target: String, message: [UInt8]) {
        let target = "/\(number)"
        let body = String(repeating: "GET /x HTTP/1.1\r\n", count: .random(in: 0...300, using: &generator))
        switch Int.random(in: 0...2, using: &generator) {
        case 0: return (target, Array("GET \(target) HTTP/1.1\r\nHost: a.test\r\n\r\n".utf8))
        case 1:
            let head = "POST \(target) HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            return (target, Array((head + body).utf8))
        default:
            let head = "PUT \(target) HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
            let chunk = body.isEmpty ? "" : String(body.utf8.count, radix: 16) + "\r\n" + body + "\r\n"
            return (target, Array((head + chunk + "0\r\n\r\n").utf8))
        }
    }
}
