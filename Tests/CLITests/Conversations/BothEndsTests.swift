import Addressing
import Packets
import Testing
import TestSupport

/// A file with both ends of one wire has every packet twice, and commands that count them say so.
@Suite struct BothEndsTests {
    private func capture(_ descriptions: [String], in folder: TemporaryFolder) throws -> String {
        let packet = TestPacket.tcp(EchoExchange.client, EchoExchange.server, .syn, seq: 1)
        return try TestCapture.pcapng(descriptions, [(0, packet), (1, packet)], in: folder)
    }

    @Test(arguments: [["flows"], ["explain"], ["handshakes"], ["stats"], ["report", "-o", "/dev/null"]])
    func isSaidOnce(command: [String]) throws {
        let folder = try TemporaryFolder()
        let file = try capture(["client end: 127.0.0.1", "server end: 10.0.0.2, fd00::2"], in: folder)
        let run = try Netprobe.execute([Netprobe.path] + command + [file])
        #expect(run.status == 0)
        #expect(run.errors == """
            netprobe: \(file) has both ends of one wire (client and server): what crossed it is counted twice. \
            For one end: netprobe show -Y 'frame.interface_id == 0' -w one-end.pcapng \(file)

            """)
        let one = folder.path("one.pcapng")
        #expect(try Netprobe.run("show", "-Y", "frame.interface_id == 0", "-w", one, file).status == 0)
        let again = try Netprobe.execute([Netprobe.path] + command + [one])
        #expect(again.errors == "")
    }

    /// A page goes to others, who see no standard error.
    @Test func thePageSaysSo() throws {
        let folder = try TemporaryFolder()
        let run = try Netprobe.run("report", "-o", "-", try capture(["client end: 127.0.0.1", "server end: 10.0.0.2"], in: folder))
        #expect(run.output.contains("has both ends of one wire (client and server): what crossed it is counted twice."))
    }

    @Test(arguments: [["client end: 127.0.0.1", "something else"], ["", ""], ["client end: 127.0.0.1", "client end: 127.0.0.1"]])
    func otherInterfacesAreNoEnds(descriptions: [String]) throws {
        let folder = try TemporaryFolder()
        #expect(try Netprobe.run("flows", try capture(descriptions, in: folder)).errors == "")
    }
}
