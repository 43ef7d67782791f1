// SPDX-License-Identifier: Apache-2.0

// Refused before anything is parsed: number of parts, size, base64url.
extension Defect {
    static let form: [Defect] = malformed + tooLarge + base64URL

    private static let malformed: [Defect] = [
        Defect("malformed", "two-parts") { _, _ in
            .rewritingToken { $0.hasTwoParts = true }
        },
        Defect("malformed", "four-parts") { _, _ in
            var recipe = TokenRecipe()
            recipe.suffix = ".e30"
            return recipe
        },
        Defect("malformed", "five-parts") { _, _ in
            // The form of a JWE, which a verifier of signatures does not take.
            var recipe = TokenRecipe()
            recipe.suffix = ".AAAA.AAAA"
            return recipe
        },
        Defect("malformed", "empty-header") { _, _ in .rewritingToken { $0.header = [] } },
    ]

    private static let tooLarge: [Defect] = [
        // Padded with a member: 4 097 header bytes are over the limit of 4 096.
        Defect("too-large", "header") { _, _ in
            var recipe = TokenRecipe()
            recipe.rewriteHeader = { pad(&$0, to: 4_097) }
            return recipe
        },
        // The longest of tokens; committed for one algorithm only, to keep the repository small.
        Defect("too-large", "token", when: { shape, algorithm in isSpacious(shape) && algorithm == .hs256 }) { _, _ in
            .rewritingClaims { pad(&$0, to: 12_300) }
        },
        Defect("too-large", "members", when: { shape, _ in isSpacious(shape) }) { _, _ in
            .rewritingClaims { claims in
                claims.removeLast()
                for number in 0..<257 { claims += Array(",\"x\(number)\":0".utf8) }
                claims.append(UInt8(ascii: "}"))
            }
        },
    ]

    private static let base64URL: [Defect] = [
        Defect("base64url", "padding") { _, _ in .rewritingToken { $0.payload.append(UInt8(ascii: "=")) } },
        Defect("base64url", "plus") { _, _ in .rewritingToken { $0.payload[8] = UInt8(ascii: "+") } },
        Defect("base64url", "slash") { _, _ in .rewritingToken { $0.signature[9] = UInt8(ascii: "/") } },
        Defect("base64url", "blank") { _, _ in .rewritingToken { $0.payload.insert(UInt8(ascii: " "), at: 12) } },
        Defect("base64url", "percent") { _, _ in .rewritingToken { $0.header.append(UInt8(ascii: "%")) } },
        Defect("base64url", "trailing-bits") { _, _ in
            // 32, 64 and 256 signature bytes all leave unused bits in the last character.
            .rewritingToken { token in
                guard let last = token.signature.popLast() else { return }
                token.signature.append(nextCharacter(after: last))
            }
        },
        Defect("base64url", "impossible-length") { _, _ in
            .rewritingToken { token in
                while token.payload.count % 4 != 1 { token.payload.append(UInt8(ascii: "A")) }
            }
        },
        Defect("base64url", "not-ascii") { _, _ in .rewritingToken { $0.payload += Array("é".utf8) } },
        Defect("base64url", "trailing-blank") { _, _ in
            var recipe = TokenRecipe()
            recipe.suffix = " "
            return recipe
        },
    ]

    private static func isSpacious(_ shape: Shape) -> Bool { ["minimal", "rfc9068"].contains(shape.name) }

    /// Makes a JSON object `count` bytes long by one more member.
    private static func pad(_ json: inout [UInt8], to count: Int) {
        json.removeLast()
        json += Array(",\"pad\":\"".utf8)
        while json.count < count - 2 { json.append(UInt8(ascii: "x")) }
        json += Array("\"}".utf8)
    }

    /// The base64url character whose value is one more: sets the lowest bit of one that ends in zero bits.
    private static func nextCharacter(after character: UInt8) -> UInt8 {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        guard let position = alphabet.firstIndex(of: character) else { return character }
        return alphabet[(position + 1) % alphabet.count]
    }
}
