// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
package import TokenScan

/// Writes fingerprints into a text: first their places, then, for many at once, their characters.
///
/// The messages are personal data: they are wiped by `finish` and on release. No allocation in steady state. One worker
/// owns it.
package struct FingerprintBatch: ~Copyable {
    private let keys: [HMACSHA256Key]
    private let prefix: InlineArray<8, UInt8>
    private var messages = ByteScratch(isSecret: true)
    private var jobs = HMACSHA256Jobs(capacity: 256)
    private var places: [Int] = []
    private var tags = ByteScratch()

    /// A batch for values of these kinds; `append` names them by their place in the list.
    package init(keys: LogKeys, kinds: [String]) {
        self.keys = kinds.map(keys.domainKey)
        let keyID = keys.keyID
        prefix = [
            UInt8(ascii: "l"), UInt8(ascii: "1"), UInt8(ascii: "_"), keyID[0], keyID[1], keyID[2], keyID[3],
            UInt8(ascii: "_"),
        ]
    }

    /// Fingerprints whose characters are still missing.
    package var count: Int { places.count }

    /// Appends the 24 bytes of the fingerprint of `message`; the last 16 of them are right after ``finish(_:)``.
    package mutating func append(kind: Int, _ message: Span<UInt8>, to output: inout ByteScratch) {
        let start = messages.count
        messages.append(message)
        note(kind: kind, from: start, to: &output)
    }

    /// The same for the canonical form of a value; nothing is appended when it has none.
    ///
    /// - Throws: ``CanonicalizationError``.
    package mutating func append(
        kind: Int, canonical profile: CanonicalProfile, _ value: Span<UInt8>, to output: inout ByteScratch
    ) throws(CanonicalizationError) {
        let start = messages.count
        try profile.canonicalize(value, into: &messages)
        note(kind: kind, from: start, to: &output)
    }

    private mutating func note(kind: Int, from start: Int, to output: inout ByteScratch) {
        jobs.append(keyIndex: kind, range: start..<messages.count)
        output.append(prefix.span)
        places.append(output.count)
        output.append("................")
    }

    /// Writes the missing characters into `output`, the text that every `append` since the last call went to, and
    /// wipes the messages.
    package mutating func finish(_ output: inout ByteScratch) {
        guard !places.isEmpty else { return }
        tags.resize(to: places.count * HMACSHA256Key.tagByteCount)
        Self.run(&jobs, messages, keys, into: &tags)
        Self.write(tags, places, to: &output)
        messages.removeAll()
        jobs.removeAll()
        places.removeAll(keepingCapacity: true)
    }

    private static func run(
        _ jobs: inout HMACSHA256Jobs, _ messages: borrowing ByteScratch, _ keys: [HMACSHA256Key],
        into tags: inout ByteScratch
    ) {
        var span = tags.mutableSpan
        jobs.run(messages.span, keys: keys, into: &span)
    }

    private static func write(_ tags: borrowing ByteScratch, _ places: [Int], to output: inout ByteScratch) {
        var text = output.mutableSpan
        let tags = tags.span
        for index in places.indices {
            PseudonymText.writeTwelve(tags, at: index * HMACSHA256Key.tagByteCount, to: &text, at: places[index])
        }
    }
}
