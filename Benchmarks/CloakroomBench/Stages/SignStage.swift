// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// `sign.<alg>`: header and claims to a compact token: encode, sign, encode the signature.
struct SignToken: Workload, ~Copyable {
    private let signer: SignatureSigner
    private let verifier: SignatureVerifier
    private let header: [UInt8]
    private let claims: TokenTable
    private var token = ByteScratch(capacity: 1 << 12)
    private var signature = ByteScratch(capacity: 1 << 10)
    private var cycle: Cycle

    init(_ claims: TokenTable, _ material: KeyMaterial, signer: SignatureSigner, verifier: SignatureVerifier) {
        self.signer = signer
        self.verifier = verifier
        header = Array(material.header.utf8)
        self.claims = claims
        cycle = Cycle(claims.count)
    }

    /// The contender of the stage.
    static func contender(_ claims: TokenTable, _ material: KeyMaterial) throws(BenchFailure) -> any Contender {
        do {
            let signer = try SignatureSigner(material.key)
            let verifier = try SignatureVerifier(material.key)
            return LocalContender(SignToken(claims, material, signer: signer, verifier: verifier))
        } catch {
            throw .input("cannot sign with \(material.algorithm.jwaName)")
        }
    }

    mutating func run(_ iterations: Int) {
        let (claims, header, signer) = (claims, header, signer)
        var sink = 0
        for _ in 0..<iterations {
            let payload = claims.bytes.span.extracting(claims.places[cycle.next()])
            Self.sign(header.span, payload, signer, &token, &signature)
            sink &+= token.count
        }
        blackHole(sink)
    }

    @inline(__always)
    private static func sign(
        _ header: Span<UInt8>, _ payload: Span<UInt8>, _ signer: SignatureSigner, _ token: inout ByteScratch,
        _ signature: inout ByteScratch
    ) {
        token.removeAll()
        signature.removeAll()
        token.appendBase64URL(header)
        token.append(UInt8(ascii: "."))
        token.appendBase64URL(payload)
        guard (try? signer.sign(token.span, into: &signature)) != nil else { return }
        token.append(UInt8(ascii: "."))
        token.appendBase64URL(signature.span)
    }

    /// The signature verifies, and the payload is what was given.
    mutating func isRight() -> Bool {
        cycle = Cycle(claims.count)
        for index in 0..<claims.count {
            run(1)
            let parts = token.copy.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard parts.count == 3,
                Base64URLText.decode(String(decoding: parts[1], as: UTF8.self)) == claims[index],
                verifier.isValid(
                    signature.span, over: token.span.extracting(first: parts[0].count + 1 + parts[1].count))
            else { return false }
        }
        return true
    }
}
