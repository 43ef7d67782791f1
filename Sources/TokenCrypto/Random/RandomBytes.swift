// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL
internal import TokenScan

/// The one way in which randomness fails: the source did not deliver.
package enum RandomnessError: Error, Equatable, Sendable {
    /// The source reported failure. Nothing was taken and nothing may be used in its place.
    case unavailable
}

/// Where random bytes come from: fills the whole span and returns true, or returns false.
package typealias RandomSource = @Sendable (inout MutableSpan<UInt8>) -> Bool

/// A worker's supply of random bytes: 4 KiB drawn from `RAND_bytes` at a time.
///
/// A byte is given out once and zeroed in the buffer. After a fork the child drops what was buffered, so that parent
/// and child never give out the same bytes. A failed refill is an error and leaves the buffer empty, so that the next
/// call tries again. Use from one thread.
package struct RandomBytes: ~Copyable {
    /// How much is drawn at a time, in bytes.
    package static let bufferByteCount = 4096

    private var buffer: ByteScratch
    private var available = 0
    private var generation: UInt?
    private let source: RandomSource

    /// A supply over `source`; OpenSSL's generator when none is given. Tests inject failing and counting ones.
    /// - Complexity: one allocation of 4 KiB; nothing is drawn yet.
    package init(source: @escaping RandomSource = RandomBytes.openSSL) {
        buffer = ByteScratch(capacity: Self.bufferByteCount, isSecret: true)
        for _ in 0..<Self.bufferByteCount { buffer.append(0) }
        self.source = source
    }

    /// Fills `output` with fresh random bytes.
    /// - Throws: `RandomnessError.unavailable`; `output` is then unspecified and must not be used.
    /// - Complexity: O(`output.count`), no allocation of ours.
    package mutating func fill(_ output: inout MutableSpan<UInt8>) throws(RandomnessError) {
        let current = ForkCounter.generation
        if current == nil || current != generation { available = 0 }
        guard current != nil, output.count <= Self.bufferByteCount else {
            guard source(&output) else { throw .unavailable }
            return
        }
        var filled = 0
        while filled < output.count {
            if available == 0 { try refill(current) }
            let count = min(available, output.count - filled)
            let start = Self.bufferByteCount - available
            var bytes = buffer.mutableSpan
            for i in 0..<count {
                output[filled + i] = bytes[start + i]
                bytes[start + i] = 0
            }
            available -= count
            filled += count
        }
    }

    private mutating func refill(_ current: UInt?) throws(RandomnessError) {
        let source = source
        var span = buffer.mutableSpan
        guard source(&span) else {
            ConstantTime.wipe(&span)
            throw .unavailable
        }
        available = Self.bufferByteCount
        generation = current
    }

    /// OpenSSL's generator (`RAND_bytes`), which reseeds itself after a fork.
    package static let openSSL: RandomSource = { span in
        // SAFETY: `RAND_bytes` writes exactly `count` bytes; the count fits an Int32 or nothing is drawn.
        unsafe span.withUnsafeMutableBufferPointer { target in
            guard let count = Int32(exactly: target.count) else { return false }
            guard unsafe RAND_bytes(target.baseAddress, count) == 1 else {
                ERR_clear_error()
                return false
            }
            return true
        }
    }
}
