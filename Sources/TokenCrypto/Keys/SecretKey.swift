// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// What a secret key of the engine is for. Each use has its own `alg`, so that one key never serves two.
package enum SecretKeyAlgorithm: Sendable, CaseIterable {
    /// Root keys of pseudonyms.
    case pseudonym
    /// Keys of token fingerprints in logs.
    case log
    /// Keys of reversible values, AES-256-SIV.
    case siv
    /// Keys that wrap the vault's keys of persons.
    case keyEncryption
    /// Keys of the vault's index and of person handles.
    case index
    /// Keys of the vault's audit chain.
    case audit

    /// The `alg` value of the key's JWK.
    package var name: StaticString {
        switch self {
        case .pseudonym: "cloakroom-p1"
        case .log: "cloakroom-log1"
        case .siv: "cloakroom-siv1"
        case .keyEncryption: "cloakroom-kek1"
        case .index: "cloakroom-index1"
        case .audit: "cloakroom-audit1"
        }
    }

    /// The only accepted length of a key, in bytes: 64 for AES-256-SIV, else 32.
    package var byteCount: Int { self == .siv ? SyntheticIVCipher.keyByteCount : SecretKey.byteCount }
}

/// One secret key: 32 random bytes (64 for `siv`) and a key id of four characters `[a-z0-9]`. Immutable; any thread.
package struct SecretKey: Sendable {
    /// The length of all keys but those of `siv`, in bytes.
    package static let byteCount = 32

    /// What the key is for.
    package let algorithm: SecretKeyAlgorithm
    /// The key id's four ASCII characters.
    package let keyID: InlineArray<4, UInt8>
    /// The key's bytes, as many as its algorithm says, wiped with the last reference.
    package let bytes: SecretBytes

    /// The key id as a string.
    package var keyIDText: String {
        var text = ""
        for i in 0..<4 { text.unicodeScalars.append(Unicode.Scalar(keyID[i])) }
        return text
    }

    /// The key id's four characters as a number, the first one highest.
    ///
    /// Not inlined: optimizing a caller under the address sanitizer, Swift 6.3.1 makes a broken module of it.
    @inline(never)
    package var keyIDNumber: UInt32 {
        var number: UInt32 = 0
        for i in 0..<4 { number = number << 8 | UInt32(keyID[i]) }
        return number
    }

    /// Copies `bytes`.
    /// - Throws: `KeyError.secretTooShort`, `.secretTooLong` for another length than the algorithm's, `.keyID` for a
    ///   key id that is not four characters of `[a-z0-9]`.
    package init(algorithm: SecretKeyAlgorithm, keyID: Span<UInt8>, bytes: Span<UInt8>) throws(KeyError) {
        guard bytes.count >= algorithm.byteCount else { throw .secretTooShort }
        guard bytes.count == algorithm.byteCount else { throw .secretTooLong }
        self.keyID = try Self.checkedKeyID(keyID)
        self.algorithm = algorithm
        self.bytes = SecretBytes(bytes)
    }

    /// A fresh key of random bytes.
    /// - Throws: `KeyError.keyID`, `.randomness`.
    package static func generate(
        algorithm: SecretKeyAlgorithm, keyID: Span<UInt8>, random: RandomSource = RandomBytes.openSSL
    ) throws(KeyError) -> SecretKey {
        let checked = try checkedKeyID(keyID)
        let bytes = try SecretBytes(count: algorithm.byteCount) { (span) throws(KeyError) in
            guard random(&span) else { throw .randomness }
        }
        return SecretKey(algorithm: algorithm, checked: checked, bytes: bytes)
    }

    private init(algorithm: SecretKeyAlgorithm, checked keyID: InlineArray<4, UInt8>, bytes: SecretBytes) {
        self.algorithm = algorithm
        self.keyID = keyID
        self.bytes = bytes
    }

    private static func checkedKeyID(_ text: Span<UInt8>) throws(KeyError) -> InlineArray<4, UInt8> {
        guard text.count == 4 else { throw .keyID }
        var keyID = InlineArray<4, UInt8>(repeating: 0)
        for i in 0..<4 {
            let byte = text[i]
            guard (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) else { throw .keyID }
            keyID[i] = byte
        }
        return keyID
    }

    /// Appends the key's JWK. `output` should be a secret buffer.
    package func writeJWK(into output: inout ByteScratch) {
        output.append("{\"kty\":\"oct\",\"kid\":\"")
        output.append(keyID.span)
        output.append("\",\"alg\":\"")
        output.append(algorithm.name)
        output.append("\",\"k\":\"")
        bytes.withSpan { output.appendBase64URL($0) }
        output.append("\"}")
    }
}

extension SecretKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SecretKey(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
