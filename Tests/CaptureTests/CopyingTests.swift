import Addressing
import Capture
import TestSupport
import Testing

/// What is read from one file and written to another.
@Suite struct CopyingTests {
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
}
