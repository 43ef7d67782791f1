// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// One block of 64-bit words that any thread may read while another writes: the whole memory of a cache.
///
/// Every access is atomic, most of them relaxed, which on common processors are plain loads and stores; what makes a
/// read of several words consistent is the shard's order of stores (``CacheShard``). The pages come from the kernel
/// zeroed, are touched only when used, stay out of core dumps, and go back to the kernel as a whole, so that nothing
/// of a token is left in the process's heap.
// `@safe`: every access checks its place against the word count, and the mapping lives as long as the object.
@safe final class CacheMemory: @unchecked Sendable {
    // Sendable by hand: the pointer is constant, and the words are atomics.
    private let words: UnsafeMutablePointer<Atomic<UInt64>>  // owned mapping of `count` words
    /// Words in the block.
    let count: Int

    /// Maps `wordCount` zeroed words. Traps only when the process is out of address space.
    init(wordCount: Int) {
        precondition(wordCount > 0 && wordCount < Int.max / 16, "cache size")
        count = wordCount
        let byteCount = wordCount &* 8
        // SAFETY: a private anonymous mapping, owned by this object until deinit, aligned to a page and zeroed; zero is
        // a valid Atomic<UInt64>, which has the layout of its value.
        let mapped = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            preconditionFailure("cache memory")
        }
        #if os(Linux)
            // Advice alone: a kernel that does not take it changes nothing.
            unsafe _ = madvise(mapped, byteCount, MADV_DONTDUMP)
        #endif
        unsafe words = mapped.bindMemory(to: Atomic<UInt64>.self, capacity: wordCount)
    }

    // SAFETY: our own mapping, given back once; no reader is left when the last reference goes.
    deinit { unsafe _ = munmap(words, count &* 8) }

    // SAFETY: for all of the following, the place is checked against `count`, and the words are always initialized.

    @inline(__always) func load(_ place: Int) -> UInt64 {
        precondition(place >= 0 && place < count, "cache word")
        return unsafe words[place].load(ordering: .relaxed)
    }

    @inline(__always) func loadAcquiring(_ place: Int) -> UInt64 {
        precondition(place >= 0 && place < count, "cache word")
        return unsafe words[place].load(ordering: .acquiring)
    }

    @inline(__always) func store(_ value: UInt64, at place: Int) {
        precondition(place >= 0 && place < count, "cache word")
        unsafe words[place].store(value, ordering: .relaxed)
    }

    @inline(__always) func storeReleasing(_ value: UInt64, at place: Int) {
        precondition(place >= 0 && place < count, "cache word")
        unsafe words[place].store(value, ordering: .releasing)
    }

    /// Replaces `old` by `new`, or leaves the word alone when it is no longer `old`.
    @inline(__always) func exchange(_ old: UInt64, for new: UInt64, at place: Int) {
        precondition(place >= 0 && place < count, "cache word")
        unsafe _ = words[place].compareExchange(expected: old, desired: new, ordering: .relaxed)
    }

    /// Whether the words from `place` on hold just `bytes`, the last word filled up with zeros.
    @inline(__always) func holds(_ bytes: Span<UInt8>, at place: Int) -> Bool {
        let whole = bytes.count / 8
        let rest = bytes.count % 8
        precondition(place >= 0 && place <= count &- whole &- 1, "cache words")
        // SAFETY: whole * 8 + rest bytes of the span are read, and whole (+ 1) words of the block, checked above.
        return unsafe bytes.withUnsafeBytes { raw in
            var difference: UInt64 = 0
            var i = 0
            while i < whole {
                let end = min(i &+ 8, whole)
                while i < end {
                    let word = unsafe raw.loadUnaligned(fromByteOffset: i &* 8, as: UInt64.self)
                    difference |= unsafe word ^ words[place &+ i].load(ordering: .relaxed)
                    i &+= 1
                }
                if difference != 0 { return false }
            }
            if rest == 0 { return true }
            return unsafe CacheMemory.tail(raw, from: whole &* 8) == words[place &+ whole].load(ordering: .relaxed)
        }
    }

    /// Copies words out.
    @inline(__always) @unsafe func copy(_ place: Int, wordCount: Int, to target: UnsafeMutableRawPointer) {
        precondition(place >= 0 && wordCount >= 0 && place <= count &- wordCount, "cache words")
        // SAFETY: the words were checked; the caller has room for wordCount * 8 bytes at `target`.
        var i = 0
        while i < wordCount {
            unsafe target.storeBytes(
                of: words[place &+ i].load(ordering: .relaxed), toByteOffset: i &* 8, as: UInt64.self)
            i &+= 1
        }
    }

    /// Copies `source` in.
    func write(_ source: Span<UInt64>, at place: Int) {
        precondition(place >= 0 && place <= count &- source.count, "cache words")
        for i in source.indices { unsafe words[place &+ i].store(source[i], ordering: .relaxed) }
    }

    /// The bytes from `start` on, fewer than eight, in a word filled up with zeros, in memory order.
    @unsafe static func tail(_ raw: UnsafeRawBufferPointer, from start: Int) -> UInt64 {
        var word: UInt64 = 0
        unsafe withUnsafeMutableBytes(of: &word) { target in
            for i in start..<raw.count where i &- start < 8 { unsafe target[i &- start] = raw[i] }
        }
        return word
    }
}
