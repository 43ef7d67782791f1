// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
public import TokenScan

/// The scratch of one thread of verification: scanner memory, OpenSSL contexts, remembered headers.
///
/// Make one a thread and reuse it: after the first tokens a call allocates nothing. It adapts itself to the
/// verifier that uses it, so one worker may serve several verifiers, most cheaply one after the other.
public struct VerifierWorker: ~Copyable {
    package var scanner: TokenScanner
    /// The keys that the contexts and resolutions below belong to.
    private var keys: VerifierKeys?
    /// Their number; 0 before the first call. See ``Verifier/keyEpoch``.
    package private(set) var keyEpoch: UInt64 = 0
    /// Copies of the keys' lists, so that using them touches no counter that other threads touch.
    private var hmacKeys: [HMACSHA256Key] = []
    private var hmacKeyIndexes: [Int32] = []
    /// One a key, in the numbering of the keys; made when first needed.
    private var contexts: [SignatureVerifier?] = []
    /// What a header means to an accept entry: headerID × entries + entry.
    private var resolutions: [HeaderResolution] = []
    private var headerEpoch: UInt32 = 0
    /// The accept entry of the token verified last: the next one mostly has the same.
    var lastEntry = 0
    /// The HS256 tokens of the batch in work.
    var pending = PendingMACs()
    var cacheUse = CacheUse()

    /// Makes a worker with empty memory, for tokens within `limits`.
    public init(limits: ScanLimits = ScanLimits()) {
        scanner = TokenScanner(limits: limits)
    }

    /// Binds the worker to a verifier's present keys, forgetting what belonged to other ones.
    @inline(__always)
    mutating func bind(to verifier: borrowing Verifier) {
        if keyEpoch != verifier.keySource.epoch { bind(to: verifier.keySource.keys) }
    }

    /// Keeps the contexts of keys that stay; those of removed keys are freed here.
    @inline(never)
    private mutating func bind(to new: VerifierKeys) {
        var known: [ObjectIdentifier: SignatureVerifier] = [:]
        for case let context? in contexts { known[ObjectIdentifier(context.key)] = context }
        contexts = new.all.map { known[ObjectIdentifier($0)] }
        hmacKeys = new.hmacKeys.map { $0 }
        hmacKeyIndexes = new.hmacKeyIndexes.map { $0 }
        resolutions.removeAll(keepingCapacity: true)
        keys = new
        keyEpoch = new.epoch
    }

    /// What the token's header means to accept entry `entry`; remembered for tokens with the same header bytes.
    mutating func resolution(of token: TokenView, entry: Int, in verifier: borrowing Verifier) -> HeaderResolution {
        if headerEpoch != scanner.headerEpoch {
            headerEpoch = scanner.headerEpoch
            resolutions.removeAll(keepingCapacity: true)
        }
        let slot = Int(token.headerID) * verifier.entries.count + entry
        if slot < resolutions.count, resolutions[slot].isKnown { return resolutions[slot] }
        while resolutions.count <= slot { resolutions.append(.unknown) }
        guard let keys else { return .refused(.unknownKey) }
        let resolution = verifier.resolve(scanner.header(of: token), entry: entry, keys: keys, scanner: scanner)
        resolutions[slot] = resolution
        return resolution
    }

    /// The `kid` of the key that verified a token of this worker.
    func keyID(of token: VerifiedToken) -> [UInt8]? {
        guard let keys, keys.lists.indices.contains(token.acceptEntryIndex),
            keys.lists[token.acceptEntryIndex].keys.indices.contains(token.keyIndex)
        else { return nil }
        return keys.lists[token.acceptEntryIndex].keys[token.keyIndex].keyID
    }

    /// Scans a token like the one before and checks its tag, as if it had also the accept entry of that one, which the
    /// caller finds out. Nil when the token is not like that, or the key no HS256 key.
    @inline(__always)
    mutating func scanKnown(
        _ token: Span<UInt8>, entryCount: Int
    ) -> (token: KnownToken, resolution: HeaderResolution)? {
        let header = scanner.lastHeader
        guard header.id >= 0, headerEpoch == header.epoch, lastEntry < entryCount else { return nil }
        let slot = Int(header.id) &* entryCount &+ lastEntry
        guard slot < resolutions.count, resolutions[slot].key >= 0 else { return nil }
        let resolution = resolutions[slot]
        let hmacKey = hmacKeyIndex(of: Int(resolution.key))
        guard hmacKey >= 0, let known = hmacKeys.span[hmacKey].scanKnown(token, in: &scanner) else { return nil }
        return (known, resolution)
    }

    /// Where key `key` stands among the HS256 keys; -1 for another algorithm.
    @inline(__always)
    func hmacKeyIndex(of key: Int) -> Int { Int(hmacKeyIndexes[key]) }

    /// Computes the tags of all pending HS256 tokens of a batch over its buffer.
    mutating func runPending(_ base: Span<UInt8>) {
        pending.run(base, keys: hmacKeys)
    }

    /// Checks the signature of a scanned token with key `key` of all the verifier's.
    mutating func isSignatureValid(_ token: Span<UInt8>, _ view: TokenView, key: Int) -> Bool {
        let message = token.extracting(first: view.signingInputByteCount)
        // HS256 needs no context: the prepared key is shared, and borrowing it costs nothing.
        let hmacKey = hmacKeyIndex(of: key)
        if hmacKey >= 0 {
            return hmacKeys.span[hmacKey].isValid(scanner.signature(of: view), over: message)
        }
        let context: SignatureVerifier
        if let made = contexts[key] {
            context = made
        } else {
            guard let keys, let made = try? SignatureVerifier(keys.all[key]) else { return false }
            contexts[key] = made
            context = made
        }
        return context.isValid(scanner.signature(of: view), over: message)
    }

    /// The claims set of an accepted token.
    @_lifetime(borrow self)
    package func claims(of token: AcceptedToken) -> JSONView { scanner.claims(of: token.view) }

    /// Calls `body` with the claims set's JSON, exactly as it was signed.
    public func withClaims<Result: ~Copyable, Failure: Error>(
        of token: AcceptedToken, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(scanner.payload(of: token.view))
    }

    /// Calls `body` with the JOSE header's JSON, exactly as it was signed.
    public func withHeader<Result: ~Copyable, Failure: Error>(
        of token: AcceptedToken, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(scanner.headerView(of: token.view).json)
    }

    /// Calls `body` with the payload of a verified token, which may be any bytes.
    public func withPayload<Result: ~Copyable, Failure: Error>(
        of token: VerifiedToken, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(scanner.payload(of: token.view))
    }

    /// Calls `body` with the JOSE header's JSON of a verified token.
    public func withHeader<Result: ~Copyable, Failure: Error>(
        of token: VerifiedToken, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(scanner.headerView(of: token.view).json)
    }
}

/// What one header means to one accept entry: a key, or a refusal. A pure function of header bytes, rules and keys.
struct HeaderResolution: Sendable {
    /// The key among all of the verifier's; -1 when refused, -2 when not known yet.
    let key: Int32
    /// The key in its entry's ring.
    let keyInEntry: Int32
    let refusal: RefusalCode?
    let isTypeAllowed: Bool

    static let unknown = HeaderResolution(key: -2, keyInEntry: -1, refusal: nil, isTypeAllowed: false)
    var isKnown: Bool { key != -2 }

    static func refused(_ code: RefusalCode) -> HeaderResolution {
        HeaderResolution(key: -1, keyInEntry: -1, refusal: code, isTypeAllowed: false)
    }
}
