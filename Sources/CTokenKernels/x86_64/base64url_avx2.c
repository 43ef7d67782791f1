// SPDX-License-Identifier: Apache-2.0
// base64url with AVX2: 32 characters a step, table lookups by nibble. The end is a step that overlaps the one
// before it (it writes the same bytes again), and at most three characters or two bytes that are left to the
// scalar twin.
#include "../ctk_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))

// The rows of the alphabet by high nibble are 2: `-`, 3: digits, 4 and 5: A-Z and `_`, 6 and 7: a-z. Bits 0-5 stand
// for rows 2-7 and bit 6 for all others. row_bit gives a row's bit, refused the rows that have nothing in a column.
#define ROW_BITS 0x40, 0x40, 1, 2, 4, 8, 16, 32, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40
#define REFUSED 0x55, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x43, 0x6b, 0x6b, 0x6a, 0x6b, 0x63
#define DELTAS 0, 0, 17, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0
#define PACK 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1

// The 12 bytes of each 16 characters, in the front of each 128-bit half; errors set bits in `bad`.
static inline TARGET __m256i decode_32(__m256i chars, __m256i *bad) {
    const __m256i nibble = _mm256_set1_epi8(0x0f);
    __m256i high = _mm256_and_si256(_mm256_srli_epi32(chars, 4), nibble);
    __m256i row_bit = _mm256_shuffle_epi8(_mm256_setr_epi8(ROW_BITS, ROW_BITS), high);
    __m256i refused = _mm256_shuffle_epi8(_mm256_setr_epi8(REFUSED, REFUSED), _mm256_and_si256(chars, nibble));
    *bad = _mm256_or_si256(*bad, _mm256_and_si256(row_bit, refused));

    // `_` shares its row with P-Z and needs 33 more.
    __m256i underscore = _mm256_and_si256(_mm256_cmpeq_epi8(chars, _mm256_set1_epi8('_')), _mm256_set1_epi8(33));
    __m256i delta = _mm256_shuffle_epi8(_mm256_setr_epi8(DELTAS, DELTAS), high);
    __m256i six = _mm256_add_epi8(_mm256_add_epi8(chars, delta), underscore);
    __m256i groups = _mm256_madd_epi16(_mm256_maddubs_epi16(six, _mm256_set1_epi32(0x01400140)),
                                       _mm256_set1_epi32(0x00011000));
    return _mm256_shuffle_epi8(groups, _mm256_setr_epi8(PACK, PACK));
}

// Stores 12 bytes.
static inline TARGET void store_12(uint8_t *dst, __m128i bytes) {
    _mm_storel_epi64((__m128i *)dst, bytes);
    int32_t last = _mm_extract_epi32(bytes, 2);
    memcpy(dst + 8, &last, 4);
}

// Decodes 32 characters to exactly 24 bytes.
static inline TARGET void step_32(const uint8_t *src, uint8_t *dst, __m256i *bad) {
    __m256i bytes = decode_32(_mm256_loadu_si256((const __m256i *)src), bad);
    store_12(dst, _mm256_castsi256_si128(bytes));
    store_12(dst + 12, _mm256_extracti128_si256(bytes, 1));
}

// Decodes src[0, 16) and src[at, at + 16) to exactly 12 bytes each.
static inline TARGET void step_16_twice(const uint8_t *src, size_t at, uint8_t *dst, __m256i *bad) {
    __m128i first = _mm_loadu_si128((const __m128i *)src), second = _mm_loadu_si128((const __m128i *)(src + at));
    __m256i bytes = decode_32(_mm256_set_m128i(second, first), bad);
    store_12(dst, _mm256_castsi256_si128(bytes));
    store_12(dst + at / 4 * 3, _mm256_extracti128_si256(bytes, 1));
}

static TARGET int64_t decode_avx2(const uint8_t *src, size_t n, uint8_t *dst) {
    if (n < 16) return ctk_base64url_scalar.decode(src, n, dst);
    const __m256i join = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7);
    __m256i bad = _mm256_setzero_si256();
    size_t whole = n & ~(size_t)3, i = 0;
    uint8_t *out = dst;

    // While 12 more characters follow, the 32-byte stores stay inside dst.
    for (; whole - i >= 76; i += 64, out += 48) {
        __m256i a = decode_32(_mm256_loadu_si256((const __m256i *)(src + i)), &bad);
        __m256i b = decode_32(_mm256_loadu_si256((const __m256i *)(src + i + 32)), &bad);
        _mm256_storeu_si256((__m256i *)out, _mm256_permutevar8x32_epi32(a, join));
        _mm256_storeu_si256((__m256i *)(out + 24), _mm256_permutevar8x32_epi32(b, join));
    }
    for (; whole - i >= 32; i += 32, out += 24) step_32(src + i, out, &bad);
    if (i < whole) {
        if (whole >= 32) {
            step_32(src + whole - 32, dst + (whole - 32) / 4 * 3, &bad);
        } else {
            step_16_twice(src, whole - 16, dst, &bad);
        }
    }
    if (!_mm256_testz_si256(bad, bad)) return ctk_base64url_refusal(src, n);
    if (whole == n) return -1;
    int64_t refusal = ctk_base64url_scalar.decode(src + whole, n - whole, dst + whole / 4 * 3);
    return refusal < 0 ? -1 : (int64_t)whole + refusal;
}

// Two times 12 bytes, in front of each half, to 32 characters.
static inline TARGET __m256i encode_24(__m128i first, __m128i second) {
    const __m256i spread = _mm256_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10,  //
                                            1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
    __m256i bytes = _mm256_shuffle_epi8(_mm256_set_m128i(second, first), spread);
    __m256i even = _mm256_mulhi_epu16(_mm256_and_si256(bytes, _mm256_set1_epi32(0x0fc0fc00)),
                                      _mm256_set1_epi32(0x04000040));
    __m256i odd = _mm256_mullo_epi16(_mm256_and_si256(bytes, _mm256_set1_epi32(0x003f03f0)),
                                     _mm256_set1_epi32(0x01000010));
    __m256i six = _mm256_or_si256(even, odd);

    // Table index: 13 for A-Z, 0 for a-z, 1-10 for the digits, 11 for `-`, 12 for `_`.
    __m256i upper = _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(26), six), _mm256_set1_epi8(13));
    __m256i index = _mm256_or_si256(_mm256_subs_epu8(six, _mm256_set1_epi8(51)), upper);
    const __m256i offsets = _mm256_setr_epi8(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -17, 32, 65, 0, 0,  //
                                             71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -17, 32, 65, 0, 0);
    return _mm256_add_epi8(six, _mm256_shuffle_epi8(offsets, index));
}

static inline TARGET __m128i load_16(const uint8_t *p) { return _mm_loadu_si128((const __m128i *)p); }

// The 12 bytes that end at `end`; reads 16.
static inline TARGET __m128i load_12_before(const uint8_t *end) { return _mm_srli_si128(load_16(end - 16), 4); }

static TARGET void encode_avx2(const uint8_t *src, size_t n, uint8_t *dst) {
    if (n < 18) {
        ctk_base64url_scalar.encode(src, n, dst);
        return;
    }
    size_t whole = n - n % 3, i = 0;
    uint8_t *out = dst;
    for (; n - i >= 52; i += 48, out += 64) {
        __m256i a = encode_24(load_16(src + i), load_16(src + i + 12));
        __m256i b = encode_24(load_16(src + i + 24), load_16(src + i + 36));
        _mm256_storeu_si256((__m256i *)out, a);
        _mm256_storeu_si256((__m256i *)(out + 32), b);
    }
    for (; whole - i >= 24; i += 24, out += 32) {
        _mm256_storeu_si256((__m256i *)out, encode_24(load_16(src + i), load_12_before(src + i + 24)));
    }
    if (i < whole) {
        if (whole >= 24) {
            __m256i last = encode_24(load_16(src + whole - 24), load_12_before(src + whole));
            _mm256_storeu_si256((__m256i *)(dst + (whole - 24) / 3 * 4), last);
        } else {
            __m256i both = encode_24(load_16(src), load_12_before(src + whole));
            _mm_storeu_si128((__m128i *)dst, _mm256_castsi256_si128(both));
            _mm_storeu_si128((__m128i *)(dst + (whole - 12) / 3 * 4), _mm256_extracti128_si256(both, 1));
        }
    }
    if (whole < n) ctk_base64url_scalar.encode(src + whole, n - whole, dst + whole / 3 * 4);
}

const ctk_base64url_kernel ctk_base64url_avx2 = {{"avx2", CTK_AVX2, CTK_CPU_AVX2}, decode_avx2, encode_avx2};
#endif
