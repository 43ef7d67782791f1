// SPDX-License-Identifier: Apache-2.0
#include "personal.h"

#if defined(__aarch64__)
#include <arm_neon.h>

// The buckets of each byte at place k. A byte over 7F finds nothing: its index is out of the low table's range.
static inline uint8x16_t buckets(const ctk_anchor_table *table, int k, const uint8_t *p) {
    uint8x16_t bytes = vld1q_u8(p);
    uint8x16_t low = vqtbl1q_u8(vld1q_u8(table->low[k]), vandq_u8(bytes, vdupq_n_u8(0x8F)));
    return vandq_u8(low, vqtbl1q_u8(vld1q_u8(table->high[k]), vshrq_n_u8(bytes, 4)));
}

// Four bits for each byte that is not zero.
static inline uint64_t nibbles(uint8x16_t hit) {
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(vtstq_u8(hit, hit)), 4)), 0);
}

static size_t anchors_neon(const ctk_anchor_table *table, const uint8_t *src, size_t n, size_t from, uint32_t *out,
                           size_t capacity, size_t *next) {
    const size_t end = n < 2 ? 0 : n - 2;
    size_t count = 0, i = from;
    while (i < end && end - i >= 16 && capacity - count >= 16) {
        uint8x16_t hit = vandq_u8(
            vandq_u8(buckets(table, 0, src + i), buckets(table, 1, src + i + 1)), buckets(table, 2, src + i + 2));
        for (uint64_t mask = nibbles(hit) & 0x1111111111111111; mask != 0; mask &= mask - 1) {
            out[count++] = (uint32_t)(i + (size_t)__builtin_ctzll(mask) / 4);
        }
        i += 16;
    }
    if (i >= end || end - i >= 16) {
        *next = i;
        return count;
    }
    return count + ctk_scrub_scalar.anchors(table, src, n, i, out + count, capacity - count, next);
}

static inline uint8x16_t in_range(uint8x16_t bytes, uint8_t first, uint8_t last) {
    return vcleq_u8(vsubq_u8(bytes, vdupq_n_u8(first)), vdupq_n_u8((uint8_t)(last - first)));
}

static inline uint8x16_t equal(uint8x16_t bytes, char c) { return vceqq_u8(bytes, vdupq_n_u8((uint8_t)c)); }

static size_t run_neon(const uint8_t *src, size_t n, size_t from) {
    size_t i = from;
    for (; n - i >= 16; i += 16) {
        uint8x16_t bytes = vld1q_u8(src + i);
        uint8x16_t letter = in_range(vorrq_u8(bytes, vdupq_n_u8(0x20)), 'a', 'z');
        uint8x16_t other = vorrq_u8(equal(bytes, '-'), equal(bytes, '_'));
        uint64_t out = ~nibbles(vorrq_u8(vorrq_u8(letter, in_range(bytes, '0', '9')), other));
        if (out) return i + (size_t)__builtin_ctzll(out) / 4;
    }
    return ctk_scrub_scalar.run(src, n, i);
}

// One bit for each byte of 64 that compared equal.
static inline uint64_t bits(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
    const uint8x16_t weight = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t ab = vpaddq_u8(vandq_u8(a, weight), vandq_u8(b, weight));
    uint8x16_t cd = vpaddq_u8(vandq_u8(c, weight), vandq_u8(d, weight));
    uint8x16_t all = vpaddq_u8(vpaddq_u8(ab, cd), vdupq_n_u8(0));
    return vgetq_lane_u64(vreinterpretq_u64_u8(all), 0);
}

#define EACH(f) bits(f(v[0]), f(v[1]), f(v[2]), f(v[3]))
#define DIGIT(x) in_range(x, '0', '9')
#define LETTER(x) in_range(vorrq_u8(x, vdupq_n_u8(0x20)), 'a', 'z')
#define SAME(c) bits(equal(v[0], c), equal(v[1], c), equal(v[2], c), equal(v[3], c))

// The masks of p[0, n), at most 64 bytes of it; n is at least 1.
static inline ctk_text_masks masks_of(const uint8_t *p, size_t n) {
    uint8_t copy[64];
    if (n < 64) {
        memset(copy, 0, sizeof copy);
        memcpy(copy, p, n);
        p = copy;
    }
    uint8x16_t v[4];
    for (int k = 0; k < 4; k++) v[k] = vld1q_u8(p + 16 * k);
    return (ctk_text_masks){EACH(DIGIT), EACH(LETTER), SAME('@'), SAME('%'), SAME(':'), SAME('.'),
                            SAME('-'),   SAME(' '),    SAME('+'), SAME('('), SAME('0')};
}

static size_t personal_neon(const uint8_t *src, size_t n, size_t from, uint32_t kinds, ctk_personal_anchor *out,
                            size_t capacity, size_t *next) {
    CTK_PERSONAL_LOOP(masks_of)
}

const ctk_scrub_kernel ctk_scrub_neon = {
    {"neon", CTK_NEON, CTK_CPU_NEON}, anchors_neon, run_neon, personal_neon};
#endif
