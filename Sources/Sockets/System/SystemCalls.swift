import Addressing
import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// The Berkeley calls themselves: one function each, which makes the call, reads errno before anything else can change
// it and deals with EINTR. Nothing here allocates.
//
// EINTR: every call that a signal handler interrupted is made again, except
//  - connect, which goes on in the background (POSIX: "the connection shall be established asynchronously"): its end is
//    waited for with poll and its result read from SO_ERROR;
//  - close, after which the descriptor is gone on Linux and may already be somebody else's.
// A timeout set with SO_RCVTIMEO or SO_SNDTIMEO starts anew with the repeated call.

/// Makes a call, again while a signal interrupts it.
@inline(__always)
func retrying(_ body: () -> Int) -> CallOutcome {
    while true {
        let value = body()
        if value >= 0 { return CallOutcome(value: value) }
        let code = errno
        if code != EINTR { return CallOutcome(value: -1, code: code) }
    }
}

/// SIGPIPE would kill a process that sends to a closed connection; the errno EPIPE says the same to the caller.
#if canImport(Darwin)
    let noSignal: Int32 = 0  // SO_NOSIGPIPE does it, set when the socket is made
#else
    let noSignal = Int32(truncatingIfNeeded: MSG_NOSIGNAL)
#endif

func systemSocket(_ family: Int32, _ kind: Int32, _ protocolNumber: Int32 = 0) -> CallOutcome {
    #if canImport(Darwin)
        let outcome = retrying { Int(socket(family, kind, protocolNumber)) }
        if outcome.succeeded { prepareDescriptor(Int32(outcome.value)) }
        return outcome
    #else
        return retrying { Int(socket(family, kind | Int32(truncatingIfNeeded: SOCK_CLOEXEC.rawValue), protocolNumber)) }
    #endif
}

func systemBind(_ descriptor: Int32, _ address: SocketAddress) -> CallOutcome {
    retrying { unsafe address.withPointer { unsafe Int(bind(descriptor, $0, $1)) } }
}

func systemListen(_ descriptor: Int32, _ backlog: Int32) -> CallOutcome {
    retrying { Int(listen(descriptor, backlog)) }
}

func systemAccept(_ descriptor: Int32) -> CallOutcome {
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

func systemConnect(_ descriptor: Int32, _ address: SocketAddress) -> CallOutcome {
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

func systemSend(_ descriptor: Int32, _ bytes: Span<UInt8>, _ flags: Int32) -> CallOutcome {
    unsafe bytes.withUnsafeBufferPointer { buffer in
        retrying { unsafe send(descriptor, buffer.baseAddress, buffer.count, noSignal | flags) }
    }
}

func systemSendTo(_ descriptor: Int32, _ bytes: Span<UInt8>, _ address: SocketAddress) -> CallOutcome {
    unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe address.withPointer { pointer, length in
            retrying { unsafe sendto(descriptor, buffer.baseAddress, buffer.count, noSignal, pointer, length) }
        }
    }
}

func systemReceive(_ descriptor: Int32, _ buffer: inout MutableSpan<UInt8>) -> CallOutcome {
    unsafe buffer.withUnsafeMutableBufferPointer { buffer in
        retrying { unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0) }
    }
}

func systemReceiveFrom(_ descriptor: Int32, _ buffer: inout MutableSpan<UInt8>) -> CallOutcome {
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

func systemShutdown(_ descriptor: Int32, _ how: Int32) -> CallOutcome {
    retrying { Int(shutdown(descriptor, how)) }
}

func systemClose(_ descriptor: Int32) -> CallOutcome {
    if close(descriptor) == 0 { return CallOutcome(value: 0) }
    let code = errno
    return code == EINTR ? CallOutcome(value: 0) : CallOutcome(value: -1, code: code)
}

func systemLocalEndpoint(_ descriptor: Int32) -> CallOutcome {
    var address = SocketAddress()
    var outcome = retrying { unsafe address.withMutablePointer { unsafe Int(getsockname(descriptor, $0, $1)) } }
    if outcome.succeeded { outcome.address = address.endpoint }
    return outcome
}

func systemPeerEndpoint(_ descriptor: Int32) -> CallOutcome {
    var address = SocketAddress()
    var outcome = retrying { unsafe address.withMutablePointer { unsafe Int(getpeername(descriptor, $0, $1)) } }
    if outcome.succeeded { outcome.address = address.endpoint }
    return outcome
}

func systemSetOption(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ form: OptionForm) -> CallOutcome {
    switch form.storage {
    case .number(let number): setOption(descriptor, level, name, number)
    case .time(let time): setOption(descriptor, level, name, time)
    case .linger(let linger): setOption(descriptor, level, name, linger)
    }
}

func systemGetOption(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ form: inout OptionForm) -> CallOutcome {
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
func systemSourceAddress(toward peer: Endpoint) -> IPAddress? {
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
