// SPDX-License-Identifier: Apache-2.0
import TestSupport
import TokenPersonalData
import TokenScan

/// Canonical profiles: no value traps, and what is canonical stays as it is.
struct CanonicalTarget: FuzzTarget {
    static let name = "canonical"
    private let profiles = ["email/1", "phone/1", "phone/1:DE", "phone/1:US", "text/1"].compactMap {
        CanonicalProfile(name: $0)
    }
    private let addresses = ["ip/1", "ip/1:24,48"].compactMap { CanonicalProfile(name: $0) }

    static func seeds() throws -> [[UInt8]] {
        [
            " Ana.Lima@Example.COM ", "+49 (0)30 1234-567", "(212) 555-0100", "192.0.2.7", "::ffff:192.0.2.7",
            "2001:db8::1%eth0", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "078-05-1120",
            "Zo\u{308}e \u{FB01}", "mail ana@example.com or call +4930123456",
        ].map { Array($0.utf8) }
    }

    init() { require(profiles.count == 5 && addresses.count == 2, "a profile's name is unknown") }

    mutating func run(_ input: [UInt8]) {
        for profile in profiles {
            guard let once = Self.canonical(input, profile) else { continue }
            require(Self.canonical(once, profile) == once, "a canonical value has another canonical form")
        }
        for profile in addresses {
            guard let once = Self.canonical(input, profile) else { continue }
            require(once.count == 4 || once.count == 16, "an address of another length")
        }
        _ = PersonalDataShape.kind(of: input.span)
        _ = PersonalDataShape.kind(in: input.span)
    }

    private static func canonical(_ value: [UInt8], _ profile: CanonicalProfile) -> [UInt8]? {
        var output = ByteScratch()
        do { try profile.canonicalize(value.span, into: &output) } catch {
            require(output.count == 0, "a refused value left bytes")
            return nil
        }
        return output.array
    }
}
