#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Signals that end programs, signal(7).
public enum SignalNumbers {
    /// SIGINT, Ctrl-C.
    public static let interrupt: Int32 = SIGINT
    /// SIGTERM, what `kill` sends.
    public static let terminate: Int32 = SIGTERM
    /// SIGKILL, which no program can refuse.
    public static let kill: Int32 = SIGKILL
    /// SIGHUP: the terminal is gone.
    public static let hangUp: Int32 = SIGHUP
    /// SIGQUIT, Ctrl-\.
    public static let quit: Int32 = SIGQUIT
}
