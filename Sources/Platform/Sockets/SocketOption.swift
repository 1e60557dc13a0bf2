import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An option of `setsockopt` and `getsockopt`, with the type of its value. Another option is another line below.
public struct SocketOption<Value: SocketOptionValue>: Sendable {
    /// The level's number.
    public let level: Int32
    /// The level's symbol: `SOL_SOCKET`.
    public let levelText: String
    /// The option's number.
    public let number: Int32
    /// The option's symbol: `SO_REUSEADDR`.
    public let text: String

    init(_ level: Int32, _ levelText: String, _ number: Int32, _ text: String) {
        self.level = level
        self.levelText = levelText
        self.number = number
        self.text = text
    }

    static func socket(_ number: Int32, _ text: String) -> Self { Self(SOL_SOCKET, "SOL_SOCKET", number, text) }
    static func tcp(_ number: Int32, _ text: String) -> Self { Self(Int32(IPPROTO_TCP), "IPPROTO_TCP", number, text) }
    static func ipv6(_ number: Int32, _ text: String) -> Self {
        Self(Int32(IPPROTO_IPV6), "IPPROTO_IPV6", number, text)
    }
}

extension SocketOption<Bool> {
    /// Lets `bind` take a port of which old connections are still in TIME_WAIT.
    public static var reuseAddress: Self { socket(SO_REUSEADDR, "SO_REUSEADDR") }
    /// Sends probes over an idle connection.
    public static var keepAlive: Self { socket(SO_KEEPALIVE, "SO_KEEPALIVE") }
    /// Allows datagrams to a broadcast address.
    public static var broadcast: Self { socket(SO_BROADCAST, "SO_BROADCAST") }
    /// Switches Nagle's algorithm off (RFC 1122 section 4.2.3.4): small segments leave at once.
    public static var noDelay: Self { tcp(TCP_NODELAY, "TCP_NODELAY") }
    /// Keeps an IPv6 socket from taking IPv4 too (RFC 3493 section 5.3).
    public static var ipv6Only: Self { ipv6(Int32(IPV6_V6ONLY), "IPV6_V6ONLY") }
}

extension SocketOption<Int32> {
    /// The receive buffer in bytes. Linux stores, and gives back, twice what was asked for.
    public static var receiveBuffer: Self { socket(SO_RCVBUF, "SO_RCVBUF") }
    /// The send buffer in bytes. Linux stores, and gives back, twice what was asked for.
    public static var sendBuffer: Self { socket(SO_SNDBUF, "SO_SNDBUF") }
    /// The errno that is waiting to be collected; reading clears it. Cannot be set.
    public static var pendingError: Self { socket(SO_ERROR, "SO_ERROR") }
}

extension SocketOption<Duration> {
    /// How long a call that receives (or accepts) may block; zero is for ever. When the time is over it "would block".
    public static var receiveTimeout: Self { socket(SO_RCVTIMEO, "SO_RCVTIMEO") }
    /// How long a call that sends (or connects) may block; zero is for ever.
    public static var sendTimeout: Self { socket(SO_SNDTIMEO, "SO_SNDTIMEO") }
}

extension SocketOption<Linger> {
    /// What `close` does with data that is not sent yet.
    public static var linger: Self { socket(SO_LINGER, "SO_LINGER") }
}

/// The value of SO_LINGER: nil seconds, the default, lets `close` return at once and the system send the rest; 0 throws
/// the rest away and resets the connection; more waits for so long.
public struct Linger: Hashable, Sendable {
    /// How long `close` waits; nil: it does not.
    public var seconds: Int32?
    /// A value of SO_LINGER.
    public init(seconds: Int32?) { self.seconds = seconds }
}

/// A value that an option takes: how it goes into the C type and comes out.
public protocol SocketOptionValue: Sendable {
    /// Room for the C type, for `getsockopt` to fill in.
    static var emptyForm: OptionForm { get }
    /// The value in its C type.
    var form: OptionForm { get }
    /// The value that the C type has; nil for another type.
    init?(form: OptionForm)
}

/// The C type of an option's value.
public struct OptionForm: Sendable {
    enum Storage: Sendable {
        case number(Int32)
        case time(timeval)
        case linger(linger)
    }

    var storage: Storage
    init(_ storage: Storage) { self.storage = storage }

    /// Room for an `int`.
    public static var number: OptionForm { OptionForm(.number(0)) }

    /// The value in words, as a trace of the call has it.
    public var text: String {
        switch storage {
        case .number(let number): String(number)
        case .time(let time): "\(Duration.seconds(Int64(time.tv_sec)) + .microseconds(Int64(time.tv_usec)))"
        case .linger(let linger): linger.l_onoff == 0 ? "off" : "on, \(linger.l_linger) s"
        }
    }

    /// The number of an `int` option; nil for another type.
    public var number: Int32? { if case .number(let number) = storage { number } else { nil } }
}

extension Bool: SocketOptionValue {
    /// Room for the C type.
    public static var emptyForm: OptionForm { OptionForm(.number(0)) }
    /// The value in its C type.
    public var form: OptionForm { OptionForm(.number(self ? 1 : 0)) }
    /// The value that the C type has; nil for another type.
    public init?(form: OptionForm) {
        guard case .number(let number) = form.storage else { return nil }
        self = number != 0
    }
}

extension Int32: SocketOptionValue {
    /// Room for the C type.
    public static var emptyForm: OptionForm { OptionForm(.number(0)) }
    /// The value in its C type.
    public var form: OptionForm { OptionForm(.number(self)) }
    /// The value that the C type has; nil for another type.
    public init?(form: OptionForm) {
        guard case .number(let number) = form.storage else { return nil }
        self = number
    }
}

extension Duration: SocketOptionValue {
    /// Room for the C type.
    public static var emptyForm: OptionForm { OptionForm(.time(timeval())) }
    /// To the microsecond, rounded up so that a short time does not become "for ever".
    public var form: OptionForm {
        let (seconds, attoseconds) = max(.zero, self).components
        let microseconds = (attoseconds + 999_999_999_999) / 1_000_000_000_000
        var time = timeval()
        time.tv_sec = .init(clamping: microseconds == 1_000_000 ? seconds &+ 1 : seconds)
        time.tv_usec = .init(clamping: microseconds == 1_000_000 ? 0 : microseconds)
        return OptionForm(.time(time))
    }
    /// The value that the C type has; nil for another type.
    public init?(form: OptionForm) {
        guard case .time(let time) = form.storage else { return nil }
        self = .seconds(Int64(time.tv_sec)) + .microseconds(Int64(time.tv_usec))
    }
}

extension Linger: SocketOptionValue {
    /// Room for the C type.
    public static var emptyForm: OptionForm { Linger(seconds: nil).form }
    /// The value in its C type.
    public var form: OptionForm {
        OptionForm(.linger(linger(l_onoff: seconds == nil ? 0 : 1, l_linger: max(0, seconds ?? 0))))
    }
    /// The value that the C type has; nil for another type.
    public init?(form: OptionForm) {
        guard case .linger(let linger) = form.storage else { return nil }
        seconds = linger.l_onoff == 0 ? nil : linger.l_linger
    }
}
