// SPDX-License-Identifier: Apache-2.0
internal import CTokenKernels

/// A reusable batch of HMAC-SHA256 computations, each with a key of its own, over ranges of one buffer.
///
/// The kernel runs several in step and refills its lanes as messages end. Use from one thread; no allocation once the
/// batch has grown to its largest size.
// `@safe`: the pointers are made, used and forgotten inside `run`.
@safe package struct HMACSHA256Jobs: ~Copyable {
    private var jobs: [ctk_hmac_job]
    private var ranges: [(offset: Int, byteCount: Int, key: Int)] = []

    /// An empty batch with room for `capacity` jobs.
    package init(capacity: Int = 0) {
        // SAFETY: an empty array; its element type holds pointers, which only `run` makes.
        unsafe jobs = []
        unsafe jobs.reserveCapacity(capacity)
        ranges.reserveCapacity(capacity)
    }

    /// The number of jobs added since the last `removeAll`.
    package var count: Int { ranges.count }

    /// Forgets all jobs and keeps the memory.
    package mutating func removeAll() {
        ranges.removeAll(keepingCapacity: true)
    }

    /// Adds one job: the bytes `range` of the buffer given to `run`, under `keys[keyIndex]` of the array given there.
    package mutating func append(keyIndex: Int, range: Range<Int>) {
        ranges.append((range.lowerBound, range.count, keyIndex))
    }

    /// Computes all tags: tag i goes to `tags[32 * i ..< 32 * i + 32]`. Ranges must lie inside `base`, key indices
    /// inside `keys`, and `tags` must hold 32 bytes a job.
    /// - Complexity: O(bytes), no allocation in steady state.
    package mutating func run(_ base: Span<UInt8>, keys: [HMACSHA256Key], into tags: inout MutableSpan<UInt8>) {
        precondition(tags.count / 32 >= ranges.count, "HMAC job tag buffer too small")
        // SAFETY: forgetting elements touches no pointer.
        unsafe jobs.removeAll(keepingCapacity: true)
        // SAFETY: each message pointer is inside `base` (checked below) and used only within this closure; each key
        // state lives as long as its owner in `keys`, which outlives the call; `tags` holds 32 bytes a job.
        unsafe base.withUnsafeBufferPointer { input in
            for range in ranges {
                precondition(
                    range.offset >= 0 && range.offset <= input.count && range.byteCount <= input.count - range.offset,
                    "HMAC job range outside its buffer")
                let message = unsafe input.baseAddress.map { unsafe $0 + range.offset }
                unsafe jobs.append(
                    ctk_hmac_job(key: keys[range.key].state, message: message, byte_count: range.byteCount))
            }
            // SAFETY: the job list and `tags` are valid for the closures; `tags` holds 32 bytes a job.
            unsafe tags.withUnsafeMutableBufferPointer { output in
                unsafe jobs.withUnsafeBufferPointer {
                    unsafe ctk_hmac_sha256_jobs($0.baseAddress, $0.count, output.baseAddress)
                }
            }
        }
        withExtendedLifetime(keys) {}
        // SAFETY: forgetting elements touches no pointer; no stale ones stay behind.
        unsafe jobs.removeAll(keepingCapacity: true)
    }
}
