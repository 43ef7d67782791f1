// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// The public numbers of a key: n and e for RSA, x and y for EC, x for Ed25519 and X25519; none for secrets.
struct PublicNumbers: Sendable {
    var first: [UInt8] = []
    var second: [UInt8] = []

    init() {}

    /// Reads them out of a key.
    init(_ handle: KeyHandle, kind: KeyKind) throws(KeyError) {
        var first = ByteScratch()
        var second = ByteScratch()
        switch kind {
        case .rsa:
            try handle.appendNumber("n", to: &first)
            try handle.appendNumber("e", to: &second)
        case .elliptic(let curve):
            try handle.appendNumber("qx", byteCount: curve.byteCount, to: &first)
            try handle.appendNumber("qy", byteCount: curve.byteCount, to: &second)
        case .ed25519, .x25519:
            try handle.appendRaw32(isPrivate: false, to: &first)
        case .secret:
            break
        }
        self.first = [UInt8](first.span)
        self.second = [UInt8](second.span)
    }

    /// Bits of the modulus or the curve; 0 for secrets.
    func bitCount(_ kind: KeyKind) -> Int {
        switch kind {
        case .rsa: BigEndian.bitCount(first.span)
        case .elliptic(let curve): curve.bitCount
        case .ed25519, .x25519: 256
        case .secret: 0
        }
    }
}
