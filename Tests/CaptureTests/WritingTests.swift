import Addressing
import Capture
import Packets
import SystemPackage
import TestSupport
import Testing

@Suite struct WritingTests {
    static func record(_ number: Int, length: Int = 60, comments: [String] = []) -> CapturedRecord {
        CapturedRecord(
            number: number, timestamp: Timestamp(seconds: 1_700_000_000 + Int64(number), nanoseconds: 123_456_789),
            linkType: .ethernet, bytes: (0..<length).map { UInt8(truncatingIfNeeded: $0 + number) }, comments: comments)
    }

    @Test func pcapBytes() throws {
        let file = try TemporaryFile()
        var writer = try PcapWriter(path: file.path)
        try writer.write(
            CapturedRecord(
                header: RecordHeader(
                    number: 1, timestamp: Timestamp(seconds: 16, nanoseconds: 2999), capturedLength: 3, wireLength: 9,
                    linkType: .ethernet),
                bytes: [0xaa, 0xbb, 0xcc]))
        try writer.finish()
        #expect(
            try file.contents() == [
                0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
                0x10, 0, 0, 0, 0x02, 0, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 0xaa, 0xbb, 0xcc,
            ])
    }

    @Test func pcapngBytes() throws {
        let file = try TemporaryFile()
        var writer = try PcapngWriter(path: file.path)
        try writer.add(CaptureInterface(linkType: .ethernet, snaplen: 0x40000), as: 0)
        try writer.write(
            CapturedRecord(
                header: RecordHeader(
                    number: 1, timestamp: Timestamp(seconds: 16, nanoseconds: 2), capturedLength: 3, wireLength: 9,
                    linkType: .ethernet),
                bytes: [0xaa, 0xbb, 0xcc], comments: ["hi"]))
        try writer.finish()
        #expect(
            try file.contents() == [
                0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
                0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0,
                1, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0,
                6, 0, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0x02, 0xa0, 0xac, 0xb9, 3, 0, 0, 0, 9, 0, 0, 0,
                0xaa, 0xbb, 0xcc, 0, 1, 0, 2, 0, 0x68, 0x69, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0,
            ])
    }

    @Test func pcapngKeepsEverything() throws {
        let section = CaptureSection(
            hardware: "hw", operatingSystem: "os", application: "netprobe", comments: ["one", "two"])
        let interface = CaptureInterface(
            linkType: .ethernet, snaplen: 128, name: "lo", description: "loopback", filter: "tcp port 80",
            operatingSystem: "Linux 6.1", hardware: "none", speed: 10_000_000_000, fcsLength: 32, comments: ["i"])
        let other = CaptureInterface(
            linkType: .raw, name: "tun0", resolution: .microseconds, timestampOffset: -7, section: 0, numberInSection: 1
        )
        let file = try TemporaryFile()
        var writer = try PcapngWriter(path: file.path, section: section)
        try writer.add(interface, as: 0)
        var second = Self.record(2, comments: ["a", "", "ü\n\u{1b}"])
        try writer.write(second.header, bytes: second.bytes.rawSpan, comments: second.comments, flags: .outbound)
        // An interface that turns up later.
        try writer.add(other, as: 5)
        second.header.interface = 5
        second.header.linkType = .raw
        try writer.write(second)
        let counts = InterfaceStatistics(
            interface: 0, timestamp: Timestamp(seconds: 9, nanoseconds: 1),
            started: Timestamp(seconds: 1, nanoseconds: 2),
            ended: Timestamp(seconds: 8, nanoseconds: 3), received: 100, droppedByInterface: 1, accepted: 90,
            dropped: 2,
            delivered: 88, comments: ["counted"])
        try writer.finish(statistics: [counts, InterfaceStatistics(interface: 77, received: 1)])

        var reader = try CaptureFileReader(path: file.path)
        let first = try #require(try reader.next())
        #expect(reader.comments() == ["a", "", "ü\n\u{1b}"])
        #expect(reader.flags() == .outbound)
        #expect(first.timestamp == second.header.timestamp)
        let next = try #require(try reader.next())
        #expect(reader.flags() == nil)
        #expect(next.interface == 1)
        #expect(next.linkType == .raw)
        // This interface counts microseconds; what is finer is rounded up.
        #expect(next.timestamp == Timestamp(seconds: 1_700_000_002, nanoseconds: 123_457_000))
        #expect(try reader.next() == nil)
        #expect(reader.sections == [section])
        #expect(reader.interfaces == [interface, other])
        #expect(reader.statistics == [counts])
    }

    @Test func tooLongCommentsAreCutAtACharacter() throws {
        let file = try TemporaryFile()
        var writer = try PcapngWriter(path: file.path)
        let long = "a" + String(repeating: "ü", count: 40_000)
        let fits = String(repeating: "b", count: 65_535)
        try writer.write(Self.record(1, comments: [long, fits]))
        try writer.finish()
        let comments = try #require(readAll(file.path).records.first?.comments)
        #expect(comments.count == 2)
        #expect(comments[0] == "a" + String(repeating: "ü", count: 32_765) + "…")
        #expect(comments[0].utf8.count <= 65_535)
        #expect(comments[1] == fits)
    }

    /// Random records through every writer come back as they were.
    @Test func roundTrips() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        for _ in 0..<40 {
            var records: [CapturedRecord] = []
            for number in 1...Int.random(in: 1...20, using: &random) {
                let length = Int.random(in: 0...300, using: &random)
                let header = RecordHeader(
                    number: number,
                    timestamp: Timestamp(
                        seconds: Int64.random(in: 0...4_294_967_295, using: &random),
                        nanoseconds: UInt32.random(in: 0...999_999_999, using: &random)),
                    capturedLength: length, wireLength: length + Int.random(in: 0...5000, using: &random),
                    interface: Int.random(in: 0...2, using: &random), linkType: .ethernet)
                let comments = (0..<Int.random(in: 0...2, using: &random)).map { "comment \($0) of \(number)" }
                let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                records.append(CapturedRecord(header: header, bytes: bytes, comments: comments))
            }
            let file = try TemporaryFile()
            var writer = try PcapngWriter(path: file.path)
            for number in 0...2 {
                try writer.add(CaptureInterface(linkType: .ethernet, name: "if\(number)"), as: number)
            }
            for record in records { try writer.write(record) }
            try writer.finish()
            var result = readAll(file.path)
            #expect(result.error == nil, "seed \(seed)")
            for index in result.records.indices { result.records[index].header.fileOffset = 0 }
            #expect(result.records == records, "seed \(seed)")

            for resolution in [PcapWriter.Resolution.microseconds, .nanoseconds] {
                let classic = try TemporaryFile()
                var writer = try PcapWriter(path: classic.path, resolution: resolution)
                for record in records { try writer.write(record) }
                try writer.finish()
                let unit: UInt32 = resolution == .microseconds ? 1000 : 1
                let expected = records.map { record in
                    record.header.timestamp.map {
                        Timestamp(seconds: $0.seconds, nanoseconds: $0.nanoseconds / unit * unit)
                    }
                }
                let back = readAll(classic.path)
                #expect(back.error == nil, "seed \(seed)")
                #expect(back.records.map(\.header.timestamp) == expected, "seed \(seed)")
                #expect(back.records.map(\.bytes) == records.map(\.bytes), "seed \(seed)")
                #expect(back.records.map(\.header.wireLength) == records.map(\.header.wireLength), "seed \(seed)")
            }
        }
    }

    @Test func classicPcapHoldsOneLinkType() throws {
        let file = try TemporaryFile()
        var writer = try PcapWriter(path: file.path)
        try writer.add(CaptureInterface(linkType: .ethernet, fcsLength: 32), as: 0)
        try writer.write(Self.record(1))
        var other = Self.record(2)
        other.header.linkType = .raw
        do {
            try writer.write(other)
            Issue.record("no error")
        } catch {
            #expect(error.kind == .unsupported)
            #expect(
                error.description.contains(
                    "classic pcap holds one link type (1) and cannot take packets of link type 101: write pcapng"))
        }
        try writer.finish()
        #expect(readAll(file.path).records.count == 1)
    }

    @Test func emptyCapturesAreCaptures() throws {
        let classic = try TemporaryFile()
        let modern = try TemporaryFile()
        var pcap = try PcapWriter(path: classic.path)
        try pcap.finish()
        var pcapng = try PcapngWriter(path: modern.path)
        try pcapng.finish()
        #expect(readAll(classic.path) == Outcome())
        #expect(readAll(modern.path) == Outcome())
    }

    @Test func flushedPacketsAreThere() throws {
        let file = try TemporaryFile()
        var writer = try PcapngWriter(path: file.path)
        try writer.write(Self.record(1))
        #expect(try file.contents().isEmpty)
        try writer.flush()
        #expect(readAll(file.path).records.count == 1)
        try writer.finish()
    }

    /// Written behind what is there already (`>>`): only the new end is cut back, and the file reads as two sections.
    @Test func appendsAfterWhatIsThere() throws {
        let file = try TemporaryFile()
        var first = try PcapngWriter(path: file.path)
        try first.write(Self.record(1))
        try first.finish()
        let descriptor = try FileDescriptor.open(FilePath(file.path), .writeOnly, options: .append)
        var second = try PcapngWriter(descriptor: descriptor, name: file.path, closesDescriptor: true)
        try second.write(Self.record(2))
        try second.finish()
        #expect(readAll(file.path).records.map(\.header.section) == [0, 1])
    }
}
