import Foundation
import Testing

/// The project's own executable, run as a user runs it.
public enum Netprobe {
    /// What a run left.
    public struct Run: Sendable {
        public let status: Int32
        public let output: String
        public let errors: String

        /// The output with the line breaks inside of paragraphs undone, for looking up sentences.
        public var flowing: String { output.replacingOccurrences(of: "\n  ", with: " ") }

        /// The paragraph that says what happened, each of its sentences in a line of its own.
        public var verdict: String {
            let parts = output.components(separatedBy: "What happened\n")
            return parts.count < 2
                ? ""
                : (parts[1].components(separatedBy: "\n\n").first ?? "").replacingOccurrences(of: "\n  ", with: " ")
        }

        /// The part of a report under a heading; empty where there is none.
        public func section(_ heading: String) -> String {
            output.components(separatedBy: "\n\n").first { $0.hasPrefix(heading) } ?? ""
        }
    }

    /// The checkout's top folder.
    public static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The executable beside the test bundle.
    public static let path: String = {
        let executable = ProcessInfo.processInfo.arguments[0]
        var folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
        // On Linux the bundle is a file in the products' folder; elsewhere it is a folder with the executable deep
        // inside.
        for _ in 0..<4 {
            let candidate = folder.appendingPathComponent("netprobe")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate.path }
            folder = folder.deletingLastPathComponent()
        }
        return project.appendingPathComponent(".build/debug/netprobe").path
    }()

    /// Runs netprobe to its end.
    public static func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Run {
        try execute([path] + arguments, environment: environment)
    }

    /// Runs netprobe as a user without any rights: where the tests run as root they become nobody first.
    public static func runAsOrdinaryUser(_ arguments: String..., environment: [String: String] = [:]) throws -> Run {
        try runAsOrdinaryUser(arguments, environment: environment)
    }

    public static func runAsOrdinaryUser(_ arguments: [String], environment: [String: String] = [:]) throws -> Run {
        let folder = try TemporaryFolder()
        let (command, more) = try commandOfOrdinaryUser(in: folder)
        return try execute(
            command + arguments, environment: environment.merging(more) { $1 },
            folder: geteuid() == 0 ? folder.url : nil)
    }

    /// How a user without any rights starts netprobe: the words before its arguments, and what the environment needs.
    public static func commandOfOrdinaryUser(in folder: TemporaryFolder) throws -> (
        command: [String], environment: [String: String]
    ) {
        guard geteuid() == 0 else { return ([path], [:]) }
        // Nobody may not be able to reach the build folder: a copy stands where everybody can.
        let copy = folder.path("netprobe")
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        return (
            [
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
                copy,
            ],
            ["LD_LIBRARY_PATH": libraries]
        )
    }

    /// Where the toolchain's libraries are that a debug build is linked with.
    private static var libraries: String {
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
        let line = maps.split(separator: "\n").first { $0.hasSuffix("libswiftCore.so") }
        let file = line?.split(separator: " ").last.map(String.init) ?? ""
        return (file as NSString).deletingLastPathComponent
    }

    /// Runs any program to its end; a minute is the most that any needs.
    public static func execute(
        _ command: [String], environment: [String: String] = [:], folder: URL? = nil, input: String? = nil
    ) throws -> Run {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        var surroundings = ProcessInfo.processInfo.environment
        for name in ["COLUMNS", "NO_COLOR", "NETPROBE_SANDBOX"] { surroundings[name] = nil }
        surroundings["TZ"] = "UTC0"
        surroundings.merge(environment) { $1 }
        process.environment = surroundings
        process.currentDirectoryURL = folder
        // Files, not pipes: a child that outlives the process cannot keep a reader waiting.
        let scratch = try TemporaryFolder()
        let (outputPath, errorPath) = (scratch.path("out"), scratch.path("err"))
        _ = FileManager.default.createFile(atPath: outputPath, contents: nil)
        _ = FileManager.default.createFile(atPath: errorPath, contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outputPath))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorPath))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let deadline = Date(timeIntervalSinceNow: 60)
        while process.isRunning, Date() < deadline { usleep(2000) }
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            Issue.record("\(command.joined(separator: " ")) did not end within 60 s")
        }
        process.waitUntilExit()
        func text(_ path: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        }
        return Run(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: try text(outputPath), errors: try text(errorPath))
    }
}

/// A folder that everybody may use and that is gone with its owner.
public final class TemporaryFolder: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("netprobe-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o777])
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: url.path)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    public func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
