// SPDX-License-Identifier: Apache-2.0
#include "personal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,bmi,bmi2")))

typedef struct tables {
    __m512i low[3], high[3];
} tables;

static inline TARGET tables load(const ctk_anchor_table *table) {
    tables t;
    for (int k = 0; k < 3; k++) {
        t.low[k] = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table->low[k]));
        t.high[k] = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table->high[k]));
    }
    return t;
}

// The buckets of each byte at place k. A byte over 7F finds nothing: the shuffle answers 0 when bit 7 is set.
static inline TARGET __m512i buckets(const tables *t, int k, __m512i bytes) {
    __m512i high = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(15));
    return _mm512_and_si512(_mm512_shuffle_epi8(t->low[k], bytes), _mm512_shuffle_epi8(t->high[k], high));
}

static inline TARGET __m512i shared(const tables *t, __m512i a, __m512i b, __m512i c) {
    return _mm512_ternarylogic_epi64(buckets(t, 0, a), buckets(t, 1, b), buckets(t, 2, c), 0x80);  // all three
}

static inline TARGET __m512i shared_at(const tables *t, const uint8_t *p) {
    return shared(t, _mm512_loadu_si512(p), _mm512_loadu_si512(p + 1), _mm512_loadu_si512(p + 2));
}

static inline size_t note(uint64_t mask, size_t base, uint32_t *out, size_t count) {
    for (; mask != 0; mask &= mask - 1) out[count++] = (uint32_t)(base + (size_t)__builtin_ctzll(mask));
    return count;
}

static TARGET size_t anchors_avx512(const ctk_anchor_table *table, const uint8_t *src, size_t n, size_t from,
                                    uint32_t *out, size_t capacity, size_t *next) {
    const tables t = load(table);
    const size_t end = n < 2 ? 0 : n - 2;
    size_t count = 0, i = from;
    while (i < end && end - i >= 128 && capacity - count >= 128) {
        __m512i a = shared_at(&t, src + i), b = shared_at(&t, src + i + 64);
        __m512i any = _mm512_or_si512(a, b);
        if (_mm512_test_epi8_mask(any, any) != 0) {
            count = note(_mm512_test_epi8_mask(a, a), i, out, count);
            count = note(_mm512_test_epi8_mask(b, b), i + 64, out, count);
        }
        i += 128;
    }
    while (i < end && capacity - count >= 64) {
        size_t step = end - i < 64 ? end - i : 64;
        __mmask64 in = _bzhi_u64(~0ull, (unsigned)step);
        __m512i hit = shared(&t, _mm512_maskz_loadu_epi8(in, src + i), _mm512_maskz_loadu_epi8(in, src + i + 1),
                             _mm512_maskz_loadu_epi8(in, src + i + 2));
        count = note(_mm512_mask_test_epi8_mask(in, hit, hit), i, out, count);
        i += step;
    }
    *next = i;
    return count;
}

// A bit for each byte of A-Z a-z 0-9 - _.
static inline TARGET __mmask64 base64url(__m512i bytes) {
    __m512i lower = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    __mmask64 letter = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, _mm512_set1_epi8('a')), _mm512_set1_epi8(26));
    __mmask64 digit = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('0')), _mm512_set1_epi8(10));
    return letter | digit | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('-')) |
           _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('_'));
}

static TARGET size_t run_avx512(const uint8_t *src, size_t n, size_t from) {
    size_t i = from;
    for (; n - i >= 64; i += 64) {
        uint64_t other = ~(uint64_t)base64url(_mm512_loadu_si512(src + i));
        if (other) return i + (size_t)__builtin_ctzll(other);
    }
    if (i == n) return n;
    __mmask64 in = _bzhi_u64(~0ull, (unsigned)(n - i));
    uint64_t other = ~(uint64_t)base64url(_mm512_maskz_loadu_epi8(in, src + i));
    return i + (size_t)__builtin_ctzll(other);
}

static inline TARGET uint64_t equal(__m512i bytes, char c) {
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c));
}

// The masks of p[0, n), at most 64 bytes of it; n is at least 1.
static inline TARGET ctk_text_masks masks_of(const uint8_t *p, size_t n) {
    __mmask64 in = n < 64 ? _bzhi_u64(~0ull, (unsigned)n) : ~0ull;
    __m512i bytes = _mm512_maskz_loadu_epi8(in, p);
    __m512i lower = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    return (ctk_text_masks){
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('0')), _mm512_set1_epi8(10)),
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, _mm512_set1_epi8('a')), _mm512_set1_epi8(26)),
        equal(bytes, '@'), equal(bytes, '%'), equal(bytes, ':'), equal(bytes, '.'), equal(bytes, '-'),
        equal(bytes, ' '), equal(bytes, '+'), equal(bytes, '('), equal(bytes, '0')};
}

static TARGET size_t personal_avx512(const uint8_t *src, size_t n, size_t from, uint32_t kinds,
                                     ctk_personal_anchor *out, size_t capacity, size_t *next) {
    CTK_PERSONAL_LOOP(masks_of)
}

const ctk_scrub_kernel ctk_scrub_avx512 = {
    {"avx512", CTK_AVX512, CTK_CPU_AVX512}, anchors_avx512, run_avx512, personal_avx512};
#endif
