#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Things that have happened, for threads to wait for: pthread_cond_wait(3) and pthread_cond_broadcast(3). What was
/// announced stays so.
@safe
public final class Announcements: @unchecked Sendable {
    // At fixed places, as the C functions want them; the lock guards the set.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var made: Set<String> = []

    /// Nothing is announced yet.
    public init() {
        unsafe pthread_mutex_init(lock, nil)
        unsafe pthread_cond_init(changed, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(lock)
        unsafe changed.deallocate()
        unsafe lock.deallocate()
    }

    /// Wakes whoever waits for it, now and later.
    public func announce(_ what: String) {
        unsafe pthread_mutex_lock(lock)
        made.insert(what)
        unsafe pthread_cond_broadcast(changed)
        unsafe pthread_mutex_unlock(lock)
    }

    /// Waits until it is announced; false when it was not in time.
    public func wait(for what: String, atMost time: Duration) -> Bool {
        // The condition's clock is CLOCK_REALTIME.
        var deadline = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &deadline)
        let (seconds, attoseconds) = max(.zero, time).components
        let nanoseconds = Int(deadline.tv_nsec) + Int(attoseconds / 1_000_000_000)
        deadline.tv_sec += Int(clamping: seconds) + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        while !made.contains(what) {
            if unsafe pthread_cond_timedwait(changed, lock, &deadline) == ETIMEDOUT { return made.contains(what) }
        }
        return true
    }
}
