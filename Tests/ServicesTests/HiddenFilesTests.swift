import Foundation
import TestSupport
import Testing

@testable import Services

/// What begins with a dot is not for others, unless it is asked for.
@Suite struct HiddenFilesTests {
    private let scratch: TemporaryFolder

    init() throws {
        scratch = try TemporaryFolder()
        let deep = scratch.url.appendingPathComponent("a/.b")
        try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
        for path in [".secret", "notes.txt", "a/.b/key", "a/plain"] {
            try Data("text".utf8).write(to: scratch.url.appendingPathComponent(path))
        }
    }

    private func isServed(_ name: String, _ folder: SystemFolder) throws -> Bool {
        let name = try ServedName(name)
        do throws(FileRefusal) {
            _ = try folder.open(name)
            return true
        } catch {
            #expect("\(error)" == "there is no such file")
            return false
        }
    }

    @Test func theyAreLeftOut() throws {
        let folder = try SystemFolder(scratch.url.path)
        #expect(try folder.entries().map(\.name) == ["notes.txt"])
        for name in [".secret", "./.secret", "a/.b/key", "a//.b/key"] { #expect(try !isServed(name, folder)) }
        for name in ["notes.txt", "./notes.txt", "a/plain", "./a/./plain"] { #expect(try isServed(name, folder)) }
    }

    @Test func theyAreThereForWhoAsks() throws {
        let folder = try SystemFolder(scratch.url.path, showsHidden: true)
        #expect(try folder.entries().map(\.name) == [".secret", "notes.txt"])
        for name in [".secret", "a/.b/key", "notes.txt"] { #expect(try isServed(name, folder)) }
    }

    @Test func theOptionOfServe() throws {
        for (options, status) in [([], 1), (["--hidden"], 0)] as [([String], Int32)] {
            let server = try ServeProcess(["file", scratch.url.path] + options)
            defer { server.stop() }
            let target = scratch.url.appendingPathComponent("got").path
            let run = try Netprobe.run(
                "client", "file", "127.0.0.1", ".secret", "--port", "\(server.port)", "-o", target)
            #expect(run.status == status, "\(run.errors)")
        }
    }
}
