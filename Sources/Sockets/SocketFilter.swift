import Platform

extension BerkeleySocket where Self: ~Copyable {
    /// setsockopt(2) SO_ATTACH_FILTER with a program that keeps nothing: the kernel throws away whatever arrives for
    /// this socket, before TCP sees it, as a firewall that drops does. Needs no rights. Linux only.
    public func dropWhatArrives() throws(SocketError) {
        let request = CallRequest.option(.setsockopt, "SOL_SOCKET", "SO_ATTACH_FILTER", "drop everything")
        let outcome = perform(request) { systemDropWhatArrives(descriptor) }
        guard outcome.succeeded else { throw SocketError(.setsockopt, outcome.code, subject: "SO_ATTACH_FILTER") }
    }

    /// setsockopt(2) SO_DETACH_FILTER: what arrives from now on is taken again.
    public func takeWhatArrives() throws(SocketError) {
        let request = CallRequest.option(.setsockopt, "SOL_SOCKET", "SO_DETACH_FILTER")
        let outcome = perform(request) { systemTakeWhatArrives(descriptor) }
        guard outcome.succeeded else { throw SocketError(.setsockopt, outcome.code, subject: "SO_DETACH_FILTER") }
    }

    /// setsockopt(2) of IP_MTU_DISCOVER or its IPv6 form: what does not fit into the interface's MTU is refused
    /// (EMSGSIZE), not cut into fragments.
    public func forbidFragments(_ family: AddressFamily) throws(SocketError) {
        let (level, option, value) =
            family == .ipv6
            ? ("IPPROTO_IPV6", "IPV6_MTU_DISCOVER", "IPV6_PMTUDISC_DO")
            : ("IPPROTO_IP", "IP_MTU_DISCOVER", "IP_PMTUDISC_DO")
        let outcome = perform(.option(.setsockopt, level, option, .symbol(value))) {
            systemForbidFragments(descriptor, family)
        }
        guard outcome.succeeded else { throw SocketError(.setsockopt, outcome.code, subject: option) }
    }
}
