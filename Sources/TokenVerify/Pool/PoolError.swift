// SPDX-License-Identifier: Apache-2.0

/// Why a pool gave no verdicts for a batch. Never about a token: that is a verdict.
public enum PoolError: Error, Equatable, Sendable {
    /// The queue is full: nothing of the batch was looked at. Try later, or elsewhere.
    case overloaded
    /// The caller's task was cancelled.
    case cancelled
    /// The pool was shut down before the batch was done.
    case shutDown
    /// This process is a fork of the one that made the pool, whose threads stayed there. Make a new pool.
    case forked
    /// The system gave no thread.
    case threadsUnavailable
}
