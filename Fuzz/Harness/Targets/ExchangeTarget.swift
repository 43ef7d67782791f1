// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import TokenCrypto
import TokenPersonalData
import TokenPrivacy
import TokenScan

/// Claims of any bytes through a policy: the output is JSON, holds no name without a rule, and pseudonyms where they
/// belong.
struct ExchangeTarget: FuzzTarget {
    static let name = "exchange"
    private let exchanging: Exchanging

    static func seeds() throws -> [[UInt8]] { try Fixtures.claims() + [Array(Exchanging.claims.utf8)] }

    init() throws { exchanging = try Exchanging() }

    mutating func run(_ input: [UInt8]) {
        guard let payload = exchanging.issue(input) else { return }
        guard let claims = try? JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any] else {
            return require(false, "the output is no JSON object")
        }
        require(Set(claims.keys).isSubset(of: Exchanging.names), "a claim left without a rule")
        if let email = claims["email"] as? String {
            require(email.hasPrefix("p1_k001_") && email.utf8.count == 30, "an e-mail address that is no pseudonym")
        }
    }
}

final class Exchanging {
    static let names: Set<String> = [
        "iss", "aud", "iat", "exp", "jti", "sub", "email", "birthdate", "ip", "scope", "roles", "a", "n",
        "client_id",
    ]
    static let policy = """
        {"version": 1, "tenant": "acme", "unlisted": "drop",
        "issue": {"issuer": "https://t.example", "audience": "https://o.example"},
        "claims": {"sub": {"pseudonym": {"type": "user"}}, "email": {"pseudonym": {"type": "email",
        "canonical": "email/1", "otherwise": "drop"}}, "birthdate": {"generalize": {"date": "year",
        "otherwise": "drop"}}, "ip": {"generalize": {"ip": {"v4": 24, "v6": 48}, "otherwise": "drop"}},
        "scope": "keep", "roles[].name": "keep", "a.b": {"mask": {"otherwise": "drop"}},
        "n": {"generalize": {"bucket": 10, "otherwise": "drop"}}}}
        """
    static let claims = #"""
        {"sub":"u","email":"a@b.example","birthdate":"1984-05-17","ip":"192.0.2.1","scope":"r",
        "roles":[{"name":"x","y":1}],
        "a":{"b":"secret","c":2},"n":41,"\u0065mail2":"z"}
        """#
    private let issuer: Issuer
    private var worker: ExchangeWorker

    init() throws {
        let root = [UInt8](0..<32)
        let ring = try PseudonymKeyRing(tenant: "acme", keys: [PseudonymRootKey(keyID: "k001", key: root.span)])
        let bytes = Array(Self.policy.utf8)
        issuer = try Issuer(
            policy: try Policy.compile(try PolicyNode.parse(json: bytes.span)),
            signingKey: try SignatureKey.generate(algorithm: .hs256), pseudonymKeys: ring)
        worker = issuer.makeWorker()
    }

    /// The payload of the issued token; nil when the claims are refused.
    func issue(_ claims: [UInt8]) -> [UInt8]? {
        var output = ByteScratch()
        guard case .issued = issuer.issue(claims: claims.span, now: 1_800_000_000, using: &worker, into: &output)
        else {
            require(output.count == 0, "a refused claims set left bytes")
            return nil
        }
        let parts = output.array.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        require(parts.count == 3, "the output is no compact token")
        return NaiveBase64URL.decode(parts[1])
    }
}
