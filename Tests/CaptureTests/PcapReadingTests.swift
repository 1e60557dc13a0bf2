import Addressing
import Capture
import Packets
import TestSupport
import Testing

@Suite struct PcapReadingTests {
    static let packet: [UInt8] = (0..<60).map { UInt8($0) }

    @Test func literalBytesLittleEndianMicroseconds() throws {
        let file: [UInt8] = [
            0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0,
            0x10, 0, 0, 0, 0x02, 0, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 0xaa, 0xbb, 0xcc,
        ]
        let result = try readAll(bytes: file)
        #expect(result.error == nil)
        let header = RecordHeader(
            number: 1, timestamp: Timestamp(seconds: 16, nanoseconds: 2000), capturedLength: 3, wireLength: 9,
            linkType: .ethernet, fileOffset: 24)
        #expect(result.records == [CapturedRecord(header: header, bytes: [0xaa, 0xbb, 0xcc])])
    }

    @Test func literalBytesBigEndianNanoseconds() throws {
        let file: [UInt8] = [
            0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 101,
            0, 0, 0, 0x10, 0x3b, 0x9a, 0xc9, 0xff, 0, 0, 0, 1, 0, 0, 0, 1, 0x45,
        ]
        let result = try readAll(bytes: file)
        #expect(result.error == nil)
        #expect(result.records.map(\.header.timestamp) == [Timestamp(seconds: 16, nanoseconds: 999_999_999)])
        #expect(result.records.map(\.header.linkType) == [.raw])
        #expect(result.records.map(\.bytes) == [[0x45]])
    }

    /// Every variant in both byte orders: where the packet starts and what the fraction of a second means.
    @Test(arguments: [false, true])
    func variants(bigEndian: Bool) throws {
        // Interface 2, protocol IPv4, packet type 0; what SuSE 6.3 adds; what Nokia writes.
        let april: (FileBytes) -> [UInt8] = { $0.encoded(2 as UInt32) + $0.encoded(0x0800 as UInt16) + [0, 0] }
        let september: (FileBytes) -> [UInt8] = { april($0) + [0, 0, 0, 0] }
        let cases: [(PcapVariant, UInt32, (FileBytes) -> [UInt8], UInt32)] = [
            (.microseconds, 0xa1b2_c3d4, { _ in [] }, 5000), (.nanoseconds, 0xa1b2_3c4d, { _ in [] }, 5),
            (.patched1999April, 0xa1b2_c3d4, april, 5000), (.patched1999October, 0xa1b2_cd34, april, 5000),
            (.patched1999September, 0xa1b2_cd34, september, 5000),
            (.nokia, 0xa1b2_c3d4, { _ in [1, 0xb6, 0xbf, 0x9f] }, 5000),
            (.ixiaHardware, 0x1c00_01ac, { _ in [] }, 5), (.ixiaSoftware, 0x1c00_01ab, { _ in [] }, 5000),
        ]
        for (variant, magic, extra, nanoseconds) in cases {
            var file = FileBytes(bigEndian: bigEndian)
            file.pcapHeader(magic: magic)
            if magic >> 16 == 0x1c00 { file.add(0 as UInt32) }
            for second in 1...4 as ClosedRange<UInt32> {
                file.pcapRecord(seconds: second, part: 5, wire: 100, extra: extra(file), Self.packet)
            }
            let temporary = try TemporaryFile(file.bytes)
            var reader = try CaptureFileReader(path: temporary.path)
            #expect(reader.format == .pcap(variant))
            #expect(reader.sections.first?.isBigEndian == bigEndian)
            #expect(reader.interfaces.first?.resolution == variant.resolution)
            let result = outcome(of: &reader)
            #expect(result.error == nil, "\(variant)")
            #expect(result.records.map(\.bytes) == Array(repeating: Self.packet, count: 4), "\(variant)")
            let times = (1...4).map { Timestamp(seconds: $0, nanoseconds: nanoseconds) }
            #expect(result.records.map(\.header.timestamp) == times, "\(variant)")
        }
    }

    @Test func aixHasItsOwnLinkTypesNanosecondsAndPadding() throws {
        var file = FileBytes(bigEndian: true)
        file.pcapHeader(minor: 2, network: 15)
        file.pcapRecord(seconds: 1, part: 7, wire: 10, [0, 0, 0] + [1, 2, 3, 4, 5, 6, 7])
        let result = try readAll(bytes: file.bytes)
        #expect(result.records.map(\.bytes) == [[1, 2, 3, 4, 5, 6, 7]])
        #expect(result.records.map(\.header.linkType) == [.fddi])
        #expect(result.records.map(\.header.timestamp) == [Timestamp(seconds: 1, nanoseconds: 7)])
        #expect(result.records.map(\.header.wireLength) == [7])
    }

    @Test func oldVersionsSayTheLengthOnTheWireFirst() throws {
        for (major, minor, first, second) in [
            (2, 2, 100, 60), (2, 3, 60, 100), (2, 3, 100, 60), (543, 0, 100, 60), (2, 4, 60, 100),
        ] {
            var file = FileBytes()
            file.pcapHeader(major: UInt16(major), minor: UInt16(minor))
            file.pcapRecord(seconds: 1, part: 0, captured: UInt32(first), wire: UInt32(second), Self.packet)
            let result = try readAll(bytes: file.bytes)
            #expect(result.records.map(\.header.capturedLength) == [60], "\(major).\(minor)")
            #expect(result.records.map(\.header.wireLength) == [100], "\(major).\(minor)")
        }
    }

    @Test func aFractionAboveASecondIsCarried() throws {
        var file = FileBytes()
        file.pcapHeader()
        for part in [1_000_001, UInt32.max] { file.pcapRecord(seconds: .max, part: part, Self.packet) }
        let result = try readAll(bytes: file.bytes)
        #expect(
            result.records.map(\.header.timestamp) == [
                Timestamp(seconds: 4_294_967_296, nanoseconds: 1000),
                Timestamp(seconds: 4_294_971_589, nanoseconds: 967_295_000),
            ])
    }

    @Test func packetsLongerThanTheSnaplenOrThanOnTheWireAreReadWhole() throws {
        var file = FileBytes()
        file.pcapHeader(snaplen: 10)
        for _ in 0..<3 { file.pcapRecord(seconds: 1, part: 0, wire: 20, Self.packet) }
        let result = try readAll(bytes: file.bytes)
        #expect(result.error == nil)
        #expect(result.records.map(\.bytes.count) == [60, 60, 60])
        #expect(result.records.map(\.header.wireLength) == [20, 20, 20])
    }

    @Test func aLengthOnTheWireAboveTwoGiBIsCutAsInWireshark() throws {
        var file = FileBytes()
        file.pcapHeader()
        file.pcapRecord(seconds: 1, part: 0, wire: .max, Self.packet)
        #expect(try readAll(bytes: file.bytes).records.map(\.header.wireLength) == [2_147_483_647])
    }

    @Test func theFCSLengthStandsAboveTheLinkType() throws {
        var file = FileBytes()
        file.pcapHeader(network: 0x2400_0001)
        let temporary = try TemporaryFile(file.bytes)
        let reader = try CaptureFileReader(path: temporary.path)
        #expect(
            reader.interfaces == [
                CaptureInterface(linkType: .ethernet, snaplen: 65535, resolution: .microseconds, fcsLength: 32)
            ])
    }

    @Test(arguments: [
        (0x0001_0001 as UInt32, 2 as UInt16, "reserved bits are set"), (60_000, 2, "link type 60000"),
        (1, 1, "version 1.4"),
    ])
    func headersThatWiresharkRefuses(network: UInt32, major: UInt16, message: String) throws {
        var file = FileBytes()
        file.pcapHeader(major: major, network: network)
        file.pcapRecord(seconds: 1, part: 0, Self.packet)
        let result = try readAll(bytes: file.bytes)
        #expect(result.records.isEmpty)
        #expect(result.error?.kind == .unsupported)
        #expect(result.error?.message.contains(message) == true)
    }

    @Test func gzipIsRecognizedByContentAndOverMembers() throws {
        var file = FileBytes()
        file.pcapHeader()
        for second in 1...3000 as ClosedRange<UInt32> { file.pcapRecord(seconds: second, part: 0, Self.packet) }
        let plain = try readAll(bytes: file.bytes)
        #expect(plain.records.count == 3000)
        let halves = [Array(file.bytes.prefix(100_001)), Array(file.bytes.dropFirst(100_001))]
        let one = try readAll(bytes: FileBytes.gzipMember(file.bytes))
        let two = try readAll(
            bytes: FileBytes.gzipMember(halves[0]) + FileBytes.gzipMember([]) + FileBytes.gzipMember(halves[1]))
        #expect(one == plain)
        #expect(two == plain)
    }

    @Test func damagedGzipDeliversWhatUnpacks() throws {
        var file = FileBytes()
        file.pcapHeader()
        for second in 1...3000 as ClosedRange<UInt32> { file.pcapRecord(seconds: second, part: 0, Self.packet) }
        let packed = FileBytes.gzipMember(file.bytes)
        let cut = try readAll(bytes: Array(packed.prefix(150_000)))
        #expect(cut.error?.kind == .truncated)
        #expect(cut.records.count > 1900)
        let garbage = try readAll(bytes: packed + Array("garbage".utf8))
        #expect(garbage.records.count == 3000)
        #expect(garbage.error?.kind == .malformed)
        var flipped = packed
        flipped[packed.count - 6] ^= 1
        let wrongSum = try readAll(bytes: flipped)
        #expect(wrongSum.error?.kind == .malformed)
        #expect(wrongSum.error?.message.contains("incorrect data check") == true)
    }

    /// Debian's package tools need both libraries, so that they are there wherever these tests run on it.
    @Test func zstdAndLZ4LikeGzip() throws {
        var file = FileBytes()
        file.pcapHeader()
        for second in 1...3000 as ClosedRange<UInt32> { file.pcapRecord(seconds: second, part: 0, Self.packet) }
        let plain = try readAll(bytes: file.bytes)
        let halves = [Array(file.bytes.prefix(100_001)), Array(file.bytes.dropFirst(100_001))]
        for (name, pack) in [("zstd", { FileBytes.zstdFrame($0) }), ("lz4", FileBytes.lz4Frame)]
            as [(String, ([UInt8]) -> [UInt8])]
        {
            let packed = pack(file.bytes)
            #expect(try readAll(bytes: packed) == plain, "\(name)")
            #expect(try readAll(bytes: pack(halves[0]) + pack([]) + pack(halves[1])) == plain, "\(name)")
            let cut = try readAll(bytes: Array(packed.prefix(150_000)))
            #expect(cut.error?.kind == .truncated, "\(name)")
            #expect(cut.error?.message == "the \(name)-compressed data is cut short, after what unpacks")
            #expect(cut.records.count > 900, "\(name)")
            let garbage = try readAll(bytes: packed + Array("garbage".utf8))
            #expect(garbage.records.count == 3000, "\(name)")
            #expect(garbage.error?.kind == .malformed, "\(name)")
            #expect(try readAll(bytes: Array(packed.prefix(6))).error?.message.contains(name) == true)
        }
        // A window of 128 MB: refused, not allocated.
        let wide = try readAll(bytes: FileBytes.zstdFrame(file.bytes, windowLog: 27))
        #expect(wide.records.isEmpty && wide.error?.kind == .malformed)
    }

    @Test func otherFilesAreNamed() throws {
        #expect(try readAll(bytes: []).error?.message == "is empty, not a capture file")
        #expect(try readAll(bytes: Array("hello, world".utf8)).error?.kind == .notACapture)
        #expect(try readAll(bytes: [0x28, 0xb5, 0x2f, 0xfd, 0, 0]).error?.message.contains("zstd") == true)
        #expect(readAll("/nonexistent/file.pcap").error?.kind == .cannotOpen(.noSuchFileOrDirectory))
        #expect(
            readAll("/nonexistent/file.pcap").error?.description
                == "/nonexistent/file.pcap: cannot be opened: No such file or directory")
        #expect(readAll("/tmp").error?.kind == .cannotRead(.isDirectory))
        let odd = CaptureFileError(kind: .notACapture, file: "a\u{1b}[31mb\nc", offset: 5, message: "is odd")
        #expect(odd.description == "a\\x1b[31mb\\x0ac: is odd at byte 5")
    }

    /// A damaged record makes no other variant of the file: what stands before it reads as it would without it, also
    /// where the packet's own first bytes could be the longer header of a variant.
    @Test func damageDoesNotChangeThePacketsBeforeIt() throws {
        let packet: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0] + [UInt8](repeating: 0x45, count: 33)
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        var file = word(0xa1b2_c3d4) + [2, 0, 4, 0] + word(0) + word(0) + word(262_144) + word(1)
        file += word(1) + word(2) + word(47) + word(47) + packet
        file += word(0x0200_0001) + word(0xe000_0000) + word(0xe000_0493) + word(0x0493) + [0x78, 0x78]
        let result = try readAll(bytes: file)
        #expect(result.records.map(\.bytes) == [packet])
        #expect(result.error?.kind == .malformed || result.error?.kind == .truncated)
    }
}
