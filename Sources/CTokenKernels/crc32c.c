// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "include/ctk_crc32c.h"

// Sixteen remainders: one step a half byte, so that the table fits a cache line.
static const uint32_t steps[16] = {
    0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
    0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

uint32_t ctk_crc32c_scalar(const uint8_t *src, size_t n) {
    uint32_t crc = ~0u;
    for (size_t i = 0; i < n; i++) {
        crc ^= src[i];
        crc = steps[crc & 15] ^ crc >> 4;
        crc = steps[crc & 15] ^ crc >> 4;
    }
    return ~crc;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(const uint8_t *src, size_t n) {
    uint64_t crc = ~0u;
    for (; n >= 8; n -= 8, src += 8) {
        uint64_t word;
        memcpy(&word, src, 8);
        crc = __builtin_ia32_crc32di(crc, word);
    }
    uint32_t rest = (uint32_t)crc;
    for (; n > 0; n--, src++) rest = __builtin_ia32_crc32qi(rest, *src);
    return ~rest;
}

uint32_t ctk_crc32c(const uint8_t *src, size_t n) {
    return __builtin_cpu_supports("sse4.2") ? crc32c_sse42(src, n) : ctk_crc32c_scalar(src, n);
}

#else

uint32_t ctk_crc32c(const uint8_t *src, size_t n) { return ctk_crc32c_scalar(src, n); }

#endif
