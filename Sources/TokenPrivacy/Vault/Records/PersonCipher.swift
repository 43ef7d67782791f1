// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenPersonalData
import TokenScan

/// Opens the sealed keys of persons and lends their contexts: one worker's, never shared.
///
/// A person has 48 secret bytes, the key of all records and the key `Kp` of erasable pseudonyms. Stored they are
/// sealed under a wrapping key of the vault. Only the last person's keys are remembered, and only for exactly the
/// sealed bytes that were read again: after an erasure there are none, so that nothing opens.
final class PersonCipher {
    private let wrapping: AES256GCM
    private let records: AES256GCM
    private var wrappingKeyID: UInt32?
    /// The sealed keys whose record key is set; empty: none.
    private var loaded = ByteScratch(capacity: VaultLayout.secretByteCount)
    private var plain = ByteScratch(capacity: 64, isSecret: true)
    private var associated = ByteScratch(capacity: 256)
    private var scratch = ByteScratch(capacity: 64, isSecret: true)

    static let personKeyByteCount = 16
    private static let plainByteCount = AES256GCM.keyByteCount + personKeyByteCount

    init() throws(VaultError) {
        do {
            wrapping = try AES256GCM()
            records = try AES256GCM()
        } catch {
            throw .backend
        }
    }

    /// Opens a person's sealed keys.
    /// - Throws: ``VaultError/wrongKeys`` when the wrapping key is not at hand, ``VaultError/damaged`` when the keys
    ///   do not open under it.
    func load(_ secret: Span<UInt8>, keys: VaultKeys) throws(VaultError) {
        guard secret.count == VaultLayout.secretByteCount else { throw .damaged }
        if loaded.span.equals(secret) { return }
        loaded.removeAll()
        try unwrap(secret, keys: keys)
        setRecordKey()
        loaded.append(secret)
    }

    /// Appends the person's `Kp`, 16 bytes, of the keys that were loaded last.
    func appendPersonKey(to output: inout ByteScratch) {
        Self.appendPersonKey(of: plain, to: &output)
    }

    /// Appends fresh sealed keys of a new person.
    func appendNewSecret(
        keys: VaultKeys, random: inout RandomBytes, to output: inout ByteScratch
    ) throws(VaultError) {
        loaded.removeAll()
        do { try Self.draw(Self.plainByteCount, from: &random, into: &plain) } catch { throw .randomness }
        // Person id and nonce.
        var drawn = InlineArray<28, UInt8>(repeating: 0)
        var span = drawn.mutableSpan
        do { try random.fill(&span) } catch { throw .randomness }
        let personID = drawn.span.extracting(0..<VaultLayout.personIDByteCount)
        let nonce = drawn.span.extracting(VaultLayout.personIDByteCount...)
        guard try seal(personID: personID, nonce: nonce, keys: keys, to: &output) else { throw .backend }
    }

    /// Appends a person's keys, sealed anew under the active wrapping key.
    func appendRewrapped(
        _ secret: Span<UInt8>, keys: VaultKeys, random: inout RandomBytes, to output: inout ByteScratch
    ) throws(VaultError) {
        loaded.removeAll()
        try unwrap(secret, keys: keys)
        var nonce = InlineArray<12, UInt8>(repeating: 0)
        var span = nonce.mutableSpan
        do { try random.fill(&span) } catch { throw .randomness }
        let personID = secret.extracting(0..<VaultLayout.personIDByteCount)
        guard try seal(personID: personID, nonce: nonce.span, keys: keys, to: &output) else { throw .backend }
    }

    /// Encrypts a record's padded value under the loaded person's key.
    func seal(
        _ plaintext: Span<UInt8>, nonce: Span<UInt8>, associatedData: Span<UInt8>, into output: inout ByteScratch
    ) throws(VaultError) {
        guard records.seal(plaintext, nonce: nonce, associatedData: associatedData, into: &output) else {
            throw .backend
        }
    }

    /// Decrypts a record under the loaded person's key. False when it is not authentic.
    func open(
        _ sealed: Span<UInt8>, nonce: Span<UInt8>, associatedData: Span<UInt8>, into output: inout ByteScratch
    ) -> Bool {
        records.open(sealed, nonce: nonce, associatedData: associatedData, into: &output)
    }

    /// Does the work of opening a person's keys and a short record, for nothing.
    func burn() {
        let nothing = InlineArray<96, UInt8>(repeating: 0)
        let bytes = nothing.span
        let nonce = bytes.extracting(0..<12)
        scratch.removeAll()
        _ = records.open(bytes.extracting(0..<64), nonce: nonce, associatedData: bytes, into: &scratch)
        _ = wrapping.open(bytes.extracting(0..<64), nonce: nonce, associatedData: bytes, into: &scratch)
    }

    // MARK: Wrapping

    private static func keyID(of secret: Span<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: secret.bigEndian(at: VaultLayout.personIDByteCount) >> 32)
    }

    private func unwrap(_ secret: Span<UInt8>, keys: VaultKeys) throws(VaultError) {
        let keyID = Self.keyID(of: secret)
        guard let key = keys.wrappingKey(keyID) else { throw .wrongKeys }
        use(key)
        setAssociatedData(personID: secret.extracting(0..<16), keyID: keyID, tenant: keys.tenantBytes)
        plain.removeAll()
        guard
            Self.open(wrapping, secret.extracting(32...), nonce: secret.extracting(20..<32), associated, into: &plain),
            plain.count == Self.plainByteCount
        else { throw .damaged }
    }

    private func seal(
        personID: Span<UInt8>, nonce: Span<UInt8>, keys: VaultKeys, to output: inout ByteScratch
    ) throws(VaultError) -> Bool {
        let key = keys.wrapping[keys.activeWrapping]
        use(key)
        setAssociatedData(personID: personID, keyID: key.keyID, tenant: keys.tenantBytes)
        output.append(personID)
        output.appendBigEndian(key.keyID)
        output.append(nonce)
        return Self.seal(wrapping, plain, nonce: nonce, associated, into: &output)
    }

    private func use(_ key: VaultKeys.WrappingKey) {
        if wrappingKeyID == key.keyID { return }
        key.key.withSpan { wrapping.setKey($0) }
        wrappingKeyID = key.keyID
    }

    private func setRecordKey() {
        Self.setKey(records, plain)
    }

    private func setAssociatedData(personID: Span<UInt8>, keyID: UInt32, tenant: [UInt8]) {
        associated.removeAll()
        associated.appendLengthPrefixed(tenant.span)
        associated.appendLengthPrefixed(personID)
        associated.appendLength(4)
        associated.appendBigEndian(keyID)
    }

    // Passing the buffers keeps accesses to two of them apart.

    private static func draw(
        _ byteCount: Int, from random: inout RandomBytes, into plain: inout ByteScratch
    ) throws(RandomnessError) {
        plain.removeAll()
        plain.resize(to: byteCount)
        var bytes = plain.mutableSpan
        try random.fill(&bytes)
    }

    private static func setKey(_ cipher: AES256GCM, _ plain: borrowing ByteScratch) {
        cipher.setKey(plain.span.extracting(0..<AES256GCM.keyByteCount))
    }

    private static func appendPersonKey(of plain: borrowing ByteScratch, to output: inout ByteScratch) {
        output.append(plain.span.extracting(AES256GCM.keyByteCount...))
    }

    private static func open(
        _ cipher: AES256GCM, _ sealed: Span<UInt8>, nonce: Span<UInt8>, _ associated: borrowing ByteScratch,
        into output: inout ByteScratch
    ) -> Bool {
        cipher.open(sealed, nonce: nonce, associatedData: associated.span, into: &output)
    }

    private static func seal(
        _ cipher: AES256GCM, _ plain: borrowing ByteScratch, nonce: Span<UInt8>, _ associated: borrowing ByteScratch,
        into output: inout ByteScratch
    ) -> Bool {
        cipher.seal(plain.span, nonce: nonce, associatedData: associated.span, into: &output)
    }
}
