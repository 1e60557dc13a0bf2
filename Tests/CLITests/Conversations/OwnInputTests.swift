import Foundation
import TestSupport
import Testing

/// No command writes into the capture that it reads, whatever the name by which it is called there.
@Suite struct OwnInputTests {
    @Test(
        arguments: [
            ["show", "-w", "OUT", "IN"], ["report", "IN", "-o", "OUT"], ["stats", "--plot", "rtt", "-o", "OUT", "IN"],
            ["merge", "IN", "IN", "--write", "OUT"],
        ], ["same", "symbolic link", "hard link"]) func isNotOverwritten(command: [String], name: String) throws
    {
        let folder = try TemporaryFolder()
        let input = folder.path("in.pcapng")
        let link = folder.path("link.svg")
        try FileManager.default.copyItem(
            at: Netprobe.project.appendingPathComponent("captures/tcp-echo.pcapng"), to: URL(fileURLWithPath: input))
        switch name {
        case "symbolic link": try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: input)
        case "hard link": try FileManager.default.linkItem(atPath: input, toPath: link)
        default: break
        }
        let output = name == "same" ? input : link
        let before = try Data(contentsOf: URL(fileURLWithPath: input))
        let run = try Netprobe.execute([Netprobe.path] + command.map { $0 == "IN" ? input : $0 == "OUT" ? output : $0 })
        #expect(run.status == 2)
        #expect(run.errors == "netprobe: \(output): is the file that is read; write to another one\n")
        #expect(try Data(contentsOf: URL(fileURLWithPath: input)) == before)
    }

    /// Nor into the file that the shell opened for it, nor a demo into the file with its message.
    @Test(arguments: [
        "show -c 1 -w \"$1\" -", "report - -o \"$1\"", "stats --plot rtt -o \"$1\" -",
        "demo tcp-echo --message-file \"$1\" --write \"$1\"",
        "demo udp-echo --message-file - --write \"$1\"",
    ])
    func isNotOverwrittenAsStandardInput(command: String) throws {
        let folder = try TemporaryFolder()
        let input = folder.path("in.pcapng")
        let capture = Netprobe.project.appendingPathComponent("captures/udp-echo.pcapng")
        try FileManager.default.copyItem(at: capture, to: URL(fileURLWithPath: input))
        let run = try Netprobe.execute(["sh", "-c", "exec \"$0\" \(command) < \"$1\"", Netprobe.path, input])
        #expect(run.status == 2 && run.errors.contains("is the file that is read"), "\(run.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: input)) == Data(contentsOf: capture))
    }
}
