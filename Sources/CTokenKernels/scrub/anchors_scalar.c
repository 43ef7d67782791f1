// SPDX-License-Identifier: Apache-2.0
#include "personal.h"

static size_t anchors_scalar(const ctk_anchor_table *table, const uint8_t *src, size_t n, size_t from, uint32_t *out,
                             size_t capacity, size_t *next) {
    size_t count = 0, i = from;
    for (; i + 2 < n; i++) {
        uint8_t a = src[i], b = src[i + 1], c = src[i + 2];
        if ((a | b | c) & 0x80) continue;
        if ((table->low[0][a & 15] & table->high[0][a >> 4] & table->low[1][b & 15] & table->high[1][b >> 4] &
             table->low[2][c & 15] & table->high[2][c >> 4]) == 0) continue;
        if (count == capacity) break;
        out[count++] = (uint32_t)i;
    }
    *next = i;
    return count;
}

static size_t run_scalar(const uint8_t *src, size_t n, size_t from) {
    while (from < n && ctk_is_base64url(src[from])) from++;
    return from;
}

static inline ctk_text_masks masks_of(const uint8_t *p, size_t n) {
    ctk_text_masks m = {0};
    for (size_t i = 0; i < n; i++) {
        uint8_t c = p[i];
        uint64_t bit = 1ull << i;
        if ((uint8_t)(c - '0') < 10) m.digit |= bit;
        if ((uint8_t)((c | 0x20) - 'a') < 26) m.letter |= bit;
        if (c == '@') m.at |= bit;
        if (c == '%') m.percent |= bit;
        if (c == ':') m.colon |= bit;
        if (c == '.') m.dot |= bit;
        if (c == '-') m.dash |= bit;
        if (c == ' ') m.blank |= bit;
        if (c == '+') m.plus |= bit;
        if (c == '(') m.open |= bit;
        if (c == '0') m.zero |= bit;
    }
    return m;
}

static size_t personal_scalar(const uint8_t *src, size_t n, size_t from, uint32_t kinds, ctk_personal_anchor *out,
                              size_t capacity, size_t *next) {
    CTK_PERSONAL_LOOP(masks_of)
}

const ctk_scrub_kernel ctk_scrub_scalar = {
    {"scalar", CTK_SCALAR, 0}, anchors_scalar, run_scalar, personal_scalar};
