// SPDX-License-Identifier: Apache-2.0
#include "../ctk_internal.h"

static uint32_t dots_scalar(const uint8_t *src, size_t n, uint32_t dots[4]) {
    uint32_t found = 0;
    for (size_t i = 0; i < n; i++) {
        if (src[i] != '.') continue;
        if (found == 4) return 5;
        dots[found++] = (uint32_t)i;
    }
    return found;
}

const ctk_split_kernel ctk_split_scalar = {{"scalar", CTK_SCALAR, 0}, dots_scalar};
