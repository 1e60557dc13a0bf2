#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Makes a call, again while a signal interrupts it.
@inline(__always)
public func retrying(_ body: () -> Int) -> CallOutcome {
    while true {
        let value = body()
        if value >= 0 { return CallOutcome(value: value) }
        let code = errno
        if code != EINTR { return CallOutcome(value: -1, code: code) }
    }
}

/// errno of the calling thread: to be read right after the call that set it.
public var systemErrno: Int32 { errno }
