// SPDX-License-Identifier: Apache-2.0
#include "../ctk_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2")))

// Appends the offsets base + (bits set in mask) to dots; returns the new count, at most 5.
static inline TARGET uint32_t note(uint64_t mask, size_t base, uint32_t found, uint32_t dots[4]) {
    for (; mask != 0; mask &= mask - 1) {
        if (found == 4) return 5;
        dots[found++] = (uint32_t)(base + (size_t)__builtin_ctzll(mask));
    }
    return found;
}

static TARGET uint32_t dots_avx512(const uint8_t *src, size_t n, uint32_t dots[4]) {
    const __m512i dot = _mm512_set1_epi8('.');
    uint32_t found = 0;
    size_t i = 0;
    for (; n - i >= 256; i += 256) {
        // A byte of the least of four differences is zero where one of them is a dot.
        __m512i a = _mm512_xor_si512(_mm512_loadu_si512(src + i), dot);
        __m512i b = _mm512_xor_si512(_mm512_loadu_si512(src + i + 64), dot);
        __m512i c = _mm512_xor_si512(_mm512_loadu_si512(src + i + 128), dot);
        __m512i d = _mm512_xor_si512(_mm512_loadu_si512(src + i + 192), dot);
        __m512i least = _mm512_min_epu8(_mm512_min_epu8(a, b), _mm512_min_epu8(c, d));
        if (_mm512_testn_epi8_mask(least, least) == 0) continue;
        found = note(_mm512_testn_epi8_mask(a, a), i, found, dots);
        if (found < 5) found = note(_mm512_testn_epi8_mask(b, b), i + 64, found, dots);
        if (found < 5) found = note(_mm512_testn_epi8_mask(c, c), i + 128, found, dots);
        if (found < 5) found = note(_mm512_testn_epi8_mask(d, d), i + 192, found, dots);
        if (found == 5) return 5;
    }
#pragma clang loop unroll(disable)
    for (; n - i >= 64; i += 64) {
        found = note(_mm512_cmpeq_epi8_mask(_mm512_loadu_si512(src + i), dot), i, found, dots);
        if (found == 5) return 5;
    }
    if (i == n) return found;
    __mmask64 in = _bzhi_u64(~0ull, (unsigned)(n - i));
    return note(_mm512_cmpeq_epi8_mask(_mm512_maskz_loadu_epi8(in, src + i), dot), i, found, dots);
}

const ctk_split_kernel ctk_split_avx512 = {{"avx512", CTK_AVX512, CTK_CPU_AVX512}, dots_avx512};
#endif
