// SPDX-License-Identifier: Apache-2.0
// ECDSA checks with tables of multiples; contracts in ctk_p256.h.
#include "p256_points.h"

// A scalar in signed bytes: value = sign * sum of digits[i] 2^(8 i) modulo n, with digits in -127...128.
typedef struct {
    int16_t digits[CTK_P256_WINDOWS];
} p256_digits;

// Of u and n - u, one is below 2^255, so that no carry leaves the top digit.
static inline p256_digits p256_recode(const uint64_t u[4]) {
    uint64_t t[4];
    memcpy(t, u, sizeof t);
    int negative = (int)(t[3] >> 63);
    if (negative) p256_raw_sub(t, p256_n.m, t);
    p256_digits result;
    int carry = 0;
    for (int i = 0; i < CTK_P256_WINDOWS; i++) {
        int digit = (int)(t[i / 8] >> (8 * (i % 8)) & 0xff) + carry;
        carry = digit > 128;
        digit -= carry << 8;
        result.digits[i] = (int16_t)(negative ? -digit : digit);
    }
    return result;
}

static inline const ctk_p256_point *p256_multiple(const ctk_p256_point *table, int window, int digit) {
    return table + CTK_P256_MULTIPLES * window + (digit < 0 ? -digit : digit) - 1;
}

static inline void p256_prefetch(const ctk_p256_point *table, const p256_digits *u) {
    for (int i = 0; i < CTK_P256_WINDOWS; i++) {
        if (u->digits[i] != 0) __builtin_prefetch(p256_multiple(table, i, u->digits[i]));
    }
}

// sum = u1 G + u2 Q.
static void p256_combine(p256_sum *sum, const ctk_p256_point *g, const uint64_t u1[4], const ctk_p256_point *q,
                         const uint64_t u2[4]) {
    p256_digits d1 = p256_recode(u1), d2 = p256_recode(u2);
    p256_prefetch(g, &d1);
    p256_prefetch(q, &d2);
    memset(sum, 0, sizeof *sum);
    for (int i = 0; i < CTK_P256_WINDOWS; i++) {
        int a = d1.digits[i], b = d2.digits[i];
        if (a != 0) p256_accumulate(sum, p256_multiple(g, i, a), a < 0);
        if (b != 0) p256_accumulate(sum, p256_multiple(q, i, b), b < 0);
    }
}

// affine[i] = sums[i], none of them infinite, with one inversion (Montgomery's trick).
static void p256_to_affine(ctk_p256_point *affine, const p256_sum *sums, int count) {
    uint64_t inverse[4], t[4], u[4];
    // affine[i].x holds the product of zzz[0] to zzz[i] until the way back reaches it.
    memcpy(affine[0].x, sums[0].zzz, sizeof affine[0].x);
    for (int i = 1; i < count; i++) p256_mul(affine[i].x, affine[i - 1].x, sums[i].zzz);
    p256_field_invert(inverse, affine[count - 1].x);
    for (int i = count - 1; i >= 0; i--) {
        if (i > 0) {
            p256_mul(t, inverse, affine[i - 1].x);
            p256_mul(inverse, inverse, sums[i].zzz);
        } else {
            memcpy(t, inverse, sizeof t);
        }
        p256_mul(affine[i].y, sums[i].y, t);
        p256_mul(u, t, sums[i].zz);  // zz / zzz = 1 / z
        p256_square(u, u);
        p256_mul(affine[i].x, sums[i].x, u);
    }
}

int ctk_p256_make_table(const uint8_t x[32], const uint8_t y[32], ctk_p256_point *table) {
    ctk_p256_point base;
    p256_load(base.x, x);
    p256_load(base.y, y);
    if (!p256_less(base.x, p256_p.m) || !p256_less(base.y, p256_p.m)) return 0;
    p256_to_montgomery(base.x, base.x);
    p256_to_montgomery(base.y, base.y);
    if (!p256_is_on_curve(&base)) return 0;

    // 1 to 128 times the window's base, and 256 times it, the next one's. The order is prime and above all these
    // factors, so none is infinite.
    enum { COUNT = CTK_P256_MULTIPLES + 1 };
    p256_sum sums[COUNT];
    ctk_p256_point affine[COUNT];
    for (int window = 0; window < CTK_P256_WINDOWS; window++) {
        p256_set(&sums[0], &base);
        for (int i = 1; i < CTK_P256_MULTIPLES; i++) {
            sums[i] = sums[i - 1];
            p256_accumulate(&sums[i], &base, 0);
        }
        sums[COUNT - 1] = sums[COUNT - 2];
        p256_double(&sums[COUNT - 1]);
        p256_to_affine(affine, sums, COUNT);
        memcpy(table + CTK_P256_MULTIPLES * window, affine, CTK_P256_MULTIPLES * sizeof *affine);
        base = affine[COUNT - 1];
    }
    return 1;
}

// Whether x(sum) is r modulo n: x is r, or r + n where that is below p. Infinity has no x.
static int p256_has_x(const p256_sum *sum, const uint64_t r[4]) {
    if (p256_is_infinite(sum)) return 0;
    uint64_t x[4], product[4];
    p256_to_montgomery(x, r);
    p256_mul(product, x, sum->zz);
    if (p256_equal(product, sum->x)) return 1;
    if (p256_raw_add(x, r, p256_n.m) || !p256_less(x, p256_p.m)) return 0;
    p256_to_montgomery(x, x);
    p256_mul(product, x, sum->zz);
    return p256_equal(product, sum->x);
}

int ctk_p256_check(const ctk_p256_point *g, const ctk_p256_point *q, const uint8_t digest[32],
                   const uint8_t signature[64]) {
    uint64_t r[4], s[4], e[4], u1[4], u2[4];
    p256_load(r, signature);
    p256_load(s, signature + 32);
    if (p256_is_zero(r) || p256_is_zero(s) || !p256_less(r, p256_n.m) || !p256_less(s, p256_n.m)) return 0;
    p256_load(e, digest);
    p256_reduce(e, e, 0, p256_n.m);
    p256_invert(s, s, &p256_n);
    p256_mul_mod(u1, e, s, &p256_n);
    p256_mul_mod(u2, r, s, &p256_n);
    p256_sum sum;
    p256_combine(&sum, g, u1, q, u2);
    return p256_has_x(&sum, r);
}

int ctk_p256_construct(const ctk_p256_point *g, const ctk_p256_point *q, const uint8_t a[32], const uint8_t b[32],
                       uint8_t digest[32], uint8_t signature[64]) {
    uint64_t u1[4], u2[4], r[4], s[4], e[4];
    p256_load(u1, a);
    p256_load(u2, b);
    p256_reduce(u1, u1, 0, p256_n.m);
    p256_reduce(u2, u2, 0, p256_n.m);
    if (p256_is_zero(u1) || p256_is_zero(u2)) return 0;
    p256_sum sum;
    p256_combine(&sum, g, u1, q, u2);
    if (p256_is_infinite(&sum)) return 0;
    ctk_p256_point point;
    p256_to_affine(&point, &sum, 1);
    p256_from_montgomery(r, point.x);
    p256_reduce(r, r, 0, p256_n.m);
    if (p256_is_zero(r)) return 0;
    p256_invert(s, u2, &p256_n);
    p256_mul_mod(s, r, s, &p256_n);   // r / b
    p256_mul_mod(e, u1, p256_n.square, &p256_n);
    p256_mul_mod(e, e, s, &p256_n);   // a r / b
    p256_store(digest, e);
    p256_store(signature, r);
    p256_store(signature + 32, s);
    return 1;
}
