// SPDX-License-Identifier: Apache-2.0
import Foundation
import TokenCrypto
import TokenDisclosure
import TokenPrivacy
import TokenScan
import TokenVerify

/// A policy with ten disclosures, and a verifier for what it issues.
struct DisclosureSetup {
    let issuer: Issuer
    let verifier: DisclosureVerifier

    private static let name = "https://tokens.internal.example"

    init(_ key: KeyMaterial) throws(BenchFailure) {
        let policy = """
            {"version":1,"tenant":"bench","issue":{"issuer":"\(Self.name)","audience":"https://orders.internal.example",
            "lifetime":"5m","type":"example+sd-jwt"},"claims":{"sub":{"pseudonym":{"type":"user"}},"email":"disclose",
            "name":"disclose","given_name":"disclose","family_name":"disclose","birthdate":"disclose",
            "phone_number":"disclose","address.street_address":"disclose","address.locality":"disclose",
            "address.country":"keep","nationalities[]":"disclose"}}
            """
        do {
            let tree = try PolicyNode.parse(json: Array(policy.utf8).span)
            issuer = try Issuer(
                policy: Policy.compile(tree), signingKey: key.key, pseudonymKeys: BenchKeys.pseudonymRing())
            let entry = AcceptEntry(
                issuers: [Self.name], audiences: ["https://orders.internal.example"], keys: try KeyRing([key.key]),
                types: nil)
            verifier = try DisclosureVerifier(accept: [entry])
        } catch {
            throw .input("cannot set up selective disclosure: \(error)")
        }
    }

    /// Claims sets of four people.
    static var claims: TokenTable {
        var table = TokenTable()
        for number in 0..<4 {
            let person = "ada\(10_000 + number)"
            table.append(
                Array(
                    """
                    {"sub":"\(person)","email":"\(person)@example.com","name":"Ada \(person)","given_name":"Ada",\
                    "family_name":"\(person)","birthdate":"1984-05-17","phone_number":"+1-202-555-0101",\
                    "address":{"street_address":"Main Street \(number)","locality":"Anytown","country":"PT"},\
                    "nationalities":["PT","DE"]}
                    """.utf8))
        }
        return table
    }
}

/// `sd.issue`: a claims set with ten disclosures through a policy, signed.
struct IssueSelectively: Workload, ~Copyable {
    private let claims: TokenTable
    private let issuer: Issuer
    private let verifier: DisclosureVerifier
    private var worker: ExchangeWorker
    private var checker: DisclosureWorker
    private var written = ByteScratch(capacity: 1 << 14)
    private var cycle: Cycle

    init(_ claims: TokenTable, _ setup: DisclosureSetup) {
        self.claims = claims
        issuer = setup.issuer
        verifier = setup.verifier
        worker = setup.issuer.makeWorker()
        checker = setup.verifier.makeWorker()
        cycle = Cycle(claims.count)
    }

    mutating func run(_ iterations: Int) {
        let (claims, issuer) = (claims, issuer)
        var sink = 0
        for _ in 0..<iterations {
            written.removeAll()
            let one = claims.bytes.span.extracting(claims.places[cycle.next()])
            if case .issued = issuer.issue(claims: one, now: SyntheticToken.now, using: &worker, into: &written) {
                sink &+= written.count
            }
        }
        blackHole(sink)
    }

    /// The token holds nothing of the person; with its disclosures it verifies and does.
    mutating func isRight() -> Bool {
        for one in claims.items {
            written.removeAll()
            guard
                case .issued = issuer.issue(
                    claims: one.span, now: SyntheticToken.now, using: &worker, into: &written)
            else { return false }
            let issued = written.copy
            guard let result = try? verifier.verify(issued.span, now: SyntheticToken.now, using: &checker),
                result.disclosureCount == 10
            else { return false }
            let text = checker.withClaims { String(decoding: [UInt8]($0), as: UTF8.self) }
            let payload = String(decoding: issued, as: UTF8.self).split(separator: ".")[1]
            let signed = String(decoding: Base64URLText.decode(String(payload)), as: UTF8.self)
            guard text.contains("@example.com"), !signed.contains("ada1000"), !signed.contains("Main ") else {
                return false
            }
        }
        return true
    }
}

/// `sd.verify`: an SD-JWT with ten disclosures: signature, disclosures, processed payload, claim rules.
struct VerifySelectively: Workload, ~Copyable {
    private let tokens: TokenTable
    private let verifier: DisclosureVerifier
    private var worker: DisclosureWorker
    private var cycle: Cycle

    init(_ claims: TokenTable, _ setup: DisclosureSetup) throws(BenchFailure) {
        var tokens = TokenTable()
        var issuing = setup.issuer.makeWorker()
        for one in claims.items {
            var written: [UInt8] = []
            guard
                case .issued = setup.issuer.issue(
                    claims: one.span, now: SyntheticToken.now, using: &issuing, appendingTo: &written)
            else { throw .input("cannot issue an SD-JWT") }
            tokens.append(written)
        }
        self.tokens = tokens
        verifier = setup.verifier
        worker = setup.verifier.makeWorker()
        cycle = Cycle(tokens.count)
    }

    /// Bytes of one presentation.
    var meanByteCount: Double { tokens.meanByteCount }

    mutating func run(_ iterations: Int) {
        let (tokens, verifier) = (tokens, verifier)
        var sink = 0
        for _ in 0..<iterations {
            let token = tokens.bytes.span.extracting(tokens.places[cycle.next()])
            if let result = try? verifier.verify(token, now: SyntheticToken.now, using: &worker) {
                sink &+= result.disclosureCount
            }
        }
        blackHole(sink)
    }

    /// All disclosures come back; without the first byte of one they do not.
    mutating func isRight() -> Bool {
        for token in tokens.items {
            guard let result = try? verifier.verify(token.span, now: SyntheticToken.now, using: &worker),
                result.disclosureCount == 10
            else { return false }
            var spoiled = token
            guard let tilde = spoiled.firstIndex(of: UInt8(ascii: "~")) else { return false }
            spoiled.remove(at: tilde + 1)
            guard (try? verifier.verify(spoiled.span, now: SyntheticToken.now, using: &worker)) == nil else {
                return false
            }
        }
        return true
    }
}

/// The trials of both.
struct DisclosureTrials {
    let keys: [KeyMaterial]

    func all() throws(BenchFailure) -> [Trial] {
        var trials: [Trial] = []
        for key in keys where [.hs256, .es256].contains(key.algorithm) {
            let setup = try DisclosureSetup(key)
            let claims = DisclosureSetup.claims
            let name = key.algorithm.jwaName.lowercased()
            let byteCount = try VerifySelectively(claims, setup).meanByteCount
            trials.append(
                Trial(
                    name: "sd.issue", corpus: name, unit: "token", byteCount: claims.meanByteCount,
                    own: { LocalContender(IssueSelectively(claims, setup)) }))
            trials.append(
                Trial(
                    name: "sd.verify", corpus: name, unit: "token", byteCount: byteCount,
                    own: { () throws(BenchFailure) in LocalContender(try VerifySelectively(claims, setup)) }))
        }
        return trials
    }
}
