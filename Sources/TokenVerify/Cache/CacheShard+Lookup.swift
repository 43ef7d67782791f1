// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
import TokenCrypto
import TokenScan

/// What a lookup asks: a token, seen by a verifier at a time.
struct CacheQuestion: ~Escapable {
    let token: Span<UInt8>
    let hash: UInt64
    let verifier: UInt64
    let now: Int64
    let digestKey: HMACSHA256Key?

    @_lifetime(copy token)
    init(_ token: Span<UInt8>, hash: UInt64, verifier: UInt64, now: Int64, digestKey: HMACSHA256Key?) {
        self.token = token
        self.hash = hash
        self.verifier = verifier
        self.now = now
        self.digestKey = digestKey
    }
}

/// What an entry says of a token, copied out; the caller still has to compare the epochs.
struct CacheFinding {
    let view: TokenView
    let epochs: CacheEpochs
    let acceptEntryIndex: Int
    let keyIndex: Int
}

/// What a lookup gives.
enum CacheAnswer {
    case found(CacheFinding)
    /// An entry of this token that is out of its time.
    case stale
    case absent
}

extension CacheShard {
    /// Looks a token up and, when there is an entry of it whose time is right, copies what is known of it into
    /// `scanner`. No lock, no allocation in steady state; O(bytes of the token and its claims).
    func find(_ question: borrowing CacheQuestion, into scanner: inout TokenScanner) -> CacheAnswer {
        // Before the slots: a slot that is there afterwards is numbered from here or above.
        let oldestSmall = memory.loadAcquiring(places.oldest(of: .small))
        let oldestMain = memory.loadAcquiring(places.oldest(of: .main))
        let tag = CacheSlot.tag(of: question.hash)
        let bucket = places.bucket(of: question.hash)
        var place = bucket
        while place < bucket &+ Self.bucketSlotCount {
            let slot = CacheSlot(word: memory.loadAcquiring(place))
            if slot.tag == tag, !slot.isEmpty {
                let oldest = slot.ring == .small ? oldestSmall : oldestMain
                switch read(slot, oldest, question, into: &scanner) {
                case .found(let finding):
                    if slot.hits < CacheSlot.hitsMax { memory.exchange(slot.word, for: slot.hitAgain.word, at: place) }
                    return .found(finding)
                case .stale: return .stale
                case .absent: break
                }
            }
            place &+= 1
        }
        return .absent
    }

    /// Whether the entry that has `serial` is still in its ring, so that nothing that was read of it was overwritten.
    @inline(__always)
    private func isStillThere(_ serial: UInt64, _ ring: CacheRing.Kind) -> Bool {
        atomicMemoryFence(ordering: .acquiring)
        return memory.load(places.oldest(of: ring)) <= serial
    }

    private func read(
        _ slot: CacheSlot, _ oldest: UInt64, _ question: borrowing CacheQuestion, into scanner: inout TokenScanner
    ) -> CacheAnswer {
        let ahead = (slot.serial &- oldest) & CacheSlot.serialMask
        guard ahead <= CacheSlot.serialMask / 2 else { return .absent }
        let serial = oldest &+ ahead
        let entry = places.base(of: slot.ring) &+ slot.offset
        guard memory.load(entry) == question.hash else { return .absent }
        let wordCounts = memory.load(entry &+ CacheEntry.wordCounts)
        let byteCounts = memory.load(entry &+ CacheEntry.byteCounts)
        let nodeCounts = memory.load(entry &+ CacheEntry.nodeCounts)
        let verifier = memory.load(entry &+ CacheEntry.verifier)
        // From here on the counts are known to be those of one entry, so they stay inside it.
        guard isStillThere(serial, slot.ring) else { return .absent }
        guard verifier == question.verifier, CacheEntry.low(byteCounts) == question.token.count else { return .absent }
        let identity = entry &+ CacheEntry.fixedWordCount
        guard holds(question, at: identity) else { return .absent }

        let from = Int64(bitPattern: memory.load(entry &+ CacheEntry.validFrom))
        let until = Double(bitPattern: memory.load(entry &+ CacheEntry.validUntil))
        guard question.now >= from, Double(question.now) < until else { return .stale }
        let identityCount =
            question.digestKey == nil ? CacheEntry.words(question.token.count) : CacheEntry.digestWordCount
        let payloadByteCount = CacheEntry.high(byteCounts)
        let payloadCount = CacheEntry.words(payloadByteCount)
        let nodeCount = CacheEntry.low(nodeCounts)
        let payload = identity &+ identityCount
        var epochs = CacheEpochs()
        var places: UInt64 = 0
        // SAFETY: `fill` writes just the words that it is asked for, and the last look says whether they are whole.
        let view = unsafe scanner.adopt(
            header: question.token.extracting(first: CacheEntry.high(wordCounts)),
            signingInputByteCount: CacheEntry.high(nodeCounts), payloadByteCount: payloadByteCount,
            nodeCount: nodeCount
        ) { bytes, nodes, claims in
            unsafe memory.copy(payload, wordCount: payloadCount, to: bytes)
            unsafe memory.copy(
                payload &+ payloadCount, wordCount: nodeCount &* CacheEntry.nodeWordCount, to: nodes)
            unsafe memory.copy(entry &+ CacheEntry.claims, wordCount: CacheEntry.claimsWordCount, to: claims)
            epochs.keys = memory.load(entry &+ CacheEntry.keysEpoch)
            epochs.revocation = memory.load(entry &+ CacheEntry.revocationEpoch)
            places = memory.load(entry &+ CacheEntry.places)
            return isStillThere(serial, slot.ring)
        }
        guard let view else { return .absent }
        return .found(
            CacheFinding(
                view: view, epochs: epochs, acceptEntryIndex: CacheEntry.low(places),
                keyIndex: CacheEntry.high(places)))
    }

    /// Whether an entry's identity is the question's: every byte of the token, or its digest.
    @inline(__always)
    private func holds(_ question: borrowing CacheQuestion, at identity: Int) -> Bool {
        guard let key = question.digestKey else { return memory.holds(question.token, at: identity) }
        var tag = InlineArray<32, UInt8>(repeating: 0)
        var span = tag.mutableSpan
        key.authenticate(question.token, into: &span)
        return memory.holds(tag.span, at: identity)
    }
}
