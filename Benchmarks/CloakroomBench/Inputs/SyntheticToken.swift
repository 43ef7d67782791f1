// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// Tokens of exact shapes, signed by the engine: the reference token of the targets, and the series that show growth.
enum SyntheticToken {
    /// The time that all synthetic tokens are judged at.
    static let now: Int64 = 1_800_000_000
    static let issuer = "https://login.example.com/"
    static let audience = "orders-api"
    /// Bytes of the reference token with HS256.
    static let referenceByteCount = 508

    /// A claims set: nine claims, the last of which is as long as `paddingByteCount` says.
    static func nineClaims(number: Int, paddingByteCount: Int) -> String {
        let subject = "user-" + String(10_000 + number)
        let padding = String(repeating: "Ada Example ", count: paddingByteCount / 12 + 1).prefix(paddingByteCount)
        return "{\"iss\":\"\(issuer)\",\"sub\":\"\(subject)\",\"aud\":\"\(audience)\",\"iat\":\(now),"
            + "\"exp\":\(now + 3_000),\"jti\":\"0b1f6e5c-\(10_000 + number)\",\"email\":\"\(subject)@example.com\","
            + "\"scope\":\"orders:read orders:write\",\"name\":\"\(padding)\"}"
    }

    /// Nine claims padded so that the whole token has `byteCount` bytes with this algorithm, or up to two fewer.
    static func sized(_ byteCount: Int, number: Int, _ signer: TokenSigner) throws(BenchFailure) -> [UInt8] {
        let bare = try signer.sign(nineClaims(number: number, paddingByteCount: 0)).count
        var padding = max(0, (byteCount - bare) * 3 / 4 - 2)
        var best = try signer.sign(nineClaims(number: number, paddingByteCount: padding))
        while best.count < byteCount {
            padding += 1
            let longer = try signer.sign(nineClaims(number: number, paddingByteCount: padding))
            if longer.count > byteCount { break }
            best = longer
        }
        return best
    }

    /// A claims set with `count` claims of about equal size, the registered ones among them.
    static func claims(count: Int, number: Int) -> String {
        var text = "{\"iss\":\"\(issuer)\",\"sub\":\"user-\(10_000 + number)\",\"aud\":\"\(audience)\",\"iat\":\(now),"
        text += "\"exp\":\(now + 3_000)"
        for index in 5..<max(count, 5) { text += ",\"claim-\(1_000 + index)\":\"value-\(number)-\(1_000 + index)\"" }
        return text + "}"
    }

    /// A token of about `byteCount` bytes whose bulk is a list of roles, as in real large tokens. From 128 bytes up.
    static func growing(_ byteCount: Int, number: Int, _ signer: TokenSigner) throws(BenchFailure) -> [UInt8] {
        // `{"exp":…,"r":[…]}` in the token's characters: four for three bytes.
        let start = "{\"exp\":\(now + 3_000),\"r\":["
        let bare = try signer.sign(start + "]}").count
        var left = (byteCount - bare) * 3 / 4 - 1
        var roles: [String] = []
        while left >= 3 {
            // Quotes and the comma take three bytes.
            let length = left >= 48 ? 24 : left - 3
            let role = "orders:role-\(1_000 + roles.count + number):read-and-write"
            roles.append("\"" + role.prefix(length) + String(repeating: "x", count: max(0, length - role.count)) + "\"")
            left -= length + 3
        }
        return try signer.sign(start + roles.joined(separator: ",") + "]}")
    }
}

extension KeyMaterial {
    /// The header of the tokens that this key signs.
    var header: String { "{\"alg\":\"\(algorithm.jwaName)\",\"kid\":\"\(Self.keyID)\",\"typ\":\"JWT\"}" }
}

/// Signs claims sets into compact tokens, outside of any timing.
final class TokenSigner {
    private let signer: SignatureSigner
    private let header: [UInt8]

    /// Signs with `header`, or with the usual one that names the key.
    init(_ material: KeyMaterial, header: String? = nil) throws(BenchFailure) {
        do {
            signer = try SignatureSigner(material.key)
        } catch {
            throw .input("cannot sign with \(material.algorithm.jwaName)")
        }
        self.header = Array((header ?? material.header).utf8)
    }

    /// The compact token of `claims`.
    func sign(_ claims: String) throws(BenchFailure) -> [UInt8] {
        let header = header
        var token = ByteScratch()
        token.appendBase64URL(header.span)
        token.append(UInt8(ascii: "."))
        token.appendBase64URL(Array(claims.utf8).span)
        var signature = ByteScratch()
        do {
            try signer.sign(token.span, into: &signature)
        } catch {
            throw .input("signing failed")
        }
        token.append(UInt8(ascii: "."))
        token.appendBase64URL(signature.span)
        return token.copy
    }
}
