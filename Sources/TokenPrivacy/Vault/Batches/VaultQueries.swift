// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// References to be read, with the verified tokens that they were issued in: one worker's, kept.
///
/// Add a token, then its references, then give it to ``PersonalDataVault/resolve(_:purpose:actor:now:)``; outcome i
/// belongs to reference i. Values are wiped by ``removeAll()`` and on drop.
public struct VaultQueries: ~Copyable {
    /// What one reference gave. All that is wrong with a reference looks the same.
    public enum Outcome: Sendable, Equatable {
        /// A value, to be read with ``VaultQueries/withValue(_:_:)``.
        case value
        /// Unknown, expired, erased, of another token or tenant, or not allowed for this purpose.
        case unavailable
        /// The subject has asked too often; the store was not asked.
        case limited
    }

    /// Why a reference gave nothing; for the audit log alone.
    enum Reason: String, Sendable {
        case given, unknown, expired, erased, foreign, purpose, limited
    }

    struct Token {
        let binding: VaultBinding
        var isLimited = false
    }

    struct Entry {
        let token: Int
        /// Its 32 bytes in `references`; -1 when the text is no reference.
        let reference: Int
        var reason = Reason.unknown
        var value: Range<Int> = 0..<0
        /// The label's bytes in `labels`; empty when the record was not found.
        var label: Range<Int> = 0..<0
    }

    var tokens: [Token] = []
    var entries: [Entry] = []
    var references = ByteScratch(capacity: 256)
    var values = ByteScratch(capacity: 1024, isSecret: true)
    var labels = ByteScratch(capacity: 256)
    /// The tags that are looked for.
    var tags = ByteScratch(capacity: 256)
    var places: [Int64] = []
    /// Which entry and tag each of `places` is for.
    var asked: [(entry: Int, tag: Int)] = []
    var rows = StoredRows()
    var work = SealingScratch()

    /// An empty batch.
    public init() {}

    /// References in the batch.
    public var count: Int { entries.count }

    /// Forgets tokens, references and values; values are wiped.
    public mutating func removeAll() {
        values.removeAll()
        labels.removeAll()
        references.removeAll()
        rows.removeAll()
        tokens.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }

    /// Adds a verified token; gives its number for ``add(_:token:)``.
    public mutating func addToken(_ binding: VaultBinding) -> Int {
        tokens.append(Token(binding: binding))
        return tokens.count - 1
    }

    /// Adds a reference that stands in a token, as text; gives its number. Any text will do: what is no reference is
    /// unavailable.
    @discardableResult
    public mutating func add(_ text: Span<UInt8>, token: Int) -> Int {
        precondition(tokens.indices.contains(token), "token of another batch")
        let start = references.count
        let isReference = VaultReference.appendBytes(text, to: &references)
        entries.append(Entry(token: token, reference: isReference ? start / VaultReference.byteCount : -1))
        return entries.count - 1
    }

    /// What reference `index` gave, after resolving; `unavailable` before.
    public func outcome(_ index: Int) -> Outcome {
        switch entries[index].reason {
        case .given: .value
        case .limited: .limited
        default: .unavailable
        }
    }

    /// Calls `body` with the value that reference `index` gave; with no bytes when it gave none.
    public func withValue<Result: ~Copyable, Failure: Error>(
        _ index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(values.span.extracting(entries[index].value))
    }

    /// Forgets what an earlier resolving gave, or takes it back, since it may not leave.
    mutating func forgetAnswers() {
        values.removeAll()
        labels.removeAll()
        rows.removeAll()
        for i in entries.indices {
            entries[i].value = 0..<0
            entries[i].label = 0..<0
            entries[i].reason = .unknown
        }
    }
}
