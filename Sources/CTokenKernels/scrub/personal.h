// SPDX-License-Identifier: Apache-2.0
// Which offsets of 64 bytes may start personal data, computed on one bit a byte. The kernels differ only in how they
// make the masks; this part is written once.
#ifndef CTK_PERSONAL_H
#define CTK_PERSONAL_H

#include "../ctk_internal.h"

// The classes of 64 bytes of text, a bit each, the first byte lowest.
typedef struct ctk_text_masks {
    uint64_t digit, letter, at, percent, colon, dot, dash, blank, plus, open, zero;
} ctk_text_masks;

static inline int ctk_is_base64url(uint8_t c) {
    return (uint8_t)(c - '0') < 10 || (uint8_t)((c | 0x20) - 'a') < 26 || c == '-' || c == '_';
}

// A window is 64 bytes: the byte before the ones that are looked at, 48 of those, and 15 behind them to look ahead at.
// So every step is a plain shift; shifts over two words would cost several times as much on some processors.
enum { CTK_WINDOW_STEP = 48 };

typedef struct ctk_personal_starts {
    uint64_t email, phone, card, iban, ssn, ipv4, ipv6;
} ctk_personal_starts;

static inline uint64_t ctk_chained(uint64_t colon, uint64_t chain) {
    return colon & (chain >> 2 | chain >> 3 | chain >> 4 | chain >> 5);
}

static inline ctk_personal_starts ctk_personal_of(const ctk_text_masks *m) {
    ctk_personal_starts s;
    const uint64_t d = m->digit, word = d | m->letter, fresh = ~(word << 1);
    const uint64_t two = d & d >> 1, three = two & d >> 2, four = two & two >> 2;
    const uint64_t gap = m->dash | m->blank, mark = m->dash | m->dot;

    s.email = m->at | (m->percent & two >> 1);
    // First dots of three, each with one to three digits between them and a digit on both sides.
    const uint64_t x = m->dot & d << 1 & d >> 1;
    s.ipv4 = x & ((x >> 2 & (x >> 4 | x >> 5 | x >> 6)) | (x >> 3 & (x >> 5 | x >> 6 | x >> 7)) |
                  (x >> 4 & (x >> 6 | x >> 7 | x >> 8)));
    // First colons of four, none further than five bytes from the one before, and every `::`.
    s.ipv6 = (m->colon & m->colon >> 1) |
             ctk_chained(m->colon, ctk_chained(m->colon, ctk_chained(m->colon, m->colon)));
    s.card = d & fresh & four & ((four >> 4 & four >> 8) | (gap >> 4 & four >> 5 & (gap | d) >> 9));
    s.ssn = fresh & three & m->dash >> 3 & two >> 4 & m->dash >> 6 & four >> 7;
    s.phone = fresh & ((m->plus & (d & ~m->zero) >> 1) | (m->open & three >> 1) |
                       (three & mark >> 3 & three >> 4 & mark >> 7 & four >> 8));
    s.phone |= m->percent & d >> 1 & m->letter >> 2 & d >> 3;
    const uint64_t word2 = word & word >> 1, word4 = word2 & word2 >> 2;
    s.iban = fresh & m->letter & m->letter >> 1 & two >> 2 & (word4 >> 4 | (m->blank >> 4 & word4 >> 5));
    return s;
}

// Appends the anchors of one window whose bit 1 stands for `base`. `out` must have room for 64 more.
static inline size_t ctk_personal_note(const ctk_personal_starts *s, uint64_t wanted, size_t base, uint32_t kinds,
                                       ctk_personal_anchor *out, size_t count) {
    uint64_t any = wanted & (s->email | s->phone | s->card | s->iban | s->ssn | s->ipv4 | s->ipv6);
    if (any == 0) return count;
    const uint64_t mask[7] = {s->email, s->phone, s->card, s->iban, s->ssn, s->ipv4, s->ipv6};
    for (; any != 0; any &= any - 1) {
        int bit = __builtin_ctzll(any);
        uint32_t found = 0;
        for (int k = 0; k < 7; k++) found |= (uint32_t)(mask[k] >> bit & 1) << k;
        out[count] = (ctk_personal_anchor){(uint32_t)(base + (size_t)bit - 1), found & kinds};
        count += (found & kinds) != 0;
    }
    return count;
}

// The body of a kernel: MASKS(p, n) makes the masks of p[0, n), 1 to 64 bytes.
#define CTK_PERSONAL_LOOP(MASKS)                                                                   \
    size_t count = 0, i = from;                                                                    \
    while (i < n && capacity - count >= 64) {                                                      \
        size_t left = n - i, step = left < CTK_WINDOW_STEP ? left : CTK_WINDOW_STEP;               \
        ctk_text_masks masks;                                                                      \
        if (i > 0) {                                                                               \
            masks = MASKS(src + i - 1, left < 63 ? left + 1 : 64);                                 \
        } else {                                                                                   \
            uint8_t first[64] = {0};                                                               \
            memcpy(first + 1, src, left < 63 ? left : 63);                                         \
            masks = MASKS(first, 64);                                                              \
        }                                                                                          \
        ctk_personal_starts starts = ctk_personal_of(&masks);                                      \
        uint64_t wanted = ((1ull << step) - 1) << 1;                                               \
        count = ctk_personal_note(&starts, wanted, i, kinds, out, count);                          \
        i += step;                                                                                 \
    }                                                                                              \
    *next = i;                                                                                     \
    return count;

#endif
