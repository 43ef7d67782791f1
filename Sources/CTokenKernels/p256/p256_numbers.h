// SPDX-License-Identifier: Apache-2.0
// 256-bit numbers of four words, least significant first, and arithmetic modulo a number m with 2^255 < m < 2^256.
// Every result is below m when the operands are. Variable time.
#ifndef P256_NUMBERS_H
#define P256_NUMBERS_H

#include "../ctk_internal.h"

typedef unsigned __int128 p256_wide;

// A modulus: m, -m^-1 mod 2^64, and 2^512 mod m.
typedef struct {
    uint64_t m[4], inverse, square[4];
} p256_modulus;

// The prime of the field and the order of the group (SEC 2 section 2.4.2).
static const p256_modulus p256_p = {
    {0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000, 0xffffffff00000001},
    1,
    {0x0000000000000003, 0xfffffffbffffffff, 0xfffffffffffffffe, 0x00000004fffffffd},
};
static const p256_modulus p256_n = {
    {0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000},
    0xccd1c8aaee00bc4f,
    {0x83244c95be79eea2, 0x4699799c49bd6fa6, 0x2845b2392b6bec59, 0x66e12d94f3d95620},
};

static inline void p256_load(uint64_t a[4], const uint8_t bytes[32]) {
    for (int i = 0; i < 4; i++) {
        uint64_t word = 0;
        for (int j = 0; j < 8; j++) word = word << 8 | bytes[8 * (3 - i) + j];
        a[i] = word;
    }
}

static inline void p256_store(uint8_t bytes[32], const uint64_t a[4]) {
    for (int i = 0; i < 4; i++) ctk_store_be64(bytes + 8 * (3 - i), a[i]);
}

static inline int p256_is_zero(const uint64_t a[4]) { return (a[0] | a[1] | a[2] | a[3]) == 0; }

static inline int p256_equal(const uint64_t a[4], const uint64_t b[4]) {
    return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])) == 0;
}

// One word of an addition or subtraction, carry in and out. GCC before 14 lacks the builtins that make an adc.
static inline uint64_t p256_add_word(uint64_t a, uint64_t b, unsigned long long *carry) {
#if defined(__clang__)
    return __builtin_addcll(a, b, *carry, carry);
#else
    const p256_wide sum = (p256_wide)a + b + *carry;
    *carry = (unsigned long long)(sum >> 64);
    return (uint64_t)sum;
#endif
}

static inline uint64_t p256_subtract_word(uint64_t a, uint64_t b, unsigned long long *borrow) {
#if defined(__clang__)
    return __builtin_subcll(a, b, *borrow, borrow);
#else
    const p256_wide difference = (p256_wide)a - b - *borrow;
    *borrow = (unsigned long long)(difference >> 64) & 1;
    return (uint64_t)difference;
#endif
}

// r = a + b mod 2^256; returns the carry.
static inline uint64_t p256_raw_add(uint64_t r[4], const uint64_t a[4], const uint64_t b[4]) {
    unsigned long long carry = 0;
    for (int i = 0; i < 4; i++) r[i] = p256_add_word(a[i], b[i], &carry);
    return carry;
}

// r = a - b mod 2^256; returns the borrow.
static inline uint64_t p256_raw_sub(uint64_t r[4], const uint64_t a[4], const uint64_t b[4]) {
    unsigned long long borrow = 0;
    for (int i = 0; i < 4; i++) r[i] = p256_subtract_word(a[i], b[i], &borrow);
    return borrow;
}

static inline int p256_less(const uint64_t a[4], const uint64_t b[4]) {
    uint64_t t[4];
    return (int)p256_raw_sub(t, a, b);
}

// r = t + 2^256 top, which is below 2 m, brought below m.
static inline void p256_reduce(uint64_t r[4], const uint64_t t[4], uint64_t top, const uint64_t m[4]) {
    uint64_t u[4];
    uint64_t keep = -(uint64_t)(p256_raw_sub(u, t, m) > top);
    for (int i = 0; i < 4; i++) r[i] = (t[i] & keep) | (u[i] & ~keep);
}

static inline void p256_add(uint64_t r[4], const uint64_t a[4], const uint64_t b[4], const p256_modulus *m) {
    uint64_t t[4];
    uint64_t carry = p256_raw_add(t, a, b);
    p256_reduce(r, t, carry, m->m);
}

static inline void p256_sub(uint64_t r[4], const uint64_t a[4], const uint64_t b[4], const p256_modulus *m) {
    uint64_t t[4], fix[4];
    uint64_t mask = -p256_raw_sub(t, a, b);
    for (int i = 0; i < 4; i++) fix[i] = m->m[i] & mask;
    p256_raw_add(r, t, fix);
}

// r = a b / 2^256 mod m (Montgomery). One operand may be any 256-bit number if the other is below m.
static inline void p256_mul_mod(uint64_t r[4], const uint64_t a[4], const uint64_t b[4], const p256_modulus *m) {
    uint64_t t[5] = {0}, top = 0;
    for (int i = 0; i < 4; i++) {
        p256_wide sum = 0;
        for (int j = 0; j < 4; j++) {
            sum += (p256_wide)a[j] * b[i] + t[j];
            t[j] = (uint64_t)sum;
            sum >>= 64;
        }
        sum += t[4];
        t[4] = (uint64_t)sum;
        top = (uint64_t)(sum >> 64);

        uint64_t q = t[0] * m->inverse;
        sum = ((p256_wide)q * m->m[0] + t[0]) >> 64;
        for (int j = 1; j < 4; j++) {
            sum += (p256_wide)q * m->m[j] + t[j];
            t[j - 1] = (uint64_t)sum;
            sum >>= 64;
        }
        sum += t[4];
        t[3] = (uint64_t)sum;
        t[4] = top + (uint64_t)(sum >> 64);
    }
    p256_reduce(r, t, t[4], m->m);
}

static inline void p256_shift_right(uint64_t a[4], unsigned n) {  // n in 1...63
    for (int i = 0; i < 3; i++) a[i] = a[i] >> n | a[i + 1] << (64 - n);
    a[3] >>= n;
}

static inline void p256_shift_left(uint64_t a[4], unsigned n) {  // n in 1...63
    for (int i = 3; i > 0; i--) a[i] = a[i] << n | a[i - 1] >> (64 - n);
    a[0] <<= n;
}

// Makes v odd, v = v' 2^z, and r' = r 2^z; returns z. v is not 0, and r' is below 2^256 (see below).
static inline unsigned p256_make_odd(uint64_t v[4], uint64_t r[4]) {
    unsigned total = 0;
    while (!(v[0] & 1)) {
        unsigned z = v[0] ? (unsigned)__builtin_ctzll(v[0]) : 63;
        p256_shift_right(v, z);
        p256_shift_left(r, z);
        total += z;
    }
    return total;
}

// r = 2^256 / a mod m: the Montgomery form of the inverse of a number in plain form. a is in 1...m-1, m is prime.
//
// Kaliski's almost inverse. Throughout, u and v are odd, a r = -u 2^k and a s = v 2^k modulo m, and u s + v r = m, so
// that r and s stay below 2^256. Each round takes a bit or more from u v < 2^512; at the end u = v = gcd(a, m) = 1
// and a s = 2^k with k < 512.
static inline void p256_invert(uint64_t result[4], const uint64_t a[4], const p256_modulus *m) {
    uint64_t u[4], v[4], r[4] = {0}, s[4] = {1}, t[4];
    memcpy(u, m->m, sizeof u);
    memcpy(v, a, sizeof v);
    unsigned k = p256_make_odd(v, r);
    for (;;) {
        if (p256_raw_sub(t, u, v)) {
            p256_raw_sub(v, v, u);
            p256_raw_add(s, s, r);
            k += p256_make_odd(v, r);
        } else {
            if (p256_is_zero(t)) break;
            memcpy(u, t, sizeof u);
            p256_raw_add(r, r, s);
            k += p256_make_odd(u, s);
        }
    }
    // From s = 2^k / a to 2^256 / a: bring k to 256...511, then multiply by 2^(512 - k) / 2^256.
    if (k < 256) {
        p256_mul_mod(s, s, m->square, m);
        k += 256;
    }
    if (k > 256) {
        uint64_t power[4] = {0};
        power[(512 - k) / 64] = 1ull << ((512 - k) % 64);
        p256_mul_mod(s, s, power, m);
    }
    memcpy(result, s, sizeof s);
}

#endif
