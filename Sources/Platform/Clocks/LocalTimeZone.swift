#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The machine's time zone, for whoever writes local times.
public enum LocalTimeZone {
    /// Seconds east of UTC at a moment (seconds since 1970), with daylight saving as of then: localtime_r(3).
    public static func offset(at seconds: Int64) -> Int {
        var moment = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe localtime_r(&moment, &parts) != nil else { return 0 }
        return unsafe parts.tm_gmtoff
    }
}
