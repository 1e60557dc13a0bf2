import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// socket(2) of AF_NETLINK for datagrams, netlink(7); ENOSYS where the system has no such family.
public func systemNetlinkSocket(_ protocolNumber: Int32) -> CallOutcome {
    #if os(Linux)
        systemSocket(AF_NETLINK, SocketKind.datagram.number, protocolNumber)
    #else
        CallOutcome(value: -1, code: ENOSYS)
    #endif
}
