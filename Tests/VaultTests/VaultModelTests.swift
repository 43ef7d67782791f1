// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenPrivacy
import VaultTestSupport

/// Random histories of a vault over an engine and of one over the in-memory reference give the same answers.
@Suite struct VaultModelTests {
    struct Held {
        let left: String
        let right: String
        let jwtID: String
    }

    @Test("every engine gives the answers of the in-memory reference", arguments: Engine.allCases, 0..<4)
    func agrees(_ engine: Engine, _ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let keys = try VaultSamples.keys()
        let options = VaultOptions(audit: .relaxed, resolvesPerMinute: nil)
        let folder = try VaultFolder(engine)
        var left: any PersonalDataVault = try folder.make(keys, options)
        let right: any PersonalDataVault = try VaultFolder(.memory).make(keys, options)
        var held: [Held] = []
        var now = VaultSamples.now
        for step in 0..<120 {
            let person = "person-\(Int.random(in: 0..<6, using: &random))"
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<8:
                let jwtID = "jti-\(Int.random(in: 0..<5, using: &random))"
                let binding = VaultSamples.binding(jwtID: jwtID)
                let expires = now + Int64.random(in: 1..<90_000, using: &random)
                let purposes = Bool.random(using: &random) ? ["support"] : ["billing", "support"]
                let value = "value-\(step)"
                held.append(
                    Held(
                        left: try left.store(
                            value, person: person, purposes: purposes, expires: expires, binding: binding, now: now),
                        right: try right.store(
                            value, person: person, purposes: purposes, expires: expires, binding: binding, now: now),
                        jwtID: jwtID))
            case 8..<14:
                guard let one = held.randomElement(using: &random) else { continue }
                let jwtID = Int.random(in: 0..<4, using: &random) == 0 ? "jti-0" : one.jwtID
                let binding = VaultSamples.binding(jwtID: jwtID)
                let purpose = Bool.random(using: &random) ? "billing" : "support"
                let answer = try left.read(one.left, purpose: purpose, binding: binding, now: now)
                #expect(try right.read(one.right, purpose: purpose, binding: binding, now: now) == answer)
            case 14:
                #expect(try left.erase(person, now: now).personCount == right.erase(person, now: now).personCount)
            case 15:
                now += Int64.random(in: 0..<40_000, using: &random)
                #expect(try left.expire(now: now) == right.expire(now: now))
            case 16: #expect(try left.rotate(actor: "t", now: now) == right.rotate(actor: "t", now: now))
            case 17: if engine != .memory { left = try folder.reopen(keys, options) }
            default:
                let report = try left.report(left.handles(person), actor: "t", now: now)
                let expected = try right.report(right.handles(person), actor: "t", now: now)
                #expect(report.isKnown == expected.isKnown && report.erasedSeconds == expected.erasedSeconds)
                // Within one second of expiry the order of two records is chance.
                #expect(report.items.map(\.expiresSeconds) == expected.items.map(\.expiresSeconds))
                #expect(report.items.count == expected.items.count)
            }
        }
    }
}
