// SPDX-License-Identifier: Apache-2.0
internal import CTokenKernels
internal import CTokenOpenSSL

/// An HMAC-SHA256 key (RFC 2104) in prepared form: the chaining values after the ipad and the opad block.
///
/// Preparing costs two compressions once; each short message then costs two instead of four. The words are as secret
/// as the key: they are wiped on release and never shown. Immutable after `init`, so any thread may use one object.
// `@safe`: the pointer is used only by the kernel calls of this module, while the object is alive.
@safe public final class HMACSHA256Key: @unchecked Sendable {
    // Sendable by hand: written once by the initialiser, read-only afterwards.
    let state: UnsafeMutablePointer<ctk_hmac_key>  // ctk_hmac_key *

    /// The full tag's length in bytes.
    public static let tagByteCount = 32

    /// Prepares `key`, which may have any length; callers enforce their own minimum (RFC 7518 section 3.2: 32 bytes).
    /// - Complexity: O(`key.count`), one allocation.
    public init(_ key: Span<UInt8>) {
        // SAFETY: one struct, owned by this object until deinit.
        unsafe state = .allocate(capacity: 1)
        // SAFETY: `state` points to one ctk_hmac_key owned by this object; the kernel reads exactly `key`.
        unsafe state.initialize(to: ctk_hmac_key())
        unsafe key.withUnsafeBufferPointer { unsafe ctk_hmac_key_init(state, $0.baseAddress, $0.count) }
    }

    deinit {
        // SAFETY: `state` is the one struct allocated by the initialiser; nobody else frees it.
        unsafe OPENSSL_cleanse(state, MemoryLayout<ctk_hmac_key>.size)
        unsafe state.deallocate()
    }

    /// Writes the tag of `message` to the first 32 bytes of `tag`, which must hold at least 32.
    /// - Complexity: O(`message.count`), no allocation.
    public func authenticate(_ message: Span<UInt8>, into tag: inout MutableSpan<UInt8>) {
        precondition(tag.count >= Self.tagByteCount, "HMAC tag buffer too small")
        // SAFETY: the kernel reads the key state and exactly `message`, and writes 32 bytes of `tag`.
        unsafe message.withUnsafeBufferPointer { input in
            unsafe tag.withUnsafeMutableBufferPointer { output in
                unsafe ctk_hmac_sha256(state, input.baseAddress, input.count, output.baseAddress)
            }
        }
    }

    /// Whether `tag` is the full 32-byte tag of `message`; other lengths are refused. The comparison is constant-time.
    public func isValid(_ tag: Span<UInt8>, over message: Span<UInt8>) -> Bool {
        guard tag.count == Self.tagByteCount else { return false }
        // SAFETY: the kernel reads the key state, exactly `message`, and the 32 bytes of `tag`.
        return unsafe message.withUnsafeBufferPointer { input in
            unsafe tag.withUnsafeBufferPointer { claimed in
                unsafe ctk_hmac_sha256_is_valid(state, input.baseAddress, input.count, claimed.baseAddress) != 0
            }
        }
    }

    /// Tags many messages of one buffer: message i is `base[offsets[i] ..< offsets[i + 1]]`, and the leftmost
    /// `tagByteCount` bytes of its tag go to `tags[i * tagByteCount]`. Messages of 55 bytes and less are fastest.
    ///
    /// Preconditions: 1...32 bytes a tag; `offsets` ascending, the last at most `base.count`; `tags` large enough.
    /// - Returns: the number of messages, `offsets.count - 1` (0 for no offsets).
    /// - Complexity: O(bytes), no allocation.
    @discardableResult
    public func authenticateBatch(
        _ base: Span<UInt8>, offsets: Span<UInt32>, tagByteCount: Int = 32, into tags: inout MutableSpan<UInt8>
    ) -> Int {
        guard offsets.count > 1 else { return 0 }
        let count = offsets.count - 1
        precondition((1...32).contains(tagByteCount), "HMAC tag length out of range")
        let (needed, overflow) = count.multipliedReportingOverflow(by: tagByteCount)
        precondition(!overflow && needed <= tags.count, "HMAC batch tag buffer too small")
        var previous: UInt32 = 0
        var ascending = true
        for i in 0..<offsets.count {
            ascending = ascending && offsets[i] >= previous
            previous = offsets[i]
        }
        precondition(ascending && Int(previous) <= base.count, "HMAC batch offsets out of range")
        // SAFETY: the offsets are ascending and end inside `base`; `tags` holds count * tagByteCount bytes.
        unsafe base.withUnsafeBufferPointer { input in
            unsafe offsets.withUnsafeBufferPointer { table in
                unsafe tags.withUnsafeMutableBufferPointer { output in
                    unsafe ctk_hmac_sha256_batch(
                        state, input.baseAddress, table.baseAddress, count, output.baseAddress, tagByteCount)
                }
            }
        }
        return count
    }
}

extension HMACSHA256Key: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "HMACSHA256Key(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
