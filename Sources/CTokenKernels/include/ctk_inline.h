// SPDX-License-Identifier: Apache-2.0
// Small scalar functions that callers inline. No SIMD here: wide intrinsics in a header are lowered to SSE2 when
// inlined into another language's code.
#ifndef CTK_INLINE_H
#define CTK_INLINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t ctk_load64(const uint8_t *p) {
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

// Whether a[0, n) and b[0, n) hold the same bytes. The time depends on n alone: every byte is read, nothing branches
// on a byte, and the barrier keeps the compiler from leaving early.
static inline int ctk_equal_constant_time(const uint8_t *a, const uint8_t *b, size_t n) {
    uint64_t difference = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        difference |= ctk_load64(a + i) ^ ctk_load64(b + i);
        __asm__ volatile("" : "+r"(difference));
    }
    for (; i < n; i++) {
        difference |= (uint64_t)(a[i] ^ b[i]);
        __asm__ volatile("" : "+r"(difference));
    }
    return difference == 0;
}

// Whether a[0, n) and b[0, n) hold the same bytes. For public values: leaves at the first difference.
static inline int ctk_equal(const uint8_t *a, const uint8_t *b, size_t n) {
    if (n < 8) {
        for (size_t i = 0; i < n; i++) {
            if (a[i] != b[i]) return 0;
        }
        return 1;
    }
    for (size_t i = 0; i + 8 < n; i += 8) {
        if (ctk_load64(a + i) != ctk_load64(b + i)) return 0;
    }
    return ctk_load64(a + n - 8) == ctk_load64(b + n - 8);
}

// The value of eight decimal digits, the first one in the lowest byte (a little-endian load).
static inline uint64_t ctk_eight_digits(uint64_t word) {
    word -= 0x3030303030303030u;
    word = word * 10 + (word >> 8);
    return ((((word & 0x000000FF000000FFu) * 0x000F424000000064u) +
             (((word >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u)) >> 32) & 0xFFFFFFFFu;
}

// The value of text[0, n), 1 to 15 bytes that are all decimal digits.
static inline uint64_t ctk_digits(const uint8_t *text, size_t n) {
    uint64_t sum = 0;
    size_t i = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (n >= 8) {
        sum = ctk_eight_digits(ctk_load64(text));
        i = 8;
    }
#endif
    for (; i < n; i++) sum = sum * 10 + (uint64_t)(text[i] - '0');
    return sum;
}

// Reads the decimal digits text[0, n), 1 to 15 of them, as a whole number. Returns 0 when one is no digit.
static inline int ctk_decimal(const uint8_t *text, size_t n, uint64_t *value) {
    if (n == 0 || n > 15) return 0;
    for (size_t i = 0; i < n; i++) {
        if ((uint8_t)(text[i] - '0') > 9) return 0;
    }
    *value = ctk_digits(text, n);
    return 1;
}

#endif
