// SPDX-License-Identifier: Apache-2.0
internal import CTokenKernels
internal import CTokenOpenSSL

/// Fixed-size secret memory: one allocation, never grown, never copied by the runtime, wiped when released.
///
/// The contents are written once, by the initialiser, and only read afterwards, so any thread may read them.
/// Nothing of the contents shows in `description`, `debugDescription` or a mirror.
// `@safe`: the pointer never leaves the object but as a Span bounded by `count` and by the closure that gets it.
@safe package final class SecretBytes: @unchecked Sendable {
    // Sendable by hand: the memory is written only by the initialisers, before the object is shared.
    private let storage: UnsafeMutablePointer<UInt8>

    /// The number of bytes, fixed for the object's life.
    package let count: Int

    /// Copies `bytes`. The caller still has to wipe its own copy.
    /// - Complexity: O(`bytes.count`), one allocation.
    package convenience init(_ bytes: Span<UInt8>) {
        self.init(count: bytes.count) { storage in
            for i in 0..<bytes.count { storage[i] = bytes[i] }
        }
    }

    /// Makes `count` zero bytes and lets `fill` write them in place. `count` must not be negative.
    /// - Complexity: O(`count`), one allocation.
    package init<Failure: Error>(
        count: Int, fill: (inout MutableSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(count >= 0, "negative secret byte count")
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(count, 1))
        // SAFETY: `memory` holds max(count, 1) bytes and is owned by this object until deinit.
        unsafe memory.initialize(repeating: 0, count: max(count, 1))
        unsafe storage = memory
        self.count = count
        // SAFETY: the span covers the `count` bytes just initialised and ends with this call; nothing else sees them.
        var span = unsafe MutableSpan(_unsafeStart: memory, count: count)
        try fill(&span)
    }

    deinit {
        // SAFETY: `storage` was allocated with max(count, 1) bytes by the initialiser and nobody else frees it.
        unsafe OPENSSL_cleanse(storage, count)
        unsafe storage.deallocate()
    }

    /// Lends the bytes to `body`. The span must not outlive the call (the compiler checks that).
    package func withSpan<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // SAFETY: `storage` holds `count` initialised bytes that live as long as `self`, which outlives this call.
        try body(unsafe Span(_unsafeStart: storage, count: count))
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SecretBytes(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

/// Comparison and wiping whose time does not depend on the bytes.
package enum ConstantTime {
    /// Whether both spans hold the same bytes. The time depends on the lengths only.
    package static func areEqual(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        // SAFETY: both pointers are valid for `a.count` bytes during the closures; a count of 0 reads nothing.
        return unsafe a.withUnsafeBufferPointer { left in
            unsafe b.withUnsafeBufferPointer { right in
                guard let first = left.baseAddress, let second = right.baseAddress else { return true }
                return unsafe ctk_equal_constant_time(first, second, left.count) != 0
            }
        }
    }

    /// Overwrites `bytes` with zeros in a way that the optimiser keeps (`OPENSSL_cleanse`).
    package static func wipe(_ bytes: inout MutableSpan<UInt8>) {
        // SAFETY: the pointer is valid for writing `count` bytes during the closure.
        unsafe bytes.withUnsafeMutableBufferPointer { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
}
