// SPDX-License-Identifier: Apache-2.0

extension SignatureKey {
    /// The prepared key of an HS256 key, for batches over several messages; nil for every other algorithm.
    package var hmacSHA256Key: HMACSHA256Key? {
        // A key that may not verify has no place in a batch either.
        guard canVerify, case .secret(_, let prepared) = contents else { return nil }
        return prepared
    }
}
