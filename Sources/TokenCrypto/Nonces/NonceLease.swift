// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
internal import TokenScan

/// The nonces of one key on one node: each is given out once, also across restarts, crashes, forks and threads.
///
/// AES-GCM loses all safety when one key meets one nonce twice (NIST SP 800-38D section 8). So `dir` and `A*GCMKW` keys
/// encrypt only under a lease, which reserves 2^20 nonces at a time in a file, synchronized to disk before the first of
/// them is used; what a crash leaves of a block is lost, never used again. A nonce is 64 random bits, drawn anew for
/// each reservation, and a 32-bit count: the count alone makes nonces of one file differ, and the random bits make
/// those of other nodes, and of a file that was copied or restored from a backup, differ too.
///
/// A key is refused after ``countMax`` messages; ``isWearing`` says from 2^31 on that it is time to rotate. One file
/// belongs to one key and one node; several processes of a node may share it.
public final class NonceLease: Sendable {
    /// The most messages of one key: 2^32 (NIST SP 800-38D section 8.3).
    public static let countMax: UInt64 = 1 << 32
    /// From here on ``isWearing`` is true: 2^31.
    public static let countSoftMax: UInt64 = 1 << 31
    /// Nonces reserved at a time.
    public static let blockCount: UInt64 = 1 << 20

    private struct Block: Sendable {
        var next: UInt64 = 0
        var end: UInt64 = 0
        var prefix: UInt64 = 0
        var generation: UInt?
    }

    private let file: NonceStateFile
    private let source: RandomSource
    private let block = Mutex(Block())

    /// Opens or makes the state file of `key` at `path`. Nothing is reserved yet.
    ///
    /// - Throws: `EncryptionError.nonceState` when the file cannot be opened, is no state file, or belongs to another
    ///   key.
    public convenience init(key: EncryptionKey, path: String) throws(EncryptionError) {
        try self.init(key: key, path: path, random: RandomBytes.openSSL)
    }

    /// The same over another source of random bytes, for tests.
    package init(key: EncryptionKey, path: String, random: @escaping RandomSource) throws(EncryptionError) {
        var text = ByteScratch()
        text.append("cloakroom/nonce-state/1")
        text.append(key.thumbprint().span)
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        SHA256.digest(text.span, into: &span)
        file = try NonceStateFile(path: path, name: [UInt8](digest.span.extracting(0..<16)))
        source = random
    }

    deinit { giveBack() }

    /// Whether 2^31 nonces or more are reserved: rotate the key soon.
    public var isWearing: Bool { block.withLock { $0.end > Self.countSoftMax } }

    /// Writes the next nonce, 12 bytes.
    ///
    /// - Throws: `EncryptionError.nonceBudget` after ``countMax``, `.nonceState`, `.randomness`.
    /// - Complexity: a lock; every 2^20 calls one write and `fsync` of a small file.
    func take(into nonce: inout MutableSpan<UInt8>) throws(EncryptionError) {
        let current = ForkCounter.generation
        let (prefix, count) = try block.withLock { (block) throws(EncryptionError) -> (UInt64, UInt64) in
            // A forked child shares the parent's block, so it reserves one of its own.
            if block.next == block.end || current == nil || current != block.generation {
                try reserve(&block, current)
            }
            block.next += 1
            return (block.prefix, block.next - 1)
        }
        for i in 0..<8 { nonce[i] = UInt8(truncatingIfNeeded: prefix >> UInt64(56 - 8 * i)) }
        for i in 0..<4 { nonce[8 + i] = UInt8(truncatingIfNeeded: count >> UInt64(24 - 8 * i)) }
    }

    private func reserve(_ block: inout Block, _ generation: UInt?) throws(EncryptionError) {
        var bytes = InlineArray<8, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        guard source(&span) else { throw .randomness }
        var prefix: UInt64 = 0
        for i in 0..<8 { prefix = prefix << 8 | UInt64(bytes[i]) }
        let start = try file.reserve(Self.blockCount, max: Self.countMax)
        block = Block(next: start, end: start + Self.blockCount, prefix: prefix, generation: generation)
    }

    /// Gives the unused rest of the block back to the file, if nobody has reserved behind it: for short-lived programs,
    /// which would use up a block a run. Done when the lease goes, too. A lease that is used on reserves again.
    public func giveBack() {
        block.withLock { block in
            guard block.next < block.end, block.generation == ForkCounter.generation else { return }
            file.giveBack(from: block.end, to: block.next)
            block.next = block.end
        }
    }
}
