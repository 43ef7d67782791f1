// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenCrypto
import TokenVerify

/// A duration on the command line: `30s`, `5m`, `1h`; a bare number is refused, since its unit would be a guess.
struct DurationArgument: ExpressibleByArgument {
    let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    init?(argument: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }) else { return nil }
        let digits = argument.dropLast()
        guard !digits.isEmpty, digits.utf8.count <= 9, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int64(digits)
        else { return nil }
        seconds = value * unit
    }

    var defaultValueDescription: String {
        seconds % 3_600 == 0 ? "\(seconds / 3_600)h" : seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s"
    }
}

/// A duration, or `none` for no bound.
enum LifetimeCapArgument: ExpressibleByArgument {
    case none
    case seconds(Int64)

    init?(argument: String) {
        if argument == "none" {
            self = .none
        } else if let duration = DurationArgument(argument: argument) {
            self = .seconds(duration.seconds)
        } else {
            return nil
        }
    }
}

/// The size of a cache: a number of tokens, or memory with a unit, `64M`.
struct CacheSizeArgument: ExpressibleByArgument {
    let byteCount: Int

    init?(argument: String) {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = argument.last.flatMap { units[$0] }
        let digits = unit == nil ? argument[...] : argument.dropLast()
        guard !digits.isEmpty, digits.utf8.count <= 9, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int(digits)
        else { return nil }
        let size = value * (unit ?? VerifiedTokenCache.typicalEntryByteCount)
        guard size <= VerifiedTokenCache.byteCountMax else { return nil }
        byteCount = size
    }
}

/// A comma-separated list of at least one word.
struct ListArgument: ExpressibleByArgument {
    let words: [String]

    init?(argument: String) {
        words = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard !words.contains("") else { return nil }
    }
}

/// A JWS signature algorithm.
struct AlgorithmArgument: ExpressibleByArgument {
    let algorithm: SignatureAlgorithm

    init?(argument: String) {
        guard let algorithm = SignatureAlgorithm(jwaName: argument) else { return nil }
        self.algorithm = algorithm
    }

    static var allValueStrings: [String] { SignatureAlgorithm.allCases.map(\.jwaName) }
}

extension ListArgument {
    /// The words as JWS algorithms.
    func algorithms() throws(CommandFailure) -> Set<SignatureAlgorithm> {
        var result: Set<SignatureAlgorithm> = []
        for word in words {
            guard let algorithm = SignatureAlgorithm(jwaName: word) else {
                throw .usage("--algorithms takes names such as RS256,ES256")
            }
            result.insert(algorithm)
        }
        return result
    }

    /// The words as registered claims.
    func claims() throws(CommandFailure) -> Set<AcceptEntry.Claim> {
        var result: Set<AcceptEntry.Claim> = []
        for word in words {
            guard let claim = AcceptEntry.Claim(rawValue: word) else {
                throw .usage("--require takes iss, sub, aud, exp, nbf, iat, jti, or none")
            }
            result.insert(claim)
        }
        return result
    }
}
