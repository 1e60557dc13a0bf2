import ArgumentParser
import Packets
import Rendering
import Testing

@testable import NetprobeCLI

/// What the command line means, without running anything.
@Suite struct ShowParseTests {
    private func parse(_ arguments: String...) throws -> ShowCommand { try ShowCommand.parse(arguments) }

    @Test func fileThenFilter() throws {
        let command = try parse("-n", "a.pcap", "tcp", "port", "80", "-c", "3")
        #expect(command.file == "a.pcap")
        #expect(command.filter == ["tcp", "port", "80"])
        #expect(command.limit == 3)
        #expect(try parse("-").file == "-")
    }

    @Test func theFileAsTcpdumpNamesIt() throws {
        for arguments in [
            ["-r", "a.pcap", "tcp", "port", "80"], ["-nr", "a.pcap", "tcp", "port", "80"],
            ["a.pcap", "tcp", "port", "80"],
        ] {
            let command = try ShowCommand.parse(arguments)
            #expect(command.file == "a.pcap", "\(arguments)")
            #expect(command.filter == ["tcp", "port", "80"], "\(arguments)")
        }
    }

    /// An option that would do nothing is a misunderstanding.
    @Test(arguments: [
        ["-r", "a", "-r", "b"], ["-x", "-X", "a"], ["-v", "-T", "json", "a"], ["-x", "-w", "b", "a"],
        ["-v", "--count", "a"],
        ["-E", "header=y", "a"], ["-n", "--resolve", "a"], ["-w", "b.pcap.gz", "a"],
    ])
    func whatHasNoMeaningIsRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { try ShowCommand.parse(arguments) }
    }

    @Test func tcpdumpsLineBufferingIsTaken() throws { #expect(try parse("-ln", "a.pcap").file == "a.pcap") }

    @Test func unknownCommandsAreToldWithWhatWasMeant() {
        #expect(FirstSteps.unknownCommand(["netprobe", "shwo", "x"]) == "no command 'shwo'; did you mean show?")
        #expect(FirstSteps.unknownCommand(["netprobe", "xyzzyx"])?.contains("--help") == true)
        for word in ["show", "help", "--version", "-h"] {
            #expect(FirstSteps.unknownCommand(["netprobe", word]) == nil)
        }
        #expect(FirstSteps.unknownCommand(["netprobe"]) == nil)
        for (words, meant) in [
            (["tcp-echo"], "netprobe demo tcp-echo, or the service: netprobe serve tcp-echo"),
            (["refused"], "netprobe demo refused"), (["tcp-eho"], "netprobe demo tcp-echo"),
            (["serve", "tcp-eco"], "did you mean tcp-echo?"), (["client", "zzz"], "netprobe client --help"),
            ([#filePath], "netprobe explain /"),
        ] {
            let said = FirstSteps.unknownCommand(["netprobe"] + words)
            #expect(said?.contains(meant) == true, "\(words): \(said ?? "nothing")")
        }
    }

    @Test(
        arguments: [
            ([], TimeStyle.timeOfDay), (["-t"], .none), (["-tt"], .epoch), (["-ttt"], .sincePrevious),
            (["-tttt"], .dateAndTime), (["-ttttt"], .sinceFirst),
            (["-t", "-t"], .epoch),
        ] as [([String], TimeStyle)])
    func times(flags: [String], style: TimeStyle) throws {
        #expect(try ShowCommand.parse(flags + ["a"]).line.timeStyle == style)
    }

    @Test func flagsOfTcpdumpCombine() throws {
        let command = try parse("-nnSXX#v", "a")
        #expect(command.line.absolute && command.line.number && command.line.tree == 1)
        let dump = try #require(command.line.dump)
        #expect(dump.style == .hexAndASCII && dump.whole)
        #expect(try parse("-A", "a").line.dump?.style == .ascii)
        #expect(try parse("-x", "a").line.dump?.whole == false)
        #expect(try parse("a").line.dump == nil)
    }

    @Test func fieldsOfTshark() throws {
        let command = try parse(
            "-Tfields", "-eip.src", "-e", "tcp.port", "-E", "header=y", "-E", "separator=/s", "-E", "aggregator=;",
            "-E", "occurrence=l", "-E", "quote=d", "a")
        #expect(try command.fields.namedFields().map(\.name) == ["ip.src", "tcp.port"])
        let options = try command.fields.tableOptions()
        #expect(
            options.header && options.separator == 32 && options.aggregator == UInt8(ascii: ";")
                && options.quote == UInt8(ascii: "\""))
        #expect(options.occurrence == .last)
    }

    @Test(arguments: [
        [], ["-c", "0", "a"], ["-T", "xml", "a"], ["-T", "fields", "a"], ["-e", "ip.src", "a"],
        ["-T", "fields", "-e", "ip.src", "-E", "foo=bar", "a"],
        ["-T", "fields", "-e", "ip.src", "-E", "separator=", "a"],
        ["-T", "fields", "-e", "ip.src", "-E", "separator=ab", "a"],
        ["--count", "-w", "b", "a"], ["-T", "json", "-w", "b", "a"], ["--color", "red", "a"],
    ])
    func wrongUsage(arguments: [String]) {
        do {
            _ = try ShowCommand.parse(arguments)
            Issue.record("\(arguments) was accepted")
        } catch {
            #expect(ShowCommand.exitCode(for: error).rawValue == 64)
        }
    }

    @Test func unknownFieldsAreToldWithWhatWasMeant() throws {
        let command = try parse("-T", "fields", "-e", "tcp.prt", "a")
        #expect { try command.fields.namedFields() } throws: { error in
            (error as? CommandFailure)?.message.contains("tcp.port") == true
        }
    }
}
