import Addressing
import Probe
import Testing

@Suite struct SocketTableTests {
    private let tcp = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1001        0 4711 1 \
        0000000000000000 100 0 0 10 0
           1: 0200A8C0:0016 0500A8C0:C350 01 00000010:00000020 01:00000014 00000000     0        0 4712 4 \
        0000000000000000 20 4 31 10 -1
           2: 0100007F:0016 0100007F:C351 06 00000000:00000000 03:00000a00 00000000     0        0 0 3 0000000000000000
        """

    @Test func ipv4() throws {
        let entries = SocketTable.parse(Array(tcp.utf8), .tcp, .ipv4)
        #expect(entries.map { "\($0.local)" } == ["127.0.0.1:8080", "192.168.0.2:22", "127.0.0.1:22"])
        #expect(entries.map { $0.peer.map { "\($0)" } } == [nil, "192.168.0.5:50000", "127.0.0.1:50001"])
        #expect(entries.map(\.state) == [.listen, .established, .timeWait])
        #expect((entries[0].receiveQueue, entries[1].sendQueue, entries[1].receiveQueue) == (3, 16, 32))
        #expect((entries[0].userID, entries[0].inode) == (1001, 4711))
        #expect(entries.map(\.isPassive) == [true, false, false])
        #expect(entries[0].reach == .machine)
    }

    @Test func ipv6() {
        let text =
            """
            head\n 0: B80D01200000000067452301EFCDAB89:0035 00000000000000000000000000000000:0000 07 \
            00000000:00000000 00:00000000 00000000 0 0 9 2 0 0\n
            """
        let entries = SocketTable.parse(Array(text.utf8), .udp, .ipv6)
        #expect(entries.map { "\($0.local)" } == ["[2001:db8::123:4567:89ab:cdef]:53"])
        #expect(entries.first?.isPassive == true)
    }

    @Test func unixSocketsThatWait() {
        let text = """
            Num       RefCount Protocol Flags    Type St Inode Path
            0000000000000000: 00000002 00000000 00010000 0001 01 4711 /tmp/stream
            0000000000000000: 00000002 00000000 00000000 0002 01 4712 @datagrams
            0000000000000000: 00000003 00000000 00000000 0001 03 4713 /tmp/stream
            0000000000000000: 00000002 00000000 00000000 0002 01 4714
            0000000000000000: 00000002 00000000 zz

            """
        #expect(SocketTable.passiveUnixInodes(Array(text.utf8)) == [4711, 4712])
    }

    @Test func damagedLinesArePassedOver() {
        let content = Array(tcp.utf8)
        for length in 0..<content.count {
            #expect(SocketTable.parse(Array(content.prefix(length)), .tcp, .ipv4).count <= 3)
        }
        for index in content.indices {
            var bytes = content
            bytes[index] = UInt8(ascii: "Z")
            _ = SocketTable.parse(bytes, .tcp, .ipv4)
        }
    }

    @Test(
        arguments: [
            (0, PortClass.wellKnown), (1023, .wellKnown), (1024, .registered), (49151, .registered), (49152, .dynamic),
            (65535, .dynamic),
        ] as [(UInt16, PortClass)])
    func classes(port: UInt16, expected: PortClass) { #expect(PortClass(Port(port)) == expected) }

    @Test(arguments: [
        ("0.0.0.0", AddressKind.Reach.everywhere), ("::", .everywhere), ("127.0.0.53", .machine), ("::1", .machine),
        ("10.1.1.1", .network),
        ("fe80::1", .link), ("fd00::1", .network), ("1.2.3.4", .everywhere), ("224.0.0.251", .network),
    ])
    func reach(text: String, expected: AddressKind.Reach) throws {
        var entry = try #require(SocketTable.parse(Array(tcp.utf8), .tcp, .ipv4).first)
        entry.local.address = try #require(IPAddress(text))
        #expect(entry.reach == expected)
    }
}
