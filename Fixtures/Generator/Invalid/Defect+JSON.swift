// SPDX-License-Identifier: Apache-2.0

// Correctly signed text that is no acceptable JSON.
extension Defect {
    static let json: [Defect] = syntax + duplicates

    private static let syntax: [Defect] = [
        Defect("json", "unclosed") { _, _ in .rewritingClaims { $0.removeLast() } },
        Defect("json", "trailing-bytes") { _, _ in .rewritingClaims { $0.append(UInt8(ascii: "1")) } },
        Defect("json", "trailing-comma") { _, _ in
            .rewritingClaims { $0.insert(UInt8(ascii: ","), at: $0.count - 1) }
        },
        Defect("json", "array-root") { _, _ in
            .rewritingClaims { $0 = [UInt8(ascii: "[")] + $0 + [UInt8(ascii: "]")] }
        },
        Defect("json", "empty-payload") { _, _ in .rewritingClaims { $0 = [] } },
        Defect("json", "byte-order-mark") { _, _ in .rewritingClaims { $0 = [0xEF, 0xBB, 0xBF] + $0 } },
        Defect("json", "leading-zero") { _, _ in .settingClaims(("x", "01")) },
        Defect("json", "not-a-number") { _, _ in .settingClaims(("x", "NaN")) },
        Defect("json", "single-quotes") { _, _ in .settingClaims(("x", "'y'")) },
        Defect("json", "control-character") { _, _ in .settingClaims(("x", "\"a\tb\"")) },
        Defect("json", "lone-surrogate") { _, _ in .settingClaims(("x", "\"\\ud800\"")) },
        Defect("json", "depth") { _, _ in
            .settingClaims(("x", String(repeating: "[", count: 16) + String(repeating: "]", count: 16)))
        },
        Defect("json", "invalid-utf8") { _, _ in
            .rewritingClaims { claims in
                claims.removeLast()
                claims += Array(",\"x\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
            }
        },
        Defect("json", "header-syntax") { _, _ in
            var recipe = TokenRecipe()
            recipe.rewriteHeader = { $0.append(UInt8(ascii: "}")) }
            return recipe
        },
    ]

    private static let duplicates: [Defect] = [
        Defect("duplicate-member", "claim") { _, _ in
            var recipe = TokenRecipe()
            recipe.claims = [(name: "sub", change: .repeated(name: "sub", value: "\"admin\""))]
            return recipe
        },
        Defect("duplicate-member", "escaped-claim") { _, _ in
            var recipe = TokenRecipe()
            recipe.claims = [(name: "iss", change: .repeated(name: "i\\u0073s", value: "\"https://attacker.example\""))]
            return recipe
        },
        Defect("duplicate-member", "nested") { _, _ in .settingClaims(("x", "{\"a\":1,\"b\":{\"c\":1,\"c\":2}}")) },
        Defect("duplicate-member", "header") { _, _ in
            var recipe = TokenRecipe()
            recipe.header = [(name: "alg", change: .repeated(name: "alg", value: "\"none\""))]
            return recipe
        },
    ]
}
