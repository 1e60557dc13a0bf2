import Capture
import SystemPackage
import TestSupport
import Testing

/// What a writer says where a file cannot be written, and what is in the file then.
@Suite struct WritingFailureTests {
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
            try writer.write(WritingTests.record(1))
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
                for number in 1...20_000 {
                    try sink.write(WritingTests.record(number, length: 777, comments: ["number \(number)"]))
                }
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
                #expect(record.bytes == WritingTests.record(index + 1, length: 777).bytes)
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
}
