// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#define FEATURES "avx2"
#define LANES 8
#define LANES_MIN 3
#define SWAP(i) (i) + 3, (i) + 2, (i) + 1, (i), (i) + 7, (i) + 6, (i) + 5, (i) + 4, (i) + 11, (i) + 10, (i) + 9, \
    (i) + 8, (i) + 15, (i) + 14, (i) + 13, (i) + 12
#define ZIP_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define ZIP_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#include "sha256_lanes.h"

static void blocks_one(uint32_t state[8], const uint8_t *data, size_t block_count) {
    ctk_sha256_scalar.blocks(state, data, block_count);
}

static size_t hmac_short(const ctk_hmac_key *key, const uint8_t *base, const uint32_t *offsets, size_t count,
                         uint8_t *tags, size_t tag_byte_count) {
    return ctk_hmac_short_generic(&ctk_sha256_avx2, key, base, offsets, count, tags, tag_byte_count);
}

const ctk_sha256_kernel ctk_sha256_avx2 = {
    {"avx2", CTK_AVX2, CTK_CPU_AVX2}, blocks_one, lane_blocks_or_scalar, LANES, hmac_short,
};
#endif
