import Addressing
import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A process whose descriptors can be looked at, pidfd_open(2).
public final class ObservedProcess {
    private let handle: Int32

    /// nil when the process is gone, or the system has no such calls (Linux before 5.6).
    public init?(_ process: Int32) {
        handle = netshims_open_process(process)
        if handle < 0 { return nil }
    }

    deinit { _ = close(handle) }

    /// What the kernel says about the socket behind a descriptor; nil where there is none, or it is no socket.
    ///
    /// For the time of the questions this process has the socket, too (pidfd_getfd(2)).
    public func socket(behind descriptor: Int32) -> SocketFacts? {
        let borrowed = netshims_borrow_descriptor(handle, descriptor)
        guard borrowed >= 0 else { return nil }
        defer { _ = close(borrowed) }
        var status = stat()
        guard unsafe fstat(borrowed, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        return SocketFacts(
            inode: UInt64(status.st_ino), local: systemLocalEndpoint(borrowed).address,
            peer: systemPeerEndpoint(borrowed).address,
            family: SocketFacts.option(borrowed, linuxDomain), kind: SocketFacts.option(borrowed, SO_TYPE),
            protocolNumber: SocketFacts.option(borrowed, linuxProtocol))
    }

    /// Which of these descriptors are open: what execve(2) left.
    public static func open(_ descriptors: some Sequence<Int32>, in process: Int32) -> Set<Int32> {
        Set(
            descriptors.filter { number in
                var status = stat()
                return unsafe lstat("/proc/\(process)/fd/\(number)", &status) == 0
            })
    }
}

/// What the kernel says about a socket.
public struct SocketFacts: Hashable, Sendable {
    /// Its number in the file system of sockets, the same behind every descriptor for it.
    public let inode: UInt64
    /// Its own address; nil while it has none, or one of another kind than IP.
    public let local: Endpoint?
    /// The other end; nil while it has none, or one of another kind than IP.
    public let peer: Endpoint?
    /// AF_…, SO_DOMAIN of socket(7).
    public let family: Int32
    /// SOCK_…, SO_TYPE.
    public let kind: Int32
    /// IPPROTO_…, SO_PROTOCOL.
    public let protocolNumber: Int32

    /// A number among the options of SOL_SOCKET; -1 where the system does not know it.
    fileprivate static func option(_ descriptor: Int32, _ name: Int32) -> Int32 {
        var value: Int32 = -1
        var length = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : -1
    }
}

/// SO_DOMAIN and SO_PROTOCOL of Linux, the only system that looks at other processes' sockets.
private let (linuxDomain, linuxProtocol): (Int32, Int32) = (39, 38)
