// SPDX-License-Identifier: Apache-2.0
package import TokenCrypto
import TokenScan
package import TokenPrivacy

/// Keys and small calls for tests of vaults.
package enum VaultSamples {
    package static let now: Int64 = 1_800_000_000
    package static let tenant = "acme"

    /// Fresh keys of all three uses under one key id.
    package static func keys(_ keyID: String = "v001", tenant: String = tenant) throws -> VaultKeys {
        try VaultKeys(tenant: tenant, sets: sets(keyID))
    }

    /// The sets behind them, to be joined with others.
    package static func sets(_ keyID: String = "v001") throws -> [SecretKeySet] {
        try VaultKeys.generate(keyID: Array(keyID.utf8).span)
    }

    /// Joined sets, `active` the place of the active key in each.
    package static func join(_ all: [[SecretKeySet]], active: Int) throws -> [SecretKeySet] {
        try (0..<3).map { use in try SecretKeySet(keys: all.flatMap { $0[use].keys }, activeIndex: active) }
    }

    package static func binding(_ subject: String = "p1_sub", jwtID: String = "jti-1") -> VaultBinding {
        VaultBinding(
            issuer: "https://tokens.example", audiences: ["https://orders.example"], subject: subject, jwtID: jwtID)
    }

    package static func label(
        _ type: String = "phone", _ purposes: [String] = ["support"]
    ) throws -> VaultLabel {
        try VaultLabel(type: type, purposes: purposes)
    }

    /// Whether a message holds the marker.
    package static func marker(_ i: Int) -> String { "PLAINTEXT-\(String(i, radix: 36))-marker" }
}

/// What a test reads: a value, or why not.
package enum Reading: Equatable {
    case value(String)
    case unavailable, limited
}

extension PersonalDataVault {
    /// Stores one value and gives its reference.
    package func store(
        _ value: String, person: String = "ana", type: String = "phone", purposes: [String] = ["support"],
        expires: Int64 = VaultSamples.now + 300, binding: VaultBinding = VaultSamples.binding(),
        now: Int64 = VaultSamples.now
    ) throws -> String {
        var deposits = VaultDeposits()
        let issuer = Array("https://login.example".utf8)
        let subject = Array(person.utf8)
        let bytes = Array(value.utf8)
        let number = try deposits.addPerson(issuer: issuer.span, subject: subject.span)
        try deposits.add(
            bytes.span, person: number, label: VaultLabel(type: type, purposes: purposes), expiresSeconds: expires,
            binding: binding)
        try put(&deposits, now: now)
        return deposits.reference(0)
    }

    /// Reads one reference.
    package func read(
        _ reference: String, purpose: String = "support", binding: VaultBinding = VaultSamples.binding(),
        now: Int64 = VaultSamples.now
    ) throws -> Reading {
        var queries = VaultQueries()
        let bytes = Array(reference.utf8)
        let token = queries.addToken(binding)
        queries.add(bytes.span, token: token)
        try resolve(&queries, purpose: purpose, actor: "test", now: now)
        switch queries.outcome(0) {
        case .value: return .value(queries.withValue(0) { String(decoding: [UInt8]($0), as: UTF8.self) })
        case .unavailable: return .unavailable
        case .limited: return .limited
        }
    }

    /// The handles of a person of the tests' issuer.
    package func handles(_ person: String) throws -> [PersonHandle] {
        try handles(issuer: "https://login.example", subject: person)
    }

    /// Erases a person of the tests' issuer.
    package func erase(_ person: String, now: Int64 = VaultSamples.now) throws -> ErasureReport {
        try erase(handles(person), actor: "test", now: now)
    }
}
