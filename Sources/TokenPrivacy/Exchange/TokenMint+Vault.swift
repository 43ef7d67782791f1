// SPDX-License-Identifier: Apache-2.0
import TokenScan
import TokenVerify

/// Deposits that a worker keeps, in memory of their own so that workers without a vault have none.
final class DepositBox {
    var deposits = VaultDeposits()
}

extension TokenMint {
    /// Adds the person of a token, by its `iss` and `sub`; nil when it has none, which the walk refuses.
    ///
    /// `scratch.out.issuer` is set.
    func addPerson(_ view: JSONView, _ registered: RegisteredClaims, _ scratch: inout ShieldScratch) -> Int? {
        guard registered.subject != 0, view[registered.subject].isString else { return nil }
        scratch.text.removeAll()
        view.appendText(registered.subject, to: &scratch.text)
        let box = scratch.depositBox()
        return Self.addPerson(scratch.out.issuer, scratch.text, box)
    }

    private static func addPerson(
        _ issuer: borrowing ByteScratch, _ subject: borrowing ByteScratch, _ box: DepositBox
    ) -> Int? {
        try? box.deposits.addPerson(issuer: issuer.span, subject: subject.span)
    }

    /// Fetches or makes the keys of all added persons, durably.
    func enroll(_ scratch: inout ShieldScratch, now: Int64) throws(Refusal) {
        guard let vault else { throw Refusal(.storage) }
        do { try vault.enroll(&scratch.depositBox().deposits, now: now) } catch { throw Refusal(.storage) }
    }

    /// Sets the person of the token that is walked next, with its `Kp` after ``enroll(_:now:)``.
    func setPerson(_ person: Int?, _ scratch: inout ShieldScratch) {
        guard let person else { return }
        let box = scratch.depositBox()
        Self.copyPersonKey(box.deposits, person, to: &scratch.out.personKey)
        scratch.out.person = person
    }

    private static func copyPersonKey(
        _ deposits: borrowing VaultDeposits, _ person: Int, to key: inout ByteScratch
    ) {
        key.append(deposits.personKey(person))
    }

    /// Stores what the drafts offload and writes the references into their payloads, which are complete otherwise.
    ///
    /// No reference leaves that was not stored durably: on a failure the drafts must not be signed.
    func offload(_ drafts: [Draft], _ scratch: inout ShieldScratch, now: Int64) throws(Refusal) {
        guard let vault else { throw Refusal(.storage) }
        let box = scratch.depositBox()
        do throws(VaultError) {
            for draft in drafts {
                for offload in scratch.out.offloads[draft.offloads] {
                    try add(offload, draft, scratch.out.offloaded, box, now: now)
                }
            }
            try vault.draw(&box.deposits)
            var entry = 0
            for draft in drafts {
                for offload in scratch.out.offloads[draft.offloads] {
                    Self.writeReference(box, entry, at: offload.offset, into: &scratch.out.payload)
                    entry += 1
                }
            }
            // Bound to the payload as it will be signed, a reference in `sub` included.
            entry = 0
            for draft in drafts where !draft.offloads.isEmpty {
                let binding = binding(draft, scratch.out.payload)
                for _ in draft.offloads {
                    box.deposits.setBinding(binding, of: entry)
                    entry += 1
                }
            }
            try vault.put(&box.deposits, now: now)
        } catch {
            throw Refusal(error == .tooLarge ? .tooLarge : .storage)
        }
    }

    /// Stores a batch's values. When that fails, the tokens that have some are not signed and keep their verdict,
    /// `storage`.
    func offload(_ pending: inout PendingTokens, _ scratch: inout ShieldScratch, now: Int64) {
        do {
            try offload(pending.drafts, &scratch, now: now)
        } catch {
            pending.drafts.removeAll { !$0.offloads.isEmpty }
        }
    }

    private func add(
        _ offload: Offload, _ draft: Draft, _ values: borrowing ByteScratch, _ box: DepositBox, now: Int64
    ) throws(VaultError) {
        let rule = shield.program.vaults[offload.rule]
        // Verifiers take a token for a while after its expiry, so that its references live as long.
        var expires = draft.expiresSeconds + Self.graceSeconds
        if let ttl = rule.ttlSeconds { expires = max(expires, now + ttl) }
        try box.deposits.add(
            values.span.extracting(offload.value), person: draft.person, label: rule.label, expiresSeconds: expires,
            binding: .none)
    }

    /// Seconds that a reference outlives its token.
    private static let graceSeconds: Int64 = 60

    private static func writeReference(
        _ box: DepositBox, _ index: Int, at offset: Int, into payload: inout ByteScratch
    ) {
        var target = payload.mutableSpan
        box.deposits.withReference(index) { text in
            for i in 0..<text.count { target[offset &+ i] = text[i] }
        }
    }

    private func binding(_ draft: Draft, _ payload: borrowing ByteScratch) -> VaultBinding {
        var subject = ByteScratch(capacity: 64)
        if draft.subject.count >= 2 {
            // Between its quotes.
            subject.appendUnescaped(
                payload.span.extracting((draft.subject.lowerBound + 1)..<(draft.subject.upperBound - 1)))
        }
        return VaultBinding(
            issuer: issuer.span, audienceList: audienceList.span, subject: subject.span,
            jwtID: payload.span.extracting(draft.jwtID))
    }
}

extension ShieldScratch {
    /// The worker's deposits, made when first needed.
    mutating func depositBox() -> DepositBox {
        if let deposits { return deposits }
        let made = DepositBox()
        deposits = made
        return made
    }
}
