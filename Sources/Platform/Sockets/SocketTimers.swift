import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// How often and how long TCP tries, tcp(7). macOS has the keep-alive options only.
extension SocketOption<Int32> {
    #if canImport(Darwin)
        /// After how many seconds of silence keep-alive sends its first probe.
        public static var keepIdle: Self { tcp(TCP_KEEPALIVE, "TCP_KEEPALIVE") }
        /// Not known here: to set it fails with ENOPROTOOPT.
        public static var synCount: Self { tcp(-1, "TCP_SYNCNT") }
        /// Not known here: to set it fails with ENOPROTOOPT.
        public static var userTimeout: Self { tcp(-1, "TCP_USER_TIMEOUT") }
    #else
        /// After how many seconds of silence keep-alive sends its first probe.
        public static var keepIdle: Self { tcp(TCP_KEEPIDLE, "TCP_KEEPIDLE") }
        /// How often a SYN is sent again before `connect` gives up (Linux: 6 times, about 127 s).
        public static var synCount: Self { tcp(TCP_SYNCNT, "TCP_SYNCNT") }
        /// For how many milliseconds sent data may stay without an acknowledgment before the connection is given up
        /// (RFC 5482).
        public static var userTimeout: Self { tcp(TCP_USER_TIMEOUT, "TCP_USER_TIMEOUT") }
    #endif
    /// How many seconds lie between two probes.
    public static var keepInterval: Self { tcp(TCP_KEEPINTVL, "TCP_KEEPINTVL") }
    /// After how many probes without an answer the connection is given up.
    public static var keepCount: Self { tcp(TCP_KEEPCNT, "TCP_KEEPCNT") }
}
