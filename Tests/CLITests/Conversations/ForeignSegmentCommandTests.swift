import Addressing
import Packets
import TestSupport
import Testing

/// Every command heeds the same segments of a connection into which others came, and tells the others as that.
@Suite struct ForeignSegmentCommandTests {
    private static let client = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0001)), 40000)
    private static let server = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0002)), 7007)

    private static func fromClient(_ flags: TCPFlags, seq: UInt32, ack: UInt32 = 0, _ text: String = "") -> [UInt8] {
        TestPacket.tcp(client, server, flags, seq: seq, ack: ack, payload: Array(text.utf8), window: 8000)
    }

    private static func fromServer(_ flags: TCPFlags, seq: UInt32, ack: UInt32 = 0, _ text: String = "") -> [UInt8] {
        TestPacket.tcp(server, client, flags, seq: seq, ack: ack, payload: Array(text.utf8), window: 8000)
    }

    /// A greeting and its answer; a SYN, data from far off and a RST came between.
    private static let disturbed: [[UInt8]] = [
        fromClient(.syn, seq: 100), fromServer([.syn, .ack], seq: 500, ack: 101), fromClient(.ack, seq: 101, ack: 501),
        fromClient([.psh, .ack], seq: 101, ack: 501, "hello\n"), fromServer(.ack, seq: 501, ack: 107),
        // A SYN for a new connection, and the challenge ACK.
        fromClient(.syn, seq: 0x7000_0000), fromServer(.ack, seq: 501, ack: 107),
        // Data and a RST outside of the window.
        fromServer([.psh, .ack], seq: 0x3000_0000, ack: 107, "EVIL\n"), fromClient(.ack, seq: 107, ack: 501),
        fromServer(.rst, seq: 0x3000_0000),
        fromServer([.psh, .ack], seq: 501, ack: 107, "good day\n"), fromClient(.ack, seq: 107, ack: 510),
        fromClient([.fin, .ack], seq: 107, ack: 510), fromServer([.fin, .ack], seq: 510, ack: 108),
        fromClient(.ack, seq: 108, ack: 511),
    ]

    private func output(_ arguments: String..., packets: [[UInt8]] = disturbed) throws -> String {
        let folder = try TemporaryFolder()
        let file = try TestCapture.pcap(packets, in: folder)
        let run = try Netprobe.execute([Netprobe.path] + arguments.map { $0 == "FILE" ? file : $0 })
        #expect(run.status == 0, "\(run.errors)")
        return run.output
    }

    @Test func followGivesTheStreamAlone() throws {
        let text = try output("follow", "FILE", "0")
        #expect(text.contains("hello") && text.contains("good day"))
        #expect(!text.contains("EVIL") && !text.contains("not captured"))
    }

    @Test func handshakesNamesThem() throws {
        let text = try output("handshakes", "FILE")
        #expect(text.contains("Teardown: the client closed first (FIN in packet 13), then the server"))
        #expect(text.contains("Not of it: packet 8, the server's PSH+ACK: outside the window"))
        #expect(text.contains("Not of it: packet 10, the server's RST: outside the window"))
        #expect(text.contains("ACK      packet 7"))
        #expect(!text.contains("nobody answered"))
    }

    @Test func flowsCountsThem() throws {
        let lines = try output("flows", "--ndjson", "FILE").split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].contains("\"conn_state\":\"SF\"") && lines[0].contains("\"responder_payload\":9"))
        #expect(lines[1].contains("\"state\":\"challenge ACK alone\""))
        let text = try output("flows", "FILE")
        #expect(text.contains("; 2 packets do not belong to the connections of their ports"))
    }

    @Test func statsCountsNothingAsSentAgain() throws {
        #expect(try !output("stats", "FILE").contains("retransmi"))
    }

    @Test func theLadderDrawsEachWithItsConnection() throws {
        let text = try output("ladder", "FILE")
        #expect(text.contains("[challenge ACK to packet 6]") && text.contains("[answers packet 8]"))
        #expect(!text.contains("Dup ACK"))
    }

    /// A gap larger than the window: the acknowledged data behind it is part of the stream.
    @Test func followGoesOnBehindAGap() throws {
        let packets: [[UInt8]] = [
            Self.fromClient(.syn, seq: 100), Self.fromServer([.syn, .ack], seq: 500, ack: 101),
            Self.fromClient(.ack, seq: 101, ack: 501), Self.fromServer([.psh, .ack], seq: 501, ack: 101, "one\n"),
            Self.fromServer([.psh, .ack], seq: 9_000_505, ack: 101, "two\n"),
            Self.fromClient(.ack, seq: 101, ack: 9_000_509),
            Self.fromServer([.psh, .ack], seq: 9_000_509, ack: 101, "three\n"),
        ]
        let text = try output("follow", "FILE", "0", packets: packets)
        #expect(text.contains("one") && text.contains("two") && text.contains("three"))
        #expect(text.contains("9000000 bytes not captured"))
    }
}
