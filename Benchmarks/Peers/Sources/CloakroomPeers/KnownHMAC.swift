// SPDX-License-Identifier: Apache-2.0
import Crypto

/// The tag that the benchmark's value key gives, by swift-crypto: what another peer's answer is held against.
enum KnownHMAC {
    nonisolated(unsafe) static var key: [UInt8] = []

    static func tag(_ message: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }
}
