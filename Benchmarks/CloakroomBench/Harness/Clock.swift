// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The monotonic clock, unaffected by changes of the wall clock.
enum Clock {
    /// Nanoseconds since an arbitrary point.
    static func now() -> UInt64 {
        var time = timespec()
        // SAFETY: the call writes one timespec, which lives here.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(truncatingIfNeeded: time.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: time.tv_nsec)
    }
}

/// Keeps a value alive for the optimizer: what is computed for it cannot be removed.
@inline(never)
@_optimize(none)  // The whole point: the call must be kept although its body does nothing.
func blackHole<Value>(_ value: Value) {}
