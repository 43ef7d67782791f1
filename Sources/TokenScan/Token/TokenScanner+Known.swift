// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

extension TokenScanner {
    /// Scans a token like the one before: of the same header, its signature of the same length, nothing wrong with it.
    /// Nil when it is not, or at any doubt; the scanner is then as it was.
    ///
    /// One kernel call instead of one each for dots, header, segments, index and claims (benchmark
    /// `verify.hs256.single`). It knows only valid tokens, and what it gives is what the steps give.
    mutating func scanKnown(_ token: Span<UInt8>) -> TokenView? {
        let headerID = headers.last
        guard headerID >= 0, !token.isEmpty else { return nil }
        if tokenCount == tokens.count { tokens.append(ScannedToken()) }
        let signingInputByteCount = Self.scan(
            token, &headers, signatureCharacterCount: signatureCharacterCount, limits, &bytes, &nodes,
            into: &tokens[tokenCount])
        guard signingInputByteCount > 0 else { return nil }
        let view = TokenView(
            generation: generation, index: tokenCount, headerID: headerID,
            signingInputByteCount: signingInputByteCount)
        tokenCount &+= 1
        return view
    }

    /// The kernel call over the scanner's memory. Returns the bytes of the signing input, 0 when the token was not as
    /// expected. Everything is `inout`, since a large value that is only borrowed is copied for the call.
    private static func scan(
        _ token: Span<UInt8>, _ headers: inout HeaderMemo, signatureCharacterCount: Int, _ limits: ScanLimits,
        _ bytes: inout ByteScratch, _ nodes: inout JSONIndex, into scanned: inout ScannedToken
    ) -> Int {
        let n = token.count
        let (firstByte, firstNode) = (bytes.count, nodes.count)
        let kernelLimits = ctk_json_limits(limits, rootMustBeObject: true)
        var place = ctk_claims_place()
        var claims = ctk_claims()
        // SAFETY: the kernel reads the spans' bytes, and writes at most the room that it asks for, to memory that is
        // reserved in the two buffers. What is taken into use afterwards it has initialized.
        let out = unsafe bytes.room(n)
        let index = unsafe nodes.room(byteCount: Base64URL.decodedByteCount(n))
        let isKnown = unsafe token.withUnsafeBufferPointer { text in
            unsafe headers.segment(headers.last).withUnsafeBufferPointer { header in
                unsafe ctk_claims_scan(
                    text.baseAddress, n, header.baseAddress, header.count, signatureCharacterCount, kernelLimits, out,
                    index.start, index.capacity, &place, &claims)
            }
        }
        guard isKnown != 0 else { return 0 }
        scanned.claims = RegisteredClaims(claims)
        let signature = firstByte &+ Int(place.payload_byte_count)
        unsafe bytes.use(Int(place.payload_byte_count) &+ Int(place.signature_byte_count))
        unsafe nodes.use(Int(place.node_count))
        scanned.note(
            payload: firstByte..<signature, signature: signature..<bytes.count, nodes: firstNode..<nodes.count)
        return Int(place.signing_input_byte_count)
    }
}
