// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan
import TokenVerify

/// Which values of a claim come back, and under which audiences and issuers: by keyed fingerprints in memory that is
/// bounded, under a random key that nobody keeps.
///
/// Past the bound, values are sampled by their fingerprint: each half of the range that is given up halves the memory,
/// and counts are scaled. So a value is in the sample for all of its tokens or for none.
struct ValueLinks: ~Copyable {
    struct Counts {
        var distinct = 0
        /// Values seen under more than one audience, and under more than one issuer.
        var acrossAudiences = 0
        var acrossIssuers = 0
        /// Values seen more than once.
        var repeated = 0
    }

    private struct Entry {
        let claim: Int32
        let audience: UInt32
        let issuer: UInt32
        var isRepeated = false
        var crossesAudiences = false
        var crossesIssuers = false
    }

    static let entryCountMax = 1 << 18

    private let key: HMACSHA256Key
    private var entries: [UInt64: Entry] = [:]
    private var shift: UInt64 = 0
    private var message = ByteScratch(isSecret: true)
    private let entryCountMax: Int

    init(entryCountMax: Int = Self.entryCountMax, random: @escaping RandomSource = RandomBytes.openSSL) throws(Refusal)
    {
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        var source = RandomBytes(source: random)
        var span = bytes.mutableSpan
        do { try source.fill(&span) } catch { throw Refusal(.storage) }
        key = HMACSHA256Key(bytes.span)
        self.entryCountMax = entryCountMax
    }

    /// Whether counts are of a sample, scaled.
    var isSampled: Bool { shift > 0 }

    /// The fingerprint of a value under a label that keeps kinds apart.
    mutating func fingerprint(_ label: Int, _ value: Span<UInt8>) -> UInt64 {
        message.removeAll()
        message.appendDecimal(Int64(label))
        message.append(0)
        message.append(value)
        return Self.tag(key, message)
    }

    private static func tag(_ key: HMACSHA256Key, _ message: borrowing ByteScratch) -> UInt64 {
        var tag = InlineArray<32, UInt8>(repeating: 0)
        var span = tag.mutableSpan
        key.authenticate(message.span, into: &span)
        var value: UInt64 = 0
        for i in 0..<8 { value = value << 8 | UInt64(tag[i]) }
        return value
    }

    /// Notes that a claim has a value in a token of an audience and issuer, 0 for none.
    mutating func note(_ claim: Int, _ value: Span<UInt8>, audience: UInt32, issuer: UInt32) {
        let fingerprint = fingerprint(claim, value)
        guard fingerprint >> (64 - shift) == 0 || shift == 0 else { return }
        guard var entry = entries[fingerprint] else {
            entries[fingerprint] = Entry(claim: Int32(truncatingIfNeeded: claim), audience: audience, issuer: issuer)
            while entries.count > entryCountMax, shift < 48 { halve() }
            return
        }
        entry.isRepeated = true
        if audience != 0, entry.audience != 0, audience != entry.audience { entry.crossesAudiences = true }
        if issuer != 0, entry.issuer != 0, issuer != entry.issuer { entry.crossesIssuers = true }
        entries[fingerprint] = entry
    }

    private mutating func halve() {
        shift += 1
        let bits = 64 - shift
        entries = entries.filter { $0.key >> bits == 0 }
    }

    /// The counts of each claim, by its number.
    func counts(claimCount: Int) -> [Counts] {
        var counts = [Counts](repeating: Counts(), count: claimCount)
        for entry in entries.values where Int(entry.claim) < claimCount {
            let claim = Int(entry.claim)
            let weight = 1 << Int(shift)
            counts[claim].distinct += weight
            if entry.isRepeated { counts[claim].repeated += weight }
            if entry.crossesAudiences { counts[claim].acrossAudiences += weight }
            if entry.crossesIssuers { counts[claim].acrossIssuers += weight }
        }
        return counts
    }
}
