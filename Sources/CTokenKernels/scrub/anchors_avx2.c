// SPDX-License-Identifier: Apache-2.0
#include "personal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2")))

typedef struct tables {
    __m256i low[3], high[3];
} tables;

static inline TARGET tables load(const ctk_anchor_table *table) {
    tables t;
    for (int k = 0; k < 3; k++) {
        t.low[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table->low[k]));
        t.high[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table->high[k]));
    }
    return t;
}

// The buckets of each byte at place k. A byte over 7F finds nothing: the shuffle answers 0 when bit 7 is set.
static inline TARGET __m256i buckets(const tables *t, int k, const uint8_t *p) {
    __m256i bytes = _mm256_loadu_si256((const __m256i *)p);
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
    return _mm256_and_si256(_mm256_shuffle_epi8(t->low[k], bytes), _mm256_shuffle_epi8(t->high[k], high));
}

static inline TARGET __m256i shared_at(const tables *t, const uint8_t *p) {
    return _mm256_and_si256(_mm256_and_si256(buckets(t, 0, p), buckets(t, 1, p + 1)), buckets(t, 2, p + 2));
}

static inline TARGET size_t note(__m256i hit, size_t base, uint32_t *out, size_t count) {
    uint32_t mask = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(hit, _mm256_setzero_si256()));
    for (; mask != 0; mask &= mask - 1) out[count++] = (uint32_t)(base + (size_t)__builtin_ctz(mask));
    return count;
}

static TARGET size_t anchors_avx2(const ctk_anchor_table *table, const uint8_t *src, size_t n, size_t from,
                                  uint32_t *out, size_t capacity, size_t *next) {
    const tables t = load(table);
    const size_t end = n < 2 ? 0 : n - 2;
    size_t count = 0, i = from;
    while (i < end && end - i >= 64 && capacity - count >= 64) {
        __m256i a = shared_at(&t, src + i), b = shared_at(&t, src + i + 32);
        __m256i any = _mm256_or_si256(a, b);
        if (!_mm256_testz_si256(any, any)) {
            count = note(a, i, out, count);
            count = note(b, i + 32, out, count);
        }
        i += 64;
    }
    if (i >= end || end - i >= 64) {
        *next = i;
        return count;
    }
    return count + ctk_scrub_scalar.anchors(table, src, n, i, out + count, capacity - count, next);
}

static inline TARGET __m256i in_range(__m256i bytes, char first, char last) {
    __m256i over = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(over, _mm256_set1_epi8((char)(last - first))), over);
}

static inline TARGET __m256i equal(__m256i bytes, char c) { return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(c)); }

static TARGET size_t run_avx2(const uint8_t *src, size_t n, size_t from) {
    size_t i = from;
    for (; n - i >= 32; i += 32) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(src + i));
        __m256i letter = in_range(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 'z');
        __m256i other = _mm256_or_si256(equal(bytes, '-'), equal(bytes, '_'));
        __m256i in = _mm256_or_si256(_mm256_or_si256(letter, in_range(bytes, '0', '9')), other);
        uint32_t out = ~(uint32_t)_mm256_movemask_epi8(in);
        if (out) return i + (size_t)__builtin_ctz(out);
    }
    return ctk_scrub_scalar.run(src, n, i);
}

#define BITS(mask, k) ((uint64_t)(uint32_t)_mm256_movemask_epi8(mask) << (k))

// The masks of p[0, n), at most 64 bytes of it; n is at least 1.
static inline TARGET ctk_text_masks masks_of(const uint8_t *p, size_t n) {
    uint8_t copy[64];
    if (n < 64) {
        memset(copy, 0, sizeof copy);
        memcpy(copy, p, n);
        p = copy;
    }
    ctk_text_masks m = {0};
    for (int k = 0; k < 64; k += 32) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(p + k));
        m.digit |= BITS(in_range(bytes, '0', '9'), k);
        m.letter |= BITS(in_range(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 'z'), k);
        m.at |= BITS(equal(bytes, '@'), k);
        m.percent |= BITS(equal(bytes, '%'), k);
        m.colon |= BITS(equal(bytes, ':'), k);
        m.dot |= BITS(equal(bytes, '.'), k);
        m.dash |= BITS(equal(bytes, '-'), k);
        m.blank |= BITS(equal(bytes, ' '), k);
        m.plus |= BITS(equal(bytes, '+'), k);
        m.open |= BITS(equal(bytes, '('), k);
        m.zero |= BITS(equal(bytes, '0'), k);
    }
    return m;
}

static TARGET size_t personal_avx2(const uint8_t *src, size_t n, size_t from, uint32_t kinds,
                                   ctk_personal_anchor *out, size_t capacity, size_t *next) {
    CTK_PERSONAL_LOOP(masks_of)
}

const ctk_scrub_kernel ctk_scrub_avx2 = {
    {"avx2", CTK_AVX2, CTK_CPU_AVX2}, anchors_avx2, run_avx2, personal_avx2};
#endif
