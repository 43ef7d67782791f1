// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenDisclosure
import TokenPersonalData
import TokenScan

/// What one walk over a token writes: the payload, and the pseudonyms that are filled in at its end.
struct ShieldOutput: ~Copyable {
    /// A place in the payload that was left for a pseudonym's text.
    struct Slot {
        /// The pseudonym's place in the batch.
        let index: Int
        let offset: Int
        let form: PseudonymForm
    }

    /// The claims sets of the output tokens, one behind the other.
    var payload = ByteScratch(capacity: 4096)
    /// The pseudonyms of all these tokens.
    var batch = PseudonymBatch()
    var slots: [Slot] = []
    /// For the person's own offset of date shifts, which the walk needs before it starts.
    var shiftBatch = PseudonymBatch()
    /// The input token's issuer, unescaped.
    var issuer = ByteScratch(capacity: 256)
    /// The output token's fresh jti, 22 characters.
    var jti = ByteScratch(capacity: 32)
    /// Domains of scope `token`, by rule, for this token alone.
    var tokenDomains: [PseudonymDomain?] = []
    /// The person's own 64 bits, from which each `shift` rule takes its offset.
    var shiftSeed: UInt64 = 0
    /// Makes reversible values; nil where the policy has none.
    var reversible: ReversibleSealer?
    /// What becomes selectively disclosable in `payload`, for tokens that are issued alone.
    var marks = DisclosureMarks()
    /// The node of the input token's `sub`, and where its value stands in `payload` once it is written.
    var subjectNode = 0
    var subject = 0..<0
    /// What goes to the vault, of all tokens, and the places left for references.
    var offloads: [Offload] = []
    var offloaded = ByteScratch(isSecret: true)
    /// The person's `Kp`, where the policy has erasable pseudonyms.
    var personKey = ByteScratch(isSecret: true)
    /// The person in the worker's deposits; nil: not added yet.
    var person: Int?
    /// Values under `keep` that look like personal data, where the policy only warns.
    var warningCount = 0

    init() { slots.reserveCapacity(64) }

    /// Forgets all tokens.
    mutating func removeAll() {
        payload.removeAll()
        batch.removeAll()
        slots.removeAll(keepingCapacity: true)
        offloads.removeAll(keepingCapacity: true)
        offloaded.removeAll()
        startToken()
    }

    /// Forgets what belongs to the token before.
    mutating func startToken() {
        issuer.removeAll()
        jti.removeAll()
        for i in tokenDomains.indices { tokenDomains[i] = nil }
        marks.removeAll()
        personKey.removeAll()
        person = nil
        subjectNode = 0
        subject = 0..<0
        shiftSeed = 0
        warningCount = 0
    }

    /// Takes back what a refused token has written. Its pseudonyms stay in the batch and are never written.
    mutating func takeBack(payload start: Int, slots count: Int) {
        while let last = offloads.last, last.offset >= start { offloads.removeLast() }
        payload.truncate(to: start)
        slots.removeLast(max(0, slots.count - count))
    }
}

/// The scratch of one worker's walks. Nothing is allocated once it has grown to the largest token.
struct ShieldScratch: ~Copyable {
    var out = ShieldOutput()
    /// Fresh random bytes for `jti` and `random`.
    var random: RandomBytes
    /// A string value with its escapes resolved.
    var text = ByteScratch(capacity: 1024, isSecret: true)
    /// A member name with its escapes resolved.
    var name = ByteScratch(capacity: 256)

    /// Values on their way to the vault; nil until the first one.
    var deposits: DepositBox?

    /// Makes the disclosures of selectively disclosable tokens.
    var disclosures = DisclosureWriter()

    /// The claims that this token has for recipients.
    var sealed = SealedClaims()

    init(random: @escaping RandomSource) { self.random = RandomBytes(source: random) }

    mutating func removeAll() {
        out.removeAll()
        sealed.removeAll()
        disclosures.removeAll()
        deposits?.deposits.removeAll()
        text.removeAll()
        name.removeAll()
    }

    /// Draws the output token's jti: 128 random bits as 22 base64url characters.
    mutating func drawTokenID() throws(RandomnessError) {
        var bytes = InlineArray<16, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        try random.fill(&span)
        out.jti.appendBase64URL(bytes.span)
    }

    /// Appends 128 random bits as a JSON string of 22 base64url characters.
    mutating func appendRandomText() throws(RandomnessError) {
        var bytes = InlineArray<16, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        try random.fill(&span)
        out.payload.append(UInt8(ascii: "\""))
        out.payload.appendBase64URL(bytes.span)
        out.payload.append(UInt8(ascii: "\""))
    }
}
