// SPDX-License-Identifier: Apache-2.0
#ifndef CTK_P256_H
#define CTK_P256_H

#include <stdint.h>

// ECDSA checks on P-256 (FIPS 186-5 section 6.4.2, SEC 2 section 2.4.2) for keys that check many signatures: u1 G and
// u2 Q are read from tables of multiples, so a check is 64 point additions and no doubling. Public inputs only:
// nothing here is constant-time, and no private value may ever come here.

// An affine point; coordinates in Montgomery form with radix 2^256, least significant word first.
typedef struct ctk_p256_point {
    uint64_t x[4], y[4];
} ctk_p256_point;

enum {
    CTK_P256_WINDOWS = 32,     // one for each byte of a scalar
    CTK_P256_MULTIPLES = 128,  // signed bytes: |digit| <= 128
    CTK_P256_TABLE_COUNT = CTK_P256_WINDOWS * CTK_P256_MULTIPLES
};

// table[128 w + d - 1] = d 2^(8 w) P for w in 0...31 and d in 1...128, where P = (x, y) is big-endian; writes exactly
// table[0, CTK_P256_TABLE_COUNT), 256 KiB. Returns 1; 0 with nothing written when x or y is not below p or the point
// is not on the curve. Takes about 1.5 ms and 24 KiB of stack.
int ctk_p256_make_table(const uint8_t x[32], const uint8_t y[32], ctk_p256_point *table);

// 1 when r | s is a signature of the 32-byte digest under the key of table `q`, else 0; r and s outside 1...n-1 are
// refused before any arithmetic. `g` is the table of the base point. Every digest and signature is a legal input.
int ctk_p256_check(const ctk_p256_point *g, const ctk_p256_point *q, const uint8_t digest[32],
                   const uint8_t signature[64]);

// Makes a digest and a signature that the key of table `q` accepts, without the private key: for big-endian a and b
// (taken modulo n), R = a G + b Q, r = x(R) mod n, s = r / b, digest = a r / b. Returns 1; 0 with nothing written when
// a, b or r is 0 modulo n or R is infinite. A signature of a digest that nobody chose proves nothing: this serves
// self-tests only.
int ctk_p256_construct(const ctk_p256_point *g, const ctk_p256_point *q, const uint8_t a[32], const uint8_t b[32],
                       uint8_t digest[32], uint8_t signature[64]);

#endif
