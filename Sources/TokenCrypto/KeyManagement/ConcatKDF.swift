// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// The Concat KDF with SHA-256 as ECDH-ES uses it (RFC 7518 section 4.6.2, NIST SP 800-56A section 5.8.1).
enum ConcatKDF {
    /// Appends `byteCount` bytes (at most 64) derived from the agreed secret.
    ///
    /// - Parameters:
    ///   - algorithm: `enc` for ECDH-ES, `alg` for the variants that wrap.
    ///   - partyU: the decoded `apu`, empty when absent; `partyV`: the same for `apv`.
    ///   - scratch: a secret buffer for the hash's input.
    static func derive(
        _ secret: borrowing ByteScratch, algorithm: StaticString, partyU: Span<UInt8>, partyV: Span<UInt8>,
        byteCount: Int, scratch: inout ByteScratch, into output: inout ByteScratch
    ) {
        var remaining = byteCount
        var round: UInt32 = 0
        while remaining > 0 {
            round &+= 1
            scratch.removeAll()
            appendCount(round, to: &scratch)
            scratch.append(secret.span)
            appendCount(UInt32(truncatingIfNeeded: algorithm.utf8CodeUnitCount), to: &scratch)
            scratch.append(algorithm)
            appendCount(UInt32(truncatingIfNeeded: partyU.count), to: &scratch)
            scratch.append(partyU)
            appendCount(UInt32(truncatingIfNeeded: partyV.count), to: &scratch)
            scratch.append(partyV)
            appendCount(UInt32(truncatingIfNeeded: byteCount &* 8), to: &scratch)
            var digest = InlineArray<32, UInt8>(repeating: 0)
            var span = digest.mutableSpan
            SHA256.digest(scratch.span, into: &span)
            output.append(span.span.extracting(0..<min(32, remaining)))
            ConstantTime.wipe(&span)
            remaining -= min(32, remaining)
        }
        scratch.removeAll()
    }

    private static func appendCount(_ count: UInt32, to output: inout ByteScratch) {
        output.append(UInt8(truncatingIfNeeded: count >> 24))
        output.append(UInt8(truncatingIfNeeded: count >> 16))
        output.append(UInt8(truncatingIfNeeded: count >> 8))
        output.append(UInt8(truncatingIfNeeded: count))
    }
}
