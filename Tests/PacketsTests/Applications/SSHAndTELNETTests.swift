import Testing

@testable import Packets

@Suite struct SSHAndTELNETTests {
    private static let names = [
        "curve25519-sha256", "ssh-ed25519", "aes128-ctr", "aes256-ctr", "hmac-sha2-256", "hmac-sha2-512", "none",
        "zlib",
        "", "",
    ]

    /// A Key Exchange Init in its packet.
    private static let keyExchange: [UInt8] = {
        var content: [UInt8] = [20] + Array(0..<16)
        for name in names { content += [0, 0, 0, UInt8(name.utf8.count)] + Array(name.utf8) }
        content += [1, 0, 0, 0, 0]
        let padding = 16 - (content.count + 5) % 8
        let length = content.count + 1 + padding
        return [0, 0, UInt8(length >> 8), UInt8(length & 0xff), UInt8(padding)] + content
            + [UInt8](repeating: 0, count: padding)
    }()

    private func ssh(_ bytes: [UInt8]) -> Application { Application(bytes, over: .tcp, from: 40_000, to: 22) }

    private func telnet(_ bytes: [UInt8]) -> Application { Application(bytes, over: .tcp, from: 23, to: 40_000) }

    @Test func version() {
        let packet = ssh(Array("SSH-2.0-OpenSSH_9.2p1 Debian\r\n".utf8))
        #expect(packet.kinds == [.ipv4, .tcp, .ssh])
        #expect(packet.values("ssh.protocol") == ["SSH-2.0-OpenSSH_9.2p1 Debian"])
        #expect(packet.summary == "SSH SSH-2.0-OpenSSH_9.2p1 Debian")
    }

    @Test func keyExchangeInit() {
        let newKeys: [UInt8] = [0, 0, 0, 12, 10, 21] + [UInt8](repeating: 0, count: 10)
        let packet = ssh(Self.keyExchange + newKeys)
        #expect(packet.values("ssh.message_code") == ["20", "21"])
        #expect(packet.values("ssh.padding_length").last == "10")
        #expect(packet.values("ssh.packet_length").last == "12")
        #expect(packet.values("ssh.cookie") == ["000102030405060708090a0b0c0d0e0f"])
        #expect(packet.values("ssh.kex_algorithms") == ["curve25519-sha256"])
        #expect(packet.values("ssh.encryption_algorithms_server_to_client") == ["aes256-ctr"])
        #expect(packet.values("ssh.compression_algorithms_server_to_client") == ["zlib"])
        #expect(packet.values("ssh.languages_server_to_client") == [""])
        #expect(packet.values("ssh.first_kex_packet_follows") == ["1"])
        #expect(packet.summary == "SSH Key Exchange Init, New Keys")
    }

    /// Of encrypted bytes nothing is told but that.
    @Test func encrypted() {
        let packet = ssh([0x49, 0xdf, 0x69, 0xd3, 0x90, 0x94, 0xfb, 0x4a, 0x92, 0x7f])
        #expect(packet.kind == .ssh)
        #expect(packet.values("ssh.message_code") == [])
        #expect(packet.summary == "SSH encrypted, or the middle of a message")
        // Lengths that cannot be: more padding than packet, none at all, no multiple of eight.
        #expect(ssh([0, 0, 0, 12, 12, 21, 0, 0]).values("ssh.packet_length") == [])
        #expect(ssh([0, 0, 0, 12, 3, 21, 0, 0]).values("ssh.packet_length") == [])
        #expect(ssh([0, 0, 0, 13, 10, 21, 0, 0]).values("ssh.packet_length") == [])
        #expect(ssh([0xff, 0xff, 0xff, 0xfc, 10, 21, 0, 0]).values("ssh.packet_length") == [])
    }

    @Test func negotiation() {
        let packet = telnet([255, 253, 24, 255, 250, 24, 1, 255, 240] + "login: ".utf8)
        #expect(packet.kinds == [.ipv4, .tcp, .telnet])
        #expect(packet.values("telnet.cmd") == ["253", "250", "240"])
        #expect(packet.values("telnet.subcmd") == ["24", "24"])
        #expect(packet.values("telnet.data") == ["login: "])
        #expect(
            packet.summary == "TELNET Do Terminal Type, Suboption Terminal Type, Suboption End, \"login: \"")
    }

    @Test func linesAndEscapes() {
        let packet = telnet([255, 241] + "a\r\nb".utf8 + [255, 255])
        #expect(packet.values("telnet.cmd") == ["241"])
        #expect(packet.values("telnet.data").count == 2)
        // A command, an option and a subnegotiation that end with the segment.
        #expect(telnet([65, 255]).values("telnet.cmd") == [])
        #expect(telnet([255, 251]).values("telnet.subcmd") == [])
        #expect(telnet([255, 250, 24, 0, 65]).values("telnet.data") == [])
    }

    @Test func damage() {
        #expect(Application.survivesDamage(Self.keyExchange, over: .tcp, from: 40_000, to: 22))
        #expect(Application.survivesDamage(Array("SSH-2.0-x\r\n".utf8), over: .tcp, from: 40_000, to: 22))
        let telnet: [UInt8] = [255, 253, 24, 255, 250, 24, 1, 255, 255, 255, 240, 65, 13, 10, 255, 255, 66]
        #expect(Application.survivesDamage(telnet, over: .tcp, from: 23, to: 40_000))
    }
}
