// SPDX-License-Identifier: Apache-2.0
import Cloakroom
import Foundation
import Testing
import TokenVerify

@Suite struct IssuerProfileTests {
    @Test func `The documentation shows the profiles as they are`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Cloakroom/Cloakroom.docc/IssuerProfiles.md")
        let rows = String(decoding: try Data(contentsOf: page), as: UTF8.self)
            .split(separator: "\n").filter { $0.hasPrefix("| `") }
        let order: [AcceptEntry.Claim] = [.expires, .issuedAt, .issuer, .audience, .subject, .jwtID, .notBefore]
        let expected = IssuerProfile.all.map { profile in
            let types = profile.types.map { "`\($0)`" }.joined(separator: " ")
            let required = order.filter { profile.required.contains($0) }.map { "`\($0.rawValue)`" }
            return "| `\(profile.name)` | \(types) | \(required.joined(separator: " ")) | "
                + "\(profile.lifetimeSecondsMax) s | \(profile.note) |"
        }
        #expect(rows.map(String.init) == expected)
    }

    @Test func `Names differ, and every profile makes a verifier with the default leeway`() throws {
        #expect(Set(IssuerProfile.all.map(\.name)).count == IssuerProfile.all.count)
        let keys = try KeyRing([SignatureKey.generate(algorithm: .es256, keyID: Array("k".utf8))])
        for profile in IssuerProfile.all {
            #expect(profile.required.isSuperset(of: [.expires, .issuer]))
            _ = try Verifier(accept: [
                AcceptEntry(
                    issuers: ["i"], audiences: profile.required.contains(.audience) ? ["a"] : [], keys: keys,
                    types: profile.types, required: profile.required, lifetimeSecondsMax: profile.lifetimeSecondsMax)
            ])
        }
        #expect(IssuerProfile.named("nobody") == nil)
    }
}
