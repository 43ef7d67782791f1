// SPDX-License-Identifier: Apache-2.0
#ifndef CTK_SPLIT_H
#define CTK_SPLIT_H

#include <stddef.h>
#include <stdint.h>

// Counts the dots of src[0, n) in one pass and writes the offsets of the first four to dots[0..3].
// Stops at the fifth dot. Returns the number of dots seen, 0 to 5. n must be at most UINT32_MAX.
uint32_t ctk_split_dots(const uint8_t *src, size_t n, uint32_t dots[4]);

#endif
