import FuzzTargets

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The target of this process.
enum Chosen {
    static let target: FuzzTarget? = unsafe getenv("NETPROBE_FUZZ_TARGET").flatMap {
        FuzzTarget(rawValue: unsafe String(cString: $0))
    }
}
