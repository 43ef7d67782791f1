// SPDX-License-Identifier: Apache-2.0

/// How a payload is read: as a claims set, or as bytes that are only to be verified.
package enum PayloadForm: Sendable {
    /// A JSON object is required, and indexed.
    case claims
    /// Any bytes.
    case opaque
}

/// Turns compact JWS text into ``TokenView``s. One worker owns it and reuses it; nothing is allocated once its
/// memory has grown to the traffic.
///
/// It is an arena: `scan` puts the decoded payload, the signature and the index of each token behind those of the
/// tokens before, `reset()` forgets them all. So one scanner serves single tokens and whole batches.
///
/// `TokenScanner+Known.swift` has the shortcut for tokens that are like the one before.
package struct TokenScanner: ~Copyable {
    /// The bounds in force.
    package let limits: ScanLimits
    var bytes = ByteScratch(capacity: 4_096)
    var nodes = JSONIndex()
    var headers = HeaderMemo()
    /// The first `tokenCount` are in use; the others wait to be overwritten.
    var tokens: [ScannedToken] = []
    var tokenCount = 0
    /// Of the token scanned last: the next one's is expected to be as long.
    var signatureCharacterCount = 0
    /// Starts anywhere, so that a view that is handed to another scanner traps instead of reading another token.
    var generation = UInt32.random(in: .min ... .max)

    /// Makes a scanner with empty memory.
    package init(limits: ScanLimits = ScanLimits()) { self.limits = limits }

    /// Forgets every scanned token and keeps the memory. Views made before are void.
    package mutating func reset() {
        bytes.removeAll()
        nodes.removeAll()
        tokenCount = 0
        headers.trim()
        generation &+= 1
    }

    /// Scans one compact JWS: splits it, decodes it strictly, validates and indexes header and claims.
    ///
    /// Bounded before it is done: sizes are checked first, dots are counted in one pass. Cost: three linear passes
    /// by the kernels in use; no allocation in steady state. (RFC 7515 sections 5.2 and 7.1, RFC 7519 section 7.2)
    /// - Throws: ``ScanError``, with offsets counted in the token.
    package mutating func scan(
        _ token: Span<UInt8>, payload form: PayloadForm = .claims
    ) throws(ScanError) -> TokenView {
        guard token.count <= limits.tokenByteCountMax else { throw .tooLarge(offset: limits.tokenByteCountMax) }
        // Places in the arena have 32 bits; a batch that would outgrow them is refused from here on.
        guard bytes.count <= Int(UInt32.max) - token.count else { throw .tooLarge(offset: 0) }
        // SAFETY: no key is handed over.
        if case .claims = form, let known = unsafe scanKnown(token, hmacKey: nil) { return known.view }
        return try scanInSteps(token, payload: form)
    }

    /// Whether the token is within the limits and its places in the arena would have 32 bits.
    @inline(__always)
    func fits(_ token: Span<UInt8>) -> Bool {
        token.count <= limits.tokenByteCountMax && bytes.count <= Int(UInt32.max) - token.count
    }

    /// ``scan(_:payload:)`` for every token, after the sizes were checked.
    @inline(never)
    mutating func scanInSteps(_ token: Span<UInt8>, payload form: PayloadForm) throws(ScanError) -> TokenView {
        let split = CompactSplit(token)
        let firstDot = Int(split.dotOffsets.0)
        let secondDot = Int(split.dotOffsets.1)
        guard split.dotCount == 2 else {
            throw .malformed(offset: split.dotCount < 2 ? token.count : Int(split.dotOffsets.2))
        }
        guard firstDot > 0 else { throw .malformed(offset: 0) }
        guard Base64URL.decodedByteCount(firstDot) <= limits.headerByteCountMax else { throw .tooLarge(offset: 0) }
        let headerID = try headers.id(of: token.extracting(0..<firstDot), limits: limits)
        let payload = try decode(token, (firstDot &+ 1)..<secondDot)
        let nodeRange =
            form == .claims ? try index(payload, segmentOffset: firstDot &+ 1) : nodes.count..<nodes.count
        let signature = try decode(token, (secondDot &+ 1)..<token.count)
        let view = TokenView(
            generation: generation, index: tokenCount, headerID: headerID, signingInputByteCount: secondDot)
        if tokenCount == tokens.count { tokens.append(ScannedToken()) }
        tokens[tokenCount].note(payload: payload, signature: signature, nodes: nodeRange)
        Self.readClaims(of: &tokens[tokenCount], bytes, nodes)
        tokenCount &+= 1
        signatureCharacterCount = token.count &- secondDot &- 1
        return view
    }

    private static func readClaims(
        of token: inout ScannedToken, _ bytes: borrowing ByteScratch, _ nodes: borrowing JSONIndex
    ) {
        token.claims.read(nodes.view(bytes.span.extracting(token.payload.range), nodes: token.nodes.range))
    }

    private mutating func decode(_ token: Span<UInt8>, _ segment: Range<Int>) throws(ScanError) -> Range<Int> {
        let start = bytes.count
        do {
            try bytes.appendBase64URLDecoded(token.extracting(segment))
        } catch {
            throw error.at(offset: segment.lowerBound &+ error.offset)
        }
        return start..<bytes.count
    }

    private mutating func index(
        _ payload: Range<Int>, segmentOffset: Int
    ) throws(ScanError) -> Range<Int> {
        do throws(ScanError) {
            let range = try nodes.append(bytes, payload, limits: limits)
            guard range.count <= RegisteredClaims.nodeCountMax else { throw .tooLarge(offset: 0) }
            return range
        } catch {
            // Three decoded bytes are four characters of the token.
            throw error.at(offset: segmentOffset &+ error.offset / 3 * 4 &+ error.offset % 3)
        }
    }

    // MARK: Reading

    /// The claims set of a token scanned with ``PayloadForm/claims``.
    @_lifetime(borrow self)
    package func claims(of token: TokenView) -> JSONView {
        let place = place(token)
        return nodes.view(
            bytes.span.extracting(tokens[place].payload.range), nodes: tokens[place].nodes.range)
    }

    /// The decoded payload.
    @_lifetime(borrow self)
    package func payload(of token: TokenView) -> Span<UInt8> {
        bytes.span.extracting(tokens[place(token)].payload.range)
    }

    /// The decoded signature.
    @_lifetime(borrow self)
    package func signature(of token: TokenView) -> Span<UInt8> {
        bytes.span.extracting(tokens[place(token)].signature.range)
    }

    /// The header's parameters.
    package func header(of token: TokenView) -> TokenHeader { header(token) }

    /// The header's JSON.
    @_lifetime(borrow self)
    package func headerView(of token: TokenView) -> JSONView {
        headers.view(of: header(token))
    }

    /// The text of a header parameter, its escapes resolved.
    @_lifetime(borrow self)
    package func text(_ range: ArenaRange) -> Span<UInt8> { headers.text(range) }

    /// Which emptying of the header memo `headerID`s belong to: what is kept by id is void when this changes.
    package var headerEpoch: UInt32 { headers.epoch }

    /// Where the registered claims stand in ``claims(of:)``.
    package func registeredClaims(of token: TokenView) -> RegisteredClaims { tokens[place(token)].claims }

    private func header(_ token: TokenView) -> TokenHeader {
        precondition(token.generation == generation, "token view of an earlier scan")
        return headers.headers[Int(token.headerID)]
    }

    /// The token's place in `tokens`. A place, not the token: reading one field then copies that field alone.
    @inline(__always)
    private func place(_ token: TokenView) -> Int {
        precondition(token.generation == generation && token.index < tokenCount, "token view of an earlier scan")
        return Int(token.index)
    }
}

extension TokenScanner {
    /// Bytes of the token's header segment.
    package func headerSegmentByteCount(of token: TokenView) -> Int { header(of: token).segment.range.count }

    /// Takes in a token that was scanned before, with what scanning found then, so that it can be read like one that
    /// was scanned here. Its signature is not kept.
    ///
    /// `fill` writes the decoded payload, the nodes and the registered claims to memory for `payloadByteCount` bytes
    /// rounded up to whole words, `nodeCount` nodes and one ``RegisteredClaims``, all of it, and says whether what it
    /// wrote is to be used. Nil when it says no or the header does not decode; nothing is kept then.
    /// - Complexity: two copies; no allocation in steady state.
    @unsafe
    package mutating func adopt(
        header: Span<UInt8>, signingInputByteCount: Int, payloadByteCount: Int, nodeCount: Int,
        fill: (UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Bool
    ) -> TokenView? {
        guard let headerID = try? headers.id(of: header, limits: limits) else { return nil }
        if tokenCount == tokens.count { tokens.append(ScannedToken()) }
        let payloadStart = bytes.count
        let nodeStart = nodes.count
        let wholeByteCount = (payloadByteCount &+ 7) & ~7
        guard payloadStart <= Int(UInt32.max) - wholeByteCount else { return nil }
        var isGood = false
        // SAFETY: both blocks and the claims are ours, as long as `fill` is told, and used inside the closures only.
        unsafe withUnsafeMutableBytes(of: &tokens[tokenCount].claims) { claims in
            guard let claims = claims.baseAddress else { return }
            unsafe bytes.appendUninitialized(wholeByteCount) { payload in
                unsafe nodes.appendUninitialized(nodeCount) { nodes in
                    isGood = unsafe fill(payload, nodes, claims)
                }
            }
        }
        guard isGood else {
            bytes.truncate(to: payloadStart)
            nodes.truncate(to: nodeStart)
            return nil
        }
        let payload = payloadStart..<(payloadStart &+ payloadByteCount)
        bytes.truncate(to: payload.upperBound)
        tokens[tokenCount].note(
            payload: payload, signature: payload.upperBound..<payload.upperBound, nodes: nodeStart..<nodes.count)
        let view = TokenView(
            generation: generation, index: tokenCount, headerID: headerID, signingInputByteCount: signingInputByteCount)
        tokenCount &+= 1
        return view
    }
}
