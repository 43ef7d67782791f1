// SPDX-License-Identifier: Apache-2.0
// base64url with NEON: the loads and stores that deal bytes out over three or four registers do the packing.
// The end is a step that overlaps the one before it, and at most three characters or two bytes that are left to the
// scalar twin.
#include "../ctk_internal.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#define __ 0x80
// For characters 0-63 and 64-127: the 6-bit value, or 80 outside the alphabet.
static const uint8_t values[128] = {
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

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static inline uint8x16x4_t load_table(const void *p) { return vld1q_u8_x4((const uint8_t *)p); }

// The 6-bit values of 16 characters; collects in `bad` the top bits of errors. A character from 80 on reads no table.
static inline uint8x16_t six_16(uint8x16_t chars, uint8x16x4_t low, uint8x16x4_t high, uint8x16_t *bad) {
    uint8x16_t six = vqtbx4q_u8(vqtbl4q_u8(low, chars), high, veorq_u8(chars, vdupq_n_u8(0x40)));
    *bad = vorrq_u8(*bad, vorrq_u8(chars, six));
    return six;
}

static inline void decode_64(const uint8_t *src, uint8_t *dst, uint8x16x4_t low, uint8x16x4_t high, uint8x16_t *bad) {
    uint8x16x4_t chars = vld4q_u8(src);
    uint8x16_t a = six_16(chars.val[0], low, high, bad), b = six_16(chars.val[1], low, high, bad);
    uint8x16_t c = six_16(chars.val[2], low, high, bad), d = six_16(chars.val[3], low, high, bad);
    uint8x16x3_t bytes = {{
        vorrq_u8(vshlq_n_u8(a, 2), vshrq_n_u8(b, 4)),
        vorrq_u8(vshlq_n_u8(b, 4), vshrq_n_u8(c, 2)),
        vorrq_u8(vshlq_n_u8(c, 6), d),
    }};
    vst3q_u8(dst, bytes);
}

// The same in half registers: 32 characters to 24 bytes.
static inline void decode_32(const uint8_t *src, uint8_t *dst, uint8x16x4_t low, uint8x16x4_t high, uint8x16_t *bad) {
    uint8x8x4_t chars = vld4_u8(src);
    uint8x16_t ab = six_16(vcombine_u8(chars.val[0], chars.val[1]), low, high, bad);
    uint8x16_t cd = six_16(vcombine_u8(chars.val[2], chars.val[3]), low, high, bad);
    uint8x8_t a = vget_low_u8(ab), b = vget_high_u8(ab), c = vget_low_u8(cd), d = vget_high_u8(cd);
    uint8x8x3_t bytes = {{
        vorr_u8(vshl_n_u8(a, 2), vshr_n_u8(b, 4)),
        vorr_u8(vshl_n_u8(b, 4), vshr_n_u8(c, 2)),
        vorr_u8(vshl_n_u8(c, 6), d),
    }};
    vst3_u8(dst, bytes);
}

static int64_t decode_neon(const uint8_t *src, size_t n, uint8_t *dst) {
    if (n < 32) return ctk_base64url_scalar.decode(src, n, dst);
    const uint8x16x4_t low = load_table(values), high = load_table(values + 64);
    uint8x16_t bad = vdupq_n_u8(0);
    size_t whole = n & ~(size_t)3, i = 0;
    for (; whole - i >= 64; i += 64) decode_64(src + i, dst + i / 4 * 3, low, high, &bad);
    if (i < whole && whole >= 64) {
        decode_64(src + whole - 64, dst + (whole - 64) / 4 * 3, low, high, &bad);
    } else if (i < whole) {
        decode_32(src, dst, low, high, &bad);
        decode_32(src + whole - 32, dst + (whole - 32) / 4 * 3, low, high, &bad);
    }
    if (vmaxvq_u8(bad) >= 0x80) return ctk_base64url_refusal(src, n);
    if (whole == n) return -1;
    int64_t refusal = ctk_base64url_scalar.decode(src + whole, n - whole, dst + whole / 4 * 3);
    return refusal < 0 ? -1 : (int64_t)whole + refusal;
}

static inline void encode_48(const uint8_t *src, uint8_t *dst, uint8x16x4_t letters) {
    uint8x16x3_t in = vld3q_u8(src);
    const uint8x16_t six = vdupq_n_u8(63);
    uint8x16x4_t out = {{
        vqtbl4q_u8(letters, vshrq_n_u8(in.val[0], 2)),
        vqtbl4q_u8(letters, vandq_u8(vorrq_u8(vshlq_n_u8(in.val[0], 4), vshrq_n_u8(in.val[1], 4)), six)),
        vqtbl4q_u8(letters, vandq_u8(vorrq_u8(vshlq_n_u8(in.val[1], 2), vshrq_n_u8(in.val[2], 6)), six)),
        vqtbl4q_u8(letters, vandq_u8(in.val[2], six)),
    }};
    vst4q_u8(dst, out);
}

// The same in half registers: 24 bytes to 32 characters.
static inline void encode_24(const uint8_t *src, uint8_t *dst, uint8x16x4_t letters) {
    uint8x8x3_t in = vld3_u8(src);
    const uint8x8_t six = vdup_n_u8(63);
    uint8x8x4_t out = {{
        vqtbl4_u8(letters, vshr_n_u8(in.val[0], 2)),
        vqtbl4_u8(letters, vand_u8(vorr_u8(vshl_n_u8(in.val[0], 4), vshr_n_u8(in.val[1], 4)), six)),
        vqtbl4_u8(letters, vand_u8(vorr_u8(vshl_n_u8(in.val[1], 2), vshr_n_u8(in.val[2], 6)), six)),
        vqtbl4_u8(letters, vand_u8(in.val[2], six)),
    }};
    vst4_u8(dst, out);
}

static void encode_neon(const uint8_t *src, size_t n, uint8_t *dst) {
    size_t whole = n - n % 3, i = 0;
    if (whole < 24) {
        ctk_base64url_scalar.encode(src, n, dst);
        return;
    }
    const uint8x16x4_t letters = load_table(alphabet);
    for (; whole - i >= 48; i += 48) encode_48(src + i, dst + i / 3 * 4, letters);
    if (i < whole && whole >= 48) {
        encode_48(src + whole - 48, dst + (whole - 48) / 3 * 4, letters);
    } else if (i < whole) {
        encode_24(src, dst, letters);
        encode_24(src + whole - 24, dst + (whole - 24) / 3 * 4, letters);
    }
    if (whole < n) ctk_base64url_scalar.encode(src + whole, n - whole, dst + whole / 3 * 4);
}

const ctk_base64url_kernel ctk_base64url_neon = {{"neon", CTK_NEON, CTK_CPU_NEON}, decode_neon, encode_neon};
#endif
