// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import TokenCrypto
import TokenScan
import TokenVerify

/// Header and payload of any bytes, correctly signed: what lies behind the signature. Up to the first line break is the
/// header; an empty one stands for the usual. What is accepted, Foundation reads with the same meaning.
struct ClaimsTarget: FuzzTarget {
    static let name = "claims"
    private let verifying: Verifying

    static func seeds() throws -> [[UInt8]] {
        let usual = #"{"iss":"i0","aud":["a","b"],"exp":1800000300,"iat":1800000000,"nbf":1800000000,"sub":"s"}"#
        let header = #"{"alg":"HS256","typ":"at+jwt","kid":"k","cty":"x"}"#
        return [Array(("\n" + usual).utf8), Array((header + "\n" + usual).utf8)]
            + (try Fixtures.claims()).map { [0x0A] + $0 }
    }

    init() throws { verifying = try Verifying() }

    mutating func run(_ input: [UInt8]) {
        let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        guard parts.count == 2, let maker = verifying.makers.first else { return }
        let header =
            parts[0].isEmpty ? #"{"alg":"HS256","typ":"JWT","kid":"k"}"# : String(decoding: parts[0], as: UTF8.self)
        guard let text = try? maker.token(header: header, payload: parts[1]) else { return }
        let token = Array(text.utf8)
        let refusal = verifying.single(token)
        require(refusal == verifying.batch([token, token, token])[1], "single and batch differ")
        guard refusal == nil else { return }
        require(verifying.claims(token) == parts[1], "the claims are not the payload")
        require(Self.isAcceptable(parts[1]), "accepted against the obvious reading of the claims")
    }

    /// The claim rules of the default entry, over Foundation's reading. Foundation takes more documents than the
    /// engine, so this only holds for what the engine accepted.
    private static func isAcceptable(_ payload: [UInt8]) -> Bool {
        guard let claims = try? JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any],
            claims["iss"] as? String == "i0", let exp = (claims["exp"] as? NSNumber)?.doubleValue,
            let iat = (claims["iat"] as? NSNumber)?.doubleValue
        else { return false }
        let now = Double(VerifyTarget.now)
        let isForUs = claims["aud"] as? String == "a" || (claims["aud"] as? [String])?.contains("a") == true
        let nbf = (claims["nbf"] as? NSNumber)?.doubleValue ?? 0
        return isForUs && now < exp + 30 && iat <= now + 30 && nbf <= now + 30 && exp - iat <= 3600
    }
}
