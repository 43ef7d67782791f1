// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData

/// The rule of one claim, parsed and checked on its own. The compiler turns it into a program operation.
enum ClaimRule: Equatable, Sendable {
    case keep
    /// `isUnbind`: the explicit form that `cnf` needs.
    case drop(isUnbind: Bool)
    case pseudonym(PseudonymRule)
    case random
    case mask(MaskRule)
    case generalize(GeneralizeRule)
    case disclose(DiscloseRule)
    case siv(SivRule)
    /// `recipient` counts in the policy's recipients.
    case encrypt(recipient: Int)
    /// A reference in the place of the value; `random: {vault: yes}` is one too.
    case vault(VaultRule)

    /// Where two pseudonyms of one value are equal.
    enum Scope: String, CaseIterable, Sendable {
        case global, audience, token
    }

    struct PseudonymRule: Equatable, Sendable {
        var type: String
        var profile: CanonicalProfile
        var scope: Scope
        var form: PseudonymForm
        var dropsOtherwise: Bool
        /// Whether a key of the person's own goes in, which the vault keeps and an erasure deletes.
        var isErasable = false
    }

    struct VaultRule: Equatable, Sendable {
        var label: VaultLabel
        /// Seconds from issuing to expiry; nil: as long as the token.
        var ttlSeconds: Int64?
        var dropsOtherwise: Bool
    }

    struct SivRule: Equatable, Sendable {
        var type: String
        var profile: CanonicalProfile
        var scope: Scope
        var dropsOtherwise: Bool
    }

    struct MaskRule: Equatable, Sendable {
        enum Shape: String, CaseIterable, Sendable { case fixed, length, `class` }
        var shape: Shape
        var dropsOtherwise: Bool
    }

    struct GeneralizeRule: Equatable, Sendable {
        enum DatePart: String, CaseIterable, Sendable { case year, month, day }
        enum Method: Equatable, Sendable {
            case date(DatePart)
            /// Buckets of equal width, counted from 0.
            case width(Int64)
            /// Buckets between ascending bounds.
            case bounds([Int64])
            case ip(IPCut)
            /// Days in [-n, n], the same for all dates of one person.
            case shift(days: Int64)
        }
        var method: Method
        /// Buckets only: the lower bound as a number instead of a range as text.
        var isLowerBound: Bool
        var dropsOtherwise: Bool
    }

    struct DiscloseRule: Equatable, Sendable {
        /// Digests without a value, beside that of the claim.
        var decoyCount: Int
        /// Whether each member and element inside is a disclosure of its own.
        var isRecursive: Bool
    }

    /// The word that names the rule in the policy file.
    var word: String {
        switch self {
        case .keep: "keep"
        case .drop: "drop"
        case .pseudonym: "pseudonym"
        case .random: "random"
        case .mask: "mask"
        case .generalize: "generalize"
        case .disclose: "disclose"
        case .encrypt: "encrypt"
        case .siv: "siv"
        case .vault: "vault"
        }
    }
}
