import Foundation
import Packets
import SystemPackage
import Testing

@testable import NetprobeCLI

@Suite struct ServeOutputTests {
    /// Any server may claim any size.
    @Test func progressOfAnySizeIsShown() {
        #expect(ProgressBar.line(1, .max, rate: 0.4, columns: 80).hasSuffix("0 %  1 B of 9223372 TB  0 B/s"))
        #expect(
            ProgressBar.line(500, 1000, rate: 100, columns: 80).hasSuffix(" 50 %  500 B of 1.0 kB  100 B/s  5 s left"))
    }

    /// A reader that stops must not stop the server; when it goes on, it is told what is missing.
    @Test func aLogThatNobodyReadsIsLeftOut() throws {
        let pipe = try FileDescriptor.pipe()
        let log = LogOutput(pipe.writeEnd)
        let line = [UInt8](repeating: 46, count: 999) + [10]
        for _ in 0..<200 { log.write(line.rawSpan) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 17)
        let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe pipe.readEnd.read(into: $0) }
        text += buffer.prefix(count)
        log.write(line.rawSpan)
        try pipe.writeEnd.close()
        while case let count = try unsafe buffer.withUnsafeMutableBytes({ try unsafe pipe.readEnd.read(into: $0) }),
            count > 0
        { text += buffer.prefix(count) }
        let lines = text.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
        let note = try #require(lines.first { $0.hasPrefix("(") })
        let lost = try #require(Int(note.dropFirst().prefix { $0.isNumber }))
        #expect(lost > 0 && lines.count - 1 + lost == 201, "\(lines.count) lines, \(note)")
    }
}
