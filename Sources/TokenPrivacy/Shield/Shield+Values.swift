// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
import TokenScan
import TokenVerify

extension Shield {
    /// A scalar under a rule that changes it.
    func appendChanged(
        _ node: Int, _ entry: ClaimEntry, _ view: JSONView, _ scratch: inout ShieldScratch
    ) throws(Refusal) -> Bool {
        let kind = view[node].valueKind
        if entry.operation == .random {
            do { try scratch.appendRandomText() } catch { throw Refusal(.storage) }
            return true
        }
        if entry.operation == .pseudonym, pseudonyms[Int(entry.argument)].isTokenScope {
            prepareTokenDomain(Int(entry.argument), &scratch.out)
        }
        switch kind {
        case .string:
            guard view[node].isValueEscaped else {
                return try appendChanged(kind, view.stringContent(node), entry, &scratch.out)
            }
            scratch.text.removeAll()
            view.appendText(node, to: &scratch.text)
            return try appendChanged(scratch.text, entry, &scratch.out)
        default:
            return try appendChanged(kind, view.value(node), entry, &scratch.out)
        }
    }

    /// A string whose escapes were resolved into `text`; text and output are separate accesses this way.
    private func appendChanged(
        _ text: borrowing ByteScratch, _ entry: ClaimEntry, _ out: inout ShieldOutput
    ) throws(Refusal) -> Bool {
        try appendChanged(.string, text.span, entry, &out)
    }

    private func appendChanged(
        _ kind: JSONKind, _ value: Span<UInt8>, _ entry: ClaimEntry, _ out: inout ShieldOutput
    ) throws(Refusal) -> Bool {
        let argument = Int(entry.argument)
        let isWritten: Bool
        let dropsOtherwise: Bool
        switch entry.operation {
        case .pseudonym:
            let rule = pseudonyms[argument]
            dropsOtherwise = rule.dropsOtherwise
            isWritten = appendPseudonym(kind, value, rule, domains[argument] ?? out.tokenDomains[argument], &out)
        case .mask:
            let rule = program.masks[argument]
            dropsOtherwise = rule.dropsOtherwise
            isWritten = kind == .string || kind == .integer || kind == .number
            if isWritten { rule.append(value, to: &out.payload) }
        case .generalize:
            let rule = program.generalizers[argument]
            dropsOtherwise = rule.dropsOtherwise
            isWritten = rule.append(kind, value, shiftDays: rule.shiftDays(out.shiftSeed), to: &out.payload)
        case .siv:
            dropsOtherwise = program.sivs[argument].dropsOtherwise
            isWritten = try appendReversible(kind, value, argument, &out)
        default:
            return false
        }
        if !isWritten, !dropsOtherwise { throw Refusal(.policy) }
        return isWritten
    }

    /// What a value is for pseudonyms and reversible values; nil for those that have none.
    private static func valueKind(_ kind: JSONKind) -> PseudonymValueKind? {
        switch kind {
        case .string: .string
        case .integer: .integer
        case .true, .false: .bool
        case .object, .array, .number, .null: nil
        }
    }

    private func appendReversible(
        _ kind: JSONKind, _ value: Span<UInt8>, _ argument: Int, _ out: inout ShieldOutput
    ) throws(Refusal) -> Bool {
        guard let valueKind = Self.valueKind(kind), let reversibleRing else { return false }
        if out.reversible == nil { out.reversible = try? ReversibleSealer() }
        guard let sealer = out.reversible else { throw Refusal(.storage) }
        var domain = reversibleDomains[argument]
        if domain == nil {
            let rule = program.sivs[argument]
            let scope = PseudonymScope.token(jti: [UInt8](out.jti.span))
            domain = (try? PseudonymDomainName(type: rule.type, profile: rule.profile, scope: scope))
                .map { reversibleRing.activeDomain($0) }
        }
        guard let domain else { return false }
        let start = out.payload.count
        out.payload.append(UInt8(ascii: "\""))
        guard sealer.append(valueKind, value, domain: domain, issuer: out.issuer, to: &out.payload) else {
            out.payload.truncate(to: start)
            return false
        }
        out.payload.append(UInt8(ascii: "\""))
        return true
    }

    private func appendPseudonym(
        _ kind: JSONKind, _ value: Span<UInt8>, _ rule: PseudonymStep, _ domain: PseudonymDomain?,
        _ out: inout ShieldOutput
    ) -> Bool {
        guard let valueKind = Self.valueKind(kind) else { return false }
        guard let domain else { return false }
        let slot =
            rule.isErasable
            ? out.batch.slot(domain, valueKind, value, issuer: out.issuer, personKey: out.personKey)
            : out.batch.slot(domain, valueKind, value, issuer: out.issuer)
        guard let index = slot else { return false }
        out.slots.append(ShieldOutput.Slot(index: index, offset: out.payload.count &+ 1, form: rule.form))
        // The opening quote stands in the blanks.
        let width = rule.form.textByteCount
        out.payload.append(Self.blanks.span.extracting(0..<(width &+ 1)))
        out.payload.append(UInt8(ascii: "\""))
        return true
    }

    private static let blanks =
        [UInt8(ascii: "\"")] + [UInt8](repeating: UInt8(ascii: " "), count: PseudonymForm.textByteCountMax)

    /// The domain of a rule of scope `token`: derived once a token, never kept beyond it.
    private func prepareTokenDomain(_ index: Int, _ out: inout ShieldOutput) {
        guard out.tokenDomains[index] == nil, let ring else { return }
        let rule = program.pseudonyms[index]
        let jti = [UInt8](out.jti.span)
        guard
            let name = try? PseudonymDomainName(
                type: rule.type, profile: rule.profile, scope: .token(jti: jti), isErasable: rule.isErasable)
        else { return }
        out.tokenDomains[index] = ring.activeDomain(name)
    }

    /// Derives the person's own 64 bits from `iss` and `sub`, before the walk.
    func prepareShift(
        _ domain: PseudonymDomain, _ view: JSONView, _ subject: Int, _ scratch: inout ShieldScratch
    ) throws(Refusal) {
        scratch.text.removeAll()
        view.appendText(subject, to: &scratch.text)
        scratch.out.shiftBatch.removeAll()
        guard let slot = scratch.out.shiftBatch.slot(domain, scratch.text, issuer: scratch.out.issuer) else {
            throw Refusal(.policy)
        }
        scratch.out.shiftBatch.run()
        scratch.text.removeAll()
        scratch.out.shiftBatch.appendBytes(slot, to: &scratch.text)
        var seed: UInt64 = 0
        for i in 0..<8 { seed = seed << 8 | UInt64(scratch.text.span[i]) }
        scratch.out.shiftSeed = seed
        scratch.text.removeAll()
        scratch.out.shiftBatch.removeAll()
    }

    // MARK: Personal data under keep

    /// Looks at every string and member name inside a kept value, and at integers long enough to be a card number.
    func checkKept(_ node: Int, _ view: JSONView, _ scratch: inout ShieldScratch) throws(Refusal) {
        guard keptDataCheck != .off else { return }
        var i = node
        let end = view[node].subtreeEnd
        while i < end {
            // The kept member's own name stands in the policy; those inside are the token's.
            if isPersonal(i, view, &scratch) || i > node && isPersonalName(i, view, &scratch) {
                guard keptDataCheck == .warn else { throw Refusal(.policy) }
                scratch.out.warningCount += 1
            }
            i &+= 1
        }
    }

    private func isPersonalName(_ node: Int, _ view: JSONView, _ scratch: inout ShieldScratch) -> Bool {
        let member = view[node]
        guard member.nameRange.count >= 3 else { return false }
        if !member.isNameEscaped { return PersonalDataShape.kind(in: view.name(node)) != nil }
        scratch.text.removeAll()
        view.appendName(node, to: &scratch.text)
        return PersonalDataShape.kind(in: scratch.text.span) != nil
    }

    private func isPersonal(_ node: Int, _ view: JSONView, _ scratch: inout ShieldScratch) -> Bool {
        let value = view[node]
        switch value.valueKind {
        case .string:
            // The shortest personal datum of the list is an IPv6 address such as "::1".
            guard value.valueRange.count >= 5 else { return false }
            if !value.isValueEscaped { return PersonalDataShape.kind(in: view.stringContent(node)) != nil }
            scratch.text.removeAll()
            view.appendText(node, to: &scratch.text)
            return PersonalDataShape.kind(in: scratch.text.span) != nil
        case .integer:
            return value.valueRange.count >= 12 && PersonalDataShape.kind(of: view.value(node)) == .card
        default: return false
        }
    }
}

extension ShieldOutput {
    /// Computes all pseudonyms and writes their texts into the places left for them.
    mutating func fillPseudonyms() {
        guard !slots.isEmpty else { return }
        batch.run()
        Self.fill(slots, from: batch, into: &payload)
    }

    private static func fill(_ slots: [Slot], from batch: borrowing PseudonymBatch, into payload: inout ByteScratch) {
        var text = payload.mutableSpan
        for slot in slots { batch.writeText(slot.index, form: slot.form, to: &text, at: slot.offset) }
    }
}

extension PseudonymBatch {
    /// Adds a value and gives its slot, or nil when the value has no canonical form.
    mutating func slot(
        _ domain: PseudonymDomain, _ kind: PseudonymValueKind, _ value: Span<UInt8>, issuer: borrowing ByteScratch
    ) -> Int? {
        try? add(domain, kind, value, issuer: issuer.span)
    }

    mutating func slot(
        _ domain: PseudonymDomain, _ kind: PseudonymValueKind, _ value: Span<UInt8>, issuer: borrowing ByteScratch,
        personKey: borrowing ByteScratch
    ) -> Int? {
        try? add(domain, kind, value, issuer: issuer.span, personKey: personKey.span)
    }

    mutating func slot(
        _ domain: PseudonymDomain, _ text: borrowing ByteScratch, issuer: borrowing ByteScratch
    ) -> Int? {
        try? add(domain, .string, text.span, issuer: issuer.span)
    }
}

extension ClaimRule.GeneralizeRule {
    /// The person's offset in [-n, n] for a `shift` of n days; 0 for other methods.
    func shiftDays(_ seed: UInt64) -> Int64 {
        guard case .shift(let days) = method else { return 0 }
        return Int64(seed % UInt64(2 * days + 1)) - days
    }
}
