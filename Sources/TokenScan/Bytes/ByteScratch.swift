// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A growable byte buffer that one worker owns and reuses, so that steady state allocates nothing.
///
/// `removeAll()` keeps the memory. A buffer made with `isSecret: true` is wiped before its memory is given back,
/// replaced or forgotten. Appending costs amortized O(bytes). Not for sharing: move it, do not copy it.
@safe
public struct ByteScratch: ~Copyable {
    // SAFETY: `base` points at `capacity` bytes that only this value owns; `count <= capacity` always holds, and
    // bytes [0, count) are initialized. Freed once, in deinit.
    private var base: UnsafeMutablePointer<UInt8>?
    private var capacity: Int
    /// Bytes in use.
    public private(set) var count: Int
    private let isSecret: Bool

    /// Makes an empty buffer; `capacity` bytes are reserved at once.
    public init(capacity: Int = 0) {
        self.init(capacity: capacity, isSecret: false)
    }

    /// The same; `isSecret` says whether the bytes are wiped when they are given up.
    package init(capacity: Int = 0, isSecret: Bool) {
        unsafe base = nil
        self.capacity = 0
        count = 0
        self.isSecret = isSecret
        if capacity > 0 { reserve(capacity) }
    }

    deinit {
        guard let base = unsafe base else { return }
        // SAFETY: the memory is ours, `capacity` bytes long, and nobody can hold a span of it any more.
        if isSecret { unsafe wipe(base, capacity) }
        unsafe base.deallocate()
    }

    /// Whether no byte is in use.
    public var isEmpty: Bool { count == 0 }

    /// Forgets the bytes and keeps the memory; secret bytes are wiped.
    public mutating func removeAll() {
        truncate(to: 0)
    }

    /// Forgets all but the first `newCount` bytes; does nothing when there are fewer.
    package mutating func truncate(to newCount: Int) {
        guard newCount >= 0, newCount < count else { return }
        if isSecret, let base = unsafe base {
            // SAFETY: newCount < count <= capacity.
            unsafe wipe(base + newCount, count - newCount)
        }
        count = newCount
    }

    /// Forgets the first `byteCount` bytes and moves the others to the front; does nothing for 0. O(bytes that stay).
    package mutating func removeFirst(_ byteCount: Int) {
        guard byteCount > 0, let base = unsafe base else { return }
        let kept = max(count - byteCount, 0)
        // SAFETY: source and target lie in our `count` initialized bytes; `memmove` allows them to overlap.
        if kept > 0 { unsafe _ = memmove(base, base + byteCount, kept) }
        truncate(to: kept)
    }

    /// Makes the buffer `newCount` bytes long; bytes beyond the old count are zero.
    package mutating func resize(to newCount: Int) {
        truncate(to: newCount)
        guard newCount > count else { return }
        let added = newCount - count
        // SAFETY: memset initializes all `added` bytes.
        unsafe appendUninitialized(added) { out in unsafe _ = memset(out, 0, added) }
    }

    /// Makes room for `additional` more bytes. Grows by doubling; traps only when the process is out of memory.
    package mutating func reserve(_ additional: Int) {
        precondition(additional >= 0 && additional <= Int.max / 4 - count, "ByteScratch size")
        if count + additional > capacity { grow(to: count + additional) }
    }

    @inline(never)
    private mutating func grow(to needed: Int) {
        let newCapacity = max(needed, capacity * 2, 64)
        let new = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
        if let old = unsafe base {
            // SAFETY: old holds count initialized bytes, new has room for more than that; they do not overlap.
            unsafe new.update(from: old, count: count)
            if isSecret { unsafe wipe(old, capacity) }
            unsafe old.deallocate()
        }
        unsafe base = new
        capacity = newCapacity
    }

    /// Appends one byte.
    package mutating func append(_ byte: UInt8) {
        if count == capacity { reserve(1) }
        // SAFETY: count < capacity after the line above, and base is set whenever capacity > 0.
        unsafe base.unsafelyUnwrapped[count] = byte
        count &+= 1
    }

    /// Appends a copy of `bytes`.
    package mutating func append(_ bytes: Span<UInt8>) {
        let n = bytes.count
        if n == 0 { return }
        reserve(n)
        // SAFETY: room for n bytes was just reserved; the source cannot overlap memory that we own exclusively.
        unsafe bytes.withUnsafeBufferPointer { source in
            unsafe _ = memcpy(base.unsafelyUnwrapped + count, source.baseAddress.unsafelyUnwrapped, n)
        }
        count &+= n
    }

    /// Appends the UTF-8 of a literal.
    package mutating func append(_ literal: StaticString) {
        let n = literal.utf8CodeUnitCount
        if n == 0 { return }
        reserve(n)
        // SAFETY: a StaticString with a pointer representation holds utf8CodeUnitCount bytes for ever.
        unsafe _ = memcpy(base.unsafelyUnwrapped + count, literal.utf8Start, n)
        count &+= n
    }

    /// Appends `byteCount` bytes that `body` writes, all of them, to the memory it is given.
    ///
    /// For kernels: the memory is valid inside `body` only, and `body` must initialize every byte.
    @unsafe
    package mutating func appendUninitialized<Failure: Error>(
        _ byteCount: Int, _ body: (UnsafeMutablePointer<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        reserve(max(byteCount, 1))
        // SAFETY: room for byteCount bytes was just reserved.
        unsafe try body(base.unsafelyUnwrapped + count)
        count &+= byteCount
    }

    /// Memory for `byteCount` more bytes, behind those in use. Valid until the next mutation but ``use(_:)``.
    @unsafe @inline(__always)
    mutating func room(_ byteCount: Int) -> UnsafeMutablePointer<UInt8> {
        reserve(max(byteCount, 1))
        // SAFETY: base is set and has room for byteCount bytes after the line above.
        return unsafe base.unsafelyUnwrapped + count
    }

    /// Takes into use the first `byteCount` bytes of what ``room(_:)`` gave, which the caller has initialized.
    @unsafe @inline(__always)
    mutating func use(_ byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= capacity - count, "ByteScratch size")
        count &+= byteCount
    }

    /// The bytes in use. Valid until the next mutation, which the compiler enforces.
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            // SAFETY: [0, count) is initialized and owned by self, which the span borrows.
            let buffer = unsafe UnsafeBufferPointer(start: base, count: count)
            return unsafe _overrideLifetime(Span(_unsafeElements: buffer), borrowing: self)
        }
    }

    /// The bytes in use, to be changed in place.
    package var mutableSpan: MutableSpan<UInt8> {
        @_lifetime(&self)
        mutating get {
            // SAFETY: [0, count) is initialized and owned by self, which the span borrows exclusively.
            let buffer = unsafe UnsafeMutableBufferPointer(start: base, count: count)
            return unsafe _overrideLifetime(MutableSpan(_unsafeElements: buffer), mutating: &self)
        }
    }
}

/// Overwrites memory in a way that the optimizer must keep.
@unsafe
private func wipe(_ start: UnsafeMutablePointer<UInt8>, _ byteCount: Int) {
    // SAFETY: the caller owns byteCount bytes from start.
    #if canImport(Darwin)
        unsafe _ = memset_s(start, byteCount, 0, byteCount)
    #else
        unsafe explicit_bzero(start, byteCount)
    #endif
}
