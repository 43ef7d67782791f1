// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import TokenCrypto
import TokenDisclosure
import TokenScan
import TokenVerify

/// SD-JWTs: the first line is the claims' members, each other one a disclosure's JSON. The harness puts the digests of
/// the disclosures where `@0`, `@1`, … stand, signs the claims, and verifies.
struct DisclosureTarget: FuzzTarget {
    static let name = "sdjwt"
    static func seeds() throws -> [[UInt8]] {
        [
            "\"_sd\":[\"@0\",\"@1\"]\n[\"s\",\"email\",\"a@b\"]\n[\"t\",\"a\",{\"_sd\":[\"@2\"]}]\n[\"u\",\"b\",1]",
            "\"l\":[{\"...\":\"@0\"},2],\"_sd_alg\":\"sha-256\"\n[\"s\",\"x\"]",
            "\"sub\":\"u\"",
            "\"_sd\":[\"@0\",\"@0\"]\n[\"s\",\"_sd\",[]]",
        ].map { Array($0.utf8) }
    }
    private let disclosing: Disclosing

    init() throws { disclosing = try Disclosing() }

    mutating func run(_ input: [UInt8]) {
        let lines = input.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(9).map(Array.init)
        guard let members = lines.first, let token = disclosing.token(members, Array(lines.dropFirst())),
            let payload = disclosing.payload(of: token)
        else { return }
        guard let claims = try? JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any] else {
            return require(false, "the processed payload is no JSON object")
        }
        require(!Self.hasTrace(claims), "the processed payload shows the mechanism")
    }

    private static func hasTrace(_ value: Any) -> Bool {
        if let object = value as? [String: Any] {
            return object.keys.contains { $0 == "_sd" || $0 == "..." } || object.values.contains(where: hasTrace)
        }
        return (value as? [Any])?.contains(where: hasTrace) ?? false
    }
}

private final class Disclosing {
    private let maker: TokenMaker
    private let verifier: DisclosureVerifier
    private var worker: DisclosureWorker

    init() throws {
        maker = try TokenMaker(.hs256)
        let entry = AcceptEntry(
            issuers: ["i"], audiences: [], keys: try KeyRing([maker.key]), required: [.expires, .issuer])
        verifier = try DisclosureVerifier(accept: [entry])
        worker = verifier.makeWorker()
    }

    /// Digests are filled in from the last disclosure on, so that a disclosure can hold those of later ones.
    func token(_ members: [UInt8], _ disclosures: [[UInt8]]) -> [UInt8]? {
        var digests = [String](repeating: "", count: disclosures.count)
        var texts = [String](repeating: "", count: disclosures.count)
        for i in disclosures.indices.reversed() {
            texts[i] = NaiveBase64URL.encode(Self.filled(disclosures[i], digests))
            digests[i] = Self.digest(Array(texts[i].utf8))
        }
        let head = Array(#"{"iss":"i","exp":1800000300,"iat":1800000000,"#.utf8)
        let payload = head + Self.filled(members, digests) + [UInt8(ascii: "}")]
        let header = #"{"alg":"HS256","typ":"x+sd-jwt","kid":"k1"}"#
        guard let signed = try? maker.token(header: header, payload: payload) else { return nil }
        return Array((signed + "~" + texts.map { $0 + "~" }.joined()).utf8)
    }

    private static func filled(_ text: [UInt8], _ digests: [String]) -> [UInt8] {
        var out: [UInt8] = []
        var i = 0
        while i < text.count {
            if text[i] == UInt8(ascii: "@"), i + 1 < text.count, (0x30...0x39).contains(text[i + 1]),
                Int(text[i + 1] - 0x30) < digests.count
            {
                out += Array(digests[Int(text[i + 1] - 0x30)].utf8)
                i += 2
            } else {
                out.append(text[i])
                i += 1
            }
        }
        return out
    }

    private static func digest(_ text: [UInt8]) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        var span = bytes.mutableSpan
        SHA256.digest(text.span, into: &span)
        return NaiveBase64URL.encode(bytes)
    }

    func payload(of token: [UInt8]) -> [UInt8]? {
        do throws(Refusal) {
            _ = try verifier.verify(token.span, now: 1_800_000_000, using: &worker)
        } catch {
            return nil
        }
        return worker.withClaims { $0.array }
    }
}
