// SPDX-License-Identifier: Apache-2.0
// Equal prints among those of many member names. Included after CTK_WIDE_APART is defined.
#ifndef CTK_JSON_PRINTS_H
#define CTK_JSON_PRINTS_H

#include <stddef.h>
#include <stdint.h>

// Whether two of many 32-bit prints are equal. Comparing all pairs would grow with the square of the members, so a
// table of 16384 bits says which prints may have been seen, and only those are looked for.
CTK_WIDE_APART static int wide_any_equal_of_many(const uint32_t *prints, size_t count) {
    uint64_t seen[256] = {0};
    uint16_t slots[128];
    for (size_t base = 0; base < count; base += 128) {
        const size_t some = count - base < 128 ? count - base : 128;
        // Prints of like names differ in few bits; two rounds of mixing spread them. A loop of its own, which the
        // compiler turns into vectors.
        for (size_t i = 0; i < some; i++) {
            uint32_t mixed = (prints[base + i] ^ prints[base + i] >> 15) * 0x85EBCA6Bu;
            mixed = (mixed ^ mixed >> 13) * 0xC2B2AE35u;
            slots[i] = (uint16_t)(mixed >> 18);
        }
        for (size_t i = 0; i < some; i++) {
            uint64_t *word = &seen[slots[i] >> 6];
            const uint64_t before = *word, bit = UINT64_C(1) << (slots[i] & 63);
            *word = before | bit;
            if (__builtin_expect((before & bit) == 0, 1)) continue;
            for (size_t k = 0; k < base + i; k++) {
                if (prints[k] == prints[base + i]) return 1;
            }
        }
    }
    return 0;
}

#endif
