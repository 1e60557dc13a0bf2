import Addressing
import Capture
import Packets
import TestSupport
import Testing

@Suite struct PcapngReadingTests {
    static let packet: [UInt8] = (0..<57).map { UInt8($0) }

    @Test func literalBytesLittleEndian() throws {
        let file: [UInt8] = [
            0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0,
            1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 20, 0, 0, 0,
            6, 0, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x41, 0x42, 0x0f, 0, 3, 0, 0, 0, 99, 0, 0, 0,
            0xaa, 0xbb, 0xcc, 0, 1, 0, 2, 0, 0x68, 0x69, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0,
        ]
        // The block's length is 12 + 20 + 4 + 8 + 4.
        let result = try readAll(bytes: file)
        #expect(result.error == nil)
        let header = RecordHeader(
            number: 1, timestamp: Timestamp(seconds: 1, nanoseconds: 1000), capturedLength: 3, wireLength: 99,
            linkType: .ethernet, fileOffset: 48)
        #expect(result.records == [CapturedRecord(header: header, bytes: [0xaa, 0xbb, 0xcc], comments: ["hi"])])
    }

    @Test(arguments: [false, true])
    func interfacesSectionsAndComments(bigEndian: Bool) throws {
        var file = FileBytes(bigEndian: bigEndian)
        file.section(
            options: [.init(1, "first"), .init(1, "second"), .init(2, "hw"), .init(3, "os"), .init(4, "app")], minor: 2)
        file.interface(
            linkType: 101, snaplen: 1000,
            options: [
                .init(1, "about lo"), .init(2, "lo"), .init(3, "loopback"), .init(8, file.encoded(1_000_000 as UInt64)),
                .init(9, [9]), .init(11, "\0tcp"), .init(12, "Linux"), .init(13, [4]),
                .init(14, file.encoded(-100 as Int64)), .init(15, "card"),
                .init(2988, [0, 0, 0, 0, 1]), .init(4711, "unknown"),
            ])
        file.enhancedPacket(
            time: 5_000_000_123, wire: 80,
            options: [
                .init(1, "naïve"), .init(2, file.encoded(2 | 4 << 5 as UInt32)), .init(1, ""), .init(1, "cut\0off"),
            ], Self.packet)
        let temporary = try TemporaryFile(file.bytes)
        var reader = try CaptureFileReader(path: temporary.path)
        let header = try #require(try reader.next())
        #expect(header.timestamp == Timestamp(seconds: -95, nanoseconds: 123))
        #expect(header.linkType == .raw)
        #expect(reader.comments() == ["naïve", "", "cut"])
        #expect(reader.flags()?.direction == .outbound)
        #expect(reader.flags()?.fcsOctets == 4)
        #expect(reader.record(header).bytes == Self.packet)
        #expect(reader.bytes.byteCount == Self.packet.count)
        #expect(
            reader.sections == [
                CaptureSection(
                    hardware: "hw", operatingSystem: "os", application: "app", comments: ["first", "second"],
                    isBigEndian: bigEndian)
            ])
        #expect(
            reader.interfaces == [
                CaptureInterface(
                    linkType: .raw, snaplen: 1000, name: "lo", description: "loopback", filter: "tcp",
                    operatingSystem: "Linux",
                    hardware: "card", speed: 1_000_000, resolution: .nanoseconds, timestampOffset: -100, fcsLength: 4,
                    comments: ["about lo"])
            ])
        #expect(try reader.next() == nil)
        #expect(reader.comments().isEmpty)
        #expect(reader.bytes.byteCount == 0)
    }

    @Test func sectionsOfDifferentByteOrderHaveTheirOwnInterfaces() throws {
        var first = FileBytes(bigEndian: true)
        first.section()
        first.interface(linkType: 1)
        first.interface(linkType: 101)
        first.enhancedPacket(interface: 1, time: 1_000_000, Self.packet)
        var second = FileBytes(bigEndian: false)
        second.section()
        second.interface(linkType: 276)
        second.enhancedPacket(interface: 0, time: 2_000_000, Self.packet)
        second.enhancedPacket(interface: 1, time: 2_000_000, Self.packet)
        let result = try readAll(bytes: first.bytes + second.bytes)
        #expect(result.records.map(\.header.interface) == [1, 2])
        #expect(result.records.map(\.header.section) == [0, 1])
        #expect(result.records.map(\.header.linkType) == [.raw, .linuxSLL2])
        // The second section has described one interface only.
        #expect(result.error?.kind == .malformed)
        #expect(result.error?.message == "packet 3 names interface 1, but its section has described 1")
    }

    @Test func simplePacketsHaveNoTimeAndAreCutBySnaplen() throws {
        var file = FileBytes()
        file.section()
        file.interface(snaplen: 20)
        file.block(3) {
            $0.add(57 as UInt32)
            $0.add(Array(Self.packet.prefix(20)))
        }
        file.block(3) {
            $0.add(7 as UInt32)
            $0.add(Array(Self.packet.prefix(7)))
        }
        let result = try readAll(bytes: file.bytes)
        #expect(result.error == nil)
        #expect(result.records.map(\.header.timestamp) == [nil, nil])
        #expect(result.records.map(\.header.capturedLength) == [20, 7])
        #expect(result.records.map(\.header.wireLength) == [57, 7])
    }

    @Test(arguments: [false, true])
    func obsoletePacketBlock(bigEndian: Bool) throws {
        var file = FileBytes(bigEndian: bigEndian)
        file.section()
        file.interface()
        file.interface(linkType: 101)
        file.block(2, options: [.init(1, "old")]) {
            $0.add(1 as UInt16)
            $0.add(77 as UInt16)
            for word in [0, 3_000_001, 57, 90] as [UInt32] { $0.add(word) }
            $0.add(Self.packet)
        }
        let result = try readAll(bytes: file.bytes)
        #expect(result.error == nil)
        #expect(result.records.map(\.header.interface) == [1])
        #expect(result.records.map(\.header.timestamp) == [Timestamp(seconds: 3, nanoseconds: 1000)])
        #expect(result.records.map(\.comments) == [["old"]])
        #expect(result.records.map(\.bytes) == [Self.packet])
    }

    struct ResolutionCase: Sendable {
        let raw: UInt8
        let units: UInt64
        let seconds: Int64
        let nanoseconds: UInt32

        init(_ raw: UInt8, _ units: UInt64, _ seconds: Int64, _ nanoseconds: UInt32) {
            (self.raw, self.units, self.seconds, self.nanoseconds) = (raw, units, seconds, nanoseconds)
        }
    }

    static let resolutionCases: [ResolutionCase] = [
        .init(0, 7, 7, 0), .init(3, 1234, 1, 234_000_000), .init(6, 1_000_001, 1, 1000), .init(9, 1_000_000_001, 1, 1),
        .init(12, 1_000_000_001_999, 1, 1), .init(19, 12_345_678_901_234_567_890, 1, 234_567_890),
        .init(0x80, 7, 7, 0), .init(0x81, 3, 1, 500_000_000), .init(0x94, 0x10_0001, 1, 953),
        .init(0xa0, 0x1_8000_0000, 1, 500_000_000), .init(0xbf, 0xc000_0000_0000_0000, 1, 500_000_000),
    ]

    /// if_tsresol in both bases, as fine as 64 bits go.
    @Test(arguments: resolutionCases)
    func resolutions(example: ResolutionCase) throws {
        var file = FileBytes()
        file.section()
        file.interface(options: [.init(9, [example.raw])])
        file.enhancedPacket(time: example.units, Self.packet)
        let result = try readAll(bytes: file.bytes)
        #expect(
            result.records.map(\.header.timestamp) == [
                Timestamp(seconds: example.seconds, nanoseconds: example.nanoseconds)
            ])
    }

    @Test(arguments: [20 as UInt8, 127, 0xc0, 0xff])
    func resolutionsBeyond64BitsAreRefused(raw: UInt8) throws {
        var file = FileBytes()
        file.section()
        file.interface(options: [.init(9, [raw])])
        #expect(try readAll(bytes: file.bytes).error?.kind == .unsupported)
    }

    @Test func otherBlocksAreReadOrPassedOver() throws {
        var file = FileBytes(bigEndian: true)
        file.section()
        file.interface()
        // Decryption secrets, an unknown block, a local one; then names and statistics.
        file.block(10) {
            $0.add(0x544c_534b as UInt32)
            $0.add(3 as UInt32)
            $0.add([1, 2, 3], padTo: 4)
        }
        file.block(0x4444) { $0.add([1, 2, 3, 4, 5]) }
        file.block(0x8000_0001) { _ in }
        file.block(4, options: [.init(1, "names")]) {
            $0.add(1 as UInt16)
            $0.add(14 as UInt16)
            $0.add([127, 0, 0, 1] + Array("localhost\0".utf8), padTo: 4)
            $0.add(2 as UInt16)
            $0.add(20 as UInt16)
            $0.add([UInt8](repeating: 0, count: 15) + [1] + Array("a\0b\0".utf8), padTo: 4)
            $0.add(77 as UInt16)
            $0.add(1 as UInt16)
            $0.add([9], padTo: 4)
            $0.add(0 as UInt32)
        }
        file.enhancedPacket(time: 0, Self.packet)
        file.block(5, options: [.init(4, file.encoded(1 as UInt64))]) {
            for word in [0, 0, 0] as [UInt32] { $0.add(word) }
        }
        file.block(
            5,
            options: [
                .init(1, "end"),
                .init(2, file.encoded(1_000_000 << 32 as UInt64).suffix(4) + file.encoded(1_000_000 as UInt32)),
                .init(4, file.encoded(10 as UInt64)), .init(5, file.encoded(2 as UInt64)),
                .init(6, file.encoded(8 as UInt64)), .init(7, file.encoded(1 as UInt64)),
                .init(8, file.encoded(7 as UInt64)),
            ]
        ) { for word in [0, 0, 2_000_000] as [UInt32] { $0.add(word) } }
        file.block(5) { for word in [99, 0, 0] as [UInt32] { $0.add(word) } }
        let temporary = try TemporaryFile(file.bytes)
        var reader = try CaptureFileReader(path: temporary.path)
        let result = outcome(of: &reader)
        #expect(result.error == nil)
        #expect(result.records.count == 1)
        #expect(
            reader.names == [
                NamedAddress(address: .v4(IPv4Address(127, 0, 0, 1)), name: "localhost"),
                NamedAddress(address: .v6(IPv6Address(high: 0, low: 1)), name: "a"),
                NamedAddress(address: .v6(IPv6Address(high: 0, low: 1)), name: "b"),
            ])
        #expect(
            reader.statistics == [
                InterfaceStatistics(
                    interface: 0, timestamp: Timestamp(seconds: 2, nanoseconds: 0),
                    started: Timestamp(seconds: 1, nanoseconds: 0),
                    received: 10, droppedByInterface: 2, accepted: 8, dropped: 1, delivered: 7, comments: ["end"])
            ])
    }

    /// Wireshark numbers custom blocks and journal entries as frames, so they are records here.
    @Test func customBlocksAndJournalEntriesAreRecords() throws {
        var file = FileBytes()
        file.section()
        file.block(0xbad) {
            $0.add(32473 as UInt32)
            $0.add(Array("custom".utf8))
        }
        file.block(0x4000_0bad) { $0.add(32473 as UInt32) }
        file.block(9) { $0.add(Array("__REALTIME_TIMESTAMP=1500000000000001\nMESSAGE=x\n".utf8)) }
        let result = try readAll(bytes: file.bytes)
        #expect(result.error == nil)
        #expect(result.records.map(\.header.kind) == [.customBlock, .customBlock, .journalEntry])
        #expect(result.records.map(\.header.capturedLength) == [8, 0, 48])
        #expect(result.records.map(\.header.linkType) == [.notAPacket, .notAPacket, .notAPacket])
        #expect(result.records.last?.header.timestamp == Timestamp(seconds: 1_500_000_000, nanoseconds: 1000))
    }

    @Test func blockLengthsThatAreNoMultipleOfFourAreRoundedUp() throws {
        var file = FileBytes()
        file.section()
        file.interface()
        file.block(6, totalLength: 89) {
            for word in [0, 0, 1, 57, 57] as [UInt32] { $0.add(word) }
            $0.add(Self.packet)
        }
        let result = try readAll(bytes: file.bytes)
        #expect(result.error == nil)
        #expect(result.records.map(\.bytes) == [Self.packet])
    }

    @Test func aLinkTypeThatNobodyKnowsIsAnInterfaceOfUnknownPackets() throws {
        var file = FileBytes()
        file.section()
        file.interface(linkType: 60_000)
        file.enhancedPacket(time: 0, Self.packet)
        #expect(try readAll(bytes: file.bytes).records.map(\.header.linkType) == [LinkType(rawValue: 60_000)])
    }
}
