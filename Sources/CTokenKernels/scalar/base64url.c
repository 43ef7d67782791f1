// SPDX-License-Identifier: Apache-2.0
// The reference implementation: the other kernels must agree with it byte for byte, and call the
// refusal function here to find the exact offset once they have seen that something is wrong.
#include "../ctk_internal.h"

#define __ 64
// Character to 6-bit value; __ (bit 6) marks a character outside the alphabet. From 80 on all are outside.
static const uint8_t values[128] = {
    __, __, __, __, __, __, __, __, __, __, __, __, __, __, __, __,  // 00
    __, __, __, __, __, __, __, __, __, __, __, __, __, __, __, __,  // 10
    __, __, __, __, __, __, __, __, __, __, __, __, __, 62, __, __,  // 20
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, __, __, __, __, __, __,  // 30
    __,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,  // 40
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, __, __, __, __, 63,  // 50
    __, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,  // 60
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, __, __, __, __, __,  // 70
};
#undef __

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static inline uint32_t value_of(uint8_t c) { return c < 128 ? values[c] : 64; }

static int64_t decode_scalar(const uint8_t *src, size_t n, uint8_t *dst) {
    size_t i = 0;
    for (; n - i >= 4; i += 4, dst += 3) {
        uint32_t a = value_of(src[i]), b = value_of(src[i + 1]), c = value_of(src[i + 2]), d = value_of(src[i + 3]);
        if ((a | b | c | d) & 64) {
            return (int64_t)(i + (a & 64 ? 0 : b & 64 ? 1 : c & 64 ? 2 : 3));
        }
        uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        dst[0] = (uint8_t)(bits >> 16);
        dst[1] = (uint8_t)(bits >> 8);
        dst[2] = (uint8_t)bits;
    }
    if (i == n) return -1;

    uint32_t bits = 0;
    size_t left = n - i;
    for (size_t k = 0; k < left; k++) {
        uint32_t value = value_of(src[i + k]);
        if (value & 64) return (int64_t)(i + k);
        bits |= value << (18 - 6 * k);
    }
    // One character holds no whole byte; of two and three, the low 4 and 2 bits must be zero.
    uint32_t unused = left == 2 ? 0xffff : 0xff;
    if (left == 1 || (bits & unused)) return (int64_t)(n - 1);
    dst[0] = (uint8_t)(bits >> 16);
    if (left == 3) dst[1] = (uint8_t)(bits >> 8);
    return -1;
}

int64_t ctk_base64url_refusal(const uint8_t *src, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (value_of(src[i]) & 64) return (int64_t)i;
    }
    return (int64_t)n - 1;
}

static void encode_scalar(const uint8_t *src, size_t n, uint8_t *dst) {
    size_t i = 0;
    for (; n - i >= 3; i += 3, dst += 4) {
        uint32_t bits = (uint32_t)src[i] << 16 | (uint32_t)src[i + 1] << 8 | src[i + 2];
        dst[0] = (uint8_t)alphabet[bits >> 18];
        dst[1] = (uint8_t)alphabet[bits >> 12 & 63];
        dst[2] = (uint8_t)alphabet[bits >> 6 & 63];
        dst[3] = (uint8_t)alphabet[bits & 63];
    }
    if (i == n) return;
    uint32_t bits = (uint32_t)src[i] << 16 | (n - i == 2 ? (uint32_t)src[i + 1] << 8 : 0);
    dst[0] = (uint8_t)alphabet[bits >> 18];
    dst[1] = (uint8_t)alphabet[bits >> 12 & 63];
    if (n - i == 2) dst[2] = (uint8_t)alphabet[bits >> 6 & 63];
}

const ctk_base64url_kernel ctk_base64url_scalar = {{"scalar", CTK_SCALAR, 0}, decode_scalar, encode_scalar};
