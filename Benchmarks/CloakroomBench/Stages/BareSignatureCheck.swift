// SPDX-License-Identifier: Apache-2.0
import COpenSSLPeer
import TokenCrypto

/// The reference for `verify.<alg>`: OpenSSL's signature check alone, context kept, nothing parsed: the floor for any
/// library that leaves the curve or the modulus to OpenSSL.
// `@safe`: the handle is made, used and freed here alone.
@safe struct BareSignatureCheck: Workload, ~Copyable {
    private let handle: OpaquePointer?  // cop_verifier *
    private let messages: TokenTable
    private let signatures: TokenTable
    private var cycle: Cycle

    /// `tokens` are compact tokens signed with `material`; nil for HMAC, which has a reference of its own.
    init?(_ tokens: TokenTable, _ material: KeyMaterial) {
        let algorithm: Int
        switch material.algorithm {
        case .rs256: algorithm = COP_RS256
        case .ps256: algorithm = COP_PS256
        case .es256: algorithm = COP_ES256
        case .edDSA: algorithm = COP_EDDSA
        default: return nil
        }
        let isRSA = algorithm == COP_RS256 || algorithm == COP_PS256
        let first = material.number(isRSA ? "n" : "x")
        let second = material.number(isRSA ? "e" : "y")
        var messages = TokenTable()
        var signatures = TokenTable()
        for token in tokens.items {
            guard let dot = token.lastIndex(of: UInt8(ascii: ".")) else { return nil }
            messages.append(Array(token[..<dot]))
            signatures.append(Base64URLText.decode(String(decoding: token[(dot + 1)...], as: UTF8.self)))
        }
        self.messages = messages
        self.signatures = signatures
        cycle = Cycle(messages.count)
        // SAFETY: the numbers are read during the call only; the handle is freed in deinit.
        unsafe handle = first.withUnsafeBufferPointer { first in
            unsafe second.withUnsafeBufferPointer { second in
                unsafe cop_verifier_new(
                    Int32(truncatingIfNeeded: algorithm), first.baseAddress, first.count, second.baseAddress,
                    second.count)
            }
        }
    }

    // SAFETY: the handle is this value's own, and nobody uses it any more.
    deinit { unsafe cop_verifier_free(handle) }

    mutating func run(_ iterations: Int) { blackHole(check(iterations)) }

    mutating func isRight() -> Bool {
        cycle = Cycle(messages.count)
        return check(messages.count) == messages.count
    }

    private mutating func check(_ iterations: Int) -> Int {
        guard let handle = unsafe handle else { return 0 }
        var valid = 0
        // SAFETY: places lie inside the tables' bytes, which outlive the loop.
        unsafe messages.bytes.withUnsafeBufferPointer { message in
            unsafe signatures.bytes.withUnsafeBufferPointer { signature in
                guard let messageBase = message.baseAddress, let signatureBase = signature.baseAddress else { return }
                for _ in 0..<iterations {
                    let index = cycle.next()
                    let place = messages.places[index]
                    let signaturePlace = signatures.places[index]
                    valid &+= Int(
                        unsafe cop_verifier_check(
                            handle, messageBase + place.lowerBound, place.count,
                            signatureBase + signaturePlace.lowerBound, signaturePlace.count))
                }
            }
        }
        return valid
    }
}
