// SPDX-License-Identifier: Apache-2.0

/// Cheap tests for moduli that are known to be weak. Bounded: a few divisions by small numbers, no primality test.
enum RSAModulusRules {
    /// The odd primes up to 167.
    private static let primes: [UInt32] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
        113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ]

    /// Whether the modulus has one of the primes as a factor, or the ROCA fingerprint (CVE-2017-15361): the library in
    /// question made primes of the form k · M + (65537^a mod M) for a product M of the first primes, so that n is a
    /// power of 65537 modulo each of them. A sound modulus looks like that with a chance below 2^-27 (Nemec et al.,
    /// "The Return of Coppersmith's Attack", 2017).
    static func isWeak(_ n: Span<UInt8>) -> Bool {
        var hasFingerprint = true
        for prime in primes {
            var residue: UInt32 = 0
            for i in 0..<n.count { residue = (residue << 8 | UInt32(n[i])) % prime }
            if residue == 0 { return true }
            hasFingerprint = hasFingerprint && isPower(residue, modulo: prime)
        }
        return hasFingerprint
    }

    /// Whether `residue` is a power of 65537 modulo the prime.
    private static func isPower(_ residue: UInt32, modulo prime: UInt32) -> Bool {
        let base = 65537 % prime
        var power: UInt32 = 1
        repeat {
            if power == residue { return true }
            power = power * base % prime
        } while power != 1
        return false
    }
}
