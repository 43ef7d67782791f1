// SPDX-License-Identifier: Apache-2.0
#include "../ctk_internal.h"

#if defined(__aarch64__)
#include <arm_neon.h>

static inline uint8x16_t equal_16(const uint8_t *p) { return vceqq_u8(vld1q_u8(p), vdupq_n_u8('.')); }

// Four bits for each byte that compared equal.
static inline uint64_t mask_of(uint8x16_t equal) {
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(equal), 4)), 0);
}

// Appends the offsets base + (nibbles set in mask) to dots; returns the new count, at most 5.
static uint32_t note(uint64_t mask, size_t base, uint32_t found, uint32_t dots[4]) {
    for (mask &= 0x1111111111111111; mask != 0; mask &= mask - 1) {
        if (found == 4) return 5;
        dots[found++] = (uint32_t)(base + (size_t)__builtin_ctzll(mask) / 4);
    }
    return found;
}

static uint32_t dots_neon(const uint8_t *src, size_t n, uint32_t dots[4]) {
    if (n < 16) return ctk_split_scalar.dots(src, n, dots);
    uint32_t found = 0;
    size_t i = 0;
    for (; n - i >= 64; i += 64) {
        uint8x16_t equal[4];
        for (int k = 0; k < 4; k++) equal[k] = equal_16(src + i + 16 * k);
        uint8x16_t any = vorrq_u8(vorrq_u8(equal[0], equal[1]), vorrq_u8(equal[2], equal[3]));
        if (vmaxvq_u8(any) == 0) continue;
        for (int k = 0; k < 4; k++) {
            found = note(mask_of(equal[k]), i + 16 * (size_t)k, found, dots);
            if (found == 5) return 5;
        }
    }
    for (; n - i >= 16; i += 16) {
        found = note(mask_of(equal_16(src + i)), i, found, dots);
        if (found == 5) return 5;
    }
    if (i == n) return found;
    // Steps back to a whole register and drops the bytes that were seen already.
    return note(mask_of(equal_16(src + n - 16)) >> 4 * (16 - (n - i)), i, found, dots);
}

const ctk_split_kernel ctk_split_neon = {{"neon", CTK_NEON, CTK_CPU_NEON}, dots_neon};
#endif
