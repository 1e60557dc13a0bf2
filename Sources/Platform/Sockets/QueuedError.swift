import Addressing
import CNetShims

/// What the network reported about a socket's packets: an entry of the error queue (IP_RECVERR in ip(7), IPV6_RECVERR
/// in ipv6(7)). errno folds many ICMP messages into one number, and a RST too; this keeps them apart. Linux only.
public struct QueuedError: Hashable, Sendable {
    /// Who found the error (`ee_origin`).
    public enum Origin: Hashable, Sendable {
        /// This machine itself, say because nobody answered ARP.
        case local
        /// An ICMP message (RFC 792).
        case icmp
        /// An ICMPv6 message (RFC 4443).
        case icmpv6
        /// Another value of `ee_origin`.
        case other(UInt8)
    }

    /// Who found the error.
    public let origin: Origin
    /// The ICMP message's type; 0 where there was none.
    public let type: UInt8
    /// The ICMP message's code.
    public let code: UInt8
    /// The errno that the system makes of it.
    public let errno: Int32
    /// Who sent the ICMP message; nil where nobody did.
    public let offender: IPAddress?

    /// An entry, as tests make it.
    public init(origin: Origin, type: UInt8, code: UInt8, errno: Int32, offender: IPAddress?) {
        self.origin = origin
        self.type = type
        self.code = code
        self.errno = errno
        self.offender = offender
    }
}

extension QueuedError {
    /// Takes the oldest entry off a socket's error queue, recvmsg(2) with MSG_ERRQUEUE; nil when it is empty.
    static func take(from descriptor: Int32) -> QueuedError? {
        var entry = netshims_queued_error()
        guard unsafe netshims_take_queued_error(descriptor, &entry) == 0 else { return nil }
        let origin: Origin =
            switch entry.origin {
            case 1: .local
            case 2: .icmp
            case 3: .icmpv6
            default: .other(entry.origin)
            }
        let offender: IPAddress? =
            switch entry.family {
            case 4: .v4(IPv4Address(rawValue: UInt32(bigEndian: entry.address_v4)))
            case 6:
                .v6(IPv6Address(high: UInt64(bigEndian: entry.address_high), low: UInt64(bigEndian: entry.address_low)))
            default: nil
            }
        return QueuedError(origin: origin, type: entry.type, code: entry.code, errno: entry.error, offender: offender)
    }

    /// Lets a socket keep such errors.
    static func enable(on descriptor: Int32, _ family: AddressFamily) {
        systemKeepQueuedErrors(descriptor, family)
    }
}
