// SPDX-License-Identifier: Apache-2.0
// base64url with AVX-512 VBMI: 64 characters are one register. Whole-table lookups replace all range compares,
// masked loads and stores replace a scalar tail. A refusal is rare, so the loops only gather the sign bits that
// mark a bad character, look at them once at the end, and let the scalar twin find the offset.
#include "../ctk_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,bmi2")))

// For characters 0-63 and 64-127: the 6-bit value, or 80 outside the alphabet.
#define __ 0x80
static const uint8_t values[128] __attribute__((aligned(64))) = {
    __, __, __, __, __, __, __, __, __, __, __, __, __, __, __, __,
    __, __, __, __, __, __, __, __, __, __, __, __, __, __, __, __,
    __, __, __, __, __, __, __, __, __, __, __, __, __, 62, __, __,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, __, __, __, __, __, __,
    __,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, __, __, __, __, 63,
    __, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, __, __, __, __, __,
};
#undef __

static const uint8_t alphabet[64] __attribute__((aligned(64), nonstring)) =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// PACK(g): byte indices that turn the 24-bit groups g, g + 1 … of 32 bits each into big-endian bytes. Group numbers
// from 16 on address the second register of a two-register permutation.
#define GROUP(g) 4 * (g) + 2, 4 * (g) + 1, 4 * (g)
#define GROUPS4(g) GROUP(g), GROUP((g) + 1), GROUP((g) + 2), GROUP((g) + 3)
static const uint8_t pack_one[64] __attribute__((aligned(64))) = {
    GROUPS4(0), GROUPS4(4), GROUPS4(8), GROUPS4(12),
};

// Four registers of 48 bytes leave as three of 64.
static const uint8_t pack_four[3][64] __attribute__((aligned(64))) = {
    {GROUPS4(0), GROUPS4(4), GROUPS4(8), GROUPS4(12), GROUPS4(16), GROUP(20), 4 * 21 + 2},
    {4 * 5 + 1, 4 * 5, GROUPS4(6), GROUPS4(10), GROUP(14), GROUP(15), GROUPS4(16), GROUPS4(20), GROUP(24), GROUP(25),
     4 * 26 + 2, 4 * 26 + 1},
    {4 * 10, GROUPS4(11), GROUP(15), GROUPS4(16), GROUPS4(20), GROUPS4(24), GROUPS4(28)},
};

// The 6-bit values of 64 characters as sixteen 24-bit groups. Collects in `bad` the sign bits of errors.
static inline TARGET __m512i groups_of(__m512i chars, __m512i low, __m512i high, __m512i *bad) {
    __m512i six = _mm512_permutex2var_epi8(low, chars, high);
    *bad = _mm512_ternarylogic_epi32(*bad, chars, six, 0xfe);
    __m512i twelve = _mm512_maddubs_epi16(six, _mm512_set1_epi32(0x01400140));
    return _mm512_madd_epi16(twelve, _mm512_set1_epi32(0x00011000));
}

static TARGET int64_t decode_avx512(const uint8_t *src, size_t n, uint8_t *dst) {
    const __m512i low = _mm512_load_si512(values), high = _mm512_load_si512(values + 64);
    const __m512i pack = _mm512_load_si512(pack_one);
    __m512i bad = _mm512_setzero_si512();
    const uint8_t *p = src;
    size_t left = n;

    if (left >= 256) {
        const __m512i pack0 = _mm512_load_si512(pack_four[0]), pack1 = _mm512_load_si512(pack_four[1]);
        const __m512i pack2 = _mm512_load_si512(pack_four[2]);
        for (; left >= 256; left -= 256, p += 256, dst += 192) {
            __m512i a = groups_of(_mm512_loadu_si512(p), low, high, &bad);
            __m512i b = groups_of(_mm512_loadu_si512(p + 64), low, high, &bad);
            __m512i c = groups_of(_mm512_loadu_si512(p + 128), low, high, &bad);
            __m512i d = groups_of(_mm512_loadu_si512(p + 192), low, high, &bad);
            _mm512_storeu_si512(dst, _mm512_permutex2var_epi8(a, pack0, b));
            _mm512_storeu_si512(dst + 64, _mm512_permutex2var_epi8(b, pack1, c));
            _mm512_storeu_si512(dst + 128, _mm512_permutex2var_epi8(c, pack2, d));
        }
    }
    const __mmask64 low48 = 0x0000ffffffffffff;
#pragma clang loop unroll(disable)
    for (; left >= 64; left -= 64, p += 64, dst += 48) {
        __m512i groups = groups_of(_mm512_loadu_si512(p), low, high, &bad);
        _mm512_mask_storeu_epi8(dst, low48, _mm512_permutexvar_epi8(pack, groups));
    }

    // The rest, up to 63 characters, filled up with 'A' = 0: every byte after the result must come out zero.
    uint64_t unused = 0;
    if (left > 0) {
        __mmask64 in = _bzhi_u64(~0ull, (unsigned)left);
        __mmask64 out = _bzhi_u64(~0ull, (unsigned)ctk_base64url_decoded_count(left));
        __m512i chars = _mm512_mask_loadu_epi8(_mm512_set1_epi8('A'), in, p);
        __m512i bytes = _mm512_permutexvar_epi8(pack, groups_of(chars, low, high, &bad));
        _mm512_mask_storeu_epi8(dst, out, bytes);
        unused = _mm512_mask_test_epi8_mask(low48 & ~out, bytes, bytes);
    }
    if ((_mm512_movepi8_mask(bad) | unused) != 0 || left % 4 == 1) return ctk_base64url_refusal(src, n);
    return -1;
}

// 48 bytes in front of a register to 64 characters.
static inline TARGET __m512i characters_of(__m512i bytes, __m512i spread, __m512i letters) {
    const __m512i shifts = _mm512_set1_epi64(0x3036242a1016040a);
    __m512i six = _mm512_multishift_epi64_epi8(shifts, _mm512_permutexvar_epi8(spread, bytes));
    return _mm512_permutexvar_epi8(six, letters);
}

// Of each three bytes b0 b1 b2 the order b1 b0 b2 b1, so that every six bits lie inside one 32-bit lane.
#define SPREAD(k) 3 * (k) + 1, 3 * (k), 3 * (k) + 2, 3 * (k) + 1
#define SPREAD4(k) SPREAD(k), SPREAD((k) + 1), SPREAD((k) + 2), SPREAD((k) + 3)
static const uint8_t spread_bytes[64] __attribute__((aligned(64))) = {
    SPREAD4(0), SPREAD4(4), SPREAD4(8), SPREAD4(12),
};

static TARGET void encode_avx512(const uint8_t *src, size_t n, uint8_t *dst) {
    const __m512i letters = _mm512_load_si512(alphabet), spread = _mm512_load_si512(spread_bytes);
    size_t left = n;

    for (; left >= 208; left -= 192, src += 192, dst += 256) {
        __m512i a = characters_of(_mm512_loadu_si512(src), spread, letters);
        __m512i b = characters_of(_mm512_loadu_si512(src + 48), spread, letters);
        __m512i c = characters_of(_mm512_loadu_si512(src + 96), spread, letters);
        __m512i d = characters_of(_mm512_loadu_si512(src + 144), spread, letters);
        _mm512_storeu_si512(dst, a);
        _mm512_storeu_si512(dst + 64, b);
        _mm512_storeu_si512(dst + 128, c);
        _mm512_storeu_si512(dst + 192, d);
    }
#pragma clang loop unroll(disable)
    for (; left >= 64; left -= 48, src += 48, dst += 64) {
        _mm512_storeu_si512(dst, characters_of(_mm512_loadu_si512(src), spread, letters));
    }
    // Up to 63 bytes: two masked steps, the first one whole.
    if (left >= 48) {
        const __mmask64 low48 = 0x0000ffffffffffff;
        _mm512_storeu_si512(dst, characters_of(_mm512_maskz_loadu_epi8(low48, src), spread, letters));
        left -= 48, src += 48, dst += 64;
    }
    if (left == 0) return;
    __mmask64 in = _bzhi_u64(~0ull, (unsigned)left);
    __mmask64 out = _bzhi_u64(~0ull, (unsigned)ctk_base64url_encoded_count(left));
    __m512i chars = characters_of(_mm512_maskz_loadu_epi8(in, src), spread, letters);
    _mm512_mask_storeu_epi8(dst, out, chars);
}

const ctk_base64url_kernel ctk_base64url_avx512 = {
    {"avx512", CTK_AVX512, CTK_CPU_AVX512 | CTK_CPU_AVX512_VBMI}, decode_avx512, encode_avx512,
};
#endif
