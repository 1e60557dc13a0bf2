import Testing

@testable import Packets

@Suite struct TLSTests {
    private func sixteen(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 255), UInt8(number & 255)] }
    private func list(_ bytes: [UInt8]) -> [UInt8] { sixteen(bytes.count) + bytes }
    private func record(_ type: UInt8, _ fragment: [UInt8]) -> [UInt8] { [type, 3, 1] + list(fragment) }

    private func clientHello(_ name: String, suites: [UInt8] = [0x13, 1, 0xc0, 0x2f], session: Int = 32) -> [UInt8] {
        let server = Array(name.utf8)
        let extensions =
            sixteen(0) + list(list([0] + list(server)))
            + sixteen(16) + list(list([2, 104, 50, 8] + Array("http/1.1".utf8)))
            + sixteen(43) + list([4, 3, 4, 3, 3])
        var body: [UInt8] = [3, 3] + [UInt8](repeating: 7, count: 32)
        body += [UInt8(session)] + [UInt8](repeating: 9, count: session)
        body += list(suites)
        body += [1, 0]
        body += list(extensions)
        return record(22, [1, 0] + list(body))
    }

    @Test func clientHello() {
        let packet = Application(clientHello("example.com"), over: .tcp, from: 40_000, to: 443)
        #expect(packet.kind == .tls)
        #expect(packet.values("tls.record.content_type") == ["22"])
        #expect(packet.values("tls.record.version") == ["0x0301"])
        #expect(packet.values("tls.handshake.type") == ["1"])
        #expect(packet.values("tls.handshake.version") == ["0x0303"])
        #expect(packet.values("tls.handshake.ciphersuite") == ["0x1301", "0xc02f"])
        #expect(packet.values("tls.handshake.session_id_length") == ["32"])
        #expect(packet.values("tls.handshake.session_id") == [String(repeating: "09", count: 32)])
        #expect(packet.values("tls.handshake.cipher_suites_length") == ["4"])
        #expect(packet.values("tls.handshake.comp_methods_length") == ["1"])
        #expect(packet.values("tls.handshake.comp_method") == ["0"])
        #expect(packet.values("tls.handshake.extensions_length") == ["47"])
        #expect(packet.values("tls.handshake.random_time") == ["Sep 26, 1973 14:17:43.000000000 UTC"])
        #expect(packet.values("tls.handshake.random_bytes") == [String(repeating: "07", count: 28)])
        #expect(
            packet.values("tls.record") == ["1"] && packet.values("tls.handshake") == ["1"]
                && packet.values("tls.alert_message") == [])
        #expect(packet.values("tls.handshake.extensions_server_name") == ["example.com"])
        #expect(packet.values("tls.handshake.extensions_alpn_str") == ["h2", "http/1.1"])
        #expect(packet.values("tls.handshake.extensions.supported_version") == ["0x0304", "0x0303"])
        #expect(packet.summary == "TLS Client Hello (SNI example.com)")
    }

    @Test func serverNameAcrossLengths() {
        for length in 1...300 {
            for session in [0, 1, 31, 32] {
                let name = String(repeating: "n", count: length)
                let packet = Application(
                    clientHello(name, suites: [UInt8](repeating: 1, count: length * 2), session: session), over: .tcp,
                    from: 40_000, to: 8_443)
                #expect(packet.values("tls.handshake.extensions_server_name") == [name], "\(length), \(session)")
                #expect(packet.values("tls.handshake.ciphersuite").count == length)
            }
        }
    }

    @Test func continues() {
        let hello = clientHello("example.com")
        let packet = Application(Array(hello.prefix(80)), over: .tcp, from: 40_000, to: 443)
        #expect(packet.dissection.stop == .complete)
        #expect(packet.values("tls.handshake.type") == ["1"])
        #expect(packet.values("tls.handshake.extensions_server_name") == [])
        #expect(packet.summary == "TLS Client Hello (continues)")
        #expect(
            Application([0x55, 0x66, 0x77, 0x88, 0x99, 0xaa], over: .tcp, from: 443, to: 40_000).summary
                == "TLS continuation")
        let two = record(23, [UInt8](repeating: 5, count: 20)) + record(21, [1, 0])
        #expect(
            Application(two, over: .tcp, from: 443, to: 40_000).summary == "TLS Application Data, Alert Close Notify")
    }

    @Test func byContent() {
        #expect(Application(clientHello("a"), over: .tcp, from: 40_000, to: 40_001).kind == .tls)
        #expect(Application([22, 3, 9, 0, 5, 1, 2, 3, 4, 5], over: .tcp, from: 40_000, to: 40_001).kind == .tcp)
        let flight =
            record(22, [2, 0, 0, 38, 3, 3] + [UInt8](repeating: 1, count: 32) + [0, 0xc0, 0x2f, 0]) + record(20, [1])
            + record(22, [9, 9, 9, 9, 9])
        #expect(
            Application(flight, over: .tcp, from: 443, to: 40_000).summary
                == "TLS Server Hello (TLS 1.2), Change Cipher Spec, Encrypted Handshake Message")
    }
}
