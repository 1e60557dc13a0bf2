import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The machine's processors: sysconf(3), sched_getaffinity(2).
public enum Processors {
    /// How many are switched on; at least 1.
    private static var count: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// How many of them this process may use: less than all under taskset(1) or in a container with a cpuset.
    public static var available: Int {
        let allowed = Int(netshims_available_processors())
        return allowed > 0 ? min(allowed, count) : count
    }
}
