// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto
public import TokenScan
public import TokenVerify

/// Signs claims sets as compact JWS with one key. The claims keep their bytes; `iat`, `exp` and `jti` are added
/// behind them where they are absent.
///
/// One a thread: it owns OpenSSL contexts, random bytes and scratch, and allocates nothing once that has grown.
public struct ClaimsSigner: ~Copyable {
    private let signer: SignatureSigner
    /// The encoded header and the dot behind it; the same for every token.
    private var start = ByteScratch()
    private let lifetimeSeconds: Int64
    private let limits: ScanLimits
    private var random = RandomBytes()
    private var index = JSONIndex()
    private var claims = ByteScratch()
    private var message = ByteScratch()
    private var signature = ByteScratch()

    /// Makes a signer. `type` is the header's `typ`; `lifetimeSeconds` is what `exp` adds to `iat` where absent.
    ///
    /// - Throws: ``KeyError`` for a key that cannot sign.
    public init(
        key: SignatureKey, type: String = "JWT", lifetimeSeconds: Int64, limits: ScanLimits = ScanLimits()
    ) throws(KeyError) {
        signer = try SignatureSigner(key)
        self.lifetimeSeconds = lifetimeSeconds
        self.limits = limits
        var header = ByteScratch()
        header.append("{\"alg\":")
        header.appendJSONString(Array(key.algorithm.jwaName.utf8).span)
        header.append(",\"typ\":")
        header.appendJSONString(Array(type.utf8).span)
        if let keyID = key.keyID {
            header.append(",\"kid\":")
            header.appendJSONString(keyID.span)
        }
        header.append("}")
        start.appendBase64URL(header.span)
        start.append(UInt8(ascii: "."))
    }

    /// Appends the token for the JSON object `json`. On a refusal `output` is as it was.
    ///
    /// - Throws: ``Refusal``: a scan error's code for what is no claims set, `claim-type` for an `iat` that is no
    ///   NumericDate, `too-large` when the token is over the limits, `storage` when OpenSSL failed.
    public mutating func sign(
        _ json: Span<UInt8>, now: Int64, into output: inout ByteScratch
    ) throws(Refusal) {
        try complete(json, now: now)
        message.removeAll()
        message.append(contentsOf: start)
        message.appendBase64URL(of: claims)
        signature.removeAll()
        do { try signer.sign(contentsOf: message, into: &signature) } catch { throw Refusal(.storage) }
        let tokenByteCount = message.count + 1 + Base64URL.encodedByteCount(signature.count)
        guard tokenByteCount <= limits.tokenByteCountMax else { throw Refusal(.tooLarge) }
        output.append(message.span)
        output.append(UInt8(ascii: "."))
        output.appendBase64URL(signature.span)
    }

    /// What the given claims set has already.
    private struct Facts {
        let issuedAt: Int64?
        let hasExpires: Bool
        let hasJWTID: Bool
        let hasMembers: Bool
        /// The claims set's text without its closing brace.
        let text: Range<Int>
    }

    private static func facts(_ view: JSONView) throws(Refusal) -> Facts {
        let registered = RegisteredClaims(view)
        var issuedAt: Int64?
        if registered.issuedAt != 0 {
            let kind = view[registered.issuedAt].valueKind
            guard kind == .integer || kind == .number,
                let date = NumericDate(jsonNumber: view.value(registered.issuedAt))
            else { throw Refusal(.claimType) }
            // At most 2^53, so the conversion is exact enough and cannot trap.
            issuedAt = Int64(date.seconds.rounded(.down))
        }
        let range = view[0].valueRange
        return Facts(
            issuedAt: issuedAt, hasExpires: registered.expires != 0, hasJWTID: registered.jwtID != 0,
            hasMembers: view[0].childCount > 0, text: range.lowerBound..<(range.upperBound - 1))
    }

    /// Puts the claims set into `claims`, completed.
    private mutating func complete(_ json: Span<UInt8>, now: Int64) throws(Refusal) {
        do { try index.build(json, limits: limits) } catch { throw Refusal(error) }
        let facts = try Self.facts(index.view(json))
        claims.removeAll()
        claims.append(json.extracting(facts.text))
        var hasMembers = facts.hasMembers
        if facts.issuedAt == nil { appendClaim("\"iat\":", now, &hasMembers) }
        if !facts.hasExpires { appendClaim("\"exp\":", (facts.issuedAt ?? now) + lifetimeSeconds, &hasMembers) }
        if !facts.hasJWTID { try appendJWTID(&hasMembers) }
        claims.append(UInt8(ascii: "}"))
    }

    private mutating func appendJWTID(_ hasMembers: inout Bool) throws(Refusal) {
        var bytes = InlineArray<16, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        do { try random.fill(&span) } catch { throw Refusal(.storage) }
        appendName("\"jti\":", &hasMembers)
        claims.append(UInt8(ascii: "\""))
        claims.appendBase64URL(bytes.span)
        claims.append(UInt8(ascii: "\""))
    }

    private mutating func appendClaim(_ name: StaticString, _ value: Int64, _ hasMembers: inout Bool) {
        appendName(name, &hasMembers)
        claims.appendDecimal(value)
    }

    private mutating func appendName(_ name: StaticString, _ hasMembers: inout Bool) {
        if hasMembers { claims.append(UInt8(ascii: ",")) }
        hasMembers = true
        claims.append(name)
    }
}
