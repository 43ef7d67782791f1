// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A lock with a condition, for the few places where a thread waits for another.
// `@safe`: both pointers refer to memory that this object owns and never moves, and are used by its methods alone.
@safe package final class Monitor: @unchecked Sendable {
    // Sendable by hand: POSIX mutexes and conditions are made for sharing.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init() {
        // SAFETY: one of each, initialised before anyone sees them, destroyed in deinit.
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition.initialize(to: pthread_cond_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        // SAFETY: nobody holds the lock any more, since every holder holds a reference too.
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    // SAFETY of the methods: the pointers are live as long as the object.

    /// Takes the lock.
    package func lock() { unsafe _ = pthread_mutex_lock(mutex) }

    /// Gives the lock back.
    package func unlock() { unsafe _ = pthread_mutex_unlock(mutex) }

    /// Waits, with the lock given back, until woken; may also return without.
    package func wait() { unsafe _ = pthread_cond_wait(condition, mutex) }

    /// The same for a time at most.
    package func wait(milliseconds: Int) {
        var time = timespec()
        // SAFETY: the call writes one timespec.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let nanoseconds = time.tv_nsec + (milliseconds % 1000) * 1_000_000
        time.tv_sec += milliseconds / 1000 + nanoseconds / 1_000_000_000
        time.tv_nsec = nanoseconds % 1_000_000_000
        unsafe _ = pthread_cond_timedwait(condition, mutex, &time)
    }

    /// Wakes all that wait.
    package func wakeAll() { unsafe _ = pthread_cond_broadcast(condition) }
}

/// A thread that runs one closure and ends.
enum BackgroundThread {
    /// A closure on its way to its thread.
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a detached thread. False when the system has none to give.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        // SAFETY: the retained object is taken back exactly once, by the new thread, or here when there is none.
        let work = unsafe Unmanaged.passRetained(Work(body))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                #if canImport(Darwin)
                    let taken = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                    taken.body()
                #else
                    if let argument = unsafe argument {
                        let taken = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                        taken.body()
                    }
                #endif
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            unsafe work.release()
            return false
        }
        #if canImport(Darwin)
            if let thread = unsafe thread { unsafe pthread_detach(thread) }
        #else
            pthread_detach(thread)
        #endif
        return true
    }
}
