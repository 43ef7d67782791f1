// SPDX-License-Identifier: Apache-2.0
// Which offsets of 64 bytes may start personal data, computed on one bit a byte. The kernels differ only in how they
// make the masks; this part is written once.
#ifndef CTK_PERSONAL_H
#define CTK_PERSONAL_H

#include "../ctk_internal.h"

// The classes of 64 bytes of text, a bit each, the first byte lowest.
typedef struct ctk_text_masks {
    uint64_t digit, letter, at, percent, colon, dot, dash, blank, plus, open;
} ctk_text_masks;

static inline int ctk_is_base64url(uint8_t c) {
    return (uint8_t)(c - '0') < 10 || (uint8_t)((c | 0x20) - 'a') < 26 || c == '-' || c == '_';
}

// Two blocks as one number: bit i of the result's low half looks `k` bytes ahead of byte i. k is 1 to 63.
static inline uint64_t ahead(uint64_t now, uint64_t then, int k) { return now >> k | then << (64 - k); }

typedef unsigned __int128 u128;
static inline u128 joined(uint64_t now, uint64_t then) { return (u128)then << 64 | now; }

// First dots of three, each with one to three digits between them and a digit on both sides.
static inline uint64_t ipv4_starts(const ctk_text_masks *a, const ctk_text_masks *b, uint64_t digit_before) {
    uint64_t x = a->dot & digit_before & ahead(a->digit, b->digit, 1);
    if (x == 0) return 0;
    // The next block's dots need a digit before them only: the bit behind the block is then not needed.
    uint64_t y = b->dot & (b->digit << 1 | a->digit >> 63);
    uint64_t d4 = ahead(x, y, 4), d5 = ahead(x, y, 5), d6 = ahead(x, y, 6), d7 = ahead(x, y, 7), d8 = ahead(x, y, 8);
    return x & ((ahead(x, y, 2) & (d4 | d5 | d6)) | (ahead(x, y, 3) & (d5 | d6 | d7)) | (d4 & (d6 | d7 | d8)));
}

// First colons of seven, none further than five bytes from the one before, and every `::`.
static inline uint64_t ipv6_starts(const ctk_text_masks *a, const ctk_text_masks *b) {
    if (a->colon == 0) return 0;
    uint64_t doubled = a->colon & ahead(a->colon, b->colon, 1);
    u128 colon = joined(a->colon, b->colon), chain = colon;
    for (int i = 0; i < 6 && (uint64_t)chain != 0; i++) {
        chain = colon & (chain >> 2 | chain >> 3 | chain >> 4 | chain >> 5);
    }
    return doubled | (uint64_t)chain;
}

typedef struct ctk_personal_starts {
    uint64_t email, phone, card, iban, ssn, ipv4, ipv6;
} ctk_personal_starts;

static inline ctk_personal_starts ctk_personal_of(const ctk_text_masks *a, const ctk_text_masks *b,
                                                  uint64_t digit_before, uint64_t word_before) {
    ctk_personal_starts s = {0};
    s.email = a->at;
    if (a->percent) s.email |= a->percent & ahead(a->digit, b->digit, 1) & ahead(a->digit, b->digit, 2);
    s.ipv4 = ipv4_starts(a, b, digit_before);
    s.ipv6 = ipv6_starts(a, b);

    u128 digit = joined(a->digit, b->digit);
    u128 two = digit & digit >> 1, three = two & digit >> 2, four = two & two >> 2;
    uint64_t first = a->digit & ~word_before;
    s.phone = (a->plus & ~word_before & (uint64_t)(digit >> 1)) | (a->open & ~word_before & (uint64_t)(three >> 1));
    if (first & (uint64_t)three) {
        u128 dash = joined(a->dash, b->dash), blank = joined(a->blank, b->blank), dot = joined(a->dot, b->dot);
        u128 eight = four & four >> 4, twelve = eight & four >> 8;
        u128 group4 = four & (dash | blank) >> 4 & four >> 5 & (digit | dash | blank) >> 9;
        s.card = first & (uint64_t)(twelve | group4);
        s.ssn = first & (uint64_t)(three & dash >> 3 & two >> 4 & dash >> 6 & four >> 7);
        s.phone |= first & (uint64_t)(three & (dash | dot) >> 3 & three >> 4 & (dash | dot) >> 7 & four >> 8);
    }
    uint64_t letters = a->letter & ahead(a->letter, b->letter, 1) & ~word_before & (uint64_t)(two >> 2);
    if (letters) {
        u128 word = digit | joined(a->letter, b->letter);
        u128 word4 = word & word >> 1;
        word4 &= word4 >> 2;
        s.iban = letters & (uint64_t)(word4 >> 4 | (joined(a->blank, b->blank) >> 4 & word4 >> 5));
    }
    return s;
}

// Appends the anchors of one block. `out` must have room for 64 more.
static inline size_t ctk_personal_note(const ctk_personal_starts *s, size_t base, uint32_t kinds,
                                       ctk_personal_anchor *out, size_t count) {
    const uint64_t mask[7] = {s->email, s->phone, s->card, s->iban, s->ssn, s->ipv4, s->ipv6};
    uint64_t any = s->email | s->phone | s->card | s->iban | s->ssn | s->ipv4 | s->ipv6;
    for (; any != 0; any &= any - 1) {
        int bit = __builtin_ctzll(any);
        uint32_t found = 0;
        for (int k = 0; k < 7; k++) found |= (uint32_t)(mask[k] >> bit & 1) << k;
        out[count] = (ctk_personal_anchor){(uint32_t)(base + (size_t)bit), found & kinds};
        count += (found & kinds) != 0;
    }
    return count;
}

// The body of a kernel: MASKS makes the masks of src[i, n), at most 64 bytes of it.
#define CTK_PERSONAL_LOOP(MASKS)                                                                   \
    size_t count = 0, i = from;                                                                    \
    uint64_t last_digit = 0, last_word = 0;                                                        \
    if (from > 0 && from < n) {                                                                    \
        last_digit = (uint8_t)(src[from - 1] - '0') < 10;                                          \
        last_word = last_digit | ((uint8_t)((src[from - 1] | 0x20) - 'a') < 26);                   \
    }                                                                                              \
    if (i >= n) {                                                                                  \
        *next = from;                                                                              \
        return 0;                                                                                  \
    }                                                                                              \
    ctk_text_masks now = MASKS;                                                                    \
    for (;;) {                                                                                     \
        size_t start = i;                                                                          \
        i = n - i > 64 ? i + 64 : n;                                                               \
        ctk_text_masks then = {0};                                                                 \
        if (i < n) then = MASKS;                                                                   \
        uint64_t word = now.digit | now.letter;                                                    \
        ctk_personal_starts s =                                                                    \
            ctk_personal_of(&now, &then, now.digit << 1 | last_digit, word << 1 | last_word);      \
        count = ctk_personal_note(&s, start, kinds, out, count);                                   \
        last_digit = now.digit >> 63;                                                              \
        last_word = word >> 63;                                                                    \
        now = then;                                                                                \
        if (i == n || capacity - count < 64) break;                                                \
    }                                                                                              \
    *next = i;                                                                                     \
    return count;

#endif
