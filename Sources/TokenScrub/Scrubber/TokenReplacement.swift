// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
import TokenScan

/// Writes what stands in the place of a token.
///
/// Text of the token's maker never goes out: `alg` is a registered name or `other`, `exp` a number, everything else a
/// keyed fingerprint. So nothing can forge a line or carry a control character.
struct TokenReplacement: ~Copyable {
    /// The kinds of fingerprints, in the order of `Kind`.
    static func kinds(rules: [TokenRule]) -> [String] {
        ["jwt", "reference", "email", "phone", "card", "iban", "ssn", "ip"]
            + ScrubOptions.Claim.allCases.map { "claim:" + $0.rawValue } + rules.map { "rule:" + $0.name }
    }
    static let personalStart = 2
    private static let claimStart = 8
    static let ruleStart = claimStart + ScrubOptions.Claim.allCases.count

    private let mode: ScrubOptions.Mode
    private let claims: [ScrubOptions.Claim]
    private var decoded = ByteScratch(isSecret: true)
    private var header = ByteScratch(isSecret: true)
    private var text = ByteScratch(isSecret: true)
    private var index = JSONIndex()
    private let limits = ScanLimits()

    init(_ options: ScrubOptions) {
        mode = options.mode
        claims = options.mode == .claims ? options.claims : []
    }

    /// Appends the replacement of a JWS, a JWE or a claims set. Returns whether the token was cut.
    mutating func write(
        _ finding: TokenFinding, _ compact: Span<UInt8>, _ batch: inout FingerprintBatch, to output: inout ByteScratch
    ) -> Bool {
        var hasClaims = false
        if mode != .full, finding.form != .jwe {
            hasClaims = decode(compact.extracting(finding.payload))
        }
        let isCut = isCut(finding, hasClaims: hasClaims)
        guard mode != .full else {
            output.append("[jwt]")
            return isCut
        }
        output.append("[jwt")
        if let algorithm = finding.algorithm.text {
            output.append(" alg=")
            output.append(algorithm)
        }
        if isCut { output.append(" cut=1") }
        for claim in claims { write(claim, finding, compact, hasClaims: hasClaims, &batch, to: &output) }
        if hasClaims { Self.writeExpiry(index.view(decoded.span), to: &output) }
        output.append(" fp=")
        batch.append(kind: 0, compact.extracting(0..<Self.signedByteCount(finding, isCut: isCut)), to: &output)
        output.append(UInt8(ascii: "]"))
        return isCut
    }

    private func isCut(_ finding: TokenFinding, hasClaims: Bool) -> Bool {
        switch finding.form {
        case .jwe: finding.partCount < 5
        case .claims: true
        default: mode == .full ? finding.partCount < 3 : finding.partCount < 3 && !hasClaims
        }
    }

    /// The bytes that the fingerprint is of: header and payload of a JWS, so that the signature does not matter; the
    /// five segments of a JWE; whatever was seen of a token that was cut.
    private static func signedByteCount(_ finding: TokenFinding, isCut: Bool) -> Int {
        finding.form == .jws && !isCut ? finding.payload.upperBound : finding.tokenByteCount
    }

    /// Decodes and indexes a payload. False when it is no JSON object.
    private mutating func decode(_ segment: Span<UInt8>) -> Bool {
        decoded.removeAll()
        guard !segment.isEmpty, (try? decoded.appendBase64URLDecoded(segment)) != nil else { return false }
        return Self.build(&index, decoded, limits)
    }

    private static func build(_ index: inout JSONIndex, _ json: borrowing ByteScratch, _ limits: ScanLimits) -> Bool {
        do throws(ScanError) {
            try index.build(json.span, limits: limits)
            return true
        } catch {
            return false
        }
    }

    private static func writeExpiry(_ view: JSONView, to output: inout ByteScratch) {
        let claims = RegisteredClaims(view)
        guard !claims.mistyped.contains(.expires), let seconds = claims.expiresSeconds else { return }
        guard let whole = Int64(exactly: seconds.rounded(.down)) else { return }
        output.append(" exp=")
        output.appendDecimal(whole)
    }

    private mutating func write(
        _ claim: ScrubOptions.Claim, _ finding: TokenFinding, _ compact: Span<UInt8>, hasClaims: Bool,
        _ batch: inout FingerprintBatch, to output: inout ByteScratch
    ) {
        text.removeAll()
        if claim == .keyID {
            header.removeAll()
            guard !finding.header.isEmpty,
                (try? header.appendBase64URLDecoded(compact.extracting(finding.header))) != nil
            else { return }
            var headerIndex = JSONIndex()
            guard Self.build(&headerIndex, header, limits) else { return }
            Self.appendText(headerIndex, header, "kid", to: &text)
        } else if hasClaims {
            Self.appendText(index, decoded, claim.name, to: &text)
        }
        guard !text.isEmpty else { return }
        output.append(UInt8(ascii: " "))
        output.append(claim.name)
        output.append(UInt8(ascii: "="))
        batch.append(kind: Self.claimStart + claim.place, text.span, to: &output)
    }

    /// The text of a top-level string, or the JSON text of another value.
    private static func appendText(
        _ index: borrowing JSONIndex, _ json: borrowing ByteScratch, _ name: StaticString, to text: inout ByteScratch
    ) {
        let view = index.view(json.span)
        guard let node = view.member(of: 0, name) else { return }
        if view[node].isString { view.appendText(node, to: &text) } else { text.append(view.value(node)) }
    }
}

extension ScrubOptions.Claim {
    /// The claim's name, as a literal.
    fileprivate var name: StaticString {
        switch self {
        case .keyID: "kid"
        case .issuer: "iss"
        case .subject: "sub"
        case .audience: "aud"
        case .jwtID: "jti"
        case .clientID: "client_id"
        case .session: "sid"
        }
    }

    fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
