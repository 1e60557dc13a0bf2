import Foundation
import TestSupport
import Testing

/// The recorded demos of `captures/`: the same lines and the same ladder for ever.
@Suite struct CaptureReplayTests {
    private static let folder = Netprobe.project.appendingPathComponent("captures")

    static let names: [String] = {
        let index = (try? String(contentsOf: folder.appendingPathComponent("index.tsv"), encoding: .utf8)) ?? ""
        return index.split(separator: "\n").compactMap { $0.split(separator: "\t").first.map(String.init) }
    }()

    @Test func theIndexNamesEveryCapture() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".pcapng")
        }
        #expect(files.sorted() == Self.names.sorted())
        #expect(!files.isEmpty)
    }

    @Test(arguments: names)
    func replays(name: String) throws {
        let file = Self.folder.appendingPathComponent(name).path
        let stem = name.replacingOccurrences(of: ".pcapng", with: "")
        for command in ["ladder", "show", "explain"] {
            let run = try Netprobe.run(command, file)
            #expect(run.status == 0, "\(run.errors)")
            // Of both ends of a wire everything is there twice: explain says so, and how to get one end.
            if name.contains("two-hosts"), command == "explain" {
                #expect(run.errors.contains("has both ends of one wire"), "\(run.errors)")
                continue
            }
            #expect(run.errors == "", "\(run.errors)")
            try expectGolden(run.output, "\(stem).\(command).txt")
        }
        let narrow = try Netprobe.run("ladder", file, environment: ["COLUMNS": "80"])
        for line in narrow.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
}
