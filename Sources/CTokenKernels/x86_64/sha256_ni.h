// SPDX-License-Identifier: Apache-2.0
// SHA-256 with the SHA extensions; included twice, see sha256_ni.c and sha256_ni_avx512.c. One stream waits for the latency of its own rounds, so batches run up to
// four streams in step. A state is two registers, in the order that the instructions want: A B E F and C D G H.
#ifndef FEATURES
#error "define FEATURES first"
#endif
#include "../ctk_internal.h"

#include <immintrin.h>

#define TARGET __attribute__((target(FEATURES)))
#define INLINE static inline __attribute__((target(FEATURES), always_inline))

enum { STREAMS = 4 };

typedef struct state {
    __m128i abef, cdgh;
} state;

INLINE __m128i load(const void *p) { return _mm_loadu_si128((const __m128i *)p); }
INLINE void store(void *p, __m128i x) { _mm_storeu_si128((__m128i *)p, x); }
INLINE __m128i big_endian(__m128i x) {
    return _mm_shuffle_epi8(x, _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
}

INLINE state load_state(const uint32_t words[8]) {
    __m128i abcd = load(words), efgh = load(words + 4);
    __m128i cdab = _mm_shuffle_epi32(abcd, 0xb1), hgfe = _mm_shuffle_epi32(efgh, 0x1b);
    return (state){_mm_alignr_epi8(cdab, hgfe, 8), _mm_blend_epi16(hgfe, cdab, 0xf0)};
}

// The words A B C D and E F G H in ascending order.
INLINE __m128i abcd_of(state s) {
    return _mm_unpacklo_epi64(_mm_shuffle_epi32(s.abef, 0x1b), _mm_shuffle_epi32(s.cdgh, 0x1b));
}
INLINE __m128i efgh_of(state s) {
    return _mm_unpackhi_epi64(_mm_shuffle_epi32(s.abef, 0x1b), _mm_shuffle_epi32(s.cdgh, 0x1b));
}

INLINE void store_state(uint32_t words[8], state s) {
    store(words, abcd_of(s));
    store(words + 4, efgh_of(s));
}

// Four rounds on `count` streams.
INLINE void rounds(int count, state *s, __m128i (*w)[4], int quad, __m128i k) {
    for (int i = 0; i < count; i++) {
        __m128i wk = _mm_add_epi32(w[i][quad & 3], k);
        __m128i high = _mm_shuffle_epi32(wk, 0x0e);
        s[i].cdgh = _mm_sha256rnds2_epu32(s[i].cdgh, s[i].abef, wk);
        s[i].abef = _mm_sha256rnds2_epu32(s[i].abef, s[i].cdgh, high);
    }
}

// The same with words that are known beforehand: wk holds their sums with the round constants.
INLINE void constant_rounds(int count, state *s, __m128i wk) {
    __m128i high = _mm_shuffle_epi32(wk, 0x0e);
    for (int i = 0; i < count; i++) {
        s[i].cdgh = _mm_sha256rnds2_epu32(s[i].cdgh, s[i].abef, wk);
        s[i].abef = _mm_sha256rnds2_epu32(s[i].abef, s[i].cdgh, high);
    }
}

// Replaces words 4 * quad - 16 … of the message schedule by words 4 * quad … .
INLINE void schedule(int count, __m128i (*w)[4], int quad) {
    for (int i = 0; i < count; i++) {
        __m128i *v = w[i];
        __m128i x = _mm_sha256msg1_epu32(v[quad & 3], v[(quad + 1) & 3]);
        x = _mm_add_epi32(x, _mm_alignr_epi8(v[(quad + 3) & 3], v[(quad + 2) & 3], 4));
        v[quad & 3] = _mm_sha256msg2_epu32(x, v[(quad + 3) & 3]);
    }
}

INLINE void add_states(int count, state *s, const state *more) {
    for (int i = 0; i < count; i++) {
        s[i].abef = _mm_add_epi32(s[i].abef, more[i].abef);
        s[i].cdgh = _mm_add_epi32(s[i].cdgh, more[i].cdgh);
    }
}

// One block, its words already in w in native order, on `count` streams. w is used up.
INLINE void compress(int count, state *s, __m128i (*w)[4]) {
    state before[STREAMS];
    for (int i = 0; i < count; i++) before[i] = s[i];
#pragma clang loop unroll(full)
    for (int quad = 0; quad < 16; quad++) {
        if (quad >= 4) schedule(count, w, quad);
        rounds(count, s, w, quad, load(ctk_sha256_k + 4 * quad));
    }
    add_states(count, s, before);
}

// The outer block of an HMAC: its words 0-7 are the inner digest s, words 8-15 are the padding of a message of
// 96 bytes, 80000000 0 0 0 and 0 0 0 768, which spares a part of the schedule.
INLINE void compress_outer(int count, state *s, state outer) {
    const __m128i k2 = load(ctk_sha256_k + 8), k3 = load(ctk_sha256_k + 12);
    const __m128i pad2 = _mm_setr_epi32(INT32_MIN, 0, 0, 0), pad3 = _mm_setr_epi32(0, 0, 0, 768);
    state before[STREAMS];
    __m128i w[STREAMS][4];
    for (int i = 0; i < count; i++) {
        w[i][0] = abcd_of(s[i]);
        w[i][1] = efgh_of(s[i]);
        w[i][2] = pad2;
        w[i][3] = pad3;
        s[i] = before[i] = outer;
    }
    rounds(count, s, w, 0, load(ctk_sha256_k));
    rounds(count, s, w, 1, load(ctk_sha256_k + 4));
    constant_rounds(count, s, _mm_add_epi32(k2, pad2));
    constant_rounds(count, s, _mm_add_epi32(k3, pad3));
    // Words 9-12 are zero, so they add nothing to words 16-19; sigma0 of words 9-12 adds nothing to words 24-27.
    for (int i = 0; i < count; i++) {
        w[i][0] = _mm_sha256msg2_epu32(_mm_sha256msg1_epu32(w[i][0], w[i][1]), pad3);
    }
    rounds(count, s, w, 4, load(ctk_sha256_k + 16));
    schedule(count, w, 5);
    rounds(count, s, w, 5, load(ctk_sha256_k + 20));
    for (int i = 0; i < count; i++) {
        __m128i x = _mm_add_epi32(pad2, _mm_alignr_epi8(w[i][1], w[i][0], 4));
        w[i][2] = _mm_sha256msg2_epu32(x, w[i][1]);
    }
    rounds(count, s, w, 6, load(ctk_sha256_k + 24));
#pragma clang loop unroll(full)
    for (int quad = 7; quad < 16; quad++) {
        schedule(count, w, quad);
        rounds(count, s, w, quad, load(ctk_sha256_k + 4 * quad));
    }
    add_states(count, s, before);
}

INLINE void blocks(int count, uint32_t (*states)[8], const uint8_t *const *data, size_t block_count) {
    state s[STREAMS];
    __m128i w[STREAMS][4];
    for (int i = 0; i < count; i++) s[i] = load_state(states[i]);
    for (size_t at = 0; at < 64 * block_count; at += 64) {
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < 4; k++) w[i][k] = big_endian(load(data[i] + at + 16 * k));
        }
        compress(count, s, w);
    }
    for (int i = 0; i < count; i++) store_state(states[i], s[i]);
}

static TARGET void blocks_ni(uint32_t words[8], const uint8_t *data, size_t block_count) {
    blocks(1, (uint32_t(*)[8])words, &data, block_count);
}

static TARGET void lane_blocks_ni(uint32_t (*states)[8], const uint8_t *const *data, size_t lanes,
                                  size_t block_count) {
    switch (lanes) {
        case 1: blocks(1, states, data, block_count); break;
        case 2: blocks(2, states, data, block_count); break;
        case 3: blocks(3, states, data, block_count); break;
        default: blocks(4, states, data, block_count); break;
    }
}

static TARGET void enter_ni(uint32_t words[8]) {
    const state s = load_state(words);
    store(words, s.abef);
    store(words + 4, s.cdgh);
}

static TARGET void own_blocks_ni(uint32_t own[8], const uint8_t *data, size_t block_count) {
    state s = {load(own), load(own + 4)};
    __m128i w[1][4];
    for (const uint8_t *end = data + 64 * block_count; data != end; data += 64) {
        for (int k = 0; k < 4; k++) w[0][k] = big_endian(load(data + 16 * k));
        compress(1, &s, w);
    }
    store(own, s.abef);
    store(own + 4, s.cdgh);
}

// Sliding windows: `keep + 64 - n` begins with n set bytes, `mark + 64 - n` has 80 at byte n, and `last + 16 - n`
// is a shuffle that moves the last n bytes of a register to its front and clears the rest.
#define FF8 255, 255, 255, 255, 255, 255, 255, 255
static const uint8_t keep[128] = {FF8, FF8, FF8, FF8, FF8, FF8, FF8, FF8};
static const uint8_t mark[128] = {[64] = 0x80};
static const uint8_t last[32] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, FF8, FF8};

// message[0, n) with n < 16, zeros behind. Reads nothing else.
INLINE __m128i load_below_16(const uint8_t *message, size_t n) {
    uint64_t low = 0, high = 0;
    if (n >= 8) {
        memcpy(&low, message, 8);
        memcpy(&high, message + n - 8, 8);
        high = high >> 1 >> (127 - 8 * n);
    } else if (n >= 4) {
        uint32_t front, back;
        memcpy(&front, message, 4);
        memcpy(&back, message + n - 4, 4);
        low = front | (uint64_t)back << 8 * (n - 4);
    } else if (n > 0) {
        low = message[0] | (uint64_t)message[n / 2] << 8 * (n / 2) | (uint64_t)message[n - 1] << 8 * (n - 1);
    }
    return _mm_set_epi64x((int64_t)high, (int64_t)low);
}

// message[0, n) with n <= 55, zeros behind, without a read outside it.
INLINE void load_exactly(__m128i w[4], const uint8_t *message, size_t n) {
    if (n < 16) {
        w[0] = load_below_16(message, n);
        w[1] = w[2] = w[3] = _mm_setzero_si128();
        return;
    }
    __m128i rest = _mm_shuffle_epi8(load(message + n - 16), load(last + 16 - n % 16));
    w[0] = load(message);
    w[1] = n >= 32 ? load(message + 16) : rest;
    w[2] = n >= 48 ? load(message + 32) : n >= 32 ? rest : _mm_setzero_si128();
    w[3] = n >= 48 ? rest : _mm_setzero_si128();
}

// The padded block of message[0, n), n at most 55, that follows one key block. May read up to `end`.
INLINE void load_short(__m128i w[4], const uint8_t *message, size_t n, const uint8_t *end) {
    if (end - message >= 64) {
        for (int k = 0; k < 4; k++) w[k] = _mm_and_si128(load(message + 16 * k), load(keep + 64 - n + 16 * k));
    } else {
        load_exactly(w, message, n);
    }
    for (int k = 0; k < 4; k++) w[k] = big_endian(_mm_or_si128(w[k], load(mark + 64 - n + 16 * k)));
    w[3] = _mm_insert_epi32(w[3], (int)((64 + n) * 8), 3);
}

INLINE void store_tag(uint8_t *tag, size_t n, state s) {
    __m128i first = big_endian(abcd_of(s)), second = big_endian(efgh_of(s));
    if (n == 16) {
        store(tag, first);
    } else if (n == 32) {
        store(tag, first);
        store(tag + 16, second);
    } else {
        uint8_t full[32];
        store(full, first);
        store(full + 16, second);
        memcpy(tag, full, n);
    }
}

// `count` messages of at most 55 bytes: one inner and one outer block each.
INLINE void hmac_short(int count, state inner, state outer, const uint8_t *base, const uint32_t *offsets,
                       const uint8_t *end, uint8_t *tags, size_t tag_byte_count) {
    state s[STREAMS];
    __m128i w[STREAMS][4];
    for (int i = 0; i < count; i++) {
        load_short(w[i], base + offsets[i], offsets[i + 1] - offsets[i], end);
        s[i] = inner;
    }
    compress(count, s, w);
    compress_outer(count, s, outer);
    for (int i = 0; i < count; i++) store_tag(tags + (size_t)i * tag_byte_count, tag_byte_count, s[i]);
}

static TARGET size_t hmac_short_ni(const ctk_hmac_key *key, const uint8_t *base, const uint32_t *offsets, size_t count,
                                   uint8_t *tags, size_t tag_byte_count) {
    const state inner = load_state(key->inner), outer = load_state(key->outer);
    const uint8_t *end = base + offsets[count];
    size_t i = 0;
    while (i < count) {
        size_t run = 0;
        while (run < STREAMS && i + run < count && offsets[i + run + 1] - offsets[i + run] <= 55) run++;
        uint8_t *out = tags + i * tag_byte_count;
        switch (run) {
            case 0: return i;
            case 1: hmac_short(1, inner, outer, base, offsets + i, end, out, tag_byte_count); break;
            case 2: hmac_short(2, inner, outer, base, offsets + i, end, out, tag_byte_count); break;
            case 3: hmac_short(3, inner, outer, base, offsets + i, end, out, tag_byte_count); break;
            default: hmac_short(4, inner, outer, base, offsets + i, end, out, tag_byte_count); break;
        }
        i += run;
    }
    return i;
}

static TARGET void finish_ni(uint32_t own[8], const ctk_hmac_key *key, uint8_t tag[32]) {
    state s = {load(own), load(own + 4)};
    compress_outer(1, &s, load_state(key->outer));
    store_tag(tag, 32, s);
}
