// SPDX-License-Identifier: Apache-2.0
import TokenDisclosure
import TokenScan

/// What the walk notes for ``DisclosureWriter``: it writes values under `disclose` like kept ones, with their places.
/// Their content is not checked for personal data, since the signed token holds a digest of it and nothing else.
extension Shield {
    /// The value that is written next becomes a disclosure.
    func noteDisclosure(_ rule: ClaimRule.DiscloseRule, _ out: inout ShieldOutput) {
        out.marks.addValue(at: out.payload.count, isRecursive: rule.isRecursive, decoyCount: rule.decoyCount)
    }

    /// The object or array that is written next has places for disclosures.
    func noteContainer(_ digests: LevelDigests, _ kind: JSONKind, _ out: inout ShieldOutput) {
        let offset = out.payload.count
        switch kind {
        case .object where digests.memberRuleCount > 0:
            out.marks.addContainer(
                at: offset, ruleCount: digests.memberRuleCount, decoyCount: digests.memberDecoyCount)
        case .array where digests.elementDecoyCount > 0:
            out.marks.addContainer(at: offset, ruleCount: 0, decoyCount: digests.elementDecoyCount)
        default: break
        }
    }
}
