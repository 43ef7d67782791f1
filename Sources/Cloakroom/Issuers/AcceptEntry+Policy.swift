// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto
public import TokenPrivacy
public import TokenVerify

/// Why an accept entry of a policy gives no verifier: the policy's line, and a closed reason.
public enum AcceptError: Error, Equatable, Sendable {
    /// `profile` names none of ``IssuerProfile/all``.
    case unknownProfile(line: Int)
    /// `require` names no registered claim.
    case unknownClaim(line: Int)
    /// The entries' keys or bounds do not fit together.
    case configuration(ConfigurationError, line: Int)

    /// The line of the policy file.
    public var line: Int {
        switch self {
        case .unknownProfile(let line), .unknownClaim(let line), .configuration(_, let line): line
        }
    }
}

extension AcceptEntry {
    /// Makes the entry that a policy describes, with keys that the caller has loaded.
    ///
    /// The entry's own words win over its profile, the profile over the defaults. Without `audience` the profile, or
    /// a `require` list of the entry, must say that `aud` is not required.
    ///
    /// - Throws: ``AcceptError``.
    /// - Complexity: allocates; for start-up.
    public init(_ description: AcceptDescription, keys: [SignatureKey]) throws(AcceptError) {
        let line = description.line
        let ring: KeyRing
        do { ring = try KeyRing(keys) } catch { throw .configuration(error, line: line) }
        self.init(issuers: description.issuers, audiences: description.audiences ?? [], keys: ring)
        if let name = description.profile {
            guard let profile = IssuerProfile.named(name) else { throw .unknownProfile(line: line) }
            types = profile.types
            required = profile.required
            lifetimeSecondsMax = profile.lifetimeSecondsMax
        }
        if let names = description.algorithms {
            algorithms = Set(names.compactMap { SignatureAlgorithm(jwaName: $0) })
        }
        if let own = description.types { types = own }
        if let names = description.required {
            required = []
            for name in names {
                guard let claim = Claim(rawValue: name) else { throw .unknownClaim(line: line) }
                required.insert(claim)
            }
        }
        switch description.lifetimeCap {
        case .standard: break
        case .unlimited: lifetimeSecondsMax = nil
        case .seconds(let seconds): lifetimeSecondsMax = seconds
        }
        leewaySeconds = description.leewaySeconds
    }
}

extension AcceptDescription {
    /// The algorithm of keys that name none: the entry's own, when it lists one only.
    package var onlyAlgorithm: SignatureAlgorithm? {
        guard let algorithms, algorithms.count == 1 else { return nil }
        return SignatureAlgorithm(jwaName: algorithms[0])
    }
}

extension Policy {
    /// The accept entries that the policy describes, for a ``Verifier`` or an ``Exchanger``.
    ///
    /// `readKeys` is called with each key file's name as the policy writes it, where a relative name is relative to the
    /// policy file, and with the algorithm of keys that name none, which is the entry's only one if it has one only
    /// (Microsoft Entra ID publishes key sets without `alg`). It returns the file's usable keys.
    ///
    /// - Throws: whatever `readKeys` throws, and ``AcceptError``.
    public func acceptEntries(
        readKeys: (_ file: String, _ algorithm: SignatureAlgorithm?) throws -> [SignatureKey]
    ) throws -> [AcceptEntry] {
        var entries: [AcceptEntry] = []
        for description in accept {
            let algorithm = description.onlyAlgorithm
            var keys: [SignatureKey] = []
            for file in description.keyFiles { keys += try readKeys(file, algorithm) }
            entries.append(try AcceptEntry(description, keys: keys))
        }
        return entries
    }
}
