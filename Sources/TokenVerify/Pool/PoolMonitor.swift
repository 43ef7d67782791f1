// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A lock with a condition to wait for.
// `@safe`: both objects are initialised before anyone sees them, stay in place, and are destroyed with the monitor.
@safe final class PoolMonitor: @unchecked Sendable {
    // Sendable by hand: that is what the two objects are for.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>  // owned
    private let condition: UnsafeMutablePointer<pthread_cond_t>  // owned

    init() {
        // SAFETY: one object each, owned until deinit.
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition.initialize(to: pthread_cond_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        // SAFETY: nobody holds a reference any more, so nobody waits.
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    // SAFETY: for all of the following, both objects are alive and initialised.

    /// Runs `body` while no other thread does.
    func withLock<Result>(_ body: () -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Gives the lock up until woken. Only inside `withLock`; the caller looks again at what it waits for.
    func wait() { unsafe pthread_cond_wait(condition, mutex) }

    /// Wakes one thread that waits.
    func wakeOne() { unsafe pthread_cond_signal(condition) }

    /// Wakes all threads that wait.
    func wakeAll() { unsafe pthread_cond_broadcast(condition) }
}
