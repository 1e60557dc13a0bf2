import Addressing
import SystemPackage
import Text

/// A call that failed: which, why, and between which ends.
public struct SocketError: Error, Hashable, Sendable {
    /// The C function.
    public let call: CallName
    /// errno, as it was right after the call.
    public let code: Errno
    /// The socket's own address, as far as it is known.
    public let local: Endpoint?
    /// The other end, as far as it is known.
    public let peer: Endpoint?
    /// How many bytes were to be sent.
    public let byteCount: Int?
    /// What else the call was about: an interface, an option, a family.
    public let subject: String?

    /// A failed call.
    /// - Parameter code: errno, as it was right after the call.
    public init(
        _ call: CallName, _ code: Int32, local: Endpoint? = nil, peer: Endpoint? = nil, byteCount: Int? = nil,
        subject: String? = nil
    ) {
        self.call = call
        self.code = Errno(rawValue: code)
        self.local = local
        self.peer = peer
        self.byteCount = byteCount
        self.subject = subject
    }

    /// EIO, for a file that cannot be read as far as it was said to go.
    public static var ioError: Int32 { Errno.ioError.rawValue }
    /// EMSGSIZE, for an answer that no datagram can hold.
    public static var messageTooLong: Int32 { Errno.messageTooLong.rawValue }

    /// ENOTSUP, for what this system does not have.
    public static var notSupported: Int32 { Errno.notSupported.rawValue }

    /// ETIMEDOUT, for a connection that was not made within the time allowed.
    public static var timedOut: Int32 { Errno.timedOut.rawValue }
    /// EAGAIN, for what did not come or go within the time allowed.
    public static var wouldBlock: Int32 { Errno.wouldBlock.rawValue }

    /// Whether the time allowed is over.
    public var isWouldBlock: Bool { code == .wouldBlock || code == .resourceTemporarilyUnavailable }

    /// Whether descriptors, threads or memory have run out: it may work again later.
    public var isExhaustion: Bool {
        [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noBufferSpace, .noMemory].contains(code)
            // pthread_create(3): EAGAIN.
            || call == "pthread_create" && isWouldBlock
    }

    /// errno's symbol: `ECONNREFUSED`.
    public var codeName: String { symbolicName(ofErrno: code.rawValue) }
}

extension SocketError: CustomStringConvertible {
    /// One line: `connect(127.0.0.1:65432): ECONNREFUSED, nothing listens there; …`.
    public var description: String {
        let ends: String? =
            switch (local, peer) {
            case (let local?, let peer?): "\(local) > \(peer)"
            case (let local?, nil): local.description
            case (nil, let peer?): peer.description
            case (nil, nil): nil
            }
        let about = [subject.map(\.escapedForDisplay), ends].compactMap(\.self).joined(separator: ", ")
        return "\(call.rawValue.escapedForDisplay)(\(about)): \(codeName), \(reason)"
    }

    /// What the errno means for this call, and what to do.
    public var reason: String {
        switch (code, call) {
        case (.addressInUse, .connect):
            "no free local port is left for this peer; wait for old connections to leave TIME_WAIT"
        case (.addressInUse, _) where subject != nil:
            "there is such a socket or file already; choose another path"
        case (.addressInUse, _):
            "another socket already uses this address and port; stop the program that has it, or choose another --port"
        case (.permissionDenied, .bind):
            "ports below 1024 are for privileged programs; choose --port 1024 or above"
        case (.permissionDenied, .connect), (.permissionDenied, .sendto), (.permissionDenied, .send):
            "not allowed: a broadcast address needs SO_BROADCAST, or a firewall rule forbids it"
        case (.permissionDenied, _), (.notPermitted, _):
            "this user may not do that; `netprobe doctor` says what is missing"
        case (.addressNotAvailable, .bind):
            "no interface of this machine has this address; `netprobe ifaces` lists those there are"
        case (.addressNotAvailable, _):
            "no usable local address or port is left to reach this peer from"
        case (.connectionRefused, _) where subject != nil:
            "no program has this socket open; start the server first"
        case (.noSuchFileOrDirectory, .connect) where subject != nil,
            (.noSuchFileOrDirectory, .sendto) where subject != nil:
            "there is no such socket; start the server first, or check the path"
        case (.protocolWrongTypeForSocket, _) where subject != nil:
            "the socket there is of another kind; choose --kind stream, dgram or seqpacket as the server has it"
        case (.connectionRefused, .connect):
            "nothing listens there; start the server first, or check address and port"
        case (.connectionRefused, _):
            "the peer's machine answered that nobody listens on this port"
        case (.timedOut, _):
            "no answer came; the machine is off, or something on the way drops the packets"
        case (.connectionReset, _):
            "the peer reset the connection (RST)"
        case (.connectionAbort, _):
            "the connection was gone before it could be used"
        case (.brokenPipe, _):
            "the connection is closed; nothing more can be sent on it"
        case (.socketNotConnected, _):
            "the socket is not connected"
        case (.networkUnreachable, _):
            "this machine has no route to that network"
        case (.noRouteToHost, _):
            "that machine cannot be reached; nobody there answered, or a router said so"
        case (.messageTooLong, _):
            "\(byteCount.map { "\($0) bytes are" } ?? "this is") too long for one datagram; "
                + "UDP carries at most 65507 bytes over IPv4, 65527 over IPv6"
        case (.wouldBlock, .accept), (.resourceTemporarilyUnavailable, .accept):
            "nobody connected within the time allowed"
        case (.wouldBlock, .recv), (.wouldBlock, .recvfrom):
            "nothing arrived within the time allowed"
        case (.wouldBlock, .send), (.wouldBlock, .sendto):
            "nothing could be sent within the time allowed; the peer does not read"
        case (.tooManyOpenFiles, _):
            "this process has no free descriptor left; close some or raise the limit with `ulimit -n`"
        case (.tooManyOpenFilesInSystem, _):
            "the whole system has no free descriptor left"
        case (.addressFamilyNotSupported, _):
            "this address family cannot be used here; IPv6 may be switched off"
        case (.noSuchAddressOrDevice, _), (.operationNotSupportedByDevice, _):
            "there is no such interface; `netprobe ifaces` lists those there are"
        case (.badFileDescriptor, _):
            "the descriptor is not open"
        default:
            code.description.escapedForDisplay
        }
    }
}
