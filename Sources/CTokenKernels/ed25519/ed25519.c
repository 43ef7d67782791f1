// SPDX-License-Identifier: Apache-2.0
// Ed25519 checks with tables of multiples; contracts in ctk_ed25519.h.
#include "../include/ctk_ed25519.h"

#include "../p256/p256_numbers.h"
#include "ed25519_field.h"

// RFC 8032 section 5.1: d and 2 d of the curve -x^2 + y^2 = 1 + d x^2 y^2, a square root of -1, and the group order.
static const ed_element ed_d = {{0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb,
                                 0x52036cee2b6ff}};
static const ed_element ed_twice_d = {{0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977,
                                       0x2406d9dc56dff}};
static const ed_element ed_root = {{0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e,
                                    0x2b8324804fc1d}};
static const p256_modulus ed_order = {
    {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0x0000000000000000, 0x1000000000000000},
    0xd2b51da312547e1b,
    {0xa40611e3449c0f01, 0xd00e1ba768859347, 0xceec73d217f5be65, 0x0399411b7c309a3d},
};

// A point in extended coordinates: x = X / Z, y = Y / Z, T = X Y / Z.
typedef struct {
    ed_element x, y, z, t;
} ed_sum;

static const ed_sum ed_identity = {{{0}}, {{1}}, {{1}}, {{0}}};

// sum += point, or -= when `negative` is 1. The formulas are complete on this curve: doubling and the identity are no
// exceptions. (Hisil, Wong, Carter, Dawson 2008, section 3.1)
static inline void ed_accumulate(ed_sum *sum, const ctk_ed25519_point *point, int negative) {
    ed_element minus = ed_from_words(negative ? point->sum : point->difference);
    ed_element plus = ed_from_words(negative ? point->difference : point->sum);
    ed_element product = ed_from_words(point->product);
    ed_element a = ed_subtract(&sum->y, &sum->x), b = ed_add(&sum->y, &sum->x);
    a = ed_multiply(&a, &minus);
    b = ed_multiply(&b, &plus);
    ed_element c = ed_multiply(&sum->t, &product), d = ed_add(&sum->z, &sum->z);
    ed_element e = ed_subtract(&b, &a), h = ed_add(&b, &a);
    ed_element f = negative ? ed_add(&d, &c) : ed_subtract(&d, &c);
    ed_element g = negative ? ed_subtract(&d, &c) : ed_add(&d, &c);
    sum->x = ed_multiply(&e, &f);
    sum->y = ed_multiply(&g, &h);
    sum->t = ed_multiply(&e, &h);
    sum->z = ed_multiply(&f, &g);
}

static void ed_to_table(ctk_ed25519_point *point, const ed_element *x, const ed_element *y) {
    ed_element t = ed_add(y, x);
    ed_words(point->sum, &t);
    t = ed_subtract(y, x);
    ed_words(point->difference, &t);
    t = ed_multiply(x, y);
    t = ed_multiply(&t, &ed_twice_d);
    ed_words(point->product, &t);
}

static inline uint64_t ed_load_word(const uint8_t *bytes) {
    uint64_t word = 0;
    for (int i = 7; i >= 0; i--) word = word << 8 | bytes[i];
    return word;
}

static void ed_load(uint64_t words[4], const uint8_t bytes[32]) {
    for (int i = 0; i < 4; i++) words[i] = ed_load_word(bytes + 8 * i);
}

// Decodes a point (RFC 8032 section 5.1.3); 0 when the encoding is not canonical or there is no such point.
static int ed_decode(ed_element *x, ed_element *y, const uint8_t encoded[32]) {
    uint64_t words[4], again[4];
    ed_load(words, encoded);
    int sign = (int)(words[3] >> 63);
    words[3] &= ~(1ull << 63);
    *y = ed_from_words(words);
    ed_words(again, y);
    if (memcmp(words, again, sizeof words) != 0) return 0;
    // x^2 = u / v; x = u v^3 (u v^7)^((p - 5) / 8) up to a square root of -1.
    ed_element square = ed_square(y), u = ed_subtract(&square, &ed_one), v = ed_multiply(&square, &ed_d);
    u = ed_multiply(&u, &ed_one);
    v = ed_add(&v, &ed_one);
    ed_element v2 = ed_square(&v), v3 = ed_multiply(&v2, &v), t = ed_square(&v3), unused;
    t = ed_multiply(&t, &v);
    t = ed_multiply(&t, &u);
    t = ed_root_power(&t, &unused);
    t = ed_multiply(&t, &v3);
    *x = ed_multiply(&t, &u);
    t = ed_square(x);
    t = ed_multiply(&t, &v);
    ed_element minus = ed_negate(&u);
    if (!ed_equal(&t, &u)) {
        if (!ed_equal(&t, &minus)) return 0;
        *x = ed_multiply(x, &ed_root);
    }
    ed_words(again, x);
    int odd = (int)(again[0] & 1);
    if (sign && (again[0] | again[1] | again[2] | again[3]) == 0) return 0;
    if (odd != sign) *x = ed_negate(x);
    return 1;
}

// Writes 1 to 128 times (x, y) to `table`, and the last of them back to x and y.
static void ed_make_window(ed_element *x, ed_element *y, ctk_ed25519_point *table) {
    ed_sum sums[CTK_ED25519_MULTIPLES];
    ed_element products[CTK_ED25519_MULTIPLES];
    ed_to_table(&table[0], x, y);
    sums[0] = (ed_sum){*x, *y, ed_one, ed_multiply(x, y)};
    products[0] = ed_one;
    for (int i = 1; i < CTK_ED25519_MULTIPLES; i++) {
        sums[i] = sums[i - 1];
        ed_accumulate(&sums[i], &table[0], 0);
        products[i] = ed_multiply(&products[i - 1], &sums[i].z);
    }
    // One inversion for all; no z is 0 on this curve.
    ed_element inverse = ed_invert(&products[CTK_ED25519_MULTIPLES - 1]);
    for (int i = CTK_ED25519_MULTIPLES - 1; i > 0; i--) {
        ed_element own = ed_multiply(&inverse, &products[i - 1]);
        inverse = ed_multiply(&inverse, &sums[i].z);
        ed_element ax = ed_multiply(&sums[i].x, &own), ay = ed_multiply(&sums[i].y, &own);
        ed_to_table(&table[i], &ax, &ay);
        if (i == CTK_ED25519_MULTIPLES - 1) {
            *x = ax;
            *y = ay;
        }
    }
}

int ctk_ed25519_make_table(const uint8_t encoded[32], int negated, ctk_ed25519_point *table) {
    ed_element x, y;
    if (!ed_decode(&x, &y, encoded)) return 0;
    if (negated) x = ed_negate(&x);
    for (int window = 0; window < CTK_ED25519_WINDOWS; window++) {
        ctk_ed25519_point *own = table + CTK_ED25519_MULTIPLES * window;
        ed_make_window(&x, &y, own);
        // 256 times the base is twice 128 times.
        ed_sum twice = {x, y, ed_one, ed_multiply(&x, &y)};
        ed_accumulate(&twice, &own[CTK_ED25519_MULTIPLES - 1], 0);
        ed_element inverse = ed_invert(&twice.z);
        x = ed_multiply(&twice.x, &inverse);
        y = ed_multiply(&twice.y, &inverse);
    }
    return 1;
}

// Adds u times a table's point for a number u below 2^253, in signed bytes -127...128.
static void ed_accumulate_multiple(ed_sum *sum, const ctk_ed25519_point *table, const uint64_t u[4]) {
    int digits[CTK_ED25519_WINDOWS];
    int carry = 0;
    for (int i = 0; i < CTK_ED25519_WINDOWS; i++) {
        int digit = (int)(u[i / 8] >> (8 * (i % 8)) & 0xff) + carry;
        carry = digit > 128;
        digits[i] = digit - (carry << 8);
        int multiple = digits[i] < 0 ? -digits[i] : digits[i];
        if (multiple != 0) {
            const char *point = (const char *)(table + CTK_ED25519_MULTIPLES * i + multiple - 1);
            __builtin_prefetch(point);
            __builtin_prefetch(point + 64);
        }
    }
    for (int i = 0; i < CTK_ED25519_WINDOWS; i++) {
        int digit = digits[i];
        if (digit == 0) continue;
        ed_accumulate(sum, table + CTK_ED25519_MULTIPLES * i + (digit < 0 ? -digit : digit) - 1, digit < 0);
    }
}

int ctk_ed25519_check(const ctk_ed25519_point *base, const ctk_ed25519_point *key, const uint8_t hash[64],
                      const uint8_t signature[64]) {
    static const uint64_t one[4] = {1};
    uint64_t s[4], low[4], high[4], k[4], r[4], words[4];
    ed_load(s, signature + 32);
    if (!p256_less(s, ed_order.m)) return 0;
    // k = low + 2^256 high: both are brought below the order by way of the Montgomery form of radix 2^256.
    ed_load(low, hash);
    ed_load(high, hash + 32);
    p256_mul_mod(low, low, ed_order.square, &ed_order);
    p256_mul_mod(low, low, one, &ed_order);
    p256_mul_mod(high, high, ed_order.square, &ed_order);
    p256_add(k, low, high, &ed_order);
    ed_sum sum = ed_identity;
    ed_accumulate_multiple(&sum, base, s);
    ed_accumulate_multiple(&sum, key, k);

    // The encoding of the sum is R's: y first, which needs no inversion and refuses nearly all that is wrong.
    ed_load(r, signature);
    uint64_t sign = r[3] >> 63;
    r[3] &= ~(1ull << 63);
    ed_element y = ed_from_words(r);
    ed_words(words, &y);
    if (memcmp(words, r, sizeof r) != 0) return 0;
    y = ed_multiply(&y, &sum.z);
    if (!ed_equal(&y, &sum.y)) return 0;
    ed_element inverse = ed_invert(&sum.z), x = ed_multiply(&sum.x, &inverse);
    ed_words(words, &x);
    return (words[0] & 1) == sign;
}
