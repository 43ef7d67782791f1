// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// The registered claims at the top level of a claims set: which are there, of which type, where, and the times.
///
/// Found by the kernel's name codes, so however a name is spelled. Nodes are numbers in the claims set's index;
/// 0 (the root itself) stands for absent. What every verdict reads is stored, so that other modules read it without a
/// call. (RFC 7519 section 4.1, RFC 7800, RFC 8693)
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

    /// The claims that are there.
    package private(set) var present = Names(rawValue: 0)
    /// The claims that are there with a type or value that RFC 7519 does not allow: no string, no array of strings,
    /// no number in [0, 2^53]. Never taken for absent.
    package private(set) var mistyped = Names(rawValue: 0)
    /// `exp`, seconds since 1970; 0 where it is absent or mistyped.
    package private(set) var expiresOrZero = 0.0
    /// `nbf`, likewise.
    package private(set) var notBeforeOrZero = 0.0
    /// `iat`, likewise.
    package private(set) var issuedAtOrZero = 0.0
    /// Where the text of `iss` stands in the claims set; empty where it is absent or written with escapes.
    package private(set) var issuerText = ArenaRange(0..<0)
    /// Where the text of `aud` stands in the claims set; empty where it is absent, a list, or written with escapes.
    package private(set) var audienceText = ArenaRange(0..<0)
    private var nodes: (UInt16, UInt16, UInt16, UInt16, UInt16, UInt16, UInt16) = (0, 0, 0, 0, 0, 0, 0)
    private var confirmationNode: UInt16 = 0
    private var clientIDNode: UInt16 = 0
    // To whole words: the cache of verified tokens keeps a copy of the bytes.
    private var reserved: (UInt16, UInt16, UInt16) = (0, 0, 0)

    /// Nothing found.
    package init() {}

    /// Reads the claims of an indexed claims set whose root is an object. O(members); allocates only for a time that
    /// is no whole number of up to 15 digits.
    package init(_ view: JSONView) { read(view) }

    /// Takes over what the kernel has found.
    @inline(__always)
    init(_ claims: ctk_claims) {
        present = Names(rawValue: claims.present)
        mistyped = Names(rawValue: claims.wrong_type)
        (expiresOrZero, notBeforeOrZero, issuedAtOrZero) = claims.date
        issuerText = ArenaRange(start: claims.issuer.offset, count: claims.issuer.byte_count)
        audienceText = ArenaRange(start: claims.audience.offset, count: claims.audience.byte_count)
        let node = claims.node
        nodes = (node.1, node.2, node.3, node.4, node.5, node.6, node.7)
        confirmationNode = node.14
        clientIDNode = node.15
    }

    /// Reads the claims of another claims set, in the place of what was read before.
    mutating func read(_ view: JSONView) {
        self = RegisteredClaims()
        guard view.nodes.count > 0, view.nodes.count <= Self.nodeCountMax, view[0].valueKind == .object else { return }
        var claims = ctk_claims()
        // SAFETY: both spans live through the call; the index was made of these bytes, so its offsets lie in them.
        unsafe view.json.withUnsafeBufferPointer { json in
            unsafe view.nodes.withUnsafeBufferPointer { nodes in
                guard let text = json.baseAddress, let first = nodes.baseAddress else { return }
                unsafe ctk_claims_read(text, first, &claims)
            }
        }
        self = RegisteredClaims(claims)
        if claims.unread != 0 { readLongDates(view, Names(rawValue: claims.unread)) }
    }

    /// The times that are no short whole number: fractions, exponents, more digits.
    private mutating func readLongDates(_ view: JSONView, _ unread: Names) {
        if unread.contains(.expires) { expiresOrZero = longDate(view, expires, .expires) }
        if unread.contains(.notBefore) { notBeforeOrZero = longDate(view, notBefore, .notBefore) }
        if unread.contains(.issuedAt) { issuedAtOrZero = longDate(view, issuedAt, .issuedAt) }
    }

    private mutating func longDate(_ view: JSONView, _ node: Int, _ name: Names) -> Double {
        if let date = NumericDate(jsonNumber: view.value(node)) { return date.seconds }
        mistyped.insert(name)
        return 0
    }

    /// `exp`, seconds since 1970; nil when absent.
    package var expiresSeconds: Double? { present.contains(.expires) ? expiresOrZero : nil }
    /// `nbf`, seconds since 1970; nil when absent.
    package var notBeforeSeconds: Double? { present.contains(.notBefore) ? notBeforeOrZero : nil }
    /// `iat`, seconds since 1970; nil when absent.
    package var issuedAtSeconds: Double? { present.contains(.issuedAt) ? issuedAtOrZero : nil }

    /// `iss`
    package var issuer: Int { Int(nodes.0) }
    /// `sub`
    package var subject: Int { Int(nodes.1) }
    /// `aud`
    package var audience: Int { Int(nodes.2) }
    /// `exp`
    package var expires: Int { Int(nodes.3) }
    /// `nbf`
    package var notBefore: Int { Int(nodes.4) }
    /// `iat`
    package var issuedAt: Int { Int(nodes.5) }
    /// `jti`
    package var jwtID: Int { Int(nodes.6) }
    /// `cnf`
    package var confirmation: Int { Int(confirmationNode) }
    /// `client_id`
    package var clientID: Int { Int(clientIDNode) }
}
