import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file without a name, gone with this value. It stands at its beginning.
struct ScratchFile: ~Copyable {
    let descriptor: FileDescriptor

    init(_ bytes: [UInt8] = []) throws { descriptor = try Self.open(bytes) }

    deinit { try? descriptor.close() }

    private static func open(_ bytes: [UInt8]) throws -> FileDescriptor {
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/netprobe-fuzz-XXXXXX".utf8CString)
        let number = unsafe mkstemp(&template)
        if number < 0 { throw Errno(rawValue: errno) }
        _ = unsafe unlink(&template)
        let descriptor = FileDescriptor(rawValue: number)
        if bytes.isEmpty { return descriptor }
        try descriptor.writeAll(bytes)
        try descriptor.seek(offset: 0, from: .start)
        return descriptor
    }
}
