// SPDX-License-Identifier: Apache-2.0
// SHA-256 of LANES messages in step, one per 32-bit element of a vector; included twice, see sha256_avx2.c and
// sha256_avx512.c. For processors without the SHA extensions.
#include "../ctk_internal.h"

#define TARGET __attribute__((target(FEATURES)))
#define INLINE static inline __attribute__((target(FEATURES), always_inline))

typedef uint32_t words __attribute__((vector_size(4 * LANES)));
typedef uint8_t octets __attribute__((vector_size(4 * LANES)));

INLINE words rotate(words x, int n) { return x >> n | x << (32 - n); }

INLINE words big_endian(words x) {
    octets b = (octets)x;
#if LANES == 16
    return (words)__builtin_shufflevector(b, b, SWAP(0), SWAP(16), SWAP(32), SWAP(48));
#else
    return (words)__builtin_shufflevector(b, b, SWAP(0), SWAP(16));
#endif
}

// Element j of row i becomes element i of row j. Each step deals the rows out like the two halves of a pack of cards.
INLINE void transpose(words rows[LANES]) {
    words dealt[LANES];
#pragma clang loop unroll(full)
    for (int step = 1; step < LANES; step *= 2) {
#pragma clang loop unroll(full)
        for (int i = 0; i < LANES / 2; i++) {
            dealt[2 * i] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], ZIP_LOW);
            dealt[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], ZIP_HIGH);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < LANES; i++) rows[i] = dealt[i];
    }
}

INLINE words load_row(const void *p) {
    words x;
    memcpy(&x, p, sizeof x);
    return x;
}

// The words of one block of every lane, in native order.
INLINE void load_blocks(words w[16], const uint8_t *const *data, size_t at) {
#pragma clang loop unroll(full)
    for (int half = 0; half < 16; half += LANES) {
        for (int i = 0; i < LANES; i++) w[half + i] = big_endian(load_row(data[i] + at + 4 * half));
        transpose(w + half);
    }
}

INLINE void compress(words s[8], words w[16]) {
    words a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    for (int from = 0; from < 64; from += 16) {
#pragma clang loop unroll(full)
        for (int t = 0; t < 16; t++) {
            words t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g));
            t1 += w[t] + ctk_sha256_k[from + t];
            words t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) | (c & (a | b)));
            h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;

            // The word sixteen rounds later; after the last sixteen nobody reads it.
            words w1 = w[(t + 1) & 15], w14 = w[(t + 14) & 15];
            w[t] += (rotate(w1, 7) ^ rotate(w1, 18) ^ w1 >> 3) + w[(t + 9) & 15];
            w[t] += rotate(w14, 17) ^ rotate(w14, 19) ^ w14 >> 10;
        }
    }
    s[0] += a, s[1] += b, s[2] += c, s[3] += d, s[4] += e, s[5] += f, s[6] += g, s[7] += h;
}

static TARGET void lane_blocks(uint32_t (*states)[8], const uint8_t *const *data, size_t lanes, size_t block_count) {
    // Lanes beyond `lanes` repeat lane 0, and their results are dropped.
    const uint8_t *from[LANES];
    words s[8], w[16];
    for (size_t i = 0; i < LANES; i++) {
        from[i] = data[i < lanes ? i : 0];
        for (int k = 0; k < 8; k++) s[k][i] = states[i < lanes ? i : 0][k];
    }
    for (size_t at = 0; at < 64 * block_count; at += 64) {
        load_blocks(w, from, at);
        compress(s, w);
    }
    for (size_t i = 0; i < lanes; i++) {
        for (int k = 0; k < 8; k++) states[i][k] = s[k][i];
    }
}

// Below this count the lanes that stand idle cost more than one message after another.
static TARGET void lane_blocks_or_scalar(uint32_t (*states)[8], const uint8_t *const *data, size_t lanes,
                                         size_t block_count) {
    if (lanes < LANES_MIN) {
        ctk_sha256_scalar.lane_blocks(states, data, lanes, block_count);
    } else {
        lane_blocks(states, data, lanes, block_count);
    }
}
