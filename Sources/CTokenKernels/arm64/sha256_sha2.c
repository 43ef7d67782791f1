// SPDX-License-Identifier: Apache-2.0
// SHA-256 with the SHA-2 instructions of ARMv8. One stream waits for the latency of its own rounds, so batches run
// two streams in step.
#include "../ctk_internal.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#define TARGET __attribute__((target("+crypto")))
#define INLINE static inline __attribute__((target("+crypto"), always_inline))

enum { STREAMS = 2 };

typedef struct state {
    uint32x4_t abcd, efgh;
} state;

INLINE state load_state(const uint32_t words[8]) { return (state){vld1q_u32(words), vld1q_u32(words + 4)}; }

INLINE void store_state(uint32_t words[8], state s) {
    vst1q_u32(words, s.abcd);
    vst1q_u32(words + 4, s.efgh);
}

INLINE uint32x4_t big_endian(uint8x16_t x) { return vreinterpretq_u32_u8(vrev32q_u8(x)); }

// One block, its words already in w in native order, on `count` streams. w is used up.
INLINE void compress(int count, state *s, uint32x4_t (*w)[4]) {
    state before[STREAMS];
    for (int i = 0; i < count; i++) before[i] = s[i];
#if defined(__clang__)
#pragma clang loop unroll(full)
#else
#pragma GCC unroll 16
#endif
    for (int quad = 0; quad < 16; quad++) {
        const uint32x4_t k = vld1q_u32(ctk_sha256_k + 4 * quad);
        for (int i = 0; i < count; i++) {
            uint32x4_t *v = w[i];
            if (quad >= 4) {
                uint32x4_t x = vsha256su0q_u32(v[quad & 3], v[(quad + 1) & 3]);
                v[quad & 3] = vsha256su1q_u32(x, v[(quad + 2) & 3], v[(quad + 3) & 3]);
            }
            uint32x4_t wk = vaddq_u32(v[quad & 3], k), abcd = s[i].abcd;
            s[i].abcd = vsha256hq_u32(abcd, s[i].efgh, wk);
            s[i].efgh = vsha256h2q_u32(s[i].efgh, abcd, wk);
        }
    }
    for (int i = 0; i < count; i++) {
        s[i].abcd = vaddq_u32(s[i].abcd, before[i].abcd);
        s[i].efgh = vaddq_u32(s[i].efgh, before[i].efgh);
    }
}

INLINE void blocks(int count, uint32_t (*states)[8], const uint8_t *const *data, size_t block_count) {
    state s[STREAMS];
    uint32x4_t w[STREAMS][4];
    for (int i = 0; i < count; i++) s[i] = load_state(states[i]);
    for (size_t at = 0; at < 64 * block_count; at += 64) {
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < 4; k++) w[i][k] = big_endian(vld1q_u8(data[i] + at + 16 * k));
        }
        compress(count, s, w);
    }
    for (int i = 0; i < count; i++) store_state(states[i], s[i]);
}

static TARGET void blocks_sha2(uint32_t words[8], const uint8_t *data, size_t block_count) {
    blocks(1, (uint32_t(*)[8])words, &data, block_count);
}

static TARGET void lane_blocks_sha2(uint32_t (*states)[8], const uint8_t *const *data, size_t lanes,
                                    size_t block_count) {
    if (lanes == 1) {
        blocks(1, states, data, block_count);
    } else {
        blocks(2, states, data, block_count);
    }
}

// Sliding windows: `keep + 64 - n` begins with n set bytes, `mark + 64 - n` has 80 at byte n.
#define FF8 255, 255, 255, 255, 255, 255, 255, 255
static const uint8_t keep[128] = {FF8, FF8, FF8, FF8, FF8, FF8, FF8, FF8};
static const uint8_t mark[128] = {[64] = 0x80};

// The padded block of message[0, n), n at most 55, that follows one key block. May read up to `end`.
INLINE void load_short(uint32x4_t w[4], const uint8_t *message, size_t n, const uint8_t *end) {
    uint8_t copy[64];
    if (end - message < 64) {
        memset(copy, 0, sizeof copy);
        memcpy(copy, message, n);
        message = copy;
    }
    for (int k = 0; k < 4; k++) {
        uint8x16_t bytes = vandq_u8(vld1q_u8(message + 16 * k), vld1q_u8(keep + 64 - n + 16 * k));
        w[k] = big_endian(vorrq_u8(bytes, vld1q_u8(mark + 64 - n + 16 * k)));
    }
    w[3] = vsetq_lane_u32((uint32_t)((64 + n) * 8), w[3], 3);
}

INLINE void store_tag(uint8_t *tag, size_t n, state s) {
    uint8_t full[32];
    vst1q_u8(full, vrev32q_u8(vreinterpretq_u8_u32(s.abcd)));
    vst1q_u8(full + 16, vrev32q_u8(vreinterpretq_u8_u32(s.efgh)));
    memcpy(tag, full, n);
}

// `count` messages of at most 55 bytes: one inner and one outer block each.
INLINE void hmac_short(int count, state inner, state outer, const uint8_t *base, const uint32_t *offsets,
                       const uint8_t *end, uint8_t *tags, size_t tag_byte_count) {
    static const uint32_t padding[8] = {0x80000000, 0, 0, 0, 0, 0, 0, (64 + 32) * 8};
    state s[STREAMS];
    uint32x4_t w[STREAMS][4];
    for (int i = 0; i < count; i++) {
        load_short(w[i], base + offsets[i], offsets[i + 1] - offsets[i], end);
        s[i] = inner;
    }
    compress(count, s, w);
    for (int i = 0; i < count; i++) {
        w[i][0] = s[i].abcd;
        w[i][1] = s[i].efgh;
        w[i][2] = vld1q_u32(padding);
        w[i][3] = vld1q_u32(padding + 4);
        s[i] = outer;
    }
    compress(count, s, w);
    for (int i = 0; i < count; i++) store_tag(tags + (size_t)i * tag_byte_count, tag_byte_count, s[i]);
}

static TARGET size_t hmac_short_sha2(const ctk_hmac_key *key, const uint8_t *base, const uint32_t *offsets,
                                     size_t count, uint8_t *tags, size_t tag_byte_count) {
    const state inner = load_state(key->inner), outer = load_state(key->outer);
    const uint8_t *end = base + offsets[count];
    size_t i = 0;
    while (i < count && offsets[i + 1] - offsets[i] <= 55) {
        uint8_t *out = tags + i * tag_byte_count;
        if (i + 1 < count && offsets[i + 2] - offsets[i + 1] <= 55) {
            hmac_short(2, inner, outer, base, offsets + i, end, out, tag_byte_count);
            i += 2;
        } else {
            hmac_short(1, inner, outer, base, offsets + i, end, out, tag_byte_count);
            i += 1;
        }
    }
    return i;
}

const ctk_sha256_kernel ctk_sha256_sha2 = {
    {"sha2", CTK_NEON, CTK_CPU_ARM_SHA2}, blocks_sha2, lane_blocks_sha2, STREAMS, hmac_short_sha2,
};
#endif
