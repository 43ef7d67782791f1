// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL

/// A secret-capable big number, cleared when released. Only for checks at key load; never on a token's path.
// `@safe`: the pointer is owned and handed only to OpenSSL calls in this file.
@safe final class BigNumber {
    fileprivate let pointer: OpaquePointer  // BIGNUM *, owned

    /// A number from big-endian bytes; nil when there is no memory.
    init?(_ bytes: Span<UInt8>) {
        // SAFETY: OpenSSL reads exactly the span's bytes.
        let made = unsafe bytes.withUnsafeBufferPointer { unsafe BN_bin2bn($0.baseAddress, Int32($0.count), nil) }
        guard let made = unsafe made else { return nil }
        unsafe BN_set_flags(made, BN_FLG_CONSTTIME)
        unsafe pointer = made
    }

    // SAFETY: owned by this object, cleared and freed once.
    deinit { unsafe BN_clear_free(pointer) }
}

/// The arithmetic that ties the members of an RSA private key together (RFC 8017 section 3.2), all of it a handful of
/// multiplications and divisions of bounded numbers: no primality test, so hostile numbers cost microseconds.
// `@safe`: the context pointer is owned and never leaves the object.
@safe final class NumberChecks {
    private let context: OpaquePointer  // BN_CTX *, owned

    init?() {
        // SAFETY: a null result is turned away; the context is owned until deinit.
        guard let made = unsafe BN_CTX_new() else { return nil }
        unsafe context = made
    }

    // SAFETY: owned by this object, freed once.
    deinit { unsafe BN_CTX_free(context) }

    /// Runs `body` with `count` temporary numbers; false when there is no memory.
    private func withNumbers(_ count: Int, _ body: ([OpaquePointer]) -> Bool) -> Bool {
        // SAFETY: numbers got from the context are valid until BN_CTX_end, which follows the body.
        unsafe BN_CTX_start(context)
        defer { unsafe BN_CTX_end(context) }
        var numbers: [OpaquePointer] = unsafe []
        for _ in 0..<count {
            guard let number = unsafe BN_CTX_get(context) else { return false }
            unsafe numbers.append(number)
        }
        return unsafe body(numbers)
    }

    /// a < b.
    // SAFETY: both numbers are alive during the call, and are only read.
    func isLess(_ a: BigNumber, _ b: BigNumber) -> Bool { unsafe BN_ucmp(a.pointer, b.pointer) < 0 }

    /// p · q = n.
    func isProduct(_ p: BigNumber, _ q: BigNumber, of n: BigNumber) -> Bool {
        // SAFETY: the numbers are alive during the call, the temporaries until `withNumbers` returns.
        unsafe withNumbers(1) { t in
            unsafe BN_mul(t[0], p.pointer, q.pointer, context) == 1 && BN_cmp(t[0], n.pointer) == 0
        }
    }

    /// a · b ≡ 1 (mod m), for m > 1.
    func areInverse(_ a: BigNumber, _ b: BigNumber, modulo m: BigNumber) -> Bool {
        // SAFETY: the numbers are alive during the call, the temporaries until `withNumbers` returns.
        guard unsafe BN_num_bits(m.pointer) > 1 else { return false }
        return unsafe withNumbers(1) { t in
            unsafe BN_mod_mul(t[0], a.pointer, b.pointer, m.pointer, context) == 1 && BN_is_one(t[0]) == 1
        }
    }

    /// a · b ≡ 1 (mod m - 1), for m > 2.
    func areInverse(_ a: BigNumber, _ b: BigNumber, moduloPredecessorOf m: BigNumber) -> Bool {
        // SAFETY: the numbers are alive during the call, the temporaries until `withNumbers` returns.
        guard unsafe BN_num_bits(m.pointer) > 1 else { return false }
        return unsafe withNumbers(2) { t in
            unsafe BN_sub(t[0], m.pointer, BN_value_one()) == 1
                && BN_is_one(t[0]) == 0
                && BN_mod_mul(t[1], a.pointer, b.pointer, t[0], context) == 1 && BN_is_one(t[1]) == 1
        }
    }

    /// small = large mod (m - 1), for m > 2.
    func isRemainder(_ small: BigNumber, of large: BigNumber, moduloPredecessorOf m: BigNumber) -> Bool {
        // SAFETY: the numbers are alive during the call, the temporaries until `withNumbers` returns.
        guard unsafe BN_num_bits(m.pointer) > 1 else { return false }
        return unsafe withNumbers(2) { t in
            unsafe BN_sub(t[0], m.pointer, BN_value_one()) == 1
                && BN_div(nil, t[1], large.pointer, t[0], context) == 1
                && BN_cmp(t[1], small.pointer) == 0
        }
    }

    /// (2^e)^d ≡ 2 (mod n), for odd n: for keys that come without their primes.
    func isRoundTrip(e: BigNumber, d: BigNumber, n: BigNumber) -> Bool {
        // SAFETY: the numbers are alive during the call, the temporaries until `withNumbers` returns.
        unsafe withNumbers(3) { t in
            unsafe BN_set_word(t[0], 2) == 1
                && BN_mod_exp(t[1], t[0], e.pointer, n.pointer, context) == 1
                && BN_mod_exp_mont_consttime(t[2], t[1], d.pointer, n.pointer, context, nil) == 1
                && BN_cmp(t[2], t[0]) == 0
        }
    }
}
