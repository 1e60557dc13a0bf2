import Foundation
import Synchronization
import TestSupport
import Testing

/// A program that runs beside the test: what it prints can be waited for, and in the end it is told to stop.
final class Companion {
    let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errorFile: URL
    private let scratch: TemporaryFolder
    private let text = Mutex("")
    private let command: String

    init(_ command: [String], folder: URL? = nil) throws {
        self.command = command.joined(separator: " ")
        scratch = try TemporaryFolder()
        errorFile = scratch.url.appendingPathComponent("err")
        _ = FileManager.default.createFile(atPath: errorFile.path, contents: nil)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = folder
        process.standardInput = input
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var printed: String { text.withLock { $0 } }
    var errors: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

    func type(_ line: String) { try? input.fileHandleForWriting.write(contentsOf: Data(line.utf8)) }
    func endInput() { try? input.fileHandleForWriting.close() }

    /// Waits until it has printed something; what it has printed by then.
    @discardableResult
    func wait(for wanted: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let deadline = Date(timeIntervalSinceNow: 20)
        while !printed.contains(wanted) {
            let data = output.fileHandleForReading.availableData
            text.withLock { $0 += String(decoding: data, as: UTF8.self) }
            if data.isEmpty || Date() > deadline {
                if printed.contains(wanted) { break }
                Issue.record(
                    "\(command): waited for '\(wanted)', got '\(printed)', errors: \(errors)",
                    sourceLocation: sourceLocation)
                throw Gone()
            }
        }
        return printed
    }

    struct Gone: Error {}

    /// Waits for its end; its exit status, and everything that it has printed.
    @discardableResult
    func finish() -> Int32 {
        endInput()
        let deadline = Date(timeIntervalSinceNow: 30)
        while process.isRunning, Date() < deadline { usleep(2000) }
        if process.isRunning {
            Issue.record("\(command) did not end: \(errors)")
            kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        let rest = (try? output.fileHandleForReading.readToEnd()) ?? nil
        text.withLock { $0 += String(decoding: rest ?? Data(), as: UTF8.self) }
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }

    func stop(_ signal: Int32 = SIGTERM) -> Int32 {
        kill(process.processIdentifier, signal)
        return finish()
    }
}

/// `netprobe serve NAME` on a free port, which listens when this is made.
final class ServeProcess {
    let companion: Companion
    let port: UInt16

    init(_ arguments: [String]) throws {
        let isUnix = arguments.first == "unix-echo"
        companion = try Companion(
            [Netprobe.path, "serve"] + arguments + (isUnix || arguments.contains("--port") ? [] : ["--port", "0"]))
        let banner = try companion.wait(for: "\nclient: ")
        port = banner.split(separator: "\n").first.flatMap { $0.split(separator: " ").last }.flatMap { UInt16($0) } ?? 0
    }

    /// Ends it as Ctrl-C or SIGTERM does; it must say yes.
    func stop(_ signal: Int32 = SIGTERM, sourceLocation: SourceLocation = #_sourceLocation) {
        let status = companion.stop(signal)
        #expect(status == 0, "\(companion.errors)", sourceLocation: sourceLocation)
    }
}

/// The courses' programs in Python.
enum Fixture {
    static func path(_ name: String) -> String {
        Netprobe.project.appendingPathComponent("Tests/ServicesTests/Fixtures/\(name).py").path
    }

    /// Runs a client to its end.
    static func run(_ name: String, _ arguments: String...) throws -> Netprobe.Run {
        try Netprobe.execute(["python3", path(name)] + arguments)
    }
}
