import Addressing
import Capture
import Packets
import SystemPackage
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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

    /// Copying keeps interfaces, resolutions, offsets, comments, flags and times, whatever the source's resolution.
    @Test func copiesAreEqual() throws {
        for raw in [0, 3, 6, 9, 12, 19, 0x80, 0x94, 0xa0, 0xbf] as [UInt8] {
            var source = FileBytes(bigEndian: true)
            source.section(options: [.init(4, "writer")])
            source.interface(
                linkType: 1, snaplen: 0,
                options: [
                    .init(1, "c"), .init(2, "eth0"), .init(9, [raw]), .init(14, source.encoded(1000 as Int64)),
                ])
            var random = SplitMix64(seed: UInt64(raw))
            for _ in 0..<50 {
                source.enhancedPacket(
                    time: UInt64.random(in: 0 ... .max, using: &random) >> UInt64.random(in: 1...63, using: &random),
                    options: [.init(1, "x"), .init(2, source.encoded(1 as UInt32))], [1, 2, 3, 4, 5])
            }
            source.block(3) {
                $0.add(5 as UInt32)
                $0.add([1, 2, 3, 4, 5], padTo: 4)
            }
            let original = try TemporaryFile(source.bytes)
            let copy = try TemporaryFile()
            var reader = try CaptureFileReader(path: original.path)
            var writer = try PcapngWriter(path: copy.path, section: reader.sections[0])
            while let header = try reader.next() { try writer.copy(header, from: reader) }
            try writer.finish(copying: reader)

            let a = readAll(original.path)
            let b = readAll(copy.path)
            #expect(a.records.map(\.header.timestamp) == b.records.map(\.header.timestamp), "if_tsresol \(raw)")
            #expect(a.records.map(\.comments) == b.records.map(\.comments))
            #expect(a.records.map(\.bytes) == b.records.map(\.bytes))
            #expect(a.error == nil && b.error == nil)
            var again = try CaptureFileReader(path: copy.path)
            #expect(try again.next() != nil)
            #expect(again.flags() == .inbound)
            #expect(again.interfaces == reader.interfaces)
        }
    }

    /// Sections, interfaces without packets and statistics stay; a packet without a time stays one.
    @Test func copiesKeepSections() throws {
        var source = FileBytes()
        for number in 1...2 as ClosedRange<UInt64> {
            source.section(options: [.init(1, "section \(number)")])
            source.interface(options: [.init(2, "silent\(number)")])
            source.interface(linkType: 101, options: [.init(2, "loud\(number)")])
            source.enhancedPacket(interface: 1, time: number, [1, 2, 3])
            source.block(3) {
                $0.add(3 as UInt32)
                $0.add([7, 8, 9])
            }
            source.interface(options: [.init(2, "late\(number)")])
            source.block(5, options: [.init(4, source.encoded(number))]) {
                for word in [1, 0, 0] as [UInt32] { $0.add(word) }
            }
        }
        let original = try TemporaryFile(source.bytes)
        let copy = try TemporaryFile()
        var reader = try CaptureFileReader(path: original.path)
        var writer = try PcapngWriter(path: copy.path, section: reader.sections[0])
        while let header = try reader.next() { try writer.copy(header, from: reader) }
        try writer.finish(copying: reader)
        var again = try CaptureFileReader(path: copy.path)
        var a = readAll(original.path)
        var b = outcome(of: &again)
        for index in a.records.indices { a.records[index].header.fileOffset = 0 }
        for index in b.records.indices { b.records[index].header.fileOffset = 0 }
        #expect(a == b)
        #expect(again.interfaces == reader.interfaces)
        #expect(again.statistics == reader.statistics)
        #expect(again.sections.map(\.comments) == [["section 1"], ["section 2"]])
    }

    /// A copy in classic pcap is as fine as its source.
    @Test(
        arguments: [(6, 0xa1b2_c3d4), (3, 0xa1b2_c3d4), (9, 0xa1b2_3c4d), (0x94, 0xa1b2_3c4d), (0xa0, 0xa1b2_3c4d)]
            as [(UInt8, UInt32)])
    func classicPcapKeepsThePrecision(resolution: UInt8, magic: UInt32) throws {
        var source = FileBytes()
        source.section()
        source.interface(linkType: 1, options: [.init(9, [resolution])])
        source.enhancedPacket(time: 1_000_000, [1, 2, 3])
        let original = try TemporaryFile(source.bytes)
        let copy = try TemporaryFile()
        var reader = try CaptureFileReader(path: original.path)
        var writer = try PcapWriter(path: copy.path, resolution: nil)
        while let header = try reader.next() { try writer.copy(header, from: reader) }
        try writer.finish(copying: reader)
        let bytes = try copy.contents()
        let found = bytes.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #expect(found == magic)
        #expect(
            readAll(copy.path).records.map(\.header.timestamp) == readAll(original.path).records.map(\.header.timestamp)
        )
    }

    /// Custom blocks that may be copied are; their bytes stay as they are.
    @Test(arguments: [false, true]) func customBlocksThatMayBeCopiedAre(bigEndian: Bool) throws {
        var source = FileBytes(bigEndian: bigEndian)
        source.section()
        source.block(0xbad) {
            $0.add(32473 as UInt32)
            $0.add([1, 2, 3, 4, 5], padTo: 4)
        }
        source.interface(linkType: 1)
        source.enhancedPacket(time: 1, [1, 2, 3])
        source.block(0x4000_0bad) {
            $0.add(32473 as UInt32)
            $0.add([9, 9, 9, 9])
        }
        let original = try TemporaryFile(source.bytes)
        let copy = try TemporaryFile()
        var reader = try CaptureFileReader(path: original.path)
        var writer = try PcapngWriter(path: copy.path)
        var written: [Bool] = []
        while let header = try reader.next() { written.append(try writer.copy(header, from: reader)) }
        try writer.finish(copying: reader)
        #expect(written == [true, true, false])
        let copied = readAll(copy.path)
        #expect(copied.error == nil)
        #expect(copied.records.map(\.header.kind) == [.customBlock, .packet])
        #expect(copied.records[0].bytes == [1, 2, 3, 4, 5, 0, 0, 0])
    }

    /// Names of addresses and decryption secrets go with the packets that they are about, whatever the byte order.
    @Test(arguments: [false, true]) func namesAndSecretsAreCopied(bigEndian: Bool) throws {
        var source = FileBytes(bigEndian: bigEndian)
        source.section()
        source.interface(linkType: 1)
        source.block(4, options: [.init(1, "from the hosts file")]) {
            $0.add(1 as UInt16)
            $0.add(9 as UInt16)
            $0.add([10, 0, 0, 1] + Array("host".utf8) + [0], padTo: 4)
            $0.add(0 as UInt32)
        }
        let secret = Array("CLIENT_RANDOM 00 11\n".utf8)
        source.block(10) {
            $0.add(0x544c_534b as UInt32)
            $0.add(UInt32(secret.count))
            $0.add(secret, padTo: 4)
        }
        source.enhancedPacket(time: 1, [1, 2, 3])
        source.block(10) {
            $0.add(0x544c_534b as UInt32)
            $0.add(0 as UInt32)
        }
        let original = try TemporaryFile(source.bytes)
        let copy = try TemporaryFile()
        var reader = try CaptureFileReader(path: original.path)
        reader.keepsCompanions = true
        var writer = try PcapngWriter(path: copy.path)
        while let header = try reader.next() { try writer.copy(header, from: reader) }
        try writer.finish(copying: reader)

        var again = try CaptureFileReader(path: copy.path)
        again.keepsCompanions = true
        #expect(try again.next()?.number == 1)
        #expect(again.names.map(\.name) == ["host"])
        #expect(again.companions.map(\.kind) == [.nameResolution, .decryptionSecrets])
        #expect(again.companions.last?.body.dropFirst(8).prefix(secret.count).elementsEqual(secret) == true)
        #expect(try again.next() == nil)
        #expect(again.companions == reader.companions)
    }

    /// What claims more than its block has is damage; unless somebody wants to keep it, nobody looks.
    @Test func secretsThatDoNotFitAreDamage() throws {
        var source = FileBytes()
        source.section()
        source.block(10) {
            $0.add(0x544c_534b as UInt32)
            $0.add(100 as UInt32)
        }
        let file = try TemporaryFile(source.bytes)
        var reader = try CaptureFileReader(path: file.path)
        #expect(try reader.next() == nil)
        var keeping = try CaptureFileReader(path: file.path)
        keeping.keepsCompanions = true
        #expect(throws: CaptureFileError.self) { try keeping.next() }
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

    // MARK: Where writing fails

    @Test func aFileThatCannotBeCreatedIsNamed() throws {
        do {
            _ = try PcapngWriter(path: "/nonexistent/out.pcapng")
            Issue.record("no error")
        } catch {
            #expect(error.kind == .cannotCreate(.noSuchFileOrDirectory))
            #expect(error.description == "/nonexistent/out.pcapng: cannot be written: No such file or directory")
        }
    }

    #if os(Linux)
        @Test func aFullDeviceIsATypedErrorThatStays() throws {
            var writer = try PcapngWriter(path: "/dev/full")
            try writer.write(Self.record(1))
            for _ in 0..<2 {
                do {
                    try writer.finish()
                    Issue.record("no error")
                } catch {
                    #expect(error.kind == .cannotWrite(.noSpace))
                    #expect(
                        error.description
                            == "/dev/full: cannot be written any further: No space left on device; 0 records are in it")
                }
            }
        }

        /// A file system that fills up within a record: every record before it is readable, in a file that ends with
        /// it.
        @Test(.enabled("needs a small file system of its own (root)") { TinyFileSystem.isPossible })
        func aFullDiskLeavesWholeRecords() throws {
            guard let disk = TinyFileSystem(size: 1024 * 1024) else {
                Issue.record("no file system of its own")
                return
            }
            let pcapng = disk.path + "/full.pcapng"
            let error = try #require(Self.fill(try PcapngWriter(path: pcapng)))
            try Self.expectWholeRecords(pcapng, error)
            try removeFile(pcapng)
            let pcap = disk.path + "/full.pcap"
            let other = try #require(Self.fill(try PcapWriter(path: pcap)))
            try Self.expectWholeRecords(pcap, other)
            try removeFile(pcap)
        }

        private static func fill<Sink: CaptureSink & ~Copyable>(_ sink: consuming Sink) -> CaptureWriteError? {
            do throws(CaptureWriteError) {
                for number in 1...20_000 { try sink.write(record(number, length: 777, comments: ["number \(number)"])) }
                try sink.finish()
                return nil
            } catch {
                return error
            }
        }

        private static func expectWholeRecords(_ path: String, _ error: CaptureWriteError) throws {
            #expect(error.kind == .cannotWrite(.noSpace))
            #expect(error.file == path)
            let result = readAll(path)
            #expect(result.error == nil)
            #expect(result.records.count == error.recordsWritten)
            // The disk has 1 MiB, a record 800 to 850 bytes: it is full to the last block.
            #expect(result.records.count > 1200)
            for (index, record) in result.records.enumerated() {
                #expect(record.bytes == Self.record(index + 1, length: 777).bytes)
            }
        }
    #endif

    @Test func aClosedPipeIsToldApart() throws {
        ignoreWriteSignals()
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        try readEnd.close()
        var writer = try PcapngWriter(descriptor: writeEnd, name: "standard output", closesDescriptor: true)
        do {
            try writer.finish()
            Issue.record("no error")
        } catch {
            #expect(error.kind == .closedPipe)
        }
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
