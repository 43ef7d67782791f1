// SPDX-License-Identifier: Apache-2.0

/// A hint about a policy that compiles: worth a second look, never a refusal.
public struct PolicyAdvice: Sendable, Equatable {
    /// The closed list of hints.
    public enum Code: String, CaseIterable, Sendable {
        /// A pseudonym of an attribute with few values, which counting undoes: drop or generalize it.
        case lowCardinality = "low-cardinality"
        /// A pseudonym that is equal in all audiences, so that they can join their data.
        case globalScope = "global-scope"
        /// `keep` on a claim that names a person.
        case identifyingClaimKept = "identifying-claim-kept"
        /// `keep` on `sub`: every receiver sees the issuer's own identifier.
        case subjectKept = "subject-kept"
        /// A declared recipient that no rule uses.
        case unusedRecipient = "unused-recipient"

        /// A fixed text in plain English.
        public var message: String {
            switch self {
            case .lowCardinality: "few values: a pseudonym is undone by counting; drop or generalize instead"
            case .globalScope: "scope global lets all audiences join their data"
            case .identifyingClaimKept: "keep on a claim that names a person"
            case .subjectKept: "keep on sub shows the issuer's own identifier to every receiver"
            case .unusedRecipient: "no rule uses this recipient"
            }
        }
    }

    /// The hint.
    public let code: Code
    /// The line of the policy file it concerns.
    public let line: Int
}
