// SPDX-License-Identifier: Apache-2.0
import TokenScan
public import TokenVerify

/// Revocations and the use of one-time tokens in a vault's store, shared by all processes and nodes that use it.
///
/// Needs no keys: a revocation says nothing about a person but the subject that it names, which is stored as it is. Any
/// thread; calls block until the store has answered.
public final class SharedRevocations: RevocationStore, OneTimeStore {
    private let store: any VaultStore

    /// Entries of one answer.
    static let stepCount = 1000
    /// Entries before the last one that are asked for again: another node may still have been adding one of them.
    static let overlapCount: Int64 = 64

    package init(_ store: any VaultStore) { self.store = store }

    /// Adds a revocation; every mirror has it within its lag.
    ///
    /// - Throws: ``VaultError``.
    public func add(_ entry: RevocationEntry) throws(VaultError) {
        var json = ByteScratch(capacity: 128)
        entry.appendJSON(to: &json)
        let until: Int64? =
            switch entry {
            case .token(_, _, let until): until
            case .subject(_, _, _, let until), .key(_, _, _, let until): until
            }
        try store.addRevocation([UInt8](json.span), untilSeconds: until ?? Int64.max)
    }

    public func changes(after cursor: RevocationCursor?, now: Int64) throws(RevocationError) -> RevocationChanges {
        var number: Int64 = 0
        if let cursor {
            guard cursor.bytes.count == 8 else { throw .malformed }
            number = Int64(bitPattern: cursor.bytes.span.bigEndian(at: 0))
        }
        let start = max(0, number - Self.overlapCount)
        let rows: [(number: Int64, entry: [UInt8])]
        do {
            rows = try store.revocations(after: start, now: now, countMax: Self.stepCount)
        } catch {
            throw .unavailable
        }
        var entries: [RevocationEntry] = []
        for row in rows {
            entries.append(try RevocationEntry(json: row.entry.span))
            number = max(number, row.number)
        }
        var bytes = ByteScratch(capacity: 8)
        bytes.appendBigEndian(UInt64(bitPattern: number))
        return RevocationChanges(
            entries: entries, cursor: RevocationCursor(bytes: [UInt8](bytes.span)),
            hasMore: rows.count == Self.stepCount)
    }

    public func claim(id: Span<UInt8>, untilSeconds: Int64, now: Int64) throws(RevocationError) -> Bool {
        do {
            return try store.claim([UInt8](id), untilSeconds: untilSeconds, now: now)
        } catch {
            throw .unavailable
        }
    }
}

extension RevocationEntry {
    /// Appends the entry as ``init(json:)`` reads it.
    func appendJSON(to output: inout ByteScratch) {
        func text(_ name: StaticString, _ value: String) {
            output.append(name)
            output.appendJSONString(Array(value.utf8).span)
        }
        func number(_ name: StaticString, _ value: Int64?) {
            guard let value else { return }
            output.append(name)
            output.appendDecimal(value)
        }
        switch self {
        case .token(let issuer, let jwtID, let until):
            text("{\"iss\":", issuer)
            text(",\"jti\":", jwtID)
            number(",\"until\":", until)
        case .subject(let issuer, let subject, let before, let until):
            text("{\"iss\":", issuer)
            text(",\"sub\":", subject)
            number(",\"before\":", before)
            number(",\"until\":", until)
        case .key(let issuer, let keyID, let before, let until):
            text("{\"iss\":", issuer)
            text(",\"kid\":", keyID)
            number(",\"before\":", before)
            number(",\"until\":", until)
        }
        output.append("}")
    }
}
