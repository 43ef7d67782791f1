// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenCrypto
public import TokenPersonalData
import TokenScan
import TokenScrub

/// Replaces tokens and personal data in texts that are about to be logged or traced: log messages, metadata, span
/// attributes, error texts.
///
/// One object serves a process; calls take turns. A text is scrubbed by itself, so that nothing waits for another.
public final class LogTextScrubber: Sendable {
    private struct State: ~Copyable {
        var scrubber: LogScrubber
        var output = ByteScratch()
        var fingerprints: FingerprintBatch
    }

    private let state: Mutex<State>

    /// Makes a scrubber.
    ///
    /// - Parameter jwks: a JWK or JWK Set of log keys (`cloakroom key generate --alg log`). Nil takes a random key with
    ///   kid `tmp0`: fingerprints then join within this process only.
    /// - Parameter personalData: kinds of personal data to replace beside tokens.
    /// - Throws: `KeyError`.
    public init(jwks: [UInt8]? = nil, personalData: Set<PersonalDataKind> = Set(PersonalDataKind.allCases)) throws {
        let keys: LogKeys
        if let jwks {
            keys = LogKeys(try SecretKeySet.parse(jwks.span, algorithm: .log))
        } else {
            keys = try LogKeys.temporary()
        }
        state = Mutex(
            State(
                scrubber: LogScrubber(ScrubOptions(personalData: personalData), keys: keys),
                fingerprints: FingerprintBatch(keys: keys, kinds: ["personal"])))
    }

    /// The text with tokens and personal data replaced; other text as it is.
    public func scrub(_ text: String) -> String {
        var text = text
        text.makeContiguousUTF8()
        let copy = text
        return state.withLock { state in
            state.output.removeAll()
            state.scrubber.scrub(copy.utf8.span, into: &state.output)
            state.scrubber.finish(into: &state.output)
            return Self.string(state.output)
        }
    }

    /// `[personal fp=…]`: what stands for a whole value that its writer marked as personal.
    func fingerprint(_ text: String) -> String {
        var text = text
        text.makeContiguousUTF8()
        let copy = text
        return state.withLock { state in
            state.output.removeAll()
            state.output.append("[personal fp=")
            state.fingerprints.append(kind: 0, copy.utf8.span, to: &state.output)
            state.output.append(UInt8(ascii: "]"))
            state.fingerprints.finish(&state.output)
            return Self.string(state.output)
        }
    }

    private static func string(_ bytes: borrowing ByteScratch) -> String {
        String(decoding: [UInt8](bytes.span), as: UTF8.self)
    }
}
