import Addressing
import Capture
import Packets
import SystemPackage
import TestSupport
import Testing

/// Damaged and hostile files: everything up to the damage, then one exact error; never a trap, a hang or much memory.
@Suite struct DamageTests {
    static let packet: [UInt8] = (0..<21).map { UInt8($0) }

    static func pcap() -> (bytes: [UInt8], recordStarts: [Int]) {
        var file = FileBytes()
        file.pcapHeader()
        var starts: [Int] = []
        for second in 1...3 as ClosedRange<UInt32> {
            starts.append(file.bytes.count)
            file.pcapRecord(seconds: second, part: 0, packet)
        }
        return (file.bytes, starts + [file.bytes.count])
    }

    static func pcapng() -> (bytes: [UInt8], blockStarts: [Int], packetEnds: [Int]) {
        var file = FileBytes(bigEndian: true)
        var starts = [0]
        var ends: [Int] = []
        file.section(options: [.init(1, "comment")])
        starts.append(file.bytes.count)
        file.interface(options: [.init(2, "lo")])
        for number in 1...3 as ClosedRange<UInt64> {
            starts.append(file.bytes.count)
            file.enhancedPacket(time: number, options: [.init(1, "packet \(number)")], packet)
            ends.append(file.bytes.count)
            starts.append(file.bytes.count)
            file.block(0x7777) { $0.add([1, 2, 3]) }
        }
        return (file.bytes, starts + [file.bytes.count], ends)
    }

    @Test func everyPrefixOfAPcapFileHasItsExactError() throws {
        let (bytes, starts) = Self.pcap()
        for length in 0...bytes.count {
            let result = try readAll(bytes: Array(bytes.prefix(length)))
            let whole = starts.last { $0 <= length }
            #expect(result.records.count == max(starts.count { $0 <= length } - 1, 0), "\(length)")
            if length < 4 {
                #expect(result.error?.kind == .notACapture, "\(length)")
            } else if starts.contains(length) {
                #expect(result.error == nil, "\(length)")
            } else {
                #expect(result.error?.kind == .truncated, "\(length)")
                #expect(result.error?.offset == UInt64(whole ?? 0), "\(length)")
            }
        }
    }

    @Test func everyPrefixOfAPcapngFileHasItsExactError() throws {
        let (bytes, starts, ends) = Self.pcapng()
        for length in 0...bytes.count {
            let result = try readAll(bytes: Array(bytes.prefix(length)))
            #expect(result.records.count == ends.count { $0 <= length }, "\(length)")
            if length < 4 {
                #expect(result.error?.kind == .notACapture, "\(length)")
            } else if starts.dropFirst().contains(length) {
                #expect(result.error == nil, "\(length)")
            } else {
                #expect(result.error?.kind == .truncated, "\(length)")
                #expect(result.error?.offset == UInt64(starts.last { $0 <= length } ?? 0), "\(length)")
            }
        }
    }

    /// Every byte of both files changed to values that tend to hurt: no trap, no more packets than bytes could hold.
    @Test func everyChangedByteIsSurvived() throws {
        for bytes in [Self.pcap().bytes, Self.pcapng().bytes] {
            for position in bytes.indices {
                for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
                    var changed = bytes
                    changed[position] = value
                    let result = try readAll(bytes: changed)
                    #expect(result.records.count < bytes.count / 12)
                    for record in result.records { #expect(record.bytes.count == record.header.capturedLength) }
                }
            }
        }
    }

    @Test func randomDamageIsSurvived() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        for bytes in [Self.pcap().bytes, Self.pcapng().bytes, FileBytes.gzipMember(Self.pcapng().bytes)] {
            for _ in 0..<300 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                if Bool.random(using: &random) { changed.removeLast(Int.random(in: 0..<changed.count, using: &random)) }
                let result = try readAll(bytes: changed)
                #expect(result.records.count < 1000, "seed \(seed)")
            }
        }
    }

    @Test func whatComesBeforeADamageIsDeliveredAndTheErrorStays() throws {
        var (bytes, starts) = Self.pcap()
        // The second record claims more than any packet has.
        for index in 0..<4 { bytes[starts[1] + 8 + index] = 0xff }
        let file = try TemporaryFile(bytes)
        var reader = try CaptureFileReader(path: file.path)
        #expect(try reader.next()?.number == 1)
        for _ in 0..<2 {
            do {
                _ = try reader.next()
                Issue.record("no error")
            } catch {
                #expect(error.kind == .malformed)
                #expect(error.offset == UInt64(starts[1]))
                #expect(error.message.contains("4294967295 bytes"))
            }
        }
        #expect(reader.bytes.byteCount == 0)
    }

    /// A hundred bytes that claim gigabytes.
    @Test func lengthFieldsDoNotCostMemory() throws {
        var files: [[UInt8]] = []
        for claimed in [0xffff_fffc, 0x0800_0000, 0x0802_0020, 0x0802_0021, 0x0fff_ff00] as [UInt32] {
            for type in [6, 3, 2, 1, 4, 5, 9, 10, 0xbad, 0x4711, 0x0a0d_0d0a] as [UInt32] {
                var file = FileBytes()
                file.section()
                file.interface()
                file.add(type)
                file.add(claimed)
                file.add(type == 0x0a0d_0d0a ? 0x1a2b_3c4d : 0 as UInt32)
                file.add(type == 0x0a0d_0d0a ? 1 : 0 as UInt32)
                file.add(0 as UInt32)
                file.add(claimed > 0x0802_0000 ? 64 : 262_144 as UInt32)
                file.add([UInt8](repeating: 0, count: 20))
                files.append(file.bytes)
            }
        }
        var file = FileBytes()
        // USBPcap: packets of 128 MiB are allowed.
        file.pcapHeader(network: 249)
        file.pcapRecord(seconds: 1, part: 0, captured: 128 * 1024 * 1024, Self.packet)
        files.append(file.bytes)
        files += files.map { FileBytes.gzipMember($0) }
        for bytes in files {
            let file = try TemporaryFile(bytes)
            var reader = try CaptureFileReader(path: file.path)
            let size = reader.bufferSize
            #expect(size <= 1024 * 1024)
            let result = outcome(of: &reader)
            #expect(result.records.isEmpty)
            #expect(result.error != nil)
            let sizeAfter = reader.bufferSize
            #expect(sizeAfter == size)
        }
    }

    /// The buffer follows what is there: a block of two megabytes is read, and then no more than that is kept.
    @Test func theBufferGrowsWithWhatArrives() throws {
        var file = FileBytes()
        file.section()
        file.interface()
        file.enhancedPacket(
            time: 0, options: (0..<32).map { _ in .init(1, [UInt8](repeating: 65, count: 65_000)) }, Self.packet)
        let temporary = try TemporaryFile(file.bytes)
        var reader = try CaptureFileReader(path: temporary.path)
        #expect(try reader.next() != nil)
        #expect(reader.comments().count == 32)
        let size = reader.bufferSize
        #expect(size >= 2_000_000 && size <= 4 * 1024 * 1024)
    }

    @Test func aWholeBlockThatIsTooLongForAnyIsAnErrorWithoutReadingIt() throws {
        var file = FileBytes()
        file.section()
        file.add(6 as UInt32)
        file.add(0x7fff_fff0 as UInt32)
        file.add([UInt8](repeating: 0, count: 100))
        #expect(try readAll(bytes: file.bytes).error?.kind == .malformed)
    }

    @Test func blocksThatContradictThemselves() throws {
        let cases: [(String, (inout FileBytes) -> Void)] = [
            (
                "start and",
                {
                    $0.add(6 as UInt32)
                    $0.add(32 as UInt32)
                    $0.add([UInt8](repeating: 0, count: 20))
                    $0.add(36 as UInt32)
                }
            ),
            (
                "fewer than its own header",
                {
                    $0.add(0x99 as UInt32)
                    $0.add(8 as UInt32)
                }
            ),
            ("fewer than its fixed fields", { $0.block(6) { $0.add([1, 2, 3, 4]) } }),
            ("fewer than its fixed fields", { $0.block(1) { $0.add([1, 2, 3, 4]) } }),
            ("more than its block", { $0.enhancedPacket(time: 0, captured: 30, Self.packet) }),
            (
                "more than a packet of link type 1",
                { $0.enhancedPacket(time: 0, captured: 262_145, [UInt8](repeating: 0, count: 262_145)) }
            ),
            ("names interface 7", { $0.enhancedPacket(interface: 7, time: 0, Self.packet) }),
            ("options of packet 1", { $0.enhancedPacket(time: 0, Self.packet + [0, 0, 0, 1, 0, 200, 0]) }),
            ("options of packet 1", { $0.enhancedPacket(time: 0, options: [.init(2, [1, 2, 3])], Self.packet) }),
            ("byte-order magic", { $0.block(0x0a0d_0d0a) { $0.add([UInt8](repeating: 0, count: 16)) } }),
            (
                "has no end",
                {
                    $0.block(4) {
                        $0.add(1 as UInt16)
                        $0.add(6 as UInt16)
                        $0.add([1, 2, 3, 4, 65, 66], padTo: 4)
                        $0.add(0 as UInt32)
                    }
                }
            ),
        ]
        for (message, damage) in cases {
            var file = FileBytes()
            file.section()
            file.interface()
            let start = file.bytes.count
            var options = false
            if message.hasPrefix("options of packet 1") { options = true }
            damage(&file)
            if options, file.bytes[start + 20] == 28 { file.bytes[start + 20] = 21 }
            let result = try readAll(bytes: file.bytes)
            #expect(result.records.isEmpty, "\(message)")
            #expect(result.error?.message.contains(message) == true, "\(message): \(String(describing: result.error))")
        }
    }

    /// A file that grows byte by byte: `next` says `nil` or truncated until the record is whole, then gives it.
    @Test func aFileThatIsStillBeingWrittenIsReadAsItGrows() throws {
        for (bytes, header) in [(Self.pcap().bytes, 24), (Self.pcapng().bytes, 44)] {
            let whole = try readAll(bytes: bytes)
            let file = try TemporaryFile(Array(bytes.prefix(header)))
            var reader = try CaptureFileReader(path: file.path)
            var records: [CapturedRecord] = []
            for byte in bytes.dropFirst(header) {
                do {
                    while let next = try reader.next() { records.append(reader.record(next)) }
                } catch {
                    #expect(error.kind == .truncated)
                }
                try file.append([byte])
            }
            while let next = try reader.next() { records.append(reader.record(next)) }
            #expect(records == whole.records)
        }
    }

    #if os(Linux)
        /// One byte a read: the same records.
        @Test func dripFed() throws {
            for bytes in [Self.pcap().bytes, Self.pcapng().bytes, FileBytes.gzipMember(Self.pcapng().bytes)] {
                let whole = try readAll(bytes: bytes)
                let (readEnd, writeEnd) = try messagePair()
                onThread {
                    for byte in bytes { _ = try? writeEnd.writeAll([byte]) }
                    try? writeEnd.close()
                }
                var reader = try CaptureFileReader(descriptor: readEnd, name: "drip", closesDescriptor: true)
                let result = outcome(of: &reader)
                #expect(result == whole)
            }
        }
    #endif

    @Test func aPipeIsReadWithoutLookingAhead() throws {
        let (bytes, starts) = Self.pcap()
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        _ = try writeEnd.writeAll(bytes.prefix(starts[1]))
        var reader = try CaptureFileReader(descriptor: readEnd, name: "pipe", closesDescriptor: true)
        // The first packet comes though the second has not been written.
        #expect(try reader.next()?.number == 1)
        _ = try writeEnd.writeAll(bytes.dropFirst(starts[1]))
        try writeEnd.close()
        #expect(try reader.next()?.number == 2)
        #expect(try reader.next()?.number == 3)
        #expect(try reader.next() == nil)
    }

    /// Interfaces are kept, so there is an end to them.
    @Test func moreInterfacesThanAnyMachineHas() throws {
        var file = FileBytes()
        file.section()
        file.interface(linkType: 1)
        let first = file.bytes.count
        file.interface(linkType: 1)
        let block = Array(file.bytes[first...])
        var bytes = Array(file.bytes[..<first])
        for _ in 1...100_000 { bytes += block }
        let damage = try readAll(bytes: bytes).error
        #expect(damage?.kind == .unsupported)
        #expect(damage?.message == "more than 100000 interfaces are described: no machine has so many")
    }
}
