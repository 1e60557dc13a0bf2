import Addressing
import Sockets

/// A host that a command was asked to speak to: its addresses, from a resolver that is not waited for for ever.
enum HostQuestion {
    /// - Throws: exit status 2 with one line: there is no such host, or nobody could be asked.
    static func endpoints(
        of host: String, service: String, family: AddressFamily?, kind: SocketKind, timeout: Duration
    ) throws(CommandFailure) -> [Endpoint] {
        let result: Result<AddressList, ResolverError>?
        do throws(SocketError) {
            result = try BackgroundCall { HostLookup.addresses(of: host, service: service, family: family, kind: kind) }
                .wait(atMost: timeout)
        } catch {
            throw CommandFailure(error)
        }
        switch result {
        case .success(let list)? where !list.endpoints.isEmpty: return list.endpoints
        case .success?: throw CommandFailure("\(host): no address of a usable kind")
        case .failure(let error)?: throw CommandFailure("\(host): \(error.symbol), \(error.reason)")
        case nil:
            throw CommandFailure(
                """
                \(host): the resolver did not answer within \(timeout.components.seconds) s; \
                give an address instead of a name
                """
            )
        }
    }
}
