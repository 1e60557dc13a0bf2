import Sockets

/// What a call does, by its name.
extension SocketCall.Name {
    /// Whether the call hands bytes to the system.
    package var sends: Bool {
        ["send", "sendto", "sendmsg", "sendmmsg", "write", "writev", "sendfile", "splice"].contains(rawValue)
    }
    /// Whether it takes bytes from the system.
    package var receives: Bool { ["recv", "recvfrom", "recvmsg", "recvmmsg", "read", "readv"].contains(rawValue) }
    /// Whether it waits for one of several descriptors.
    package var waits: Bool { ["poll", "select", "epoll_wait"].contains(rawValue) }
    /// Whether it may wait for the other end, or for whoever comes.
    package var mayWait: Bool { self == .connect || accepts || sends || receives || waits }
    /// Whether it takes a connection off a listener's queue.
    package var accepts: Bool { self == .accept || rawValue == "accept4" }
}
