// SPDX-License-Identifier: Apache-2.0
import TokenDisclosure
import TokenPersonalData
import TokenScan
import TokenVerify

/// A pseudonym rule without what only the compiler needs.
struct PseudonymStep: Sendable {
    let form: PseudonymForm
    let isTokenScope: Bool
    let isErasable: Bool
    let dropsOtherwise: Bool
}

/// The claim rules at work: one pass over a claims set that writes what may leave and nothing else.
///
/// Default deny at every level. Kept values are copied with their bytes; pseudonyms are collected, computed in one
/// batch, and written into the places left for them. Immutable; any thread.
struct Shield: Sendable {
    let program: ClaimProgram
    let refusesUnlisted: Bool
    let keptDataCheck: KeptDataCheck
    /// One for each pseudonym rule: its domain, nil for scope `token`.
    let domains: [PseudonymDomain?]
    /// What the walk needs of each pseudonym rule.
    let pseudonyms: [PseudonymStep]
    let ring: PseudonymKeyRing?
    /// One for each `siv` rule: its domain, nil for scope `token`.
    let reversibleDomains: [ReversibleDomain?]
    let reversibleRing: ReversibleKeyRing?
    /// Of the person's offset for date shifts; nil without such a rule.
    let shiftDomain: PseudonymDomain?

    /// Binds a policy's rules to keys. Domains are derived here, once.
    ///
    /// - Throws: ``ExchangeConfigurationError``.
    init(
        _ policy: Policy, ring: PseudonymKeyRing?, reversibleRing: ReversibleKeyRing?
    ) throws(ExchangeConfigurationError) {
        if policy.needsPseudonymKeys {
            guard let ring else { throw .noPseudonymKeys }
            guard ring.tenant.utf8.elementsEqual(policy.tenant.utf8) else { throw .tenant }
        }
        reversibleDomains = try Self.reversibleDomains(policy, reversibleRing)
        self.reversibleRing = reversibleRing
        program = policy.program
        refusesUnlisted = policy.refusesUnlisted
        keptDataCheck = policy.keptDataCheck
        self.ring = ring
        var domains: [PseudonymDomain?] = []
        var shiftDomain: PseudonymDomain?
        do {
            for rule in policy.program.pseudonyms {
                domains.append(try Self.domain(of: rule, ring: ring, sector: policy.issue.sector))
            }
            if policy.program.hasShift {
                let name = try PseudonymDomainName(type: "date-shift", profile: .subject, scope: .global)
                shiftDomain = ring?.activeDomain(name)
            }
        } catch {
            throw .noPseudonymKeys
        }
        self.domains = domains
        pseudonyms = policy.program.pseudonyms.map { rule in
            PseudonymStep(
                form: rule.form, isTokenScope: rule.scope == .token, isErasable: rule.isErasable,
                dropsOtherwise: rule.dropsOtherwise)
        }
        self.shiftDomain = shiftDomain
    }

    private static func reversibleDomains(
        _ policy: Policy, _ ring: ReversibleKeyRing?
    ) throws(ExchangeConfigurationError) -> [ReversibleDomain?] {
        guard policy.needsReversibleKeys else { return [] }
        guard let ring else { throw .noReversibleKeys }
        guard ring.tenant.utf8.elementsEqual(policy.tenant.utf8) else { throw .tenant }
        var domains: [ReversibleDomain?] = []
        for rule in policy.program.sivs {
            let scope: PseudonymScope? =
                switch rule.scope {
                case .token: nil
                case .global: .global
                case .audience: policy.issue.sector.map { .audience($0) }
                }
            let name = scope.flatMap { try? PseudonymDomainName(type: rule.type, profile: rule.profile, scope: $0) }
            guard name != nil || rule.scope == .token else { throw .noReversibleKeys }
            domains.append(name.map { ring.activeDomain($0) })
        }
        return domains
    }

    private static func domain(
        of rule: ClaimRule.PseudonymRule, ring: PseudonymKeyRing?, sector: PseudonymSector?
    ) throws(PseudonymKeyError) -> PseudonymDomain? {
        let scope: PseudonymScope
        switch rule.scope {
        case .token: return nil
        case .global: scope = .global
        case .audience:
            guard let sector else { throw .sector }
            scope = .audience(sector)
        }
        return ring?.activeDomain(
            try PseudonymDomainName(type: rule.type, profile: rule.profile, scope: scope, isErasable: rule.isErasable))
    }

    /// Appends the members that may leave to `scratch.out.payload`, each with a comma before it, with room left for the
    /// pseudonyms, which `fillPseudonyms` writes.
    ///
    /// `scratch.out.issuer` and `.jti` are set by the caller.
    /// - Throws: ``Refusal`` with `policy`, or `missing-claim` and `claim-type` for `sub`.
    func append(
        _ view: JSONView, _ registered: RegisteredClaims, using scratch: inout ShieldScratch
    ) throws(Refusal) {
        guard registered.subject != 0 else { throw Refusal(.missingClaim) }
        guard view[registered.subject].isString else { throw Refusal(.claimType) }
        scratch.out.subjectNode = registered.subject
        if let shiftDomain { try prepareShift(shiftDomain, view, registered.subject, &scratch) }
        if scratch.out.tokenDomains.count != program.pseudonyms.count {
            scratch.out.tokenDomains = Array(repeating: nil, count: program.pseudonyms.count)
        }
        _ = try appendMembers(of: 0, level: 0, view, needsComma: true, &scratch)
    }

    // MARK: The walk

    private func appendMembers(
        of parent: Int, level: Int, _ view: JSONView, needsComma: Bool, _ scratch: inout ShieldScratch
    ) throws(Refusal) -> Bool {
        var needsComma = needsComma
        var node = parent &+ 1
        let end = view[parent].subtreeEnd
        while node < end {
            let member = view[node]
            let found: Int?
            if member.isNameEscaped {
                scratch.name.removeAll()
                view.appendName(node, to: &scratch.name)
                found = program.entry(level: level, named: scratch.name.span)
            } else {
                found = program.entry(level: level, named: view.json.extracting(member.nameRange))
            }
            if let found {
                if try appendValue(node, program.entries[found], view, needsComma: needsComma, &scratch) {
                    needsComma = true
                }
            } else if refusesUnlisted {
                throw Refusal(.policy)
            }
            node = member.subtreeEnd
        }
        return needsComma
    }

    private func appendElements(
        of parent: Int, level: Int, _ view: JSONView, _ scratch: inout ShieldScratch
    ) throws(Refusal) -> Bool {
        let entry = program.entries[program.levels[level].elementEntry]
        var needsComma = false
        var node = parent &+ 1
        let end = view[parent].subtreeEnd
        while node < end {
            if try appendValue(node, entry, view, needsComma: needsComma, &scratch) { needsComma = true }
            node = view[node].subtreeEnd
        }
        return needsComma
    }

    /// Appends one member or element with its comma and name; appends nothing and returns false when it is left out.
    private func appendValue(
        _ node: Int, _ entry: ClaimEntry, _ view: JSONView, needsComma: Bool, _ scratch: inout ShieldScratch
    ) throws(Refusal) -> Bool {
        switch entry.operation {
        case .drop, .engine: return false
        case .refuse: throw Refusal(.policy)
        case .encrypt:
            setAside(node, entry, view, &scratch.sealed)
            return false
        default: break
        }
        let start = scratch.out.payload.count
        let nameStart = needsComma ? Int(entry.outputOffset) : Int(entry.outputOffset) &+ 1
        let nameEnd = Int(entry.outputOffset) &+ Int(entry.outputByteCount)
        scratch.out.payload.append(program.text.span.extracting(nameStart..<nameEnd))
        let isWritten: Bool
        switch entry.operation {
        case .keep:
            try checkKept(node, view, &scratch)
            scratch.out.payload.append(view.value(node))
            isWritten = true
        case .disclose:
            noteDisclosure(program.disclosures[Int(entry.argument)], &scratch.out)
            scratch.out.payload.append(view.value(node))
            isWritten = true
        case .vault:
            isWritten = try appendReference(node, Int(entry.argument), view, &scratch.out)
        case .enter:
            isWritten = try appendInside(node, level: Int(entry.argument), view, &scratch)
        default:
            isWritten = try appendChanged(node, entry, view, &scratch)
        }
        if isWritten, node == scratch.out.subjectNode {
            scratch.out.subject = (start &+ nameEnd &- nameStart)..<scratch.out.payload.count
        }
        if !isWritten {
            scratch.out.payload.truncate(to: start)
            scratch.out.marks.removeAll(from: start)
        }
        return isWritten
    }

    /// An object or array with rules inside. Of another kind than the rules expect, it counts as unlisted.
    private func appendInside(
        _ node: Int, level: Int, _ view: JSONView, _ scratch: inout ShieldScratch
    ) throws(Refusal) -> Bool {
        let table = program.levels[level]
        let isWritten: Bool
        if !program.digests[level].isEmpty { noteContainer(program.digests[level], view[node].valueKind, &scratch.out) }
        switch view[node].valueKind {
        case .object where table.hasMembers:
            scratch.out.payload.append(UInt8(ascii: "{"))
            isWritten = try appendMembers(of: node, level: level, view, needsComma: false, &scratch)
            scratch.out.payload.append(UInt8(ascii: "}"))
        case .array where table.elementEntry >= 0:
            scratch.out.payload.append(UInt8(ascii: "["))
            isWritten = try appendElements(of: node, level: level, view, &scratch)
            scratch.out.payload.append(UInt8(ascii: "]"))
        default:
            if refusesUnlisted { throw Refusal(.policy) }
            isWritten = false
        }
        return isWritten
    }
}
