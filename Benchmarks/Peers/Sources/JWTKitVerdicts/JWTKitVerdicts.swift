// SPDX-License-Identifier: Apache-2.0
import Foundation
import JWTKit

/// jwt-kit's verdicts over a list of tokens, for the comparison of engines: `jwt-kit-verdicts KEY.jwk ISSUER AUDIENCE`
/// reads a token a line and answers `yes` or `no`.
///
/// A message to standard error tells the last line that was begun, since a token can end the process.
@main
struct JWTKitVerdicts {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else {
            print("usage: jwt-kit-verdicts KEY.jwk ISSUER AUDIENCE < tokens")
            exit(64)
        }
        let keys = JWTKeyCollection()
        let file = try Data(contentsOf: URL(fileURLWithPath: arguments[1]))
        let facts = try JSONSerialization.jsonObject(with: file) as? [String: Any] ?? [:]
        if let secret = facts["k"] as? String {
            let text = secret.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
            let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
            await keys.add(
                hmac: HMACKey(from: Data(base64Encoded: padded) ?? Data()), digestAlgorithm: .sha256, kid: "k1")
        } else {
            try await keys.add(jwk: try JSONDecoder().decode(JWK.self, from: file))
        }
        await Rules.shared.set(issuer: arguments[2], audience: arguments[3])
        while let line = readLine(strippingNewline: true) {
            let isAccepted = (try? await keys.verify(line, as: Claims.self)) != nil
            print(isAccepted ? "yes" : "no")
            fflush(nil)
        }
    }
}

/// Who the tokens are to be from and for.
actor Rules {
    static let shared = Rules()
    private(set) var issuer = ""
    private(set) var audience = ""

    func set(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }
}

/// The rules of the comparison: this issuer, this audience, `exp` and `iat` required, 30 seconds of leeway.
struct Claims: JWTPayload {
    var iss: IssuerClaim
    var aud: AudienceClaim
    var iat: IssuedAtClaim
    var exp: ExpirationClaim
    var nbf: NotBeforeClaim?

    func verify(using algorithm: some JWTAlgorithm) async throws {
        let now = Date()
        try exp.verifyNotExpired(currentDate: now - 30)
        try nbf?.verifyNotBefore(currentDate: now + 30)
        try aud.verifyIntendedAudience(includes: await Rules.shared.audience)
        guard await iss.value == Rules.shared.issuer, iat.value <= now + 30 else {
            throw JWTError.claimVerificationFailure(failedClaim: iss, reason: "issuer or time")
        }
    }
}
