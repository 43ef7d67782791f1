// SPDX-License-Identifier: Apache-2.0
import Foundation
import JWTKit

/// The claims of the reference token, judged as the engine's defaults do: dates, issuer, audience.
struct ReferenceClaims: JWTPayload {
    var iss: IssuerClaim
    var sub: SubjectClaim
    var aud: AudienceClaim
    var iat: IssuedAtClaim
    var exp: ExpirationClaim
    var jti: IDClaim
    var email: String
    var scope: String
    var name: String

    func verify(using algorithm: some JWTAlgorithm) async throws {
        try exp.verifyNotExpired(currentDate: PeerClock.now)
        try aud.verifyIntendedAudience(includes: "orders-api")
        guard iss.value == "https://login.example.com/", iat.value <= PeerClock.now else {
            throw JWTError.claimVerificationFailure(failedClaim: iss, reason: "issuer or time")
        }
    }
}

/// The claims of the exchange: the same work without pseudonyms, which jwt-kit does not have.
struct ExchangeClaims: JWTPayload {
    var iss: IssuerClaim
    var sub: SubjectClaim
    var aud: AudienceClaim
    var iat: IssuedAtClaim
    var exp: ExpirationClaim
    var jti: IDClaim
    var sid: String
    var preferred_username: String
    var email: String
    var name: String
    var given_name: String
    var locale: String
    var scope: String
    var azp: String
    var acr: String

    func verify(using algorithm: some JWTAlgorithm) async throws {
        try exp.verifyNotExpired(currentDate: PeerClock.now)
        try aud.verifyIntendedAudience(includes: "orders-api")
    }
}

/// The time that tokens are judged at, the engine's: no peer pays for reading a clock.
enum PeerClock {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
}

/// From where jwt-kit is called. Its keys live in an actor: a task on the shared pool enters it without a change of
/// thread, the main actor (top-level code of a script, an app's main thread) pays a hop there and back for each token.
enum JWTKitCaller: String, Sendable {
    case task = "jwt-kit"
    case mainActor = "jwt-kit-main-actor"
}

/// What jwt-kit peers share: the keys of one algorithm.
struct JWTKitKeys: Sendable {
    let collection: JWTKeyCollection
    let algorithm: String
    static let version = "5.7.1"

    /// Loads the key that the benchmark made; nil when jwt-kit cannot read it.
    init?(_ inputs: PeerInputs, algorithm: String) async {
        self.algorithm = algorithm
        collection = JWTKeyCollection()
        let json = Data(inputs.first("private.\(algorithm)"))
        do {
            if algorithm == "hs256" {
                guard let object = try JSONSerialization.jsonObject(with: json) as? [String: Any],
                    var text = object["k"] as? String
                else { return nil }
                text = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/") + "="
                guard let secret = Data(base64Encoded: text) else { return nil }
                await collection.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256, kid: "bench-1")
            } else {
                try await collection.add(jwk: try JSONDecoder().decode(JWK.self, from: json))
            }
        } catch {
            FileHandle.standardError.write(Data("peers: jwt-kit cannot read the \(algorithm) key: \(error)\n".utf8))
            return nil
        }
    }
}

/// `verify.<alg>.single`
final class JWTKitVerify: Peer {
    let key: String
    let name: String
    let version = JWTKitKeys.version
    private let keys: JWTKitKeys
    private let tokens: [String]
    private let caller: JWTKitCaller

    init(_ keys: JWTKitKeys, _ inputs: PeerInputs, _ caller: JWTKitCaller = .task) {
        name = caller.rawValue
        self.caller = caller
        key = "verify.\(keys.algorithm).single/reference"
        self.keys = keys
        tokens = inputs.list("tokens.\(keys.algorithm)").map { String(decoding: $0, as: UTF8.self) }
    }

    func run(_ iterations: Int) async throws {
        if caller == .mainActor { try await runOnMainActor(iterations) } else { try await loop(iterations) }
    }

    @MainActor private func runOnMainActor(_ iterations: Int) async throws {
        for index in 0..<iterations {
            let claims = try await keys.collection.verify(tokens[index % tokens.count], as: ReferenceClaims.self)
            blackHole(claims.exp.value)
        }
    }

    private func loop(_ iterations: Int) async throws {
        for index in 0..<iterations {
            let claims = try await keys.collection.verify(tokens[index % tokens.count], as: ReferenceClaims.self)
            blackHole(claims.exp.value)
        }
    }

    func isRight() async -> Bool {
        for token in tokens {
            guard let claims = try? await keys.collection.verify(token, as: ReferenceClaims.self),
                claims.email.hasSuffix("@example.com")
            else { return false }
        }
        let spoiled = String(tokens[0].dropLast(5)) + (tokens[0].hasSuffix("AAAAA") ? "BBBBB" : "AAAAA")
        return (try? await keys.collection.verify(spoiled, as: ReferenceClaims.self)) == nil
    }
}

/// `sign.<alg>`
final class JWTKitSign: Peer {
    let key: String
    let name = "jwt-kit"
    let version = JWTKitKeys.version
    private let keys: JWTKitKeys
    private let claims: [ReferenceClaims]

    init?(_ keys: JWTKitKeys, _ inputs: PeerInputs) {
        key = "sign.\(keys.algorithm)/reference"
        self.keys = keys
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        claims = inputs.list("payload.reference").compactMap {
            try? decoder.decode(ReferenceClaims.self, from: Data($0))
        }
        if claims.isEmpty { return nil }
    }

    func run(_ iterations: Int) async throws {
        for index in 0..<iterations {
            blackHole(try await keys.collection.sign(claims[index % claims.count], kid: "bench-1").utf8.count)
        }
    }

    func isRight() async -> Bool {
        guard let token = try? await keys.collection.sign(claims[0], kid: "bench-1"),
            let read = try? await keys.collection.verify(token, as: ReferenceClaims.self)
        else { return false }
        return read.sub == claims[0].sub
    }
}

/// `exchange.hs256`: verify, change a claim, sign.
final class JWTKitExchange: Peer {
    let key = "exchange.hs256/reference"
    let name: String
    let version = JWTKitKeys.version
    private let keys: JWTKitKeys
    private let tokens: [String]
    private let caller: JWTKitCaller

    init(_ keys: JWTKitKeys, _ inputs: PeerInputs, _ caller: JWTKitCaller = .task) {
        name = caller.rawValue
        self.caller = caller
        self.keys = keys
        tokens = inputs.list("tokens.exchange").map { String(decoding: $0, as: UTF8.self) }
    }

    func run(_ iterations: Int) async throws {
        if caller == .mainActor { try await runOnMainActor(iterations) } else { try await loop(iterations) }
    }

    @MainActor private func runOnMainActor(_ iterations: Int) async throws {
        for index in 0..<iterations {
            var claims = try await keys.collection.verify(tokens[index % tokens.count], as: ExchangeClaims.self)
            claims.iss = "https://tokens.internal.example"
            blackHole(try await keys.collection.sign(claims, kid: "bench-1").utf8.count)
        }
    }

    private func loop(_ iterations: Int) async throws {
        for index in 0..<iterations {
            var claims = try await keys.collection.verify(tokens[index % tokens.count], as: ExchangeClaims.self)
            claims.iss = "https://tokens.internal.example"
            blackHole(try await keys.collection.sign(claims, kid: "bench-1").utf8.count)
        }
    }

    func isRight() async -> Bool {
        for token in tokens where (try? await keys.collection.verify(token, as: ExchangeClaims.self)) == nil {
            return false
        }
        return true
    }
}
