// SPDX-License-Identifier: Apache-2.0
#ifndef CTK_ED25519_H
#define CTK_ED25519_H

#include <stdint.h>

// Ed25519 checks (RFC 8032 section 5.1.7, without the cofactor) for keys that check many signatures: S B and k A are
// read from tables of multiples, so a check is 64 point additions and no doubling. Public inputs only: nothing here is
// constant-time, and no private value may ever come here.

// A point as y + x, y - x and 2 d x y, fully reduced, least significant word first.
typedef struct ctk_ed25519_point {
    uint64_t sum[4], difference[4], product[4];
} ctk_ed25519_point;

enum {
    CTK_ED25519_WINDOWS = 32,     // one for each byte of a scalar
    CTK_ED25519_MULTIPLES = 128,  // signed bytes: |digit| <= 128
    CTK_ED25519_TABLE_COUNT = CTK_ED25519_WINDOWS * CTK_ED25519_MULTIPLES
};

// table[128 w + d - 1] = d 2^(8 w) P for w in 0...31 and d in 1...128, where P is the decoded point, or -P when
// `negated` is 1; writes exactly table[0, CTK_ED25519_TABLE_COUNT), 384 KiB. Returns 1; 0 with nothing written when the
// encoding is not canonical or of no point on the curve. Takes about 1 ms and 40 KiB of stack.
int ctk_ed25519_make_table(const uint8_t encoded[32], int negated, ctk_ed25519_point *table);

// 1 when S B - k A encodes to just R, for the signature R | S and k = SHA-512(R | A | message), given as its 64 bytes
// of output; else 0. S of the group order and above is refused. `base` is the table of B, `key` that of -A. Every
// hash and signature is a legal input. Whether R has small order is the caller's to check.
int ctk_ed25519_check(const ctk_ed25519_point *base, const ctk_ed25519_point *key, const uint8_t hash[64],
                      const uint8_t signature[64]);

#endif
