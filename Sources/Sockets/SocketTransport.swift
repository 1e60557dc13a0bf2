import Platform

extension SocketKind {
    /// The transport protocol of an internet socket of this kind.
    public var transport: SocketProtocol { self == .datagram ? .udp : .tcp }

    /// The same of a socket of any family.
    func transport(in family: AddressFamily) -> SocketProtocol { family == .unix ? .unix : transport }
}
