import Platform

extension BerkeleySocket where Self: ~Copyable {
    /// setsockopt(2) of SO_BINDTODEVICE, elsewhere IP_BOUND_IF: only this interface is used. ENODEV: there is none of
    /// this name.
    public func bind(toInterface name: String, _ family: AddressFamily) throws(SocketError) {
        let outcome = perform(.option(.setsockopt, "SOL_SOCKET", "SO_BINDTODEVICE", CallArgument(name))) {
            systemBindToInterface(descriptor, family, name)
        }
        guard outcome.succeeded else {
            throw SocketError(.setsockopt, outcome.code, subject: "SO_BINDTODEVICE \(name)")
        }
    }
}
