import Addressing
import Platform
import SystemPackage

extension BerkeleySocket where Self: ~Copyable {
    /// bind(2) to a path. EADDRINUSE: there is such a file already.
    public func bind(to path: UnixPath) throws(SocketError) { try call(.bind, path) { systemBind(descriptor, $0) } }

    /// connect(2) to a path. ENOENT: no such file; ECONNREFUSED: nobody has it open.
    public func connect(to path: UnixPath) throws(SocketError) {
        try call(.connect, path) { systemConnect(descriptor, $0) }
    }

    /// sendto(2): one datagram to a path.
    public func sendto(_ bytes: Span<UInt8>, _ path: UnixPath, _ flags: MessageFlags = []) throws(SocketError) {
        guard let address = path.form else { throw Self.tooLong(.sendto, path) }
        let arguments = [.bytes(bytes.count), flags.argument, CallArgument(path.text)].compactMap(\.self)
        let outcome = perform(CallRequest(.sendto, .list(arguments))) {
            systemSendTo(descriptor, bytes, address, flags.rawValue)
        }
        guard outcome.succeeded else { throw SocketError(.sendto, outcome.code, subject: path.text) }
    }

    /// recvfrom(2): one datagram and the path of its sender; nil if that one has none, and so cannot be answered.
    public func recvfromPath(_ count: Int) throws(SocketError) -> (bytes: [UInt8], path: UnixPath?) {
        var buffer = [UInt8](repeating: 0, count: max(0, count))
        var address = UnixAddress()
        let outcome = perform(CallRequest(.recvfrom, .one(.number(count)))) {
            var span = buffer.mutableSpan
            return systemReceiveFrom(descriptor, &span, &address)
        }
        guard outcome.succeeded else { throw SocketError(.recvfrom, outcome.code) }
        buffer.removeLast(buffer.count - min(outcome.value, buffer.count))
        return (buffer, UnixPath(address))
    }

    private func call(_ name: SocketCall.Name, _ path: UnixPath, _ body: (UnixAddress) -> CallOutcome)
        throws(SocketError)
    {
        guard let address = path.form else { throw Self.tooLong(name, path) }
        let outcome = perform(CallRequest(name, .one(CallArgument(path.text)))) { body(address) }
        guard outcome.succeeded else { throw SocketError(name, outcome.code, subject: path.text) }
    }

    private static func tooLong(_ name: SocketCall.Name, _ path: UnixPath) -> SocketError {
        SocketError(name, Errno.fileNameTooLong.rawValue, subject: path.text)
    }
}
