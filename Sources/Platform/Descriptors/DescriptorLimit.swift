#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How many descriptors this process may have open at once (RLIMIT_NOFILE).
public enum DescriptorLimit {
    /// Raises the limit as far as this user may, getrlimit(2) and setrlimit(2), and gives the number that holds now.
    @discardableResult
    public static func raise() -> Int {
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return 256 }
        var wanted = limit
        wanted.rlim_cur = limit.rlim_max
        #if canImport(Darwin)
            // macOS says "unlimited" and then refuses it (setrlimit(2), OPEN_MAX).
            wanted.rlim_cur = min(limit.rlim_max, rlim_t(OPEN_MAX))
        #endif
        if limit.rlim_cur < wanted.rlim_cur, unsafe setrlimit(resource, &wanted) == 0 { limit = wanted }
        return Int(clamping: limit.rlim_cur)
    }
}
