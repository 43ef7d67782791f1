// SPDX-License-Identifier: Apache-2.0
import Foundation
import TokenCrypto
import TokenScan

/// A fresh key of one algorithm in every form that the contenders need. Made anew for each run.
struct KeyMaterial {
    let algorithm: SignatureAlgorithm
    let key: SignatureKey
    /// The private or secret JWK.
    let privateJWK: [UInt8]
    /// The public JWK; the secret one for HMAC.
    let publicJWK: [UInt8]

    static let keyID = "bench-1"

    init(_ algorithm: SignatureAlgorithm) throws(BenchFailure) {
        self.algorithm = algorithm
        do {
            key = try SignatureKey.generate(algorithm: algorithm, bits: nil, keyID: Array(Self.keyID.utf8))
            var written = ByteScratch()
            try key.writePrivateJWK(into: &written)
            privateJWK = written.copy
            if key.isSymmetric {
                publicJWK = privateJWK
            } else {
                written.removeAll()
                try key.writePublicJWK(into: &written)
                publicJWK = written.copy
            }
        } catch {
            throw .input("cannot make a \(algorithm.jwaName) key")
        }
    }

    /// A member of the JWK, decoded: `k`, `n`, `e`, `x`, `y`.
    func number(_ name: String) -> [UInt8] {
        let members = (try? JSONDecoder().decode([String: JWKMember].self, from: Data(publicJWK))) ?? [:]
        guard case .text(let text)? = members[name] else { return [] }
        return Base64URLText.decode(text)
    }
}

/// A JWK member of whatever type; only texts matter here.
private enum JWKMember: Decodable {
    case text(String)
    case other

    init(from decoder: any Decoder) throws {
        self = (try? decoder.singleValueContainer().decode(String.self)).map { .text($0) } ?? .other
    }
}

/// Base64url by way of Foundation: the independent answer that the engine's is held against.
enum Base64URLText {
    static func decode(_ text: String) -> [UInt8] {
        var standard = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        return [UInt8](Data(base64Encoded: standard) ?? Data())
    }

    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }
}

extension ByteScratch {
    /// The bytes as an array.
    var copy: [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(count)
        for index in span.indices { copy.append(span[index]) }
        return copy
    }
}
