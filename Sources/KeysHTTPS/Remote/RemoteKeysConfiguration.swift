// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto

/// Where an issuer's keys are, and how eagerly they are fetched.
public struct RemoteKeysConfiguration: Sendable {
    /// The absolute `https` URL of the JWK Set: the operator's word, never a token's (`jku`, `x5u` are not followed).
    public var address: String
    /// The algorithm of keys that name none; nil: such RSA keys are skipped.
    public var algorithm: SignatureAlgorithm?
    /// Bounds of one fetch.
    public var limits: KeyFetchLimits
    /// The most keys of a set, skipped ones included. Default 64.
    public var keyCountMax: Int
    /// Keys are fetched again when they are so old. Default 600.
    public var refreshAgeSeconds: Double
    /// After a fetch, whatever came of it, an unknown `kid` causes none for so long. Default 30.
    public var cooldownSeconds: Double
    /// When fetches fail, keys that are past their refresh age go on verifying for so long. Default 3 600. Then the
    /// ring is emptied: a removed key must not live for ever because somebody blocks the way to the issuer.
    public var staleSeconds: Double
    /// `kid`s remembered as unknown. Default 128.
    public var unknownKeyIDCountMax: Int

    /// The defaults for an address.
    public init(
        address: String, algorithm: SignatureAlgorithm? = nil, limits: KeyFetchLimits = KeyFetchLimits(),
        keyCountMax: Int = 64, refreshAgeSeconds: Double = 600, cooldownSeconds: Double = 30,
        staleSeconds: Double = 3_600, unknownKeyIDCountMax: Int = 128
    ) {
        self.address = address
        self.algorithm = algorithm
        self.limits = limits
        self.keyCountMax = keyCountMax
        self.refreshAgeSeconds = refreshAgeSeconds
        self.cooldownSeconds = cooldownSeconds
        self.staleSeconds = staleSeconds
        self.unknownKeyIDCountMax = unknownKeyIDCountMax
    }

    /// Seconds as nanoseconds; nonsense is moved into [0, a hundred years].
    static func nanoseconds(_ seconds: Double) -> Int64 {
        guard seconds > 0 else { return 0 }
        return Int64(exactly: (min(seconds, 3e9) * 1e9).rounded()) ?? 0
    }
}
