import Foundation
import TestSupport
import Testing

/// Unsafe code stands only in the few places that were chosen for it; whoever needs more of it must add to this list.
@Suite struct UnsafeCodeTests {
    /// Network-order loads, the output buffer, the block reader and writer with zlib, zstd and lz4, libpcap, libcrypto,
    /// and the system calls.
    private static let places = [
        "Packets/Core/NetworkOrder.swift", "Rendering/OutputBuffer.swift", "Capture/Bytes/", "Capture/Live/",
        "Digests/", "Sockets/System/",
    ]

    /// The Swift files below `Sources` in whose code, comments left out, the word `unsafe` stands.
    private static func filesWithUnsafeCode() throws -> [String] {
        let sources = Netprobe.project.appendingPathComponent("Sources")
        let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }
        return try files.filter { file in
            try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8).split(separator: "\n")
                .contains { line in
                    let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
                    // A page's security policy has 'unsafe-inline' in a string: that is no code.
                    return code.split(whereSeparator: { !$0.isLetter && $0 != "_" && $0 != "-" }).contains("unsafe")
                }
        }
    }

    @Test func standsOnlyWhereItMay() throws {
        let files = try Self.filesWithUnsafeCode()
        #expect(files.filter { file in !Self.places.contains { file.hasPrefix($0) } }.sorted() == [])
        // The search finds something, and the list has nothing that is not needed.
        #expect(Self.places.filter { place in !files.contains { $0.hasPrefix(place) } } == [])
    }
}
