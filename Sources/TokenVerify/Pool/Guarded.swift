// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A value behind a lock of the system.
///
/// Where threads meet often, this is used instead of `Synchronization.Mutex`: the thread sanitizer does not see that
/// one's slow path on Linux (Swift 6.3), and would report every contended use.
// `@safe`: the lock is initialised before anyone sees it, stays in place, and is destroyed with the object.
@safe final class Guarded<Value>: @unchecked Sendable {
    // Sendable by hand: the value is used under the lock alone, and handed in when nobody else can have it.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>  // owned
    private var value: Value

    init(_ value: consuming sending Value) {
        self.value = value
        // SAFETY: one lock, owned until deinit.
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        // SAFETY: nobody holds a reference any more.
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    // SAFETY: for both of the following, the lock is alive and initialised.

    /// Runs `body` while no other thread does.
    func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&value)
    }

    /// The same unless another thread is at it; then nil, at once.
    func withLockIfAvailable<Result>(_ body: (inout Value) -> Result) -> Result? {
        guard unsafe pthread_mutex_trylock(mutex) == 0 else { return nil }
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
