#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Lets threads do numbered pieces of work one after the other: whoever has piece 7 waits until piece 6 is done.
/// Wraps pthread_mutex_lock, pthread_cond_wait and pthread_cond_broadcast.
///
///     order.wait(for: number)
///     …
///     order.pass()
///
/// Every number must be passed, in the end, or those after it wait for ever.
@safe
public final class TurnOrder: @unchecked Sendable {
    // The system's locks must not move, so they lie in memory of their own; `turn` is touched under `lock` alone.
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var turn = 0

    /// The turn is number 0's.
    public init() {
        unsafe lock = .allocate(capacity: 1)
        unsafe changed = .allocate(capacity: 1)
        unsafe lock.initialize(to: pthread_mutex_t())
        unsafe changed.initialize(to: pthread_cond_t())
        _ = unsafe pthread_mutex_init(lock, nil)
        _ = unsafe pthread_cond_init(changed, nil)
    }

    deinit {
        _ = unsafe pthread_cond_destroy(changed)
        _ = unsafe pthread_mutex_destroy(lock)
        unsafe changed.deallocate()
        unsafe lock.deallocate()
    }

    /// Waits until it is this number's turn; numbers begin at 0.
    public func wait(for number: Int) {
        _ = unsafe pthread_mutex_lock(lock)
        while turn != number { _ = unsafe pthread_cond_wait(changed, lock) }
        _ = unsafe pthread_mutex_unlock(lock)
    }

    /// Gives the turn to the next number.
    public func pass() {
        _ = unsafe pthread_mutex_lock(lock)
        turn += 1
        _ = unsafe pthread_cond_broadcast(changed)
        _ = unsafe pthread_mutex_unlock(lock)
    }
}
