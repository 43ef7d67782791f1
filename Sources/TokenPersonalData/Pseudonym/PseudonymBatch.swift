// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
package import TokenScan

/// A worker's batch of pseudonyms under any number of domains, computed in one kernel call.
///
/// `add` canonicalizes straight into one contiguous buffer and gives a slot; `run` computes all tags; the texts have a
/// fixed width, so a caller leaves room for them while it writes and fills it in afterwards. The buffer holds personal
/// data and is wiped by `removeAll` and on drop. After the first few rounds nothing is allocated. Not for sharing.
package struct PseudonymBatch: ~Copyable {
    /// Above this many domains `removeAll` lets go of them; below, they stay for the next round.
    private static let keptDomainCountMax = 64

    private var messages = ByteScratch(capacity: 1024, isSecret: true)
    private var jobs = HMACSHA256Jobs(capacity: 64)
    private var tags = ByteScratch(capacity: 64 * HMACSHA256Key.tagByteCount)
    private var domains: [PseudonymDomain] = []
    private var keys: [HMACSHA256Key] = []
    private var slotDomains: [Int] = []
    private var nextGuess = 0
    private var computedCount = 0

    /// An empty batch.
    package init() {
        slotDomains.reserveCapacity(64)
    }

    /// Slots in use.
    package var count: Int { slotDomains.count }

    /// Forgets all slots and wipes their messages; the memory stays.
    package mutating func removeAll() {
        messages.removeAll()
        jobs.removeAll()
        slotDomains.removeAll(keepingCapacity: true)
        computedCount = 0
        if domains.count > Self.keptDomainCountMax {
            domains.removeAll(keepingCapacity: true)
            keys.removeAll(keepingCapacity: true)
            nextGuess = 0
        }
    }

    /// Adds a value and gives its slot.
    ///
    /// `value` is the unescaped string, the decimal text, or `true` or `false`; `issuer` is read by `subject/1` only;
    /// `personKey` is 16 bytes for an erasable domain and empty for any other.
    ///
    /// - Throws: ``CanonicalizationError``; the batch is then as before.
    package mutating func add(
        _ domain: PseudonymDomain, _ kind: PseudonymValueKind, _ value: Span<UInt8>, issuer: Span<UInt8>,
        personKey: Span<UInt8>
    ) throws(CanonicalizationError) -> Int {
        guard domain.accepts(personKey: personKey) else { throw .personKey }
        let start = messages.count
        try domain.profile.appendMessage(kind, value, issuer: issuer, personKey: personKey, to: &messages)
        let index = index(of: domain)
        jobs.append(keyIndex: index, range: start..<messages.count)
        slotDomains.append(index)
        return slotDomains.count - 1
    }

    /// The same for a domain that is not erasable.
    package mutating func add(
        _ domain: PseudonymDomain, _ kind: PseudonymValueKind, _ value: Span<UInt8>, issuer: Span<UInt8>
    ) throws(CanonicalizationError) -> Int {
        try add(domain, kind, value, issuer: issuer, personKey: value.extracting(0..<0))
    }

    /// Computes the tags of all slots.
    ///
    /// - Complexity: O(bytes); no allocation in steady state.
    package mutating func run() {
        let needed = count * HMACSHA256Key.tagByteCount
        if tags.count < needed { tags.appendZeros(needed - tags.count) }
        guard count > 0 else { return }
        Self.run(&jobs, messages, keys, &tags)
        computedCount = count
    }

    /// Apart from `self`, so that the tags can change while the messages are read.
    private static func run(
        _ jobs: inout HMACSHA256Jobs, _ messages: borrowing ByteScratch, _ keys: [HMACSHA256Key],
        _ tags: inout ByteScratch
    ) {
        var output = tags.mutableSpan
        jobs.run(messages.span, keys: keys, into: &output)
    }

    /// Writes the text of `slot` to `output[offset ..< offset + form.textByteCount]`, after `run`. Traps when there
    /// is no such slot or no such room.
    package func writeText(
        _ slot: Int, form: PseudonymForm = .standard, to output: inout MutableSpan<UInt8>, at offset: Int
    ) {
        precondition(slot >= 0 && slot < computedCount, "pseudonym slot")
        PseudonymText.write(
            tags.span, at: slot * HMACSHA256Key.tagByteCount, prefix: domains[slotDomains[slot]].textPrefix,
            form: form, to: &output, at: offset)
    }

    /// Appends the text of `slot`, after `run`.
    package func appendText(_ slot: Int, form: PseudonymForm = .standard, to output: inout ByteScratch) {
        var text = InlineArray<52, UInt8>(repeating: 0)
        var span = text.mutableSpan
        writeText(slot, form: form, to: &span, at: 0)
        output.append(text.span.extracting(0..<form.textByteCount))
    }

    /// Appends the `form.byteCount` raw bytes of `slot`, after `run`.
    package func appendBytes(_ slot: Int, form: PseudonymForm = .standard, to output: inout ByteScratch) {
        precondition(slot >= 0 && slot < computedCount, "pseudonym slot")
        let start = slot * HMACSHA256Key.tagByteCount
        output.append(tags.span.extracting(start..<start + form.byteCount))
    }

    /// Where the domain stands in the table. Rounds tend to repeat an order, so the entry after the last hit is tried
    /// first; a domain that is met again far away may get a second entry, which costs nothing but its place.
    private mutating func index(of domain: PseudonymDomain) -> Int {
        let guess = nextGuess < domains.count ? nextGuess : 0
        if guess < domains.count, domains[guess] === domain {
            nextGuess = guess + 1
            return guess
        }
        for index in 0..<min(domains.count, 16) where domains[index] === domain {
            nextGuess = index + 1
            return index
        }
        domains.append(domain)
        keys.append(domain.key)
        nextGuess = domains.count
        return domains.count - 1
    }
}
