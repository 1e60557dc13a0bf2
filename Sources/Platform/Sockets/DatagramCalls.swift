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

// Calls on datagram sockets that tell more than recv(2): the kernel's time of arrival, whether a datagram was cut, and
// which ICMP message answered one that was sent.

/// setsockopt(2) SO_TIMESTAMPNS: datagrams come with the time at which the kernel took them in.
public func systemAskForTimestamps(_ descriptor: Int32) { _ = netshims_ask_for_timestamps(descriptor) }

/// setsockopt(2) IP_RECVERR or IPV6_RECVERR: the socket keeps the errors of its packets apart. Linux only; where there
/// is no such queue errno remains.
public func systemKeepQueuedErrors(_ descriptor: Int32, _ family: AddressFamily) {
    _ = netshims_keep_queued_errors(descriptor, family == .ipv6 ? 1 : 0)
}

/// setsockopt(2) of SO_BINDTODEVICE, elsewhere IP_BOUND_IF: only this interface is used.
public func systemBindToInterface(_ descriptor: Int32, _ family: AddressFamily, _ name: String) -> CallOutcome {
    retrying { unsafe Int(netshims_bind_to_interface(descriptor, family == .ipv6 ? 1 : 0, name)) }
}

/// setsockopt(2) IP_MTU_DISCOVER or its IPv6 form: what does not fit into the MTU is refused (EMSGSIZE).
public func systemForbidFragments(_ descriptor: Int32, _ family: AddressFamily) -> CallOutcome {
    retrying { Int(netshims_forbid_fragments(descriptor, family == .ipv6 ? 1 : 0)) }
}

/// getsockopt(2) IP_MTU or IPV6_MTU: what the kernel knows of the path's MTU in bytes; nil where it does not tell.
public func systemPathMTU(_ descriptor: Int32, _ family: AddressFamily) -> Int? {
    var mtu: Int32 = 0
    let outcome = retrying { unsafe Int(netshims_path_mtu(descriptor, family == .ipv6 ? 1 : 0, &mtu)) }
    return outcome.succeeded ? Int(mtu) : nil
}

/// A datagram that recvmsg(2) gave.
public struct ReceivedMessage: Sendable {
    /// The value is how many bytes came.
    public let outcome: CallOutcome
    /// The kernel's time of arrival; nil where it gave none.
    public let arrival: Timestamp?
    /// MSG_TRUNC: there was more than the buffer holds.
    public let isCut: Bool
}

/// recvmsg(2) into the buffer's start.
/// - Parameter waiting: whether to block until something comes.
public func systemReceiveMessage(_ descriptor: Int32, _ buffer: inout MutableSpan<UInt8>, waiting: Bool)
    -> ReceivedMessage
{
    var time = timespec()
    var flags: Int32 = 0
    let outcome = unsafe buffer.withUnsafeMutableBufferPointer { room in
        retrying {
            unsafe netshims_receive_message(
                descriptor, room.baseAddress, room.count, waiting ? 0 : Int32(truncatingIfNeeded: MSG_DONTWAIT),
                &time, &flags)
        }
    }
    let arrival =
        time.tv_sec == 0
        ? nil : Timestamp(seconds: Int64(time.tv_sec), nanoseconds: UInt32(truncatingIfNeeded: time.tv_nsec))
    return ReceivedMessage(
        outcome: outcome, arrival: arrival, isCut: flags & Int32(truncatingIfNeeded: MSG_TRUNC) != 0)
}

/// Takes the oldest error off the error queue, ip(7); the start of the datagram that it is about goes into the buffer.
/// nil when there is none.
public func systemReceiveError(_ descriptor: Int32, _ buffer: inout MutableSpan<UInt8>) -> DatagramError? {
    var form = netshims_datagram_error()
    let outcome = unsafe buffer.withUnsafeMutableBufferPointer { room in
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
        icmpCode: form.code, mtu: form.error == EMSGSIZE && form.info > 0 ? Int(form.info) : nil, reporter: reporter,
        count: outcome.value)
}
