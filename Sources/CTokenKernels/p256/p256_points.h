// SPDX-License-Identifier: Apache-2.0
// Points of P-256 and their complete addition.
#ifndef P256_POINTS_H
#define P256_POINTS_H

#include "../include/ctk_p256.h"
#include "p256_field.h"

// The point (x / zz, y / zzz) with zz^3 = zzz^2; infinity when zz = 0. Coordinates in Montgomery form.
typedef struct {
    uint64_t x[4], y[4], zz[4], zzz[4];
} p256_sum;

static inline int p256_is_infinite(const p256_sum *sum) { return p256_is_zero(sum->zz); }

static inline void p256_set(p256_sum *sum, const ctk_p256_point *point) {
    memcpy(sum->x, point->x, sizeof sum->x);
    memcpy(sum->y, point->y, sizeof sum->y);
    memcpy(sum->zz, p256_one, sizeof sum->zz);
    memcpy(sum->zzz, p256_one, sizeof sum->zzz);
}

// Whether y^2 = x^3 - 3 x + b.
static inline int p256_is_on_curve(const ctk_p256_point *point) {
    uint64_t left[4], right[4], three[4];
    p256_square(left, point->y);
    p256_add(three, p256_one, p256_one, &p256_p);
    p256_field_add(three, three, p256_one);
    p256_square(right, point->x);
    p256_field_sub(right, right, three);
    p256_mul(right, right, point->x);
    p256_field_add(right, right, p256_b);
    return p256_equal(left, right);
}

// sum = 2 sum. No point has order 2, so y is never 0; infinity stays infinite because zz is multiplied.
static inline void p256_double(p256_sum *sum) {
    uint64_t u[4], v[4], w[4], s[4], m[4], t[4];
    p256_field_add(u, sum->y, sum->y);
    p256_square(v, u);
    p256_mul(w, u, v);
    p256_mul(s, sum->x, v);
    // m = 3 x^2 - 3 zz^2
    p256_field_sub(t, sum->x, sum->zz);
    p256_field_add(m, sum->x, sum->zz);
    p256_mul(t, t, m);
    p256_field_add(m, t, t);
    p256_field_add(m, m, t);
    p256_square(sum->x, m);
    p256_field_sub(sum->x, sum->x, s);
    p256_field_sub(sum->x, sum->x, s);
    p256_field_sub(t, s, sum->x);
    p256_mul(t, m, t);
    p256_mul(u, w, sum->y);
    p256_field_sub(sum->y, t, u);
    p256_mul(sum->zz, v, sum->zz);
    p256_mul(sum->zzz, w, sum->zzz);
}

// sum += point, or -= when `negative`. Complete: infinity, equal and opposite points are told apart.
static inline void p256_accumulate(p256_sum *sum, const ctk_p256_point *point, int negative) {
    ctk_p256_point other = *point;
    if (negative) {
        static const uint64_t zero[4] = {0};
        p256_field_sub(other.y, zero, other.y);
    }
    if (__builtin_expect(p256_is_infinite(sum), 0)) {
        p256_set(sum, &other);
        return;
    }
    uint64_t h[4], r[4], hh[4], hhh[4], v[4], t[4];
    p256_mul(h, other.x, sum->zz);
    p256_mul(r, other.y, sum->zzz);
    p256_field_sub(h, h, sum->x);
    p256_field_sub(r, r, sum->y);
    if (__builtin_expect(p256_is_zero(h), 0)) {
        // Equal x: the same point, or its opposite.
        if (p256_is_zero(r)) {
            p256_double(sum);
        } else {
            memset(sum, 0, sizeof *sum);
        }
        return;
    }
    p256_square(hh, h);
    p256_mul(hhh, h, hh);
    p256_mul(v, sum->x, hh);
    p256_square(t, r);
    p256_field_sub(t, t, hhh);
    p256_field_sub(t, t, v);
    p256_field_sub(sum->x, t, v);
    p256_field_sub(t, v, sum->x);
    p256_mul(t, r, t);
    p256_mul(v, sum->y, hhh);
    p256_field_sub(sum->y, t, v);
    p256_mul(sum->zz, sum->zz, hh);
    p256_mul(sum->zzz, sum->zzz, hhh);
}

#endif
