// SPDX-License-Identifier: Apache-2.0
// SHA-256 with the SHA extensions. One stream waits for the latency of its own rounds, so batches run up to
// four streams in step. A state is two registers, in the order that the instructions want: A B E F and C D G H.
#include "../ctk_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("sha,sse4.1")))
#define INLINE static inline __attribute__((target("sha,sse4.1"), always_inline))

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
        s[i].cdgh = _mm_sha256rnds2_epu32(s[i].cdgh, s[i].abef, wk);
        s[i].abef = _mm_sha256rnds2_epu32(s[i].abef, s[i].cdgh, _mm_shuffle_epi32(wk, 0x0e));
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

// One block, its words already in w in native order, on `count` streams. w is used up.
INLINE void compress(int count, state *s, __m128i (*w)[4]) {
    state before[STREAMS];
    for (int i = 0; i < count; i++) before[i] = s[i];
#pragma clang loop unroll(full)
    for (int quad = 0; quad < 16; quad++) {
        if (quad >= 4) schedule(count, w, quad);
        rounds(count, s, w, quad, load(ctk_sha256_k + 4 * quad));
    }
    for (int i = 0; i < count; i++) {
        s[i].abef = _mm_add_epi32(s[i].abef, before[i].abef);
        s[i].cdgh = _mm_add_epi32(s[i].cdgh, before[i].cdgh);
    }
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

static TARGET void lane_blocks_ni(uint32_t (*states)[8], const uint8_t *const *data, size_t block_count) {
    blocks(STREAMS, states, data, block_count);
}

// Sliding windows: `keep + 64 - n` begins with n set bytes, `mark + 64 - n` has 80 at byte n.
static const uint8_t keep[128] = {
#define FF8 255, 255, 255, 255, 255, 255, 255, 255
    FF8, FF8, FF8, FF8, FF8, FF8, FF8, FF8,
};
static const uint8_t mark[128] = {[64] = 0x80};

// The padded block of message[0, n), n at most 55, that follows one key block. May read up to `end`.
INLINE void load_short(__m128i w[4], const uint8_t *message, size_t n, const uint8_t *end) {
    uint8_t copy[64];
    if (end - message < 64) {
        for (int k = 0; k < 4; k++) store(copy + 16 * k, _mm_setzero_si128());
        memcpy(copy, message, n);
        message = copy;
    }
    for (int k = 0; k < 4; k++) {
        __m128i bytes = _mm_and_si128(load(message + 16 * k), load(keep + 64 - n + 16 * k));
        w[k] = big_endian(_mm_or_si128(bytes, load(mark + 64 - n + 16 * k)));
    }
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
    for (int i = 0; i < count; i++) {
        w[i][0] = abcd_of(s[i]);
        w[i][1] = efgh_of(s[i]);
        w[i][2] = _mm_setr_epi32(INT32_MIN, 0, 0, 0);
        w[i][3] = _mm_setr_epi32(0, 0, 0, (64 + 32) * 8);
        s[i] = outer;
    }
    compress(count, s, w);
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

const ctk_sha256_kernel ctk_sha256_sha_ni = {
    {"sha-ni", CTK_AVX2, CTK_CPU_SHA_NI}, blocks_ni, lane_blocks_ni, STREAMS, hmac_short_ni,
};
#endif
