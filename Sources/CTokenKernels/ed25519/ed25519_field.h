// SPDX-License-Identifier: Apache-2.0
// The field of 2^255 - 19: an element is five limbs of 51 bits, least significant first. Products have limbs below
// 2^51 + 2^18; sums and differences of two products, below 2^53, are legal factors without being carried.
#ifndef ED25519_FIELD_H
#define ED25519_FIELD_H

#include "../ctk_internal.h"

typedef unsigned __int128 ed_wide;
typedef struct {
    uint64_t v[5];
} ed_element;

#define ED_MASK ((1ull << 51) - 1)

static const ed_element ed_one = {{1, 0, 0, 0, 0}};

static inline ed_element ed_add(const ed_element *a, const ed_element *b) {
    ed_element r;
    for (int i = 0; i < 5; i++) r.v[i] = a->v[i] + b->v[i];
    return r;
}

// a - b + 4 p. The limbs of b are at most 2^53 - 76, and those of the result below 2^54 when a's are below 2^53.
static inline ed_element ed_subtract(const ed_element *a, const ed_element *b) {
    ed_element r;
    r.v[0] = a->v[0] + 0x1fffffffffffb4 - b->v[0];
    for (int i = 1; i < 5; i++) r.v[i] = a->v[i] + 0x1ffffffffffffc - b->v[i];
    return r;
}

static inline ed_element ed_carry(ed_wide t0, ed_wide t1, ed_wide t2, ed_wide t3, ed_wide t4) {
    ed_element r;
    t1 += (uint64_t)(t0 >> 51);
    t2 += (uint64_t)(t1 >> 51);
    t3 += (uint64_t)(t2 >> 51);
    t4 += (uint64_t)(t3 >> 51);
    ed_wide top = ((uint64_t)t0 & ED_MASK) + (ed_wide)(uint64_t)(t4 >> 51) * 19;
    r.v[0] = (uint64_t)top & ED_MASK;
    r.v[1] = ((uint64_t)t1 & ED_MASK) + (uint64_t)(top >> 51);
    r.v[2] = (uint64_t)t2 & ED_MASK;
    r.v[3] = (uint64_t)t3 & ED_MASK;
    r.v[4] = (uint64_t)t4 & ED_MASK;
    return r;
}

// Factors with limbs below 2^54: five products of at most 19 * 2^108 stay below 2^115, and their carries below 2^64.
static inline ed_element ed_multiply(const ed_element *a, const ed_element *b) {
    const uint64_t *x = a->v, *y = b->v;
    const uint64_t y1 = 19 * y[1], y2 = 19 * y[2], y3 = 19 * y[3], y4 = 19 * y[4];
    ed_wide t0 = (ed_wide)x[0] * y[0] + (ed_wide)x[1] * y4 + (ed_wide)x[2] * y3 + (ed_wide)x[3] * y2 +
                 (ed_wide)x[4] * y1;
    ed_wide t1 = (ed_wide)x[0] * y[1] + (ed_wide)x[1] * y[0] + (ed_wide)x[2] * y4 + (ed_wide)x[3] * y3 +
                 (ed_wide)x[4] * y2;
    ed_wide t2 = (ed_wide)x[0] * y[2] + (ed_wide)x[1] * y[1] + (ed_wide)x[2] * y[0] + (ed_wide)x[3] * y4 +
                 (ed_wide)x[4] * y3;
    ed_wide t3 = (ed_wide)x[0] * y[3] + (ed_wide)x[1] * y[2] + (ed_wide)x[2] * y[1] + (ed_wide)x[3] * y[0] +
                 (ed_wide)x[4] * y4;
    ed_wide t4 = (ed_wide)x[0] * y[4] + (ed_wide)x[1] * y[3] + (ed_wide)x[2] * y[2] + (ed_wide)x[3] * y[1] +
                 (ed_wide)x[4] * y[0];
    return ed_carry(t0, t1, t2, t3, t4);
}

static inline ed_element ed_square(const ed_element *a) {
    const uint64_t *x = a->v;
    const uint64_t x0 = 2 * x[0], x1 = 2 * x[1], x3 = 19 * x[3], x4 = 19 * x[4];
    ed_wide t0 = (ed_wide)x[0] * x[0] + (ed_wide)x1 * x4 + (ed_wide)(2 * x[2]) * x3;
    ed_wide t1 = (ed_wide)x0 * x[1] + (ed_wide)(2 * x[2]) * x4 + (ed_wide)x[3] * x3;
    ed_wide t2 = (ed_wide)x0 * x[2] + (ed_wide)x[1] * x[1] + (ed_wide)(2 * x[3]) * x4;
    ed_wide t3 = (ed_wide)x0 * x[3] + (ed_wide)x1 * x[2] + (ed_wide)x[4] * x4;
    ed_wide t4 = (ed_wide)x0 * x[4] + (ed_wide)x1 * x[3] + (ed_wide)x[2] * x[2];
    return ed_carry(t0, t1, t2, t3, t4);
}

static inline ed_element ed_square_times(const ed_element *a, int count) {
    ed_element r = ed_square(a);
    while (--count > 0) r = ed_square(&r);
    return r;
}

// The words of the number below p that a stands for.
static inline void ed_words(uint64_t w[4], const ed_element *a) {
    ed_element t = ed_multiply(a, &ed_one);
    // Limb 1 may hold a few bits over 51. One more round of carries leaves a number below 2^255.
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++) {
            t.v[i + 1] += t.v[i] >> 51;
            t.v[i] &= ED_MASK;
        }
        t.v[0] += 19 * (t.v[4] >> 51);
        t.v[4] &= ED_MASK;
    }
    // p and above wrap when 19 is added.
    uint64_t over = t.v[0] + 19;
    for (int i = 1; i < 5; i++) over = t.v[i] + (over >> 51);
    t.v[0] += 19 * (over >> 51);
    for (int i = 0; i < 4; i++) {
        t.v[i + 1] += t.v[i] >> 51;
        t.v[i] &= ED_MASK;
    }
    t.v[4] &= ED_MASK;
    w[0] = t.v[0] | t.v[1] << 51;
    w[1] = t.v[1] >> 13 | t.v[2] << 38;
    w[2] = t.v[2] >> 26 | t.v[3] << 25;
    w[3] = t.v[3] >> 39 | t.v[4] << 12;
}

// The element of a number below 2^255.
static inline ed_element ed_from_words(const uint64_t w[4]) {
    ed_element r = {{w[0] & ED_MASK, (w[0] >> 51 | w[1] << 13) & ED_MASK, (w[1] >> 38 | w[2] << 26) & ED_MASK,
                     (w[2] >> 25 | w[3] << 39) & ED_MASK, w[3] >> 12}};
    return r;
}

static inline int ed_equal(const ed_element *a, const ed_element *b) {
    uint64_t x[4], y[4];
    ed_words(x, a);
    ed_words(y, b);
    return memcmp(x, y, sizeof x) == 0;
}

static inline ed_element ed_negate(const ed_element *a) {
    const ed_element zero = {{0}};
    ed_element r = ed_subtract(&zero, a);
    return ed_multiply(&r, &ed_one);
}

// a^(2^252 - 3), the power for square roots, and in `eleven` a^11.
static inline ed_element ed_root_power(const ed_element *a, ed_element *eleven) {
    ed_element two = ed_square(a), t = ed_square_times(&two, 2), nine = ed_multiply(&t, a);
    *eleven = ed_multiply(&nine, &two);
    t = ed_square(eleven);
    ed_element p5 = ed_multiply(&t, &nine);  // 2^5 - 1
    t = ed_square_times(&p5, 5);
    ed_element p10 = ed_multiply(&t, &p5);
    t = ed_square_times(&p10, 10);
    ed_element p20 = ed_multiply(&t, &p10);
    t = ed_square_times(&p20, 20);
    t = ed_multiply(&t, &p20);  // 2^40 - 1
    t = ed_square_times(&t, 10);
    ed_element p50 = ed_multiply(&t, &p10);
    t = ed_square_times(&p50, 50);
    ed_element p100 = ed_multiply(&t, &p50);
    t = ed_square_times(&p100, 100);
    t = ed_multiply(&t, &p100);  // 2^200 - 1
    t = ed_square_times(&t, 50);
    t = ed_multiply(&t, &p50);  // 2^250 - 1
    t = ed_square_times(&t, 2);
    return ed_multiply(&t, a);
}

// 1 / a = a^(p - 2), p - 2 = 8 (2^252 - 3) + 3; 0 for 0.
static inline ed_element ed_invert(const ed_element *a) {
    ed_element eleven, t = ed_root_power(a, &eleven), cube = ed_square(a);
    cube = ed_multiply(&cube, a);
    t = ed_square_times(&t, 3);
    return ed_multiply(&t, &cube);
}

#endif
