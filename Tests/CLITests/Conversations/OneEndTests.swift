import Addressing
import Packets
import TestSupport
import Testing

/// A file with both ends of one wire has every packet twice, and commands that count them take one end, and say which.
@Suite struct OneEndTests {
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
        #expect(
            run.errors == """
                netprobe: \(file) has both ends of one wire (client and server): told as the client's end saw it. \
                For the other: netprobe show -Y 'frame.interface_id == 1' -w other-end.pcapng \(file)

                """)
        let one = folder.path("one.pcapng")
        #expect(try Netprobe.run("show", "-Y", "frame.interface_id == 1", "-w", one, file).status == 0)
        let again = try Netprobe.execute([Netprobe.path] + command + [one])
        #expect(again.errors == "")
    }

    /// What crossed the wire happened once: nobody sent it again.
    @Test func nothingIsToldTwice() throws {
        let folder = try TemporaryFolder()
        let file = try capture(["client end: 127.0.0.1", "server end: 10.0.0.2"], in: folder)
        let flow = try #require(
            try Netprobe.run("flows", "--csv", file).output.split(separator: "\n").last?.split(
                separator: ",", omittingEmptySubsequences: false))
        #expect(flow[8] == "1", "packets of the originator")
        #expect(flow[17] == "0", "SYNs sent again")
        let story = try Netprobe.run("explain", file).output
        #expect(story.contains("packet 1: Nobody answered the client's SYN"))
        #expect(!story.contains("again"))
    }

    /// A page goes to others, who see no standard error.
    @Test func thePageSaysSo() throws {
        let folder = try TemporaryFolder()
        let run = try Netprobe.run(
            "report", "-o", "-", try capture(["client end: 127.0.0.1", "server end: 10.0.0.2"], in: folder))
        #expect(
            run.output.contains("has both ends of one wire (client and server): told as the client&#39;s end saw it."))
    }

    @Test(arguments: [
        ["client end: 127.0.0.1", "something else"], ["", ""], ["client end: 127.0.0.1", "client end: 127.0.0.1"],
    ])
    func otherInterfacesAreNoEnds(descriptions: [String]) throws {
        let folder = try TemporaryFolder()
        let errors = try Netprobe.run("flows", try capture(descriptions, in: folder)).errors
        #expect(!errors.contains("both ends"))
        // What is on both without being an end of a wire was captured twice.
        #expect(errors.contains("captured twice") == (descriptions == ["", ""]))
    }
}
