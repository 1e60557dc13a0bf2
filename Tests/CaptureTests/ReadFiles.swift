import Capture
import SystemPackage

/// A file that is gone when the test is done with it.
struct TemporaryFile: ~Copyable {
    let path: String

    init(_ bytes: [UInt8]? = nil) throws {
        path = "/tmp/netprobe-test-\(UInt64.random(in: 0 ... .max))"
        guard let bytes else { return }
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(bytes) }
    }

    func append(_ bytes: [UInt8]) throws {
        let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: .append)
        try file.closeAfter { _ = try file.writeAll(bytes) }
    }

    func contents() throws -> [UInt8] { try bytesOf(path) }

    deinit { try? removeFile(path) }
}

func bytesOf(_ path: String) throws -> [UInt8] {
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    return try file.closeAfter {
        var all: [UInt8] = []
        while true {
            let part = try unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
                count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if part.isEmpty { return all }
            all += part
        }
    }
}

/// What a file gives: its records and the error that ended them.
struct Outcome: Equatable {
    var records: [CapturedRecord] = []
    var error: CaptureFileError?
}

func outcome(of reader: inout CaptureFileReader) -> Outcome {
    var result = Outcome()
    do throws(CaptureFileError) {
        while let header = try reader.next() { result.records.append(reader.record(header)) }
    } catch {
        result.error = error
    }
    return result
}

func readAll(_ path: String) -> Outcome {
    do throws(CaptureFileError) {
        var reader = try CaptureFileReader(path: path)
        return outcome(of: &reader)
    } catch {
        return Outcome(error: error)
    }
}

func readAll(bytes: [UInt8]) throws -> Outcome {
    let file = try TemporaryFile(bytes)
    return readAll(file.path)
}
