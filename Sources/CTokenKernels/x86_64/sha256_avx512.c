// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#define FEATURES "avx512f,avx512bw,avx512vl,avx512dq"
#define LANES 16
#define LANES_MIN 3
#define SWAP(i) (i) + 3, (i) + 2, (i) + 1, (i), (i) + 7, (i) + 6, (i) + 5, (i) + 4, (i) + 11, (i) + 10, (i) + 9, \
    (i) + 8, (i) + 15, (i) + 14, (i) + 13, (i) + 12
#define ZIP_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define ZIP_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#include "sha256_lanes.h"

static void blocks_one(uint32_t state[8], const uint8_t *data, size_t block_count) {
    ctk_sha256_scalar.blocks(state, data, block_count);
}

static size_t hmac_short(const ctk_hmac_key *key, const uint8_t *base, const uint32_t *offsets, size_t count,
                         uint8_t *tags, size_t tag_byte_count) {
    return ctk_hmac_short_generic(&ctk_sha256_avx512, key, base, offsets, count, tags, tag_byte_count);
}

const ctk_sha256_kernel ctk_sha256_avx512 = {
    {"avx512", CTK_AVX512, CTK_CPU_AVX512}, blocks_one, lane_blocks_or_scalar, LANES, hmac_short,
};
#endif
