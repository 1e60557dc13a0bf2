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

/// A UDP socket with one peer that tells more than `recv` does: when the kernel took a datagram in, whether it was cut,
/// and which ICMP message answered one that was sent.
public struct DatagramSocket: ~Copyable, Sendable {
    private let socket: Socket
    public let peer: Endpoint
    private let isIPv6: Int32

    /// What a receive gave. The bytes stand at the buffer's start.
    public enum Arrival: Hashable, Sendable {
        /// - arrival: the kernel's time (SO_TIMESTAMPNS); nil where it gave none.
        /// - isCut: there was more than the buffer holds (MSG_TRUNC).
        case datagram(count: Int, arrival: Timestamp?, isCut: Bool)
        /// Nothing for now.
        case nothing
        /// An error came instead: ask `takeError` for what it was about.
        case failed(Errno)
    }

    /// socket(2), bind(2) where a local address or an interface is asked for, connect(2), which sends nothing.
    public init(connectedTo peer: Endpoint, from local: IPAddress? = nil, interface: String? = nil) throws(SocketError)
    {
        let family = AddressFamily(of: peer.address)
        let made = try Socket(family, .datagram)
        let isIPv6: Int32 = family == .ipv6 ? 1 : 0
        _ = netshims_ask_for_timestamps(made.descriptor)
        _ = netshims_keep_queued_errors(made.descriptor, isIPv6)
        if let interface {
            let outcome = retrying { unsafe Int(netshims_bind_to_interface(made.descriptor, isIPv6, interface)) }
            guard outcome.succeeded else {
                throw SocketError("setsockopt SO_BINDTODEVICE", outcome.code, subject: interface)
            }
        }
        if let local {
            try made.bind(to: Endpoint(local, .any, scope: local.kind.category == .linkLocal ? peer.scope : 0))
        }
        try made.connect(to: peer)
        self.peer = peer
        self.isIPv6 = isIPv6
        socket = made
    }

    public var descriptor: Int32 { socket.descriptor }

    /// getsockname(2).
    public func localEndpoint() throws(SocketError) -> Endpoint { try socket.localEndpoint() }

    /// How long `receive(waiting: true)` may block (SO_RCVTIMEO).
    public func setReceiveTimeout(_ time: Duration) throws(SocketError) { try socket.set(.receiveTimeout, time) }

    /// How long `send` may block (SO_SNDTIMEO): never for ever.
    public func setSendTimeout(_ time: Duration) throws(SocketError) { try socket.set(.sendTimeout, time) }

    /// Asks for a receive buffer of so many bytes; the system gives what it allows.
    public func enlargeReceiveBuffer(_ bytes: Int32) { try? socket.set(.receiveBuffer, bytes) }

    /// send(2). nil: sent; else why not. A refusal may be about an earlier datagram, and then this one was not sent.
    public func send(_ bytes: Span<UInt8>) -> Errno? {
        let outcome = systemSend(descriptor, bytes, 0)
        return outcome.succeeded ? nil : Errno(rawValue: outcome.code)
    }

    /// recvmsg(2).
    public func receive(into buffer: inout [UInt8], waiting: Bool) -> Arrival {
        var time = timespec()
        var flags: Int32 = 0
        var span = buffer.mutableSpan
        let outcome = unsafe span.withUnsafeMutableBufferPointer { room in
            retrying {
                unsafe netshims_receive_message(
                    descriptor, room.baseAddress, room.count, waiting ? 0 : Int32(truncatingIfNeeded: MSG_DONTWAIT),
                    &time, &flags)
            }
        }
        if outcome.wouldBlock { return .nothing }
        guard outcome.succeeded else { return .failed(Errno(rawValue: outcome.code)) }
        let arrival =
            time.tv_sec == 0
            ? nil : Timestamp(seconds: Int64(time.tv_sec), nanoseconds: UInt32(truncatingIfNeeded: time.tv_nsec))
        return .datagram(
            count: outcome.value, arrival: arrival, isCut: flags & Int32(truncatingIfNeeded: MSG_TRUNC) != 0)
    }

    /// Takes the oldest error off the error queue, ip(7); the start of the datagram that it is about goes into the
    /// buffer. nil when there is none.
    public func takeError(into buffer: inout [UInt8]) -> DatagramError? {
        var form = netshims_datagram_error()
        var span = buffer.mutableSpan
        let outcome = unsafe span.withUnsafeMutableBufferPointer { room in
            retrying { unsafe netshims_receive_datagram_error(descriptor, room.baseAddress, room.count, &form) }
        }
        guard outcome.succeeded else { return nil }
        let reporter: IPAddress?
        switch form.family {
        case 4: reporter = .v4(IPv4Address(rawValue: UInt32(bigEndian: form.address_v4)))
        case 6:
            let (high, low) = unsafe withUnsafeBytes(of: form.address_v6) {
                (
                    unsafe UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
                    unsafe UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
            reporter = .v6(IPv6Address(high: high, low: low))
        default: reporter = nil
        }
        return DatagramError(
            code: Errno(rawValue: form.error), isICMP: form.origin == 2 || form.origin == 3, type: form.type,
            icmpCode: form.code,
            mtu: form.error == EMSGSIZE && form.info > 0 ? Int(form.info) : nil, reporter: reporter,
            count: outcome.value)
    }

    /// Sets don't-fragment on what is sent from now on (IP_MTU_DISCOVER).
    public func forbidFragments() throws(SocketError) {
        let outcome = retrying { Int(netshims_forbid_fragments(descriptor, isIPv6)) }
        guard outcome.succeeded else { throw SocketError("setsockopt IP_MTU_DISCOVER", outcome.code) }
    }

    /// What the kernel knows of the path's MTU (IP_MTU): at first that of the interface. nil where it does not tell.
    public var pathMTU: Int? {
        var mtu: Int32 = 0
        let outcome = retrying { unsafe Int(netshims_path_mtu(descriptor, isIPv6, &mtu)) }
        return outcome.succeeded ? Int(mtu) : nil
    }
}

/// What an error queue says about a datagram.
public struct DatagramError: Hashable, Sendable {
    public let code: Errno
    /// Whether an ICMP message said so; otherwise this machine itself.
    public let isICMP: Bool
    public let type: UInt8
    public let icmpCode: UInt8
    /// The MTU of the link that the datagram did not fit through.
    public let mtu: Int?
    /// Who sent the ICMP message.
    public let reporter: IPAddress?
    /// How many bytes of the datagram came back.
    public let count: Int
}

/// Waits until one of two descriptors can be read or has an error, to the nanosecond where the system has ppoll(2).
///
/// - Returns: which of the two.
public func waitForEither(_ first: Int32, _ second: Int32, atMost nanoseconds: Int64) throws(SocketError) -> (
    first: Bool, second: Bool
) {
    var ready: Int32 = 0
    if unsafe netshims_wait_for_either(first, second, max(0, nanoseconds), &ready) < 0 {
        let code = errno
        if code == EINTR { return (false, false) }
        throw SocketError("poll", code)
    }
    return (ready & 1 != 0, ready & 2 != 0)
}
