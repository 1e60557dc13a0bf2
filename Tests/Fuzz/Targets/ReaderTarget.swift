import Addressing
import Capture
import Packets
import SystemPackage

/// A capture file of any bytes, read to its end twice: from a file, shown and copied, and from a pipe.
enum ReaderTarget {
    /// Packets that are drawn and copied; what a gzip bomb holds beyond is only counted.
    private static let shown = 300

    static func run(_ input: [UInt8], as target: FuzzTarget) throws -> Bool {
        guard isBusiness(input, of: target) else { return false }
        let file = try ScratchFile(input)
        let fromFile = try read(file.descriptor, input, shows: true)
        // A pipe takes 64 KiB before somebody must read.
        if input.count <= 65_536 {
            let (readEnd, writeEnd) = try FileDescriptor.pipe()
            let fromPipe = try readEnd.closeAfter {
                _ = try writeEnd.closeAfter { try writeEnd.writeAll(input) }
                return try read(readEnd, input, shows: false)
            }
            // Which variant of pcap it is may show only further on, and in a pipe nobody looks ahead.
            if !fromFile.isPcap { try require(fromPipe == fromFile, "a pipe gives \(fromPipe), the file \(fromFile)") }
        }
        return true
    }

    private static func isBusiness(_ input: [UInt8], of target: FuzzTarget) -> Bool {
        let isPacked = unpackingFactor(input) != nil
        let isPcapng = input.starts(with: [0x0a, 0x0d, 0x0d, 0x0a])
        return switch target {
        case .gzip: isPacked
        case .pcapng: isPcapng
        default: !isPacked && !isPcapng
        }
    }

    /// How many times its size a compressed input can become: gzip's longest matches, lz4's, and zstd's blocks of one
    /// byte repeated. nil for what is not compressed.
    private static func unpackingFactor(_ input: [UInt8]) -> Int? {
        if input.starts(with: [0x1f, 0x8b]) { return 1032 }
        if input.starts(with: [0x04, 0x22, 0x4d, 0x18]) { return 256 }
        return input.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) ? 32_768 : nil
    }

    /// What a file gave, short enough to compare and to print.
    private struct Outcome: Equatable {
        var records = 0
        var bytes = 0
        var isPcap = false
        var error: String?
    }

    private static func read(_ descriptor: FileDescriptor, _ input: [UInt8], shows: Bool) throws -> Outcome {
        var outcome = Outcome()
        do {
            var reader = try CaptureFileReader(descriptor: descriptor, name: "fuzz")
            outcome.isPcap = reader.format != .pcapng
            let show = PacketShow(small: false, whole: false)
            var copies = try shows ? CaptureCopies(reader.sections.first ?? CaptureSection()) : nil
            do {
                while let header = try reader.next() {
                    outcome.records += 1
                    outcome.bytes += reader.bytes.byteCount
                    if outcome.records > shown { continue }
                    let length = reader.bytes.byteCount
                    try require(
                        header.capturedLength == length, "\(header.capturedLength) bytes claimed, \(length) there")
                    guard shows else { continue }
                    let (facts, notes) = known(header, reader)
                    try show.show(reader.bytes, facts, notes)
                    copies?.take(header, reader)
                }
            } catch let error as CaptureFileError {
                outcome.error = "\(error)"
                if error.kind != .truncated { try requireError(&reader) }
            }
            // A length field makes no memory: only what is really there, unpacked, and the buffer doubles.
            let unpacked = input.count * (unpackingFactor(input) ?? 1)
            let size = reader.bufferSize
            try require(size <= max(1 << 20, unpacked * 2), "\(input.count) bytes make a buffer of \(size)")
            try show.finish()
            try copies?.finish(reader)
        } catch let error as CaptureFileError {
            outcome.error = "\(error)"
        }
        if let error = outcome.error {
            try require(!error.utf8.contains { $0 < 32 || $0 == 127 }, "an error that acts on terminals: \(error)")
        }
        return outcome
    }

    /// A damage that nothing can be read beyond is told again.
    private static func requireError(_ reader: inout CaptureFileReader) throws {
        do { _ = try reader.next() } catch { return }
        throw FuzzFinding("after an error it reads on")
    }

    private static func known(_ header: RecordHeader, _ reader: borrowing CaptureFileReader) -> (
        PacketFacts, PacketNotes
    ) {
        var facts = PacketFacts()
        facts.number = header.number
        facts.timestamp = header.timestamp
        facts.capturedLength = header.capturedLength
        facts.wireLength = header.wireLength
        facts.linkType = header.linkType
        var notes = PacketNotes(comments: reader.comments())
        facts.commentCount = notes.comments.count
        if reader.format == .pcapng, reader.interfaces.indices.contains(header.interface) {
            facts.interface = UInt32(clamping: reader.interfaces[header.interface].numberInSection)
            notes.interfaceName = reader.interfaces[header.interface].name
        }
        facts.hasInterfaceName = notes.interfaceName != nil
        return (facts, notes)
    }
}
