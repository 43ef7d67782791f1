// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan
import TokenVerify

/// The scratch of one thread of exchanging or issuing: scanner memory, signing context, payload, pseudonym batch.
///
/// Make one a thread and reuse it: after the first tokens nothing of ours is allocated. A worker adapts itself to the
/// exchanger that uses it. Unescaped and canonical input values are wiped between tokens and on drop; the decoded input
/// token stays until the next one overwrites it.
public struct ExchangeWorker: ~Copyable {
    var verifier: VerifierWorker
    var scratch: ShieldScratch
    /// The raw signature of the token being written.
    var signature = ByteScratch(capacity: 512)
    /// The index of a claims set that is issued.
    var index = JSONIndex()
    /// What a batch call keeps between its phases.
    var pending = PendingTokens()
    /// For calls whose output is an array; nil while one of them runs.
    private var output: ByteScratch? = ByteScratch(capacity: 2048)
    private var signer: SignatureSigner?
    private var mintID: UInt64 = 0
    /// The encryptors of the mint in use; nil when it encrypts nothing.
    private(set) var sealer: ClaimSealer?
    private var sealerMintID: UInt64 = 0
    private let random: RandomSource

    init(limits: ScanLimits, random: @escaping RandomSource) {
        self.random = random
        verifier = VerifierWorker(limits: limits)
        scratch = ShieldScratch(random: random)
    }

    /// Moves the worker's own output buffer out, empty.
    mutating func takeOutput() -> ByteScratch { output.take() ?? ByteScratch() }

    /// Gives the buffer back for the next call.
    mutating func giveBack(_ used: consuming ByteScratch) {
        used.removeAll()
        output = consume used
    }

    /// Makes the encryptors for a mint when first needed; false when OpenSSL fails to.
    mutating func hasSealer(of mint: borrowing TokenMint) -> Bool {
        if sealerMintID == mint.id { return true }
        sealer = nil
        if !mint.recipients.isEmpty {
            guard let made = try? ClaimSealer(mint.recipients, random: random) else { return false }
            sealer = made
        }
        sealerMintID = mint.id
        return true
    }

    /// The signing context for a mint, made when first needed; nil when OpenSSL fails to make one.
    mutating func signer(of mint: borrowing TokenMint) -> SignatureSigner? {
        if mintID == mint.id, let signer { return signer }
        signer = try? SignatureSigner(mint.signingKey)
        mintID = mint.id
        scratch.out.tokenDomains.removeAll()
        return signer
    }
}
