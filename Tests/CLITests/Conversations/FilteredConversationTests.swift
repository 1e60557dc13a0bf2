import TestSupport
import Testing

/// A filter chooses packets. What it drops was on the wire all the same: streams keep their numbers, and nothing that
/// was there is called missing.
@Suite struct FilteredConversationTests {
    private static func capture(_ name: String) -> String {
        Netprobe.project.appendingPathComponent("captures/\(name)").path
    }

    @Test func streamsKeepTheirNumbers() throws {
        let file = Self.capture("reset.pcapng")
        let filter = ["port", "57828"]
        #expect(
            try Netprobe.execute([Netprobe.path, "show", "-T", "fields", "-e", "tcp.stream", "-c", "1", file] + filter)
                .output == "1\n")
        let flow = try Netprobe.execute([Netprobe.path, "flows", "--csv", file] + filter).output.split(separator: "\n")
            .last
        #expect(flow?.hasPrefix("tcp,1,") == true)
        #expect(try Netprobe.execute([Netprobe.path, "explain", file] + filter).output.hasPrefix("tcp.stream 1: "))
        let page = try Netprobe.execute([Netprobe.path, "report", "-o", "-", file] + filter).output
        #expect(page.contains("tcp:1</a>") && !page.contains("tcp:0"))
    }

    @Test func numbersWindowsAndMarksAreThoseOfTheWhole() throws {
        let file = Self.capture("tcp-echo.pcapng")
        let fin = try Netprobe.run("show", "--marks", "-#", "-t", file, "tcp[13]&1!=0").output
        #expect(fin.contains("FIN+ACK seq 13 ack 13") && !fin.contains("Previous segment"))
        let fields = try Netprobe.run("show", "-T", "fields", "-e", "tcp.window_size", file, "tcp[13]&8!=0").output
        #expect(fields == "65536\n65536\n")
    }

    /// What is not counted is in no total.
    @Test func onlyWhatPassesIsCounted() throws {
        let flow = try Netprobe.run("flows", "--csv", Self.capture("tcp-echo.pcapng"), "tcp[13]&8!=0").output.split(
            separator: "\n"
        ).last
        let columns = try #require(flow?.split(separator: ",", omittingEmptySubsequences: false))
        #expect(columns[8] == "1" && columns[9] == "1", "a data segment each way")
    }
}
