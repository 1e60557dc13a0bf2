import FuzzTargets
import SystemPackage
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Replays every input that ever made a fuzz target fail: Tests/Fuzz/Crashers/TARGET/NAME.
@Suite struct CrasherTests {
    private static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent().appending(
        "Crashers")

    @Test(arguments: FuzzTarget.allCases)
    func keptCrashers(_ target: FuzzTarget) throws {
        for path in files(of: target) {
            #expect(throws: Never.self, "\(path)") { _ = try target.run(bytes(of: path)) }
        }
    }

    private func files(of target: FuzzTarget) -> [FilePath] {
        let folder = Self.folder.appending(target.rawValue)
        guard let stream = unsafe opendir(folder.string) else { return [] }
        defer { unsafe closedir(stream) }
        var found: [FilePath] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { unsafe $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { found.append(folder.appending(name)) }
        }
        return found
    }

    private func bytes(of path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            var all: [UInt8] = []
            while true {
                let part = try unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                    count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
                if part.isEmpty { return all }
                all += part
            }
        }
    }
}
