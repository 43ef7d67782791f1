// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// A token that ``TokenScanner`` has scanned in one go.
package struct KnownToken {
    /// The scanned token.
    package let view: TokenView
    /// Whether a key was given and the token's signature is the HMAC-SHA256 of the signing input under it.
    package let isAuthentic: Bool
}

extension TokenScanner {
    /// The header of the token scanned last, which the next one is expected to have, and its epoch; -1 when there is
    /// none.
    package var lastHeader: (id: Int32, epoch: UInt32) { (headers.last, headers.epoch) }

    /// Scans a token like the one before: of the same header, its signature of the same length, nothing wrong with it.
    /// Nil when it is not, or at any doubt; the scanner is then as it was.
    ///
    /// One kernel call instead of one each for dots, header, segments, index and claims (benchmark
    /// `verify.hs256.single`). It knows only valid tokens, and what it gives is what the steps give.
    /// - Parameter hmacKey: a prepared HMAC-SHA256 key, alive during the call, or nil. With a key the tag is computed
    ///   in between: a stream of hash instructions waits on itself, and leaves room for the rest.
    @unsafe
    package mutating func scanKnown(_ token: Span<UInt8>, hmacKey: UnsafeRawPointer?) -> KnownToken? {
        guard headers.last >= 0, !token.isEmpty, fits(token) else { return nil }
        if tokenCount == tokens.count { tokens.append(ScannedToken()) }
        var place = ctk_claims_place()
        // SAFETY: what the caller promises of the key is passed on.
        let isKnown = unsafe Self.scan(
            token, &headers, signatureCharacterCount: signatureCharacterCount, limits, hmacKey, &bytes, &nodes, &place,
            into: &tokens[tokenCount])
        guard isKnown else { return nil }
        let view = TokenView(
            generation: generation, index: tokenCount, headerID: headers.last,
            signingInputByteCount: Int(place.signing_input_byte_count))
        tokenCount &+= 1
        return KnownToken(view: view, isAuthentic: place.is_authentic != 0)
    }

    /// The kernel call over the scanner's memory. Returns whether the token was as expected. Everything is `inout`,
    /// since a large value that is only borrowed may be copied for the call.
    @unsafe
    private static func scan(
        _ token: Span<UInt8>, _ headers: inout HeaderMemo, signatureCharacterCount: Int, _ limits: ScanLimits,
        _ hmacKey: UnsafeRawPointer?, _ bytes: inout ByteScratch, _ nodes: inout JSONIndex,
        _ place: inout ctk_claims_place, into scanned: inout ScannedToken
    ) -> Bool {
        let n = token.count
        let (firstByte, firstNode) = (bytes.count, nodes.count)
        let kernelLimits = ctk_json_limits(limits, rootMustBeObject: true)
        var claims = ctk_claims()
        // SAFETY: the kernel reads the spans' bytes and the key, and writes at most the room that it asks for, to
        // memory that is reserved in the two buffers. What is taken into use afterwards it has initialized.
        let out = unsafe bytes.room(n)
        let index = unsafe nodes.room(byteCount: Base64URL.decodedByteCount(n))
        let key = unsafe hmacKey?.assumingMemoryBound(to: ctk_hmac_key.self)
        let isKnown = unsafe token.withUnsafeBufferPointer { text in
            unsafe headers.segment(headers.last).withUnsafeBufferPointer { header in
                unsafe ctk_claims_scan(
                    text.baseAddress, n, header.baseAddress, header.count, signatureCharacterCount, kernelLimits, out,
                    index.start, index.capacity, key, &place, &claims)
            }
        }
        guard isKnown != 0 else { return false }
        scanned.claims = RegisteredClaims(claims)
        let signature = firstByte &+ Int(place.payload_byte_count)
        unsafe bytes.use(Int(place.payload_byte_count) &+ Int(place.signature_byte_count))
        unsafe nodes.use(Int(place.node_count))
        scanned.note(
            payload: firstByte..<signature, signature: signature..<bytes.count, nodes: firstNode..<nodes.count)
        return true
    }
}
