// SPDX-License-Identifier: Apache-2.0

/// A clock that never goes back, for ages and deadlines; times of tokens come from the caller.
public enum MonotonicClock {
    /// Nanoseconds from any start.
    public typealias Reading = @Sendable () -> Int64

    private static let start = ContinuousClock.now

    /// The machine's, from the first use on, sleep included.
    public static let system: Reading = {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    }
}
