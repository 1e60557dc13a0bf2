import Digests
import Foundation
import Services
import Sockets
import TestSupport
import Testing

/// `netprobe client file` where something is in its way: what is there is not lost, and nothing is said that is not so.
@Suite struct FileClientTests {
    /// A folder with `shared` and `here`, and a server of the former.
    private struct Place {
        let scratch: TemporaryFolder
        let server: ServeProcess

        init() throws {
            scratch = try TemporaryFolder()
            for name in ["shared", "here"] {
                try FileManager.default.createDirectory(
                    at: scratch.url.appendingPathComponent(name), withIntermediateDirectories: true)
            }
            server = try ServeProcess(["file", scratch.path("shared")])
        }

        func write(_ text: String, _ name: String) throws {
            try text.write(toFile: scratch.path(name), atomically: false, encoding: .utf8)
        }
        func text(_ name: String) -> String? { try? String(contentsOfFile: scratch.path(name), encoding: .utf8) }
        func get(_ name: String, as own: String) throws -> Netprobe.Run {
            try Netprobe.run(
                "client", "file", "127.0.0.1", name, "--port", "\(server.port)", "-o", scratch.path("here/\(own)"))
        }
    }

    @Test func aRefusalLeavesWhatWasThere() throws {
        let place = try Place()
        defer { place.server.stop() }
        try place.write("kept", "here/gone.part")
        let run = try place.get("gone", as: "gone")
        #expect(run.status == 1 && run.errors.contains("there is no such file"), "\(run.errors)")
        #expect(place.text("here/gone.part") == "kept")
        // Of a shorter file it cannot be the beginning, nor of another one.
        try place.write("new", "shared/gone")
        #expect(try place.get("gone", as: "gone").status == 0)
        #expect(place.text("here/gone") == "new")
        try place.write("wrong", "here/other.part")
        try place.write("another text", "shared/other")
        #expect(try place.get("other", as: "other").status == 0)
        #expect(place.text("here/other") == "another text")
    }

    @Test func whatCannotBeTheTargetIsToldBeforeAnythingIsFetched() throws {
        let place = try Place()
        defer { place.server.stop() }
        try place.write("text", "shared/a")
        try FileManager.default.createDirectory(
            at: place.scratch.url.appendingPathComponent("here/folder"), withIntermediateDirectories: true)
        unsafe mkfifo(place.scratch.path("here/pipe.part"), 0o600)
        for (name, words) in [
            ("folder", "is a folder"), ("pipe", "no regular file"), (String(repeating: "n", count: 252), "too long"),
        ] {
            let run = try place.get("a", as: name)
            #expect(run.status == 2 && run.errors.contains(words), "\(run.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: place.scratch.path("here/folder.part")))
        let run = try Netprobe.run(
            "client", "file", "127.0.0.1", "a", "--port", "9", "-o", place.scratch.path("here/a"))
        #expect(
            run.status == 2 && !FileManager.default.fileExists(atPath: place.scratch.path("here/a.part")),
            "\(run.errors)")
    }

    @Test func oneProgramAtATimeWritesAFile() throws {
        let place = try Place()
        defer { place.server.stop() }
        try place.write("text", "shared/a")
        let holder = try Companion([
            "python3", "-c",
            """
            import fcntl, sys
            file = open(sys.argv[1], 'a')
            fcntl.lockf(file, fcntl.LOCK_EX)
            print('ready', flush=True)
            sys.stdin.read()
            """, place.scratch.path("here/a.part"),
        ])
        try holder.wait(for: "ready")
        let run = try place.get("a", as: "a")
        #expect(run.status == 2 && run.errors.contains("another program is writing"), "\(run.errors)")
        #expect(holder.finish() == 0)
        #expect(try place.get("a", as: "a").status == 0)
    }

    @Test func permissionsStay() throws {
        let place = try Place()
        defer { place.server.stop() }
        try place.write("new", "shared/a")
        try place.write("old", "here/a")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: place.scratch.path("here/a"))
        #expect(try place.get("a", as: "a").status == 0)
        let mode =
            try FileManager.default.attributesOfItem(atPath: place.scratch.path("here/a"))[.posixPermissions] as? Int
        #expect(mode == 0o600 && place.text("here/a") == "new")
    }

    /// The beginning of a file must not take the place of standard error, nor what is told stand in the file.
    @Test func closedStreamsAreNotReused() throws {
        let place = try Place()
        defer { place.server.stop() }
        let content = String(repeating: "0123456789", count: 400)
        try place.write(content, "shared/a")
        for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
            try place.write(String(content.prefix(100)), "here/a.part")
            _ = try Netprobe.execute([
                "sh", "-c", "exec \"$0\" client file 127.0.0.1 a --port \(place.server.port) -o \"$1\" \(closed)",
                Netprobe.path, place.scratch.path("here/a"),
            ])
            #expect(place.text("here/a") == content, "\(closed)")
        }
        // What cannot be written is told.
        for wrong in [">/dev/full", ">&-"] {
            let run = try Netprobe.execute([
                "sh", "-c", "exec \"$0\" client file 127.0.0.1 --list --port \(place.server.port) \(wrong)",
                Netprobe.path,
            ])
            #expect(
                run.status == 2 && run.errors.contains("cannot write to standard output"), "\(wrong): \(run.errors)")
        }
    }

    /// The digest is that of the size at the time of opening, though more is there when it is worked out.
    @Test func aFileThatGrowsHasTheDigestOfWhatIsSent() throws {
        let scratch = try TemporaryFolder()
        try Data("first".utf8).write(to: scratch.url.appendingPathComponent("log"))
        let file = try ServedFolder(scratch.url.path).open("log")
        let writer = try FileHandle(forWritingTo: scratch.url.appendingPathComponent("log"))
        try writer.seekToEnd()
        try writer.write(contentsOf: Data(" and more".utf8))
        var hash = SHA256()
        hash.add(Array("first".utf8).span)
        #expect(FileDigests().digestNow(of: file) == hash.hexadecimal())
    }

    /// Many files at once, of all sizes: each gets its own.
    @Test func digestsTakeTurns() throws {
        let scratch = try TemporaryFolder()
        let folder = try ServedFolder(scratch.url.path)
        let sizes = [0, 1, 1 << 18, 40 << 20, 5000]
        for (number, size) in sizes.enumerated() {
            try Data(repeating: UInt8(number), count: size).write(to: scratch.url.appendingPathComponent("\(number)"))
        }
        let files = try sizes.indices.map { try folder.open("\($0)") }
        let digests = FileDigests()
        let deadline = Date(timeIntervalSinceNow: 60)
        while files.contains(where: { digests.digest(of: $0) == nil }), Date() < deadline { usleep(1000) }
        for (file, (number, size)) in zip(files, sizes.enumerated()) {
            var hash = SHA256()
            hash.add([UInt8](repeating: UInt8(number), count: size).span)
            #expect(digests.digest(of: file) == hash.hexadecimal(), "\(size)")
        }
    }
}
