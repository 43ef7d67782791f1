// SPDX-License-Identifier: Apache-2.0

/// HKDF with SHA-256 (RFC 5869), Extract then Expand.
package enum HKDFSHA256 {
    /// The longest output: 255 blocks of 32 bytes (RFC 5869 section 2.3).
    package static let byteCountMax = 255 * 32

    /// Fills `output` with key material. All inputs may be empty; an empty salt stands for 32 zero bytes.
    ///
    /// `output.count` must be at most `byteCountMax`. Intermediate secrets are wiped.
    /// - Complexity: two HMACs plus one per 32 bytes of output; a few small allocations, so cache the result.
    package static func derive(
        salt: Span<UInt8>, ikm: Span<UInt8>, info: Span<UInt8>, into output: inout MutableSpan<UInt8>
    ) {
        precondition(output.count <= byteCountMax, "HKDF output too long")
        var block = InlineArray<32, UInt8>(repeating: 0)
        var blockSpan = block.mutableSpan
        HMACSHA256Key(salt).authenticate(ikm, into: &blockSpan)
        let pseudorandomKey = HMACSHA256Key(blockSpan.span)
        // T(i - 1) | info | i, in a buffer of exact size so that no secret is left behind by growth.
        var input = [UInt8](repeating: 0, count: 32 + info.count + 1)
        for i in 0..<info.count { input[32 + i] = info[i] }
        var written = 0
        var counter: UInt8 = 0
        while written < output.count {
            counter &+= 1
            input[32 + info.count] = counter
            let start = counter == 1 ? 32 : 0
            pseudorandomKey.authenticate(input.span.extracting(start..<input.count), into: &blockSpan)
            for i in 0..<min(32, output.count - written) { output[written + i] = blockSpan[i] }
            for i in 0..<32 { input[i] = blockSpan[i] }
            written += min(32, output.count - written)
        }
        ConstantTime.wipe(&blockSpan)
        var inputSpan = input.mutableSpan
        ConstantTime.wipe(&inputSpan)
    }

    /// Derives `byteCount` bytes into secret memory. See `derive(salt:ikm:info:into:)`.
    package static func derive(
        salt: Span<UInt8>, ikm: Span<UInt8>, info: Span<UInt8>, byteCount: Int
    ) -> SecretBytes {
        SecretBytes(count: byteCount) { derive(salt: salt, ikm: ikm, info: info, into: &$0) }
    }
}
