// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A thread of the system with a stack of its own size.
struct PoolThread: Sendable {
    /// Room for the deepest call there is, an OpenSSL check with its bignum scratch, many times over.
    static let stackByteCount = 512 * 1024

    private let handle: pthread_t

    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a thread that runs `body` and ends.
    /// - Throws: ``PoolError/threadsUnavailable``.
    init(_ body: @escaping @Sendable () -> Void) throws(PoolError) {
        var attributes = pthread_attr_t()
        // SAFETY: the attributes live on this stack and are destroyed below; the work is retained for the new thread,
        // which releases it, or here when there is none.
        guard unsafe pthread_attr_init(&attributes) == 0 else { throw .threadsUnavailable }
        defer { unsafe _ = pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, Self.stackByteCount)
        let work = unsafe Unmanaged.passRetained(Work(body))
        #if canImport(Darwin)
            var made: pthread_t?
        #else
            var made = pthread_t()
        #endif
        let status = unsafe pthread_create(
            &made, &attributes,
            { argument in
                #if canImport(Darwin)
                    let pointer: UnsafeMutableRawPointer? = argument
                #else
                    let pointer = unsafe argument
                #endif
                guard let pointer = unsafe pointer else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        #if canImport(Darwin)
            guard status == 0, let made else {
                unsafe work.release()
                throw .threadsUnavailable
            }
        #else
            guard status == 0 else {
                unsafe work.release()
                throw .threadsUnavailable
            }
        #endif
        handle = made
    }

    /// Waits until the thread has ended. Once.
    func join() { _ = pthread_join(handle, nil) }
}
