// SPDX-License-Identifier: Apache-2.0
import Foundation
import TokenCrypto
import TokenPersonalData
import TokenScan
import TokenVerify

@testable import TokenPrivacy

/// Keys made for one test run, and tokens signed with them.
struct TokenSamples {
    static let now: Int64 = 1_800_000_000
    static let issuer = "https://login.example"
    let inputKey: SignatureKey
    let outputKey: SignatureKey
    let ring: PseudonymKeyRing

    init(_ input: SignatureAlgorithm = .hs256, output: SignatureAlgorithm = .hs256) throws {
        inputKey = try SignatureKey.generate(algorithm: input, keyID: Array("in-1".utf8))
        outputKey = try SignatureKey.generate(algorithm: output, keyID: Array("out-1".utf8))
        let root = [UInt8](0..<32)
        ring = try PseudonymKeyRing(tenant: "acme", keys: [PseudonymRootKey(keyID: "k001", key: root.span)])
    }

    func accept(required: Set<AcceptEntry.Claim> = [.expires, .issuedAt, .issuer, .audience]) throws -> AcceptEntry {
        AcceptEntry(
            issuers: [Self.issuer], audiences: ["gateway"], keys: try KeyRing([inputKey]), required: required)
    }

    func exchanger(_ policy: Policy) throws -> Exchanger {
        try Exchanger(policy: policy, accept: [accept()], signingKey: outputKey, pseudonymKeys: ring)
    }

    func tokenIssuer(_ policy: Policy) throws -> Issuer {
        try Issuer(policy: policy, signingKey: outputKey, pseudonymKeys: ring)
    }

    /// A token with the registered claims of a valid one and `more`, which starts with a comma unless empty.
    func token(_ more: String, expires: Int64 = now + 600, subject: String? = "\"user-1234567890\"") throws -> String {
        let sub = subject.map { ",\"sub\":\($0)" } ?? ""
        return try sign(
            "{\"iss\":\"\(Self.issuer)\",\"aud\":\"gateway\",\"iat\":\(Self.now - 10),\"exp\":\(expires)\(sub)\(more)}")
    }

    func sign(_ payload: String) throws -> String {
        var scratch = ByteScratch()
        scratch.appendBase64URL(Array(#"{"alg":"\#(inputKey.algorithm.jwaName)","typ":"JWT","kid":"in-1"}"#.utf8).span)
        scratch.append(UInt8(ascii: "."))
        scratch.appendBase64URL(Array(payload.utf8).span)
        var signature = ByteScratch()
        try SignatureSigner(inputKey).sign(scratch.span, into: &signature)
        scratch.append(UInt8(ascii: "."))
        scratch.appendBase64URL(signature.span)
        return Self.string(scratch.span)
    }

    /// The decoded part of a compact token: 0 the header, 1 the payload.
    static func part(_ index: Int, of token: String) throws -> String {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        var scratch = ByteScratch()
        try scratch.appendBase64URLDecoded(Array(parts[index].utf8).span)
        return string(scratch.span)
    }

    static func claims(of token: String) throws -> [String: Any] {
        let data = Data(try part(1, of: token).utf8)
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    static func string(_ bytes: Span<UInt8>) -> String {
        String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
}

extension Exchanger {
    /// The payload of the exchanged token, or the refusal's code.
    func payload(_ token: String, now: Int64 = TokenSamples.now) throws -> String {
        var worker = makeWorker()
        return try TokenSamples.part(1, of: exchange(token, now: now, using: &worker))
    }

    func refusal(_ token: String, now: Int64 = TokenSamples.now) -> RefusalCode? {
        var worker = makeWorker()
        do {
            _ = try exchange(token, now: now, using: &worker)
            return nil
        } catch {
            return error.code
        }
    }
}

extension Issuer {
    func payload(_ claims: String, now: Int64 = TokenSamples.now) throws -> String {
        var worker = makeWorker()
        return try TokenSamples.part(1, of: issue(claims: claims, now: now, using: &worker))
    }

    func refusal(_ claims: String, now: Int64 = TokenSamples.now) -> RefusalCode? {
        var worker = makeWorker()
        do {
            _ = try issue(claims: claims, now: now, using: &worker)
            return nil
        } catch {
            return error.code
        }
    }
}
