/// What an ICMP error means to the socket whose packet it quotes. No other table of this exists.
///
/// The errnos are those of Linux's conversion tables (`icmp_err_convert`, `icmpv6_err_convert`; icmp(7) names them).
/// RFC 1122 section 4.2.3.9 sorts the errors: of the soft ones TCP only takes note and tries on, the hard ones end what
/// was attempted.
public struct ICMPEffect: Hashable, Sendable {
    /// The errno that a connected socket gets, by its symbol; nil where no socket is told.
    public let errno: String?
    /// Whether it ends an attempt to connect at once.
    public let isHard: Bool
    /// Why, in plain words.
    public let reason: String

    private init(_ errno: String?, hard: Bool = false, _ reason: String) {
        self.errno = errno
        isHard = hard
        self.reason = reason
    }

    /// Whether it says that nobody uses the port.
    public var isPortUnreachable: Bool { errno == "ECONNREFUSED" }

    /// The effect of a message that reports an error.
    public init(isVersion6: Bool, type: UInt8, code: UInt8) {
        self = isVersion6 ? Self.version6(type, code) : Self.version4(type, code)
    }

    /// Every errno that some ICMP error becomes.
    public static let errnos: Set<String> = {
        let version4 = (0...15).map { ICMPEffect(isVersion6: false, type: 3, code: $0) }
        let version6 = (0...6).map { ICMPEffect(isVersion6: true, type: 1, code: $0) }
        let others = [(false, 11), (false, 12), (true, 2)] as [(Bool, UInt8)]
        return Set(
            (version4 + version6 + others.map { ICMPEffect(isVersion6: $0, type: $1, code: 0) }).compactMap(\.errno))
    }()

    /// RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1.
    private static func version4(_ type: UInt8, _ code: UInt8) -> ICMPEffect {
        switch (type, code) {
        case (3, 0): ICMPEffect("ENETUNREACH", "no route to the network")
        case (3, 1): ICMPEffect("EHOSTUNREACH", "the host does not answer")
        case (3, 2): ICMPEffect("ENOPROTOOPT", hard: true, "the host does not speak the protocol")
        case (3, 3): ICMPEffect("ECONNREFUSED", hard: true, "nobody uses the port")
        case (3, 4): ICMPEffect("EMSGSIZE", "the packet is too big for a link and must not be cut")
        case (3, 5): ICMPEffect("EOPNOTSUPP", "cannot be reached")
        case (3, 6): ICMPEffect("ENETUNREACH", hard: true, "cannot be reached")
        case (3, 7): ICMPEffect("EHOSTDOWN", hard: true, "cannot be reached")
        case (3, 8): ICMPEffect("ENONET", hard: true, "cannot be reached")
        case (3, 9): ICMPEffect("ENETUNREACH", hard: true, "forbidden by a firewall")
        case (3, 10), (3, 13): ICMPEffect("EHOSTUNREACH", hard: true, "forbidden by a firewall")
        case (3, 11): ICMPEffect("ENETUNREACH", "cannot be reached")
        case (3, 12): ICMPEffect("EHOSTUNREACH", "cannot be reached")
        case (3, 14), (3, 15): ICMPEffect("EHOSTUNREACH", hard: true, "cannot be reached")
        case (3, _): ICMPEffect(nil, "cannot be reached")
        case (4, _): ICMPEffect(nil, "asked to send more slowly")
        case (5, _): ICMPEffect(nil, "there is a better way")
        case (11, _): ICMPEffect("EHOSTUNREACH", "its time to live ran out")
        default: ICMPEffect("EPROTO", hard: true, "a parameter problem")
        }
    }

    /// RFC 4443 section 3.
    private static func version6(_ type: UInt8, _ code: UInt8) -> ICMPEffect {
        switch (type, code) {
        case (1, 0): ICMPEffect("ENETUNREACH", "no route to the host")
        case (1, 1): ICMPEffect("EACCES", hard: true, "forbidden by a firewall")
        case (1, 2): ICMPEffect("EHOSTUNREACH", "cannot be reached")
        case (1, 3): ICMPEffect("EHOSTUNREACH", "the host does not answer")
        case (1, 4): ICMPEffect("ECONNREFUSED", hard: true, "nobody uses the port")
        case (1, 5), (1, 6): ICMPEffect("EACCES", hard: true, "cannot be reached")
        case (1, _): ICMPEffect(nil, "cannot be reached")
        case (2, _): ICMPEffect("EMSGSIZE", "the packet is too big for a link")
        case (3, _): ICMPEffect("EHOSTUNREACH", "its hop limit ran out")
        default: ICMPEffect("EPROTO", hard: true, "a parameter problem")
        }
    }
}
