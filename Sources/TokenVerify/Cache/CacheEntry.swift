// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// What must not have changed since a token was verified, besides the time: compared on every hit.
struct CacheEpochs: Equatable, Sendable {
    /// Changes with the keys of the token's issuer.
    var keys: UInt64 = 0
    /// Changes with the not-before cuts of subjects and keys.
    var revocation: UInt64 = 0
}

/// The layout of an entry in the cache's words, and the making of one.
///
/// A fixed part, then the token's bytes or their digest, the decoded payload, and the payload's index, each filled up
/// to whole words. Immutable once published.
enum CacheEntry {
    // Places in the fixed part.
    static let hash = 0
    static let wordCounts = 1  // low half: words of the entry; high half: bytes of the header segment
    static let byteCounts = 2  // low half: bytes of the token; high half: bytes of the payload
    static let nodeCounts = 3  // low half: nodes of the payload; high half: bytes of the signing input
    static let verifier = 4
    static let keysEpoch = 5
    static let revocationEpoch = 6
    static let validFrom = 7  // Int64
    static let validUntil = 8  // Double
    static let places = 9  // low half: accept entry; high half: key in its ring
    static let claims = 10
    static let claimsWordCount = (MemoryLayout<RegisteredClaims>.size + 7) / 8
    static let fixedWordCount = claims + claimsWordCount
    /// Words of a digest that stands for the token's bytes.
    static let digestWordCount = 4
    static let nodeWordCount = MemoryLayout<JSONNode>.size / 8

    static func low(_ word: UInt64) -> Int { Int(truncatingIfNeeded: word & 0xFFFF_FFFF) }
    static func high(_ word: UInt64) -> Int { Int(truncatingIfNeeded: word >> 32) }
    static func pair(low: Int, high: Int) -> UInt64 {
        UInt64(UInt32(truncatingIfNeeded: low)) | UInt64(UInt32(truncatingIfNeeded: high)) << 32
    }
    static func words(_ byteCount: Int) -> Int { (byteCount &+ 7) / 8 }

    /// What a new entry says besides the token.
    struct Facts {
        var hash: UInt64
        var verifier: UInt64
        var epochs: CacheEpochs
        var validFrom: Int64
        var validUntil: Double
    }

    /// Writes the entry of an accepted token into `words`, in the place of what was there. Returns false, with
    /// nothing of use written, when it would be longer than `wordCountMax`.
    static func write(
        _ facts: Facts, _ token: Span<UInt8>, digest: HMACSHA256Key?, _ accepted: AcceptedToken,
        _ scanner: borrowing TokenScanner, wordCountMax: Int, into words: inout [UInt64]
    ) -> Bool {
        let view = scanner.claims(of: accepted.view)
        let identityCount = digest == nil ? Self.words(token.count) : digestWordCount
        let payloadCount = Self.words(view.json.count)
        let total = fixedWordCount + identityCount + payloadCount + view.nodes.count * nodeWordCount
        words.removeAll(keepingCapacity: true)
        guard total <= wordCountMax else { return false }
        words.append(facts.hash)
        words.append(pair(low: total, high: scanner.headerSegmentByteCount(of: accepted.view)))
        words.append(pair(low: token.count, high: view.json.count))
        words.append(pair(low: view.nodes.count, high: accepted.view.signingInputByteCount))
        words.append(facts.verifier)
        words.append(facts.epochs.keys)
        words.append(facts.epochs.revocation)
        words.append(UInt64(bitPattern: facts.validFrom))
        words.append(facts.validUntil.bitPattern)
        words.append(pair(low: accepted.acceptEntryIndex, high: accepted.verified.keyIndex))
        var claims = scanner.registeredClaims(of: accepted.view)
        // SAFETY: a plain struct of numbers, read as bytes while it lives on the stack.
        unsafe withUnsafeBytes(of: &claims) { unsafe append($0, to: &words) }
        if let digest {
            var tag = InlineArray<32, UInt8>(repeating: 0)
            var span = tag.mutableSpan
            digest.authenticate(token, into: &span)
            append(tag.span, to: &words)
        } else {
            append(token, to: &words)
        }
        append(view.json, to: &words)
        // SAFETY: nodes are plain structs of numbers, read as bytes while the span lives.
        unsafe view.nodes.withUnsafeBytes { unsafe append($0, to: &words) }
        return words.count == total
    }

    private static func append(_ bytes: Span<UInt8>, to words: inout [UInt64]) {
        // SAFETY: the bytes are read during the call only.
        unsafe bytes.withUnsafeBytes { unsafe append($0, to: &words) }
    }

    @unsafe private static func append(_ raw: UnsafeRawBufferPointer, to words: inout [UInt64]) {
        // SAFETY: every load lies inside the buffer.
        var i = 0
        while i &+ 8 <= raw.count {
            words.append(unsafe raw.loadUnaligned(fromByteOffset: i, as: UInt64.self))
            i &+= 8
        }
        if i < raw.count { words.append(unsafe CacheMemory.tail(raw, from: i)) }
    }
}
