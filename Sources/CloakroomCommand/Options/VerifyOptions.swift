// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenCrypto
import TokenVerify

/// Which tokens are accepted: keys, and what their tokens must claim. One issuer's keys; several issuers are the
/// business of a policy's accept list.
struct VerifyOptions: ParsableArguments {
    @Option(help: ArgumentHelp("JWK, JWK Set or PEM file with the issuer's keys; may be repeated.", valueName: "file"))
    var keys: [String] = []

    @Option(help: ArgumentHelp("Algorithm of keys that name none, such as PEM.", valueName: "alg"))
    var alg: AlgorithmArgument?

    @Option(help: ArgumentHelp("Accepted iss.", valueName: "s"))
    var issuer: [String] = []

    @Option(help: ArgumentHelp("Accepted aud; may be repeated, one match is enough.", valueName: "s"))
    var audience: [String] = []

    @Option(help: ArgumentHelp("Accepted algorithms, separated by commas.", valueName: "list"))
    var algorithms: ListArgument?

    @Option(
        help: ArgumentHelp(
            "Accepted typ values; none accepts an absent one, any all. (default: at+jwt,JWT)", valueName: "list|any"))
    var typ: ListArgument?

    @Option(
        help: ArgumentHelp("Claims that must be there, or none. (default: exp,iat,iss,aud)", valueName: "list|none"))
    var require: ListArgument?

    @Option(
        help: ArgumentHelp(
            "Tolerated clock difference, at most a tenth of the lifetime. (default: 30s)", valueName: "dur"))
    var leeway: DurationArgument?

    @Option(help: ArgumentHelp("Longest accepted lifetime, or none. (default: 1h)", valueName: "dur|none"))
    var maxLifetime: LifetimeCapArgument?

    /// Whether any option but `--keys` and `--alg` was given.
    var hasRules: Bool {
        !issuer.isEmpty || !audience.isEmpty || algorithms != nil || typ != nil || require != nil || leeway != nil
            || maxLifetime != nil
    }

    /// The accept entry that the options describe. Without `needsAudience` an absent `--audience` asks for no `aud`.
    func acceptEntry(isSignatureOnly: Bool = false, needsAudience: Bool = true, isQuiet: Bool) throws(CommandFailure)
        -> AcceptEntry
    {
        guard !keys.isEmpty else { throw .usage("--keys is missing") }
        guard issuer.count <= 1 else {
            throw .usage("keys belong to one issuer: several --issuer need a policy with an accept list")
        }
        let requiresNothing = isSignatureOnly || require?.words == ["none"]
        if !requiresNothing, issuer.isEmpty || audience.isEmpty && needsAudience {
            throw .usage("--issuer and --audience are needed, unless --signature-only or --require none is given")
        }
        var ring: [SignatureKey] = []
        for path in keys { ring += try KeyFiles.signatureKeys(path, algorithm: alg?.algorithm, isQuiet: isQuiet) }
        do {
            let entry = try entry(ring, requiresNothing: requiresNothing)
            // What does not fit together shall show before anything is read.
            _ = try Verifier(accept: [entry])
            return entry
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw (error as? ConfigurationError)?.commandFailure ?? .usage("these options do not fit together")
        }
    }

    /// How the ring's keys are read again.
    func reload(_ ring: KeyRing) -> KeyReload {
        let (paths, algorithm) = (keys, alg?.algorithm)
        return KeyReload(ring: ring) { () throws(CommandFailure) in
            var found: [SignatureKey] = []
            for path in paths { found += try KeyFiles.signatureKeys(path, algorithm: algorithm, isQuiet: true) }
            return found
        }
    }

    private func entry(_ ring: [SignatureKey], requiresNothing: Bool) throws -> AcceptEntry {
        var entry = AcceptEntry(issuers: issuer, audiences: audience, keys: try KeyRing(ring))
        if audience.isEmpty { entry.required.remove(.audience) }
        if let algorithms { entry.algorithms = try algorithms.algorithms() }
        if let typ { entry.types = typ.words == ["any"] ? nil : typ.words }
        if requiresNothing {
            entry.required = []
        } else if let require {
            entry.required = try require.claims()
        }
        switch maxLifetime {
        case nil: break
        case .some(.none): entry.lifetimeSecondsMax = nil
        case .some(.seconds(let seconds)): entry.lifetimeSecondsMax = seconds
        }
        entry.leewaySeconds = leeway?.seconds
        return entry
    }
}

extension ConfigurationError {
    /// What the operator reads: keys are data, all else is usage.
    var commandFailure: CommandFailure {
        switch self {
        case .noKey: CommandFailure(.data, "the key files hold no usable key", code: "no-key")
        case .mixedKeyKinds: CommandFailure(.data, message, code: "mixed-key-kinds")
        case .duplicateKeyID:
            CommandFailure(.data, "two keys have the same kid and algorithm", code: "duplicate-key-id")
        default: .usage(message)
        }
    }

    var message: String {
        switch self {
        case .noAcceptEntry: "no issuer is accepted"
        case .noKey: "an accepted issuer has no key"
        case .duplicateKeyID: "two keys of one issuer have the same kid and algorithm"
        case .excludedKey: "the signing key is a secret that an accepted issuer has too"
        case .duplicateIssuer: "two entries accept the same issuer"
        case .noIssuer: "no issuer is named"
        case .noAudience: "no audience is named"
        case .leeway: "the leeway is over a tenth of the lifetime cap, or over 30s where there is no cap"
        case .lifetime: "the lifetime cap is not positive"
        case .mixedKeyKinds: "secret and public keys are mixed in one issuer's ring"
        case .emptyList: "a list of algorithms or types is empty"
        }
    }
}
