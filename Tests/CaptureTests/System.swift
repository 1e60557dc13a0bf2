import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The few system calls that tests need and no module offers.
func removeFile(_ path: String) throws {
    if unsafe unlink(path) != 0 { throw Errno(rawValue: errno) }
}

var isRoot: Bool { geteuid() == 0 }

/// A write to a pipe that nobody reads, or beyond the size limit, is to be an error here, not the end of the process.
func ignoreWriteSignals() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
}

/// Runs `body` on a thread of its own: one that blocks must not take one of the few that run tests.
func onThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let box = unsafe Unmanaged.passRetained(Box(body)).toOpaque()
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    _ = unsafe pthread_create(
        &thread, nil,
        { context in
            if let context: UnsafeMutableRawPointer = unsafe context {
                unsafe Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
            }
            return nil
        }, box)
}

#if os(Linux)
    /// Two connected sockets that keep messages apart: what is written at once is read at once, and not more.
    func messagePair() throws -> (read: FileDescriptor, write: FileDescriptor) {
        var ends: [Int32] = [0, 0]
        let status = unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends)
        if status != 0 { throw Errno(rawValue: errno) }
        return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    }

    /// A file system of `size` bytes, or `nil` where this process may not mount one.
    struct TinyFileSystem: ~Copyable {
        let path: String

        /// Whether this process may mount one.
        static var isPossible: Bool {
            guard let disk = TinyFileSystem(size: 65_536) else { return false }
            return !disk.path.isEmpty
        }

        init?(size: Int) {
            path = "/tmp/netprobe-tiny-\(UInt64.random(in: 0 ... .max))"
            guard unsafe mkdir(path, 0o700) == 0 else { return nil }
            let options = "size=\(size)"
            let status = unsafe options.withCString { unsafe mount("tmpfs", path, "tmpfs", 0, $0) }
            if status != 0 {
                _ = unsafe rmdir(path)
                return nil
            }
        }

        deinit {
            _ = unsafe umount(path)
            _ = unsafe rmdir(path)
        }
    }
#endif

/// Sends one datagram to a port on loopback, so that there is something to capture.
func sendDatagram(_ bytes: [UInt8], toLoopbackPort port: UInt16) -> Bool {
    #if canImport(Darwin)
        let socketType = SOCK_DGRAM
    #else
        let socketType = Int32(SOCK_DGRAM.rawValue)
    #endif
    let descriptor = socket(AF_INET, socketType, 0)
    if descriptor < 0 { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = (0x7f00_0001 as UInt32).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let sent = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe sendto(descriptor, bytes, bytes.count, 0, $0, size)
        }
    }
    return sent == bytes.count
}
