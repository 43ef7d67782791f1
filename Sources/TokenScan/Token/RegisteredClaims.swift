// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// The registered claims at the top level of a claims set: which are there, of which type, where, and the times.
///
/// Found by the kernel's name codes, so however a name is spelled. Nodes are numbers in the claims set's index;
/// 0 (the root itself) stands for absent. (RFC 7519 section 4.1, RFC 7800, RFC 8693)
package struct RegisteredClaims: Sendable {
    /// Sets of the seven claims that every verdict needs.
    package struct Names: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let issuer = Names(rawValue: 1 << CTK_CLAIM_ISS)
        package static let subject = Names(rawValue: 1 << CTK_CLAIM_SUB)
        package static let audience = Names(rawValue: 1 << CTK_CLAIM_AUD)
        package static let expires = Names(rawValue: 1 << CTK_CLAIM_EXP)
        package static let notBefore = Names(rawValue: 1 << CTK_CLAIM_NBF)
        package static let issuedAt = Names(rawValue: 1 << CTK_CLAIM_IAT)
        package static let jwtID = Names(rawValue: 1 << CTK_CLAIM_JTI)
    }

    /// The most values that a document may have: more could not be numbered here.
    static let nodeCountMax = Int(UInt16.max)

    private var claims = ctk_claims()

    /// Nothing found.
    package init() {}

    /// Reads the claims of an indexed claims set whose root is an object. O(members); allocates only for a time that
    /// is no whole number of up to 15 digits.
    package init(_ view: JSONView) { read(view) }

    /// Reads the claims of another claims set, in the place of what was read before.
    mutating func read(_ view: JSONView) {
        claims.present = 0
        claims.wrong_type = 0
        guard view.nodes.count > 0, view.nodes.count <= Self.nodeCountMax, view[0].valueKind == .object else { return }
        // SAFETY: both spans live through the call; the index was made of these bytes, so its offsets lie in them.
        unsafe view.json.withUnsafeBufferPointer { json in
            unsafe view.nodes.withUnsafeBufferPointer { nodes in
                guard let text = json.baseAddress, let first = nodes.baseAddress else { return }
                unsafe ctk_claims_read(text, first, &claims)
            }
        }
        if claims.unread != 0 { readLongDates(view) }
    }

    /// The times that are no short whole number: fractions, exponents, more digits.
    private mutating func readLongDates(_ view: JSONView) {
        for (bit, name) in [
            (CTK_CLAIM_EXP, CTK_JSON_NAME_EXP), (CTK_CLAIM_NBF, CTK_JSON_NAME_NBF), (CTK_CLAIM_IAT, CTK_JSON_NAME_IAT),
        ] where claims.unread & (1 << bit) != 0 {
            guard let date = NumericDate(jsonNumber: view.value(node(name))) else {
                claims.wrong_type |= 1 << bit
                continue
            }
            switch bit {
            case CTK_CLAIM_EXP: claims.date.0 = date.seconds
            case CTK_CLAIM_NBF: claims.date.1 = date.seconds
            default: claims.date.2 = date.seconds
            }
        }
    }

    /// The claims that are there.
    package var present: Names { Names(rawValue: claims.present) }
    /// The claims that are there with a type or value that RFC 7519 does not allow: no string, no array of strings,
    /// no number in [0, 2^53]. Never taken for absent.
    package var mistyped: Names { Names(rawValue: claims.wrong_type) }

    /// `exp`, seconds since 1970; nil when absent.
    package var expiresSeconds: Double? { claims.present & (1 << CTK_CLAIM_EXP) != 0 ? claims.date.0 : nil }
    /// `nbf`, seconds since 1970; nil when absent.
    package var notBeforeSeconds: Double? { claims.present & (1 << CTK_CLAIM_NBF) != 0 ? claims.date.1 : nil }
    /// `iat`, seconds since 1970; nil when absent.
    package var issuedAtSeconds: Double? { claims.present & (1 << CTK_CLAIM_IAT) != 0 ? claims.date.2 : nil }

    /// `iss`
    package var issuer: Int { Int(claims.node.1) }
    /// `sub`
    package var subject: Int { Int(claims.node.2) }
    /// `aud`
    package var audience: Int { Int(claims.node.3) }
    /// `exp`
    package var expires: Int { Int(claims.node.4) }
    /// `nbf`
    package var notBefore: Int { Int(claims.node.5) }
    /// `iat`
    package var issuedAt: Int { Int(claims.node.6) }
    /// `jti`
    package var jwtID: Int { Int(claims.node.7) }
    /// `cnf`
    package var confirmation: Int { Int(claims.node.14) }
    /// `client_id`
    package var clientID: Int { Int(claims.node.15) }

    private func node(_ name: ctk_json_name) -> Int {
        switch name {
        case CTK_JSON_NAME_EXP: expires
        case CTK_JSON_NAME_NBF: notBefore
        default: issuedAt
        }
    }
}
