import Addressing
import Packets
import TestSupport
import Testing

/// Simple Packet Blocks have no time: what rests on times leaves their packets out and says so, the rest takes them
/// like others.
@Suite struct UntimedPacketTests {
    private func capture(timed: (Int) -> Bool, in folder: TemporaryFolder) throws -> String {
        let (client, server) = (EchoExchange.client, EchoExchange.server)
        let packets = [
            TestPacket.tcp(client, server, .syn, seq: 1), TestPacket.tcp(server, client, [.syn, .ack], seq: 8, ack: 2),
            TestPacket.tcp(client, server, .ack, seq: 2, ack: 9),
            TestPacket.tcp(client, server, [.psh, .ack], seq: 2, ack: 9, payload: Array("hello".utf8)),
        ]
        return try TestCapture.pcapng(["lo"], packets.map { (0, $0) }, timed: timed, in: folder)
    }

    @Test(arguments: [("explain", 0), ("handshakes", 1), ("ladder", 1)] as [(String, Int32)])
    func storiesLeaveThemOut(command: String, status: Int32) throws {
        let folder = try TemporaryFolder()
        let file = try capture(timed: { _ in false }, in: folder)
        let run = try Netprobe.execute([Netprobe.path, command, file])
        #expect(run.status == status, "explain counts them, the others have nothing to show")
        #expect(
            run.errors.hasPrefix(
                """
                netprobe: \(file): 4 packets carry no time (pcapng's Simple Packet Blocks have none): \
                whatever rests on times leaves them out\n
                """
            ))
    }

    @Test func flowsCountsThemWithoutTimes() throws {
        let folder = try TemporaryFolder()
        let none = try Netprobe.run("flows", "--csv", capture(timed: { _ in false }, in: folder))
        #expect(none.output.split(separator: "\n").last?.hasPrefix("tcp,0,,,") == true)
        let json = try Netprobe.run("flows", "--ndjson", capture(timed: { _ in false }, in: folder))
        #expect(json.output.contains("\"start\":null,\"duration\":null,"))
        #expect(json.output.contains("\"handshake_rtt\":null"))
        let one = try Netprobe.run("flows", "--csv", capture(timed: { $0 == 3 }, in: folder))
        #expect(
            one.output.split(separator: "\n").last?.hasPrefix("tcp,0,2023-11-14 22:13:20.003000,0.000000000,") == true)
        #expect(one.errors.contains(": 3 packets carry no time"))
    }

    @Test func followTakesThem() throws {
        let folder = try TemporaryFolder()
        let run = try Netprobe.run("follow", capture(timed: { _ in false }, in: folder), "0")
        #expect(run.output.contains("hello"))
        #expect(run.errors == "")
    }
}
