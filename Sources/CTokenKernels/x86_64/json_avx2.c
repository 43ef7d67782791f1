// SPDX-License-Identifier: Apache-2.0
// The JSON index with AVX2, BMI1 and BMI2: two registers hold 64 bytes.
#if defined(__x86_64__)
#include <immintrin.h>

#include "../ctk_internal.h"
#include "../json/json_names.h"

#define CTK_WIDE_TARGET target("avx2,bmi,bmi2,popcnt,lzcnt")
#define CTK_WIDE __attribute__((CTK_INLINED, CTK_WIDE_TARGET))
#define CTK_WIDE_APART __attribute__((noinline, CTK_WIDE_TARGET))

typedef struct wide_block {
    __m256i low, high;
} wide_block;

CTK_WIDE static inline wide_block wide_load(const uint8_t *bytes) {
    return (wide_block){_mm256_loadu_si256((const __m256i *)bytes), _mm256_loadu_si256((const __m256i *)(bytes + 32))};
}

CTK_WIDE static inline wide_block wide_load_tail(const uint8_t *bytes, size_t count) {
    uint8_t padded[64];
    memset(padded, ' ', sizeof padded);
    memcpy(padded, bytes, count);
    return wide_load(padded);
}

CTK_WIDE static inline void wide_store(uint8_t *bytes, wide_block block) {
    _mm256_storeu_si256((__m256i *)bytes, block.low);
    _mm256_storeu_si256((__m256i *)(bytes + 32), block.high);
}

CTK_WIDE static inline uint64_t wide_mask(__m256i low, __m256i high) {
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 | (uint32_t)_mm256_movemask_epi8(low);
}

CTK_WIDE static inline uint64_t wide_equal(wide_block block, char byte) {
    const __m256i wanted = _mm256_set1_epi8(byte);
    return wide_mask(_mm256_cmpeq_epi8(block.low, wanted), _mm256_cmpeq_epi8(block.high, wanted));
}

// Signed comparison: bytes above 0x7F are negative.
CTK_WIDE static inline uint64_t wide_odd(wide_block block) {
    const __m256i bound = _mm256_set1_epi8(0x20);
    return wide_mask(_mm256_cmpgt_epi8(bound, block.low), _mm256_cmpgt_epi8(bound, block.high));
}

CTK_WIDE static inline uint64_t wide_high(wide_block block) { return wide_mask(block.low, block.high); }

CTK_WIDE static inline int wide_is_special(wide_block block) {
    const __m256i bound = _mm256_set1_epi8(0x20), backslash = _mm256_set1_epi8('\\');
    const __m256i odd = _mm256_or_si256(_mm256_cmpgt_epi8(bound, block.low), _mm256_cmpgt_epi8(bound, block.high));
    const __m256i escapes =
        _mm256_or_si256(_mm256_cmpeq_epi8(block.low, backslash), _mm256_cmpeq_epi8(block.high, backslash));
    return _mm256_movemask_epi8(_mm256_or_si256(odd, escapes)) != 0;
}

// Four at a time; what is written behind the last one is overwritten by the next block or never read.
CTK_WIDE static inline uint16_t *wide_positions(uint16_t *out, uint32_t base, uint64_t bits) {
    const uint64_t count = (uint64_t)_mm_popcnt_u64(bits);
    for (uint64_t i = 0; i < count; i += 4) {
        for (uint64_t k = 0; k < 4; k++) {
            out[i + k] = (uint16_t)(base + _tzcnt_u64(bits));
            bits = _blsr_u64(bits);
        }
    }
    return out + count;
}

CTK_WIDE static inline uint64_t wide_first_bytes(const uint8_t *name, size_t count) {
    return _bzhi_u64(ctk_json_word(name), (uint32_t)count * 8);
}

CTK_WIDE static inline int wide_is_other_name(const uint8_t *name, const ctk_json_known_name *known) {
    const __m128i difference = _mm_xor_si128(_mm_loadu_si128((const __m128i *)name),
                                             _mm_loadu_si128((const __m128i *)known->bytes));
    return !_mm_testz_si128(difference, _mm_loadu_si128((const __m128i *)known->mask));
}

CTK_WIDE static inline size_t wide_digit_count(const uint8_t *bytes) {
    const __m128i offset = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)bytes), _mm_set1_epi8('0'));
    const __m128i digits = _mm_cmpeq_epi8(_mm_min_epu8(offset, _mm_set1_epi8(9)), offset);
    return _tzcnt_u32(~(uint32_t)_mm_movemask_epi8(digits));
}

CTK_WIDE static inline int wide_any_equal(const uint32_t *values, uint32_t count) {
    __m256i seen = _mm256_setzero_si256();
    // Each value against those after it, eight at a time, starting with its neighbour.
    for (uint32_t i = 0; i + 1 < count; i++) {
        const __m256i value = _mm256_set1_epi32((int)values[i]);
        for (uint32_t k = i + 1; k < count; k += 8) {
            const __m256i some = _mm256_loadu_si256((const __m256i *)(values + k));
            const __m256i inside = _mm256_cmpgt_epi32(
                _mm256_set1_epi32((int)(count - k)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
            seen = _mm256_or_si256(seen, _mm256_and_si256(inside, _mm256_cmpeq_epi32(value, some)));
        }
    }
    return !_mm256_testz_si256(seen, seen);
}

CTK_WIDE static inline __m256i wide_high_nibbles(__m256i bytes) {
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
}

#include "json_places.h"

#define WIDE_VECTOR __m256i
#define WIDE_VECTOR_LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define WIDE_VECTOR_TABLE(p) _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(p)))
#define WIDE_VECTOR_LOOKUP(table, index) _mm256_shuffle_epi8(table, index)
#define WIDE_VECTOR_AND(a, b) _mm256_and_si256(a, b)
#define WIDE_VECTOR_OR(a, b) _mm256_or_si256(a, b)
#define WIDE_VECTOR_XOR(a, b) _mm256_xor_si256(a, b)
#define WIDE_VECTOR_SUBTRACT(a, b) _mm256_subs_epu8(a, b)
#define WIDE_VECTOR_HIGH_NIBBLES(a) wide_high_nibbles(a)
#define WIDE_VECTOR_SPLAT(byte) _mm256_set1_epi8((char)(byte))
#define WIDE_VECTOR_ANY(a) (!_mm256_testz_si256(a, a))
#include "../json/json_utf8.h"

#include "../json/json_memory.h"

const ctk_json_kernel ctk_json_avx2 = {
    .info = {.name = "avx2", .kind = CTK_AVX2, .cpu_needs = CTK_CPU_AVX2}, .index = wide_json_index, .index_beside = wide_json_index_beside};

#endif
