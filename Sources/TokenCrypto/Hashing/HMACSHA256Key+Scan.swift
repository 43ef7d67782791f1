// SPDX-License-Identifier: Apache-2.0
package import TokenScan

extension HMACSHA256Key {
    /// Scans a token like the one before and checks its HS256 tag on the way, which costs little more than the tag
    /// alone. Nil when the token is not as expected; the scanner is then as it was. See `TokenScanner.scanKnown`.
    /// - Complexity: O(`token.count`), no allocation in steady state.
    package func scanKnown(_ token: Span<UInt8>, in scanner: inout TokenScanner) -> KnownToken? {
        // SAFETY: `state` is a prepared key that lives as long as this object, which the call borrows.
        unsafe scanner.scanKnown(token, hmacKey: UnsafeRawPointer(state))
    }
}
