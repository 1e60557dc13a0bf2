import Capture
import FuzzTargets
import Packets
import SystemPackage

/// Makes inputs for `dissect` and `comment` out of capture files, and copies the files for the readers.
enum Seeds {
    /// Packets in one input: enough for a handshake.
    private static let packetsInOne = 4

    /// - Parameters:
    ///   - folder: gets `pcap/`, `pcapng/`, `gzip/`, `dissect/` and `comment/`, which must be there.
    static func write(to folder: String, from files: [String]) throws {
        for (number, file) in files.enumerated() {
            let bytes = try read(file)
            let kind =
                bytes.starts(with: [0x1f, 0x8b])
                ? "gzip" : bytes.starts(with: [0x0a, 0x0d, 0x0d, 0x0a]) ? "pcapng" : "pcap"
            // Large inputs are slow and teach nothing that their beginning does not.
            try write(Array(bytes.prefix(20_000)), "\(folder)/\(kind)/seed-\(number)")
            try writePackets(of: file, number, folder)
        }
    }

    private static func writePackets(of file: String, _ number: Int, _ folder: String) throws {
        var group: [[UInt8]] = []
        var linkType: LinkType?
        var comments: [String] = []
        var count = 0
        func end() throws {
            if let linkType, !group.isEmpty {
                try write(
                    DissectTarget.input(linkType: linkType, options: UInt8(truncatingIfNeeded: count & 3), group),
                    "\(folder)/dissect/seed-\(number)-\(count)")
            }
            group = []
            count += 1
        }
        do {
            var reader = try CaptureFileReader(path: file)
            while let header = try reader.next(), count < 50 {
                if header.linkType != linkType || group.count == packetsInOne { try end() }
                linkType = header.linkType
                let record = reader.record(header)
                group.append(record.bytes)
                comments += record.comments.filter { !$0.utf8.contains(10) }
            }
        } catch is CaptureFileError {}  // damaged files are seeds, too
        try end()
        if comments.isEmpty { return }
        try write(Array(comments.joined(separator: "\n").utf8), "\(folder)/comment/seed-\(number)")
        for (index, comment) in comments.enumerated() {
            try write(Array(comment.utf8), "\(folder)/comment/seed-\(number)-\(index)")
        }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let file = try FileDescriptor.open(FilePath(path), .readOnly)
        return try file.closeAfter {
            var all: [UInt8] = []
            while all.count < 1 << 22 {
                let part = try unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                    count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
                if part.isEmpty { break }
                all += part
            }
            return all
        }
    }

    private static func write(_ bytes: [UInt8], _ path: String) throws {
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(bytes) }
    }
}
