import CNetShims
import SystemPackage

/// A network of its own: interfaces, addresses, routes, ports. network_namespaces(7). Linux only.
///
/// A thread is in one at a time, and sockets, captures and child processes that it makes belong there, also when it has
/// left. The namespace lives as long as this handle, or anything made in it, does. Needs CAP_SYS_ADMIN, which an
/// ordinary user has inside a user namespace.
public final class NetworkNamespace: Sendable {
    private let descriptor: FileDescriptor

    private init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { try? descriptor.close() }

    /// The calling thread's.
    public static func current() throws(SocketError) -> NetworkNamespace {
        let path = "/proc/thread-self/ns/net"
        do {
            return NetworkNamespace(try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec))
        } catch {
            throw SocketError("open", ((error as? Errno) ?? .ioError).rawValue, subject: path)
        }
    }

    /// unshare(2): a new one, with nothing in it but a loopback interface that is off. The calling thread stays where
    /// it is.
    public static func make() throws(SocketError) -> NetworkNamespace {
        let home = try current()
        let outcome = retrying { Int(netshims_new_network_namespace()) }
        guard outcome.succeeded else { throw SocketError("unshare", outcome.code, subject: "CLONE_NEWNET") }
        let made: NetworkNamespace
        do throws(SocketError) { made = try current() } catch {
            try home.enter()
            throw error
        }
        try home.enter()
        return made
    }

    /// setns(2): the calling thread is here from now on.
    public func enter() throws(SocketError) {
        let outcome = retrying { Int(netshims_enter_network_namespace(descriptor.rawValue)) }
        guard outcome.succeeded else { throw SocketError("setns", outcome.code, subject: "CLONE_NEWNET") }
    }

    /// Runs something here and brings the calling thread back to where it was.
    public func inside<Result>(_ body: () throws -> Result) throws -> Result {
        let home = try Self.current()
        try enter()
        let result: Result
        do { result = try body() } catch {
            try home.enter()
            throw error
        }
        try home.enter()
        return result
    }

    /// For requests that name a namespace (IFLA_NET_NS_FD); open as long as the handle is.
    public var number: UInt32 { UInt32(bitPattern: descriptor.rawValue) }
}
