// SPDX-License-Identifier: Apache-2.0

// Algorithm, key and signature.
extension Defect {
    static let trust: [Defect] = unsupported + mismatch + unknownKey + critical + signature

    private static let unsupported: [Defect] = ["none", "NONE", "HS1", "ES256K", "RSA1_5", "rs256"].map { name in
        Defect("unsupported-algorithm", name) { _, _ in
            var recipe = TokenRecipe.settingHeader(("alg", "\"\(name)\""))
            if name == "none" { recipe.rewriteToken = { $0.signature = [] } }
            return recipe
        }
    }

    private static let mismatch: [Defect] = [
        Defect("algorithm-mismatch", "public-key-as-secret", when: { _, algorithm in algorithm != .hs256 }) { _, _ in
            var recipe = TokenRecipe.settingHeader(("alg", "\"HS256\""))
            recipe.signer = .publicKeyAsSecret
            return recipe
        },
        Defect("algorithm-mismatch", "other-family") { _, facts in
            let other = facts.algorithm == .es256 ? "RS256" : "ES256"
            return .settingHeader(("alg", "\"\(other)\""))
        },
        Defect("algorithm-mismatch", "other-hash", when: { _, algorithm in algorithm != .edDSA }) { _, facts in
            .settingHeader(("alg", "\"\(facts.algorithm.rawValue.prefix(2))512\""))
        },
        Defect("algorithm-mismatch", "other-padding", when: { _, algorithm in algorithm == .rs256 }) { _, _ in
            .settingHeader(("alg", "\"PS256\""))
        },
    ]

    private static let unknownKey: [Defect] = [
        Defect("unknown-key", "stranger") { _, _ in
            var recipe = TokenRecipe.settingHeader(("kid", "\"no-such-key\""))
            recipe.signer = .stranger
            return recipe
        },
        Defect("unknown-key", "right-key-wrong-name") { _, _ in .settingHeader(("kid", "\"../../dev/null\"")) },
        Defect("unknown-key", "absent-kid", when: { shape, _ in shape.issuer.keyCount > 1 }) { _, _ in
            var recipe = TokenRecipe()
            recipe.header = [(name: "kid", change: .omitted)]
            return recipe
        },
    ]

    private static let critical: [Defect] = [
        Defect("critical-header", "unknown") { _, _ in
            .settingHeader(("crit", "[\"https://example.com/unknown\"]"), ("https://example.com/unknown", "true"))
        },
        Defect("critical-header", "unencoded-payload") { _, _ in
            .settingHeader(("b64", "false"), ("crit", "[\"b64\"]"))
        },
        Defect("critical-header", "empty") { _, _ in .settingHeader(("crit", "[]")) },
        Defect("critical-header", "not-an-array") { _, _ in .settingHeader(("crit", "\"exp\"")) },
        Defect("critical-header", "absent-name") { _, _ in .settingHeader(("crit", "[\"not-there\"]")) },
    ]

    private static let signature: [Defect] = [
        Defect("signature-invalid", "flipped-bit") { _, _ in .rewritingToken { flip(&$0.signature, at: 20) } },
        Defect("signature-invalid", "changed-claims") { _, _ in
            var recipe = TokenRecipe()
            recipe.claimsAfterSigning = [(name: "exp", change: .set("1899999999"))]
            return recipe
        },
        Defect("signature-invalid", "other-key") { _, _ in
            var recipe = TokenRecipe()
            recipe.signer = .stranger
            return recipe
        },
        Defect("signature-invalid", "zeros") { _, _ in
            .rewritingToken { token in
                for position in token.signature.indices { token.signature[position] = UInt8(ascii: "A") }
            }
        },
        Defect("signature-invalid", "shortened") { _, _ in
            // Whole groups of four characters, so that the text stays strict base64url.
            .rewritingToken { $0.signature = Array($0.signature.dropFirst(4)) }
        },
        Defect("signature-invalid", "lengthened") { _, _ in
            .rewritingToken { $0.signature = Array("AAAA".utf8) + $0.signature }
        },
        Defect("signature-invalid", "empty") { _, _ in .rewritingToken { $0.signature = [] } },
    ]

    /// Replaces one base64url character by another.
    private static func flip(_ text: inout [UInt8], at position: Int) {
        text[position] = text[position] == UInt8(ascii: "Q") ? UInt8(ascii: "g") : UInt8(ascii: "Q")
    }
}
