// SPDX-License-Identifier: Apache-2.0
// The JSON index with AVX-512 (F, BW, VL, DQ, CD, VBMI, VBMI2): one register holds 64 bytes.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include "../ctk_internal.h"
#include "../json/json_names.h"

#define CTK_WIDE_TARGET \
    target("avx512f,avx512bw,avx512vl,avx512dq,avx512cd,avx512vbmi,avx512vbmi2,bmi,bmi2,lzcnt,popcnt")
#define CTK_WIDE __attribute__((CTK_INLINED, CTK_WIDE_TARGET))
#define CTK_WIDE_APART __attribute__((noinline, CTK_WIDE_TARGET))

typedef __m512i wide_block;

CTK_WIDE static inline wide_block wide_load(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }

CTK_WIDE static inline wide_block wide_load_tail(const uint8_t *bytes, size_t count) {
    return _mm512_mask_loadu_epi8(_mm512_set1_epi8(' '), _bzhi_u64(~0ull, (uint32_t)count), bytes);
}

CTK_WIDE static inline void wide_store(uint8_t *bytes, wide_block block) { _mm512_storeu_si512(bytes, block); }

CTK_WIDE static inline uint64_t wide_equal(wide_block block, char byte) {
    return _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(byte));
}

CTK_WIDE static inline uint64_t wide_odd(wide_block block) {
    return _mm512_cmplt_epi8_mask(block, _mm512_set1_epi8(0x20));
}

CTK_WIDE static inline uint64_t wide_high(wide_block block) { return _mm512_movepi8_mask(block); }

CTK_WIDE static inline int wide_is_special(wide_block block) {
    const __mmask64 escapes = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\\'));
    return !_kortestz_mask64_u8(escapes, _mm512_cmplt_epi8_mask(block, _mm512_set1_epi8(0x20)));
}

CTK_WIDE static inline uint16_t *wide_positions(uint16_t *out, uint32_t base, uint64_t bits) {
    static const uint8_t iota[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                     16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                     32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                     48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i packed = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(iota));
    const __m512i start = _mm512_set1_epi16((short)base);
    const uint64_t count = (uint64_t)_mm_popcnt_u64(bits);
    const __m256i low = _mm512_castsi512_si256(packed);
    _mm512_storeu_si512(out, _mm512_add_epi16(_mm512_cvtepu8_epi16(low), start));
    if (__builtin_expect(count > 32, 0)) {
        const __m256i high = _mm512_extracti64x4_epi64(packed, 1);
        _mm512_storeu_si512(out + 32, _mm512_add_epi16(_mm512_cvtepu8_epi16(high), start));
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
    return _tzcnt_u32(_mm_cmpgt_epu8_mask(offset, _mm_set1_epi8(9)) | 0x10000u);
}

CTK_WIDE static inline int wide_any_equal(const uint32_t *values, uint32_t count) {
    uint32_t seen = 0;
    for (uint32_t i = 0; i < count; i += 16) {
        const __mmask16 lanes = (__mmask16)_bzhi_u32(0xFFFF, count - i < 16 ? count - i : 16);
        const __m512i some = _mm512_maskz_loadu_epi32(lanes, values + i);
        const __m512i conflicts = _mm512_conflict_epi32(some);
        seen |= _mm512_mask_test_epi32_mask(lanes, conflicts, conflicts);
        for (uint32_t k = i + 16; k < count; k++)
            seen |= _mm512_cmpeq_epi32_mask(some, _mm512_set1_epi32((int)values[k]));
    }
    return seen != 0;
}

CTK_WIDE static inline __m512i wide_shift_right_4(__m512i bytes) {
    return _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(0x0F));
}

#include "json_places.h"

#define WIDE_VECTOR __m512i
#define WIDE_VECTOR_LOAD(p) _mm512_loadu_si512(p)
#define WIDE_VECTOR_TABLE(p) _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(p)))
#define WIDE_VECTOR_LOOKUP(table, index) _mm512_shuffle_epi8(table, index)
#define WIDE_VECTOR_AND(a, b) _mm512_and_si512(a, b)
#define WIDE_VECTOR_OR(a, b) _mm512_or_si512(a, b)
#define WIDE_VECTOR_XOR(a, b) _mm512_xor_si512(a, b)
#define WIDE_VECTOR_SUBTRACT(a, b) _mm512_subs_epu8(a, b)
#define WIDE_VECTOR_HIGH_NIBBLES(a) wide_shift_right_4(a)
#define WIDE_VECTOR_SPLAT(byte) _mm512_set1_epi8((char)(byte))
#define WIDE_VECTOR_ANY(a) (_mm512_test_epi8_mask(a, a) != 0)
#include "../json/json_utf8.h"

#include "../json/json_memory.h"

const ctk_json_kernel ctk_json_avx512 = {
    .info = {.name = "avx512",
             .kind = CTK_AVX512,
             .cpu_needs = CTK_CPU_AVX2 | CTK_CPU_AVX512 | CTK_CPU_AVX512_VBMI},
    .index = wide_json_index,
    .index_beside = wide_json_index_beside};

#endif
