import Foundation
import TestSupport
import Testing

@Suite struct UnixPathInUseTests {
    /// A server that cannot have its path leaves what is there alone, says who has it, and the server that has it
    /// serves on.
    @Test(arguments: ["stream", "seqpacket", "dgram"], [[], ["--simple"]])
    func aPathInUseIsLeftAlone(_ kind: String, _ form: [String]) throws {
        let folder = try TemporaryFolder()
        let (path, file) = (folder.path("s"), folder.path("file"))
        let server = try ServeProcess(["unix-echo", path, "--kind", kind] + form)
        defer { server.stop() }
        let second = try Netprobe.execute([Netprobe.path, "serve", "unix-echo", path, "--kind", kind] + form)
        #expect(second.status == 2 && second.errors.contains("A running program has it"), "\(second.errors)")
        let client = try Netprobe.run("client", "unix-echo", path, "--kind", kind, "still here")
        #expect(client.status == 0 && client.output.contains("still here"), "\(client.errors)")
        try "kept".write(toFile: file, atomically: false, encoding: .utf8)
        let third = try Netprobe.execute([Netprobe.path, "serve", "unix-echo", file, "--kind", kind] + form)
        #expect(third.status == 2 && third.errors.contains("no socket"), "\(third.errors)")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "kept")
    }

    /// Who ends removes its own file only: another server may have the path by then.
    @Test func anothersSocketStays() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("s")
        let first = try ServeProcess(["unix-echo", path])
        try FileManager.default.removeItem(atPath: path)
        let second = try ServeProcess(["unix-echo", path])
        first.stop()
        let client = try Netprobe.run("client", "unix-echo", path, "still here")
        #expect(client.status == 0, "\(client.errors)")
        second.stop()
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
