import Addressing
import CNetShims
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// The Berkeley calls themselves: one function each, which makes the call, reads errno before anything else can change
// it and deals with EINTR. Nothing here allocates. `Sockets` makes them on owned descriptors and names their errors.
//
// EINTR: every call that a signal handler interrupted is made again, except
//  - connect, which goes on in the background (POSIX: "the connection shall be established asynchronously"): its end is
//    waited for with poll and its result read from SO_ERROR;
//  - close, after which the descriptor is gone on Linux and may already be somebody else's.
// A timeout set with SO_RCVTIMEO or SO_SNDTIMEO starts anew with the repeated call.

/// SIGPIPE would kill a process that sends to a closed connection; the errno EPIPE says the same to the caller.
#if canImport(Darwin)
    let noSignal: Int32 = 0  // SO_NOSIGPIPE does it, set when the socket is made
#else
    let noSignal = Int32(truncatingIfNeeded: MSG_NOSIGNAL)
#endif

/// socket(2), closed on exec; the value is the descriptor.
public func systemSocket(_ family: Int32, _ kind: Int32, _ protocolNumber: Int32 = 0) -> CallOutcome {
    #if canImport(Darwin)
        let outcome = retrying { Int(socket(family, kind, protocolNumber)) }
        if outcome.succeeded { prepareDescriptor(Int32(outcome.value)) }
        return outcome
    #else
        return retrying { Int(socket(family, kind | Int32(truncatingIfNeeded: SOCK_CLOEXEC.rawValue), protocolNumber)) }
    #endif
}

/// bind(2).
public func systemBind(_ descriptor: Int32, _ address: SocketAddress) -> CallOutcome {
    retrying { unsafe address.withPointer { unsafe Int(bind(descriptor, $0, $1)) } }
}

/// listen(2).
public func systemListen(_ descriptor: Int32, _ backlog: Int32) -> CallOutcome {
    retrying { Int(listen(descriptor, backlog)) }
}

/// accept4(2), closed on exec; the value is the new descriptor, the address the peer's.
public func systemAccept(_ descriptor: Int32) -> CallOutcome {
    var address = SocketAddress()
    var outcome = retrying {
        unsafe address.withMutablePointer { unsafe Int(netshims_accept(descriptor, $0, $1)) }
    }
    guard outcome.succeeded else { return outcome }
    #if canImport(Darwin)
        prepareDescriptor(Int32(outcome.value))
    #endif
    outcome.address = address.endpoint
    return outcome
}

/// connect(2). One that a signal interrupts is waited for.
public func systemConnect(_ descriptor: Int32, _ address: SocketAddress) -> CallOutcome {
    if unsafe address.withPointer({ unsafe connect(descriptor, $0, $1) }) == 0 { return CallOutcome(value: 0) }
    let code = errno
    guard code == EINTR else { return CallOutcome(value: -1, code: code) }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    let waited = retrying { unsafe Int(poll(&waiting, 1, -1)) }
    guard waited.succeeded else { return waited }
    var failure: Int32 = 0
    let asked = getOption(descriptor, SOL_SOCKET, SO_ERROR, &failure)
    guard asked.succeeded else { return asked }
    return failure == 0 ? CallOutcome(value: 0) : CallOutcome(value: -1, code: failure)
}

/// accept4(2) with SOCK_NONBLOCK, closed on exec; the value is the new descriptor, the address the peer's.
public func systemAcceptNonblocking(_ listener: Int32) -> CallOutcome {
    var address = SocketAddress()
    var outcome = retrying {
        unsafe address.withMutablePointer { unsafe Int(netshims_accept_nonblocking(listener, $0, $1)) }
    }
    if outcome.succeeded { outcome.address = address.endpoint }
    return outcome
}

/// fcntl(2) O_NONBLOCK.
public func systemSetNonblocking(_ descriptor: Int32) { _ = netshims_set_nonblocking(descriptor) }

/// sendfile(2): from the file to the socket without a copy here; the value is how many bytes were taken.
public func systemSendFile(_ descriptor: Int32, _ file: OpenFile, offset: Int64, count: Int) -> CallOutcome {
    retrying { netshims_send_file(descriptor, file.descriptor, offset, count) }
}

/// setsockopt(2) SO_ATTACH_FILTER with a program that keeps nothing. Linux only.
public func systemDropWhatArrives(_ descriptor: Int32) -> CallOutcome {
    retrying { Int(netshims_drop_what_arrives(descriptor)) }
}

/// setsockopt(2) SO_DETACH_FILTER. Linux only.
public func systemTakeWhatArrives(_ descriptor: Int32) -> CallOutcome {
    retrying { Int(netshims_take_what_arrives(descriptor)) }
}

/// send(2): the value is how many bytes were taken.
public func systemSend(_ descriptor: Int32, _ bytes: Span<UInt8>, _ flags: Int32) -> CallOutcome {
    unsafe bytes.withUnsafeBufferPointer { buffer in
        retrying { unsafe send(descriptor, buffer.baseAddress, buffer.count, noSignal | flags) }
    }
}

/// sendto(2): one datagram.
public func systemSendTo(_ descriptor: Int32, _ bytes: Span<UInt8>, _ address: SocketAddress) -> CallOutcome {
    unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe address.withPointer { pointer, length in
            retrying { unsafe sendto(descriptor, buffer.baseAddress, buffer.count, noSignal, pointer, length) }
        }
    }
}

/// recv(2): the value is how many bytes came, 0 at the end of a stream.
public func systemReceive(_ descriptor: Int32, _ buffer: inout MutableSpan<UInt8>) -> CallOutcome {
    unsafe buffer.withUnsafeMutableBufferPointer { buffer in
        retrying { unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0) }
    }
}

/// recvfrom(2): one datagram and its sender.
public func systemReceiveFrom(_ descriptor: Int32, _ buffer: inout MutableSpan<UInt8>) -> CallOutcome {
    var address = SocketAddress()
    var outcome = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
        retrying {
            unsafe address.withMutablePointer {
                unsafe recvfrom(descriptor, buffer.baseAddress, buffer.count, 0, $0, $1)
            }
        }
    }
    if outcome.succeeded { outcome.address = address.endpoint }
    return outcome
}

/// shutdown(2).
public func systemShutdown(_ descriptor: Int32, _ how: Int32) -> CallOutcome {
    retrying { Int(shutdown(descriptor, how)) }
}

/// close(2).
public func systemClose(_ descriptor: Int32) -> CallOutcome {
    if close(descriptor) == 0 { return CallOutcome(value: 0) }
    let code = errno
    return code == EINTR ? CallOutcome(value: 0) : CallOutcome(value: -1, code: code)
}

/// getsockname(2): the socket's own address.
public func systemLocalEndpoint(_ descriptor: Int32) -> CallOutcome {
    var address = SocketAddress()
    var outcome = retrying { unsafe address.withMutablePointer { unsafe Int(getsockname(descriptor, $0, $1)) } }
    if outcome.succeeded { outcome.address = address.endpoint }
    return outcome
}

/// getpeername(2): the other end's address.
public func systemPeerEndpoint(_ descriptor: Int32) -> CallOutcome {
    var address = SocketAddress()
    var outcome = retrying { unsafe address.withMutablePointer { unsafe Int(getpeername(descriptor, $0, $1)) } }
    if outcome.succeeded { outcome.address = address.endpoint }
    return outcome
}

/// setsockopt(2).
public func systemSetOption(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ form: OptionForm) -> CallOutcome {
    switch form.storage {
    case .number(let number): setOption(descriptor, level, name, number)
    case .time(let time): setOption(descriptor, level, name, time)
    case .linger(let linger): setOption(descriptor, level, name, linger)
    }
}

/// getsockopt(2): fills the form in.
public func systemGetOption(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ form: inout OptionForm) -> CallOutcome
{
    switch form.storage {
    case .number(var number):
        defer { form.storage = .number(number) }
        return getOption(descriptor, level, name, &number)
    case .time(var time):
        defer { form.storage = .time(time) }
        return getOption(descriptor, level, name, &time)
    case .linger(var linger):
        defer { form.storage = .linger(linger) }
        return getOption(descriptor, level, name, &linger)
    }
}

/// getsockopt(2) of SO_ERROR: the error that waits on a socket, which is taken; nil: none.
public func systemPendingError(_ descriptor: Int32) -> Errno? {
    var code: Int32 = 0
    guard getOption(descriptor, SOL_SOCKET, SO_ERROR, &code).succeeded, code != 0 else { return nil }
    return Errno(rawValue: code)
}

private func setOption<Form: BitwiseCopyable>(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ form: Form)
    -> CallOutcome
{
    unsafe withUnsafeBytes(of: form) { bytes in
        retrying { unsafe Int(setsockopt(descriptor, level, name, bytes.baseAddress, socklen_t(bytes.count))) }
    }
}

private func getOption<Form: BitwiseCopyable>(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ form: inout Form)
    -> CallOutcome
{
    var length = socklen_t(MemoryLayout<Form>.size)
    return unsafe withUnsafeMutableBytes(of: &form) { bytes in
        retrying { unsafe Int(getsockopt(descriptor, level, name, bytes.baseAddress, &length)) }
    }
}

/// The address from which the system would reach a peer: a scratch datagram socket is connected to it, which sends
/// nothing but looks the route up, and asked for its name. nil where there is no route.
public func systemSourceAddress(toward peer: Endpoint) -> IPAddress? {
    let made = systemSocket(AddressFamily(of: peer.address).number, SocketKind.datagram.number)
    guard made.succeeded else { return nil }
    let descriptor = Int32(truncatingIfNeeded: made.value)
    defer { _ = systemClose(descriptor) }
    guard systemConnect(descriptor, SocketAddress(peer)).succeeded else { return nil }
    return systemLocalEndpoint(descriptor).address?.address
}

#if canImport(Darwin)
    /// What Linux does with flags to socket and accept4.
    private func prepareDescriptor(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = setOption(descriptor, SOL_SOCKET, SO_NOSIGPIPE, Int32(1))
    }
#endif
