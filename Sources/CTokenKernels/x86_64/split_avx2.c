// SPDX-License-Identifier: Apache-2.0
#include "../ctk_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi")))

static inline TARGET __m256i equal_32(const uint8_t *p) {
    return _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)p), _mm256_set1_epi8('.'));
}

// Whether p[0, 128) holds a dot.
static inline TARGET int any_in_128(const uint8_t *p) {
    __m256i low = _mm256_or_si256(equal_32(p), equal_32(p + 32));
    __m256i any = _mm256_or_si256(low, _mm256_or_si256(equal_32(p + 64), equal_32(p + 96)));
    return !_mm256_testz_si256(any, any);
}

static inline TARGET uint64_t dots_in_32(const uint8_t *p) {
    return (uint32_t)_mm256_movemask_epi8(equal_32(p));
}

static TARGET uint32_t dots_avx2(const uint8_t *src, size_t n, uint32_t dots[4]) {
    uint32_t found = 0;
    size_t i = 0;
    while (i < n) {
        uint64_t mask = 0;
        size_t step = 64;
        if (n - i >= 128 && !any_in_128(src + i)) {
            i += 128;
            continue;
        }
        if (n - i >= 64) {
            mask = dots_in_32(src + i) | dots_in_32(src + i + 32) << 32;
        } else if (n - i >= 32) {
            mask = dots_in_32(src + i);
            step = 32;
        } else if (n >= 32) {
            // Steps back to a whole register and drops the bytes that were seen already.
            mask = dots_in_32(src + n - 32) >> (32 - (n - i));
        } else {
            for (size_t k = 0; k < n - i; k++) mask |= (uint64_t)(src[i + k] == '.') << k;
        }
        for (; mask != 0; mask &= mask - 1) {
            if (found == 4) return 5;
            dots[found++] = (uint32_t)(i + (size_t)__builtin_ctzll(mask));
        }
        i += step < n - i ? step : n - i;
    }
    return found;
}

const ctk_split_kernel ctk_split_avx2 = {{"avx2", CTK_AVX2, CTK_CPU_AVX2}, dots_avx2};
#endif
