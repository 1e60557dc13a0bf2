/// The name of a C function that the system offers. Open: strace knows more of them than netprobe makes.
public struct CallName: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The function's name as C spells it.
    public var rawValue: String
    /// A function by its name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A function by its name.
    public init(stringLiteral value: String) { rawValue = value }
    public var description: String { rawValue }

    /// socket(2).
    public static var socket: CallName { "socket" }
    /// bind(2).
    public static var bind: CallName { "bind" }
    /// listen(2).
    public static var listen: CallName { "listen" }
    /// accept(2).
    public static var accept: CallName { "accept" }
    /// connect(2).
    public static var connect: CallName { "connect" }
    /// send(2).
    public static var send: CallName { "send" }
    /// sendto(2).
    public static var sendto: CallName { "sendto" }
    /// recv(2).
    public static var recv: CallName { "recv" }
    /// recvfrom(2).
    public static var recvfrom: CallName { "recvfrom" }
    /// shutdown(2).
    public static var shutdown: CallName { "shutdown" }
    /// close(2).
    public static var close: CallName { "close" }
    /// getsockname(2).
    public static var getsockname: CallName { "getsockname" }
    /// getpeername(2).
    public static var getpeername: CallName { "getpeername" }
    /// setsockopt(2).
    public static var setsockopt: CallName { "setsockopt" }
    /// getsockopt(2).
    public static var getsockopt: CallName { "getsockopt" }
}
