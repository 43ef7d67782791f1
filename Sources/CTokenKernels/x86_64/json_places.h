// SPDX-License-Identifier: Apache-2.0
// The places of a member's name and string in one store. Included after CTK_WIDE is defined.
#ifndef CTK_JSON_PLACES_H
#define CTK_JSON_PLACES_H

#include <immintrin.h>

// quotes[0..3] enclose a name and a string. Sets name_offset, name_byte_count, value_offset, value_byte_count and
// child_count (to 0). The other fields and the 8 bytes behind the node are overwritten too.
CTK_WIDE static inline void wide_set_places(ctk_json_node *node, const uint16_t *quotes) {
    int64_t four;
    memcpy(&four, quotes, sizeof four);
    const __m256i places = _mm256_set1_epi64x(four);
    // The six words of a node: name, value, value's end, -, name's end, -; less the offsets where the last two begin.
    const __m256i ends = _mm256_shuffle_epi8(
        places, _mm256_setr_epi8(0, 1, -1, -1, 4, 5, -1, -1, 6, 7, -1, -1, -1, -1, -1, -1,
                                 2, 3, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
    const __m256i starts = _mm256_shuffle_epi8(
        places, _mm256_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, 4, 5, -1, -1, -1, -1, -1, -1,
                                 0, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
    const __m256i quote = _mm256_setr_epi32(1, 0, 1, 0, -1, 0, 0, 0);
    _mm256_storeu_si256((__m256i *)node, _mm256_add_epi32(_mm256_sub_epi32(ends, starts), quote));
}

#endif
