import Platform

extension SocketKind {
    /// The transport protocol of an internet socket of this kind.
    public var transport: SocketCall.Transport { self == .datagram ? .udp : .tcp }

    /// The same of a socket of any family.
    func transport(in family: AddressFamily) -> SocketCall.Transport { family == .unix ? .unix : transport }
}
