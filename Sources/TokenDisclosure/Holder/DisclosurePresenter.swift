// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
public import TokenScan
public import TokenVerify

/// Makes presentations from SD-JWTs: chooses disclosures, and binds them to a verifier with the holder's key. One a
/// thread.
///
/// Nothing is signed again: without a holder key this is what a gateway does that lets an inner service see less. The
/// issuer's signature is not checked here; a gateway verifies first. A key binding that is there is left out, since it
/// covers the disclosures that stood before it. (RFC 9901 section 7.2)
public struct DisclosurePresenter: ~Copyable {
    private let limits: ScanLimits
    private var set: DisclosureSet
    private var walk: DisclosureWalk
    private var scanner: TokenScanner
    private var isKept: [Bool] = []

    /// Makes a presenter.
    public init(limits: ScanLimits = ScanLimits(), disclosureLimits: DisclosureLimits = DisclosureLimits()) {
        self.limits = limits
        set = DisclosureSet(limits: disclosureLimits, scanLimits: limits)
        walk = DisclosureWalk(depthMax: limits.depthMax, keepsRecords: true)
        scanner = TokenScanner(limits: limits)
    }

    /// Appends the presentation of `token`, an SD-JWT with or without a key binding, that discloses what `selection`
    /// takes. With `binding` a key binding follows. On a refusal `output` is as it was.
    ///
    /// - Throws: ``Refusal``: what scanning refuses, `disclosure` for an SD-JWT that no verifier would take, `binding`
    ///   when the token names another holder key or none, `storage` when the signature failed.
    /// - Complexity: O(n log n) in the disclosures, linear in the bytes; allocates their paths.
    public mutating func present(
        _ token: Span<UInt8>, _ selection: DisclosureSelection, binding: KeyBindingSigner? = nil, now: Int64,
        into output: inout ByteScratch
    ) throws(Refusal) {
        let start = output.count
        do throws(Refusal) {
            try choose(token, selection, binding)
            output.append(token.extracting(0..<(set.tokenByteCount + 1)))
            for (i, place) in set.places.enumerated() where isKept[i] {
                output.append(token.extracting(place))
                output.append(UInt8(ascii: "~"))
            }
            try binding?.append(bindingFrom: start, now: now, to: &output)
        } catch {
            output.truncate(to: start)
            wipe()
            throw error
        }
        wipe()
    }

    private mutating func wipe() {
        set.removeAll()
        walk.removeAll()
    }

    private mutating func choose(
        _ token: Span<UInt8>, _ selection: DisclosureSelection, _ binding: KeyBindingSigner?
    ) throws(Refusal) {
        try set.split(token)
        try set.decode(token)
        scanner.reset()
        let view: TokenView
        do { view = try scanner.scan(token.extracting(0..<set.tokenByteCount)) } catch { throw Refusal(error) }
        try walk.run(scanner, view, set)
        isKept = walk.records.map { selection.takes($0.path) }
        // What a kept one stands inside has to be there; what stands inside a dropped one has to go.
        switch selection {
        case .keeping: for i in isKept.indices where isKept[i] { keepParents(of: i) }
        default: for i in isKept.indices where isKept[i] { isKept[i] = parentsAreKept(i) }
        }
        guard let binding else { return }
        let key = HolderKey.key(
            scanner.claims(of: view), scanner.registeredClaims(of: view), algorithm: binding.algorithm)
        guard key?.thumbprint() == binding.thumbprint else { throw Refusal(.binding) }
    }

    private mutating func keepParents(of entry: Int) {
        var parent = walk.records[entry].parent
        while parent >= 0, !isKept[parent] {
            isKept[parent] = true
            parent = walk.records[parent].parent
        }
    }

    private func parentsAreKept(_ entry: Int) -> Bool {
        var parent = walk.records[entry].parent
        while parent >= 0 {
            guard isKept[parent] else { return false }
            parent = walk.records[parent].parent
        }
        return true
    }
}
