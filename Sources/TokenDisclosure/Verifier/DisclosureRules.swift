// SPDX-License-Identifier: Apache-2.0

/// What a verifier of SD-JWTs asks beyond the rules of its accept entries.
public struct DisclosureRules: Sendable {
    /// Whether a presentation must be bound to this verifier by the holder's key (RFC 9901 section 7.3).
    public enum Binding: Sendable {
        /// It must when its token names a holder key (`cnf`). A binding of another token is refused.
        case whenNamed
        /// Always.
        case required
        /// Never, and one that is there is refused, since nobody checks it. For services behind a gateway that has
        /// checked it and left it out.
        case none
    }

    /// Whether a key binding must be there. Default ``Binding/whenNamed``.
    public var binding: Binding
    /// Accepted `aud` values of a key binding, compared byte for byte. Empty: no binding is accepted.
    public var bindingAudiences: [String]
    /// The `nonce` that a key binding must have. Nil: no binding is accepted.
    public var nonce: String?
    /// Seconds since a key binding's `iat`, at most. Default 300.
    public var bindingAgeSecondsMax: Int64
    /// Whether a token whose accept entry checks no `typ` may have one that does not end in `+sd-jwt`. Default false.
    public var acceptsAnyType: Bool
    /// The bounds of a presentation.
    public var limits: DisclosureLimits

    /// Makes rules with the defaults.
    public init(
        binding: Binding = .whenNamed, bindingAudiences: [String] = [], nonce: String? = nil,
        bindingAgeSecondsMax: Int64 = 300, acceptsAnyType: Bool = false,
        limits: DisclosureLimits = DisclosureLimits()
    ) {
        self.binding = binding
        self.bindingAudiences = bindingAudiences
        self.nonce = nonce
        self.bindingAgeSecondsMax = bindingAgeSecondsMax
        self.acceptsAnyType = acceptsAnyType
        self.limits = limits
    }
}
