import Addressing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The system's wall clock, the one that the kernel stamps captured packets with. The command layer hands `now` to
/// whoever needs a clock; no library reads it by itself.
public enum SystemClock {
    /// clock_gettime(CLOCK_REALTIME).
    public static func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: UInt32(truncatingIfNeeded: time.tv_nsec))
    }
}
