// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Counts how often a subject asks in a minute, in this process. Any thread.
///
/// Memory is bounded: when more than 65 536 subjects ask in one minute, all counts start anew.
final class RateLimiter: Sendable {
    private struct Key: Hashable {
        let high: UInt64
        let low: UInt64
    }

    private struct State {
        var minute: Int64 = .min
        var counts: [Key: Int] = [:]
    }

    static let subjectCountMax = 65_536
    private let perMinute: Int?
    private let state = Mutex(State())

    init(perMinute: Int?) { self.perMinute = perMinute }

    /// Counts one question of a subject; false when it has asked too often in this minute.
    func allows(_ subject: Digest, now: Int64) -> Bool {
        guard let perMinute else { return true }
        let key = Key(high: subject.bytes.span.bigEndian(at: 0), low: subject.bytes.span.bigEndian(at: 8))
        return state.withLock { state in
            let minute = now / 60
            if minute != state.minute || state.counts.count >= Self.subjectCountMax {
                state.minute = minute
                state.counts.removeAll(keepingCapacity: true)
            }
            let count = state.counts[key, default: 0]
            if count >= perMinute { return false }
            state.counts[key] = count + 1
            return true
        }
    }
}
