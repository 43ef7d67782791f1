// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Counts how often this process is the child of a fork, so that buffered randomness is never used on both sides.
///
/// `pthread_atfork` costs nothing per look, where `getpid()` is a system call.
package enum ForkCounter {
    private static let forks = Atomic<UInt>(0)

    private static let isInstalled: Bool = {
        // The atomic is initialised before the handler can run, which must not start a lazy initialisation.
        _ = forks.load(ordering: .relaxed)
        return pthread_atfork(nil, nil, { ForkCounter.recordFork() }) == 0
    }()

    private static func recordFork() {
        forks.add(1, ordering: .relaxed)
    }

    /// The generation of this process; nil when the handler could not be installed, so that callers do not buffer.
    package static var generation: UInt? {
        isInstalled ? forks.load(ordering: .relaxed) : nil
    }
}
