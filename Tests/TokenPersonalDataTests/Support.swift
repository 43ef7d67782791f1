// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
import TokenScan

/// The root key of most tests: bytes 00 to 1F under `k001`, and 80 to 9F under `k002`.
let firstKey = [UInt8](0..<32)
let secondKey = [UInt8](0x80..<0xA0)

extension ByteScratch {
    /// The bytes as an array.
    var array: [UInt8] {
        let bytes = span
        return bytes.indices.map { bytes[$0] }
    }

    /// The bytes as text.
    var text: String { String(decoding: array, as: UTF8.self) }
}

/// The canonical bytes of a text, or the error.
func canonical(
    _ profile: CanonicalProfile, _ value: String, issuer: String = ""
) -> Result<[UInt8], CanonicalizationError> {
    canonical(profile, Array(value.utf8), issuer: Array(issuer.utf8))
}

/// The canonical bytes of any bytes, or the error; after an error nothing may have been appended.
func canonical(
    _ profile: CanonicalProfile, _ value: [UInt8], issuer: [UInt8] = []
) -> Result<[UInt8], CanonicalizationError> {
    var output = ByteScratch()
    do {
        try profile.canonicalize(value.span, issuer: issuer.span, into: &output)
        return .success(output.array)
    } catch {
        precondition(output.isEmpty, "bytes left behind by a refusal")
        return .failure(error)
    }
}

/// The canonical text, or nil after a refusal.
func canonicalText(_ profile: CanonicalProfile, _ value: String) -> String? {
    (try? canonical(profile, value).get()).map { String(decoding: $0, as: UTF8.self) }
}

/// A root key from an array.
func makeRoot(_ keyID: String, _ key: [UInt8], isActive: Bool = false) throws(PseudonymKeyError) -> PseudonymRootKey {
    try PseudonymRootKey(keyID: keyID, key: key.span, isActive: isActive)
}

/// A ring with `k001`, and with `k002` where asked for.
func ring(tenant: String = "acme", isRotated: Bool = false) throws -> PseudonymKeyRing {
    let first = try makeRoot("k001", firstKey)
    guard isRotated else { return try PseudonymKeyRing(tenant: tenant, keys: [first]) }
    let second = try makeRoot("k002", secondKey, isActive: true)
    return try PseudonymKeyRing(tenant: tenant, keys: [first, second])
}

/// The text of one value of any kind, computed by a batch of one.
func pseudonym(
    _ domain: PseudonymDomain, _ kind: PseudonymValueKind, _ value: [UInt8], issuer: String = "",
    personKey: [UInt8] = [], form: PseudonymForm = .standard
) throws -> String {
    var batch = PseudonymBatch()
    let slot = try batch.add(
        domain, kind, value.span, issuer: Array(issuer.utf8).span, personKey: personKey.span)
    batch.run()
    var output = ByteScratch()
    batch.appendText(slot, form: form, to: &output)
    return output.text
}
