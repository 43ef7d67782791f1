// SPDX-License-Identifier: Apache-2.0

/// How many tokens were accepted, and how many refused for which reason: plain numbers that a thread counts for itself.
///
/// Verifiers do not count; whoever reads verdicts does, in its own value, and hands it to a reporter now and then. So
/// observation costs one addition a token and shares nothing between threads. Counts saturate.
public struct VerificationCounts: Sendable, Equatable {
    /// Tokens accepted.
    public private(set) var acceptedCount = 0
    /// Tokens refused, by the position of their code.
    private var refusedCounts = [Int](repeating: 0, count: RefusalCode.allCases.count)

    /// Nothing counted. One allocation.
    public init() {}

    /// Tokens refused for this reason.
    public func refusedCount(_ code: RefusalCode) -> Int { refusedCounts[code.position] }

    /// Whether nothing was counted.
    public var isEmpty: Bool { acceptedCount == 0 && !refusedCounts.contains { $0 != 0 } }

    /// Counts one verdict.
    public mutating func add(_ verdict: Verdict) {
        switch verdict {
        case .accepted: addAccepted()
        case .refused(let refusal): add(refusal.code)
        }
    }

    /// Counts the verdicts of a batch.
    public mutating func add(_ verdicts: [Verdict]) {
        for verdict in verdicts { add(verdict) }
    }

    /// Counts accepted tokens.
    public mutating func addAccepted(_ count: Int = 1) { acceptedCount = Self.sum(acceptedCount, count) }

    /// Counts refused tokens.
    public mutating func add(_ code: RefusalCode, count: Int = 1) {
        refusedCounts[code.position] = Self.sum(refusedCounts[code.position], count)
    }

    /// Adds what another thread has counted.
    public mutating func add(_ other: VerificationCounts) {
        addAccepted(other.acceptedCount)
        for i in refusedCounts.indices { refusedCounts[i] = Self.sum(refusedCounts[i], other.refusedCounts[i]) }
    }

    /// Sets all counts to 0 and keeps the memory.
    public mutating func removeAll() {
        acceptedCount = 0
        for i in refusedCounts.indices { refusedCounts[i] = 0 }
    }

    private static func sum(_ a: Int, _ b: Int) -> Int {
        let (sum, overflow) = a.addingReportingOverflow(max(0, b))
        return overflow ? Int.max : sum
    }
}

extension RefusalCode {
    /// Where the code stands in `allCases`, by hand: a search there would compare texts for every refused token.
    var position: Int {
        switch self {
        case .malformed: 0
        case .tooLarge: 1
        case .base64url: 2
        case .json: 3
        case .duplicateMember: 4
        case .unsupportedAlgorithm: 5
        case .algorithmMismatch: 6
        case .unknownKey: 7
        case .criticalHeader: 8
        case .signatureInvalid: 9
        case .expired: 10
        case .notYetValid: 11
        case .issuedInFuture: 12
        case .lifetimeTooLong: 13
        case .missingClaim: 14
        case .claimType: 15
        case .issuer: 16
        case .audience: 17
        case .tokenType: 18
        case .revoked: 19
        case .replayed: 20
        case .policy: 21
        case .overloaded: 22
        case .storage: 23
        case .decryptionFailed: 24
        case .referenceUnavailable: 25
        case .binding: 26
        case .disclosure: 27
        case .rateLimited: 28
        }
    }
}
