#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The signals that a terminal's keys send, signal(7).
public enum SignalNumbers {
    /// SIGINT, Ctrl-C.
    public static let interrupt: Int32 = SIGINT
    /// SIGTERM, what `kill` sends.
    public static let terminate: Int32 = SIGTERM
    /// SIGQUIT, Ctrl-\.
    public static let quit: Int32 = SIGQUIT
}
