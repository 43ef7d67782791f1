// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Where threads put what they counted, and a reporter takes it. Any thread; a lock at each hand-over, none at a token.
public final class VerificationTally: Sendable {
    private let sum = Mutex(VerificationCounts())

    /// An empty tally.
    public init() {}

    /// Adds a thread's counts and sets them to 0. Call it every few thousand tokens, or every second.
    public func take(_ counts: inout VerificationCounts) {
        sum.withLock { $0.add(counts) }
        counts.removeAll()
    }

    /// What was taken since the last drain.
    public func drain() -> VerificationCounts {
        sum.withLock { sum in
            defer { sum.removeAll() }
            return sum
        }
    }
}
