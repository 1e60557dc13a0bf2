import Sockets
import SystemPackage

/// A file in the folder of temporary files that has no name any more once it is open, so that nothing is left behind
/// however netprobe ends.
enum TemporaryFile {
    static var folder: String { environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp" }

    static func open() throws -> FileDescriptor {
        let path = "\(folder)/netprobe-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        let file = try FileDescriptor.open(
            FilePath(path), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
            permissions: .ownerReadWrite)
        FileNames.remove(path)
        return file
    }
}
