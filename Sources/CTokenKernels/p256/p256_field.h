// SPDX-License-Identifier: Apache-2.0
// The field of P-256 in Montgomery form: a stands for a / 2^256 mod p. Results are fully reduced, so equal elements
// have equal words.
#ifndef P256_FIELD_H
#define P256_FIELD_H

#include "p256_numbers.h"

static const uint64_t p256_one[4] = {0x1, 0xffffffff00000000, 0xffffffffffffffff, 0xfffffffe};
// The b of y^2 = x^3 - 3 x + b.
static const uint64_t p256_b[4] = {0xd89cdf6229c4bddf, 0xacf005cd78843090, 0xe5a220abf7212ed6, 0xdc30061d04874834};

static inline void p256_field_add(uint64_t r[4], const uint64_t a[4], const uint64_t b[4]) {
    p256_add(r, a, b, &p256_p);
}

static inline void p256_field_sub(uint64_t r[4], const uint64_t a[4], const uint64_t b[4]) {
    p256_sub(r, a, b, &p256_p);
}

// r = a b / 2^256 mod p. Since p = -1 mod 2^64, the multiple of p that clears word 0 is t0 p itself:
// t + t0 p = (t - t0) + t0 2^96 + t0 (2^64 - 2^32 + 1) 2^192.
static inline void p256_mul(uint64_t r[4], const uint64_t a[4], const uint64_t b[4]) {
    uint64_t t[4] = {0}, t4 = 0;
    for (int i = 0; i < 4; i++) {
        p256_wide sum = (p256_wide)a[0] * b[i] + t[0];
        uint64_t q = (uint64_t)sum;
        sum = (p256_wide)a[1] * b[i] + t[1] + (uint64_t)(sum >> 64);
        uint64_t t1 = (uint64_t)sum;
        sum = (p256_wide)a[2] * b[i] + t[2] + (uint64_t)(sum >> 64);
        uint64_t t2 = (uint64_t)sum;
        sum = (p256_wide)a[3] * b[i] + t[3] + (uint64_t)(sum >> 64);
        uint64_t t3 = (uint64_t)sum;
        sum = (sum >> 64) + t4;
        t4 = (uint64_t)sum;
        uint64_t t5 = (uint64_t)(sum >> 64);

        sum = (p256_wide)t1 + (q << 32);
        t[0] = (uint64_t)sum;
        sum = (sum >> 64) + t2 + (q >> 32);
        t[1] = (uint64_t)sum;
        sum = (sum >> 64) + (p256_wide)q * 0xffffffff00000001 + t3;
        t[2] = (uint64_t)sum;
        sum = (sum >> 64) + t4;
        t[3] = (uint64_t)sum;
        t4 = t5 + (uint64_t)(sum >> 64);
    }
    p256_reduce(r, t, t4, p256_p.m);
}

static inline void p256_square(uint64_t r[4], const uint64_t a[4]) { p256_mul(r, a, a); }

static inline void p256_to_montgomery(uint64_t r[4], const uint64_t a[4]) { p256_mul(r, a, p256_p.square); }

static inline void p256_from_montgomery(uint64_t r[4], const uint64_t a[4]) {
    static const uint64_t one[4] = {1};
    p256_mul(r, a, one);
}

// r = 1 / a, both in Montgomery form; a is not 0.
static inline void p256_field_invert(uint64_t r[4], const uint64_t a[4]) {
    uint64_t plain[4];
    p256_invert(plain, a, &p256_p);
    p256_to_montgomery(r, plain);
}

#endif
