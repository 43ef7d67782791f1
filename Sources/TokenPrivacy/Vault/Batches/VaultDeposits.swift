// SPDX-License-Identifier: Apache-2.0
package import TokenCrypto
import TokenPersonalData
import TokenScan

/// Values on their way into a vault, with everything that storing them needs to be reused: one worker's, kept.
///
/// Add persons, then values, then give it to ``PersonalDataVault/put(_:now:)``; reference i belongs to value i. Values
/// are wiped by ``removeAll()`` and on drop. After the first rounds nothing of ours is allocated but by the driver.
public struct VaultDeposits: ~Copyable {
    struct Entry {
        let value: Range<Int>
        let person: Int
        let label: Int
        let expiresSeconds: Int64
        var binding: VaultBinding
    }

    struct Identity {
        let issuer: Range<Int>
        let subject: Range<Int>
    }

    /// Bytes of the longest value.
    public static let valueByteCountMax = 65_536

    var values = ByteScratch(capacity: 4096, isSecret: true)
    var entries: [Entry] = []
    /// Issuers and subjects of the persons.
    var names = ByteScratch(capacity: 1024, isSecret: true)
    var identities: [Identity] = []
    var labels: [VaultLabel] = []
    /// For each added person its place in `sealed.persons`.
    var personIndexes: [Int] = []
    /// `Kp` of each person in `sealed.persons`, after enrolling.
    var personKeys = ByteScratch(isSecret: true)

    var handles = PseudonymBatch()
    var handleBytes = ByteScratch()
    var knownHandles: [PersonHandle: Int] = [:]
    var rows = StoredRows()
    var places: [Int64] = []
    var sealed = SealedBatch()
    var work = SealingScratch()
    /// The references' 32 bytes, one behind the other.
    var references = ByteScratch(capacity: 1024)
    /// The references' texts, one behind the other.
    var texts = ByteScratch(capacity: 1024)

    /// An empty batch.
    public init() { self.init(random: RandomBytes.openSSL) }

    /// The same over another source of random bytes, for tests.
    package init(random: @escaping RandomSource) {
        work.random = RandomBytes(source: random)
    }

    /// Values in the batch.
    public var count: Int { entries.count }

    /// Forgets persons, values and references; values are wiped.
    public mutating func removeAll() {
        values.removeAll()
        names.removeAll()
        personKeys.removeAll()
        entries.removeAll(keepingCapacity: true)
        identities.removeAll(keepingCapacity: true)
        personIndexes.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
        references.removeAll()
        texts.removeAll()
        sealed.removeAll()
    }

    /// Adds a person by the issuer and subject of the token that the values came in; gives the number for ``add``.
    ///
    /// - Throws: ``VaultError/tooLarge`` for an empty issuer, or one of them over 4 096 bytes.
    public mutating func addPerson(issuer: Span<UInt8>, subject: Span<UInt8>) throws(VaultError) -> Int {
        guard !issuer.isEmpty, issuer.count <= 4096, subject.count <= 4096 else { throw .tooLarge }
        let start = names.count
        names.append(issuer)
        let middle = names.count
        names.append(subject)
        identities.append(Identity(issuer: start..<middle, subject: middle..<names.count))
        return identities.count - 1
    }

    /// Adds a copy of a value, any bytes, to be stored until a time for the token of `binding`. Gives its number.
    ///
    /// - Throws: ``VaultError/tooLarge`` for a value over ``valueByteCountMax`` or an expiry after the year 2242.
    @discardableResult
    public mutating func add(
        _ value: Span<UInt8>, person: Int, label: VaultLabel, expiresSeconds: Int64, binding: VaultBinding
    ) throws(VaultError) -> Int {
        precondition(identities.indices.contains(person), "person of another batch")
        guard value.count <= Self.valueByteCountMax, (1...VaultLayout.expirySecondsMax).contains(expiresSeconds) else {
            throw .tooLarge
        }
        let start = values.count
        values.append(value)
        entries.append(
            Entry(
                value: start..<values.count, person: person, label: index(of: label), expiresSeconds: expiresSeconds,
                binding: binding))
        return entries.count - 1
    }

    /// Sets the token that a value's reference will stand in, where it was not known before.
    public mutating func setBinding(_ binding: VaultBinding, of index: Int) {
        entries[index].binding = binding
    }

    /// Calls `body` with the text of a value's reference, ``referenceByteCount`` characters, after a put.
    public func withReference<Result: ~Copyable, Failure: Error>(
        _ index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let size = VaultReference.textByteCount
        return try body(texts.span.extracting((index * size)..<((index + 1) * size)))
    }

    /// The text of a value's reference, after a put.
    public func reference(_ index: Int) -> String {
        withReference(index) { String(decoding: [UInt8]($0), as: UTF8.self) }
    }

    /// Characters of a reference's text.
    public static let referenceByteCount = VaultReference.textByteCount

    /// Policies have few labels, and one batch holds the labels of one policy.
    private mutating func index(of label: VaultLabel) -> Int {
        if let last = labels.indices.last, labels[last] == label { return last }
        if let found = labels.firstIndex(of: label) { return found }
        labels.append(label)
        return labels.count - 1
    }
}

/// What sealing needs beside its input; reused.
struct SealingScratch: ~Copyable {
    var random = RandomBytes()
    var cipher: PersonCipher?
    var associated = ByteScratch(capacity: 512)
    var plain = ByteScratch(capacity: 512, isSecret: true)
    var tags = IndexTags()

    /// The worker's contexts, made when first needed.
    mutating func readyCipher() throws(VaultError) -> PersonCipher {
        if let cipher { return cipher }
        let made = try PersonCipher()
        cipher = made
        return made
    }
}
