// SPDX-License-Identifier: Apache-2.0
// For every processor with the SHA extensions.
#if defined(__x86_64__)
#define FEATURES "sha,sse4.1"
#include "sha256_ni.h"

const ctk_sha256_kernel ctk_sha256_sha_ni = {
    {"sha-ni", CTK_AVX2, CTK_CPU_SHA_NI}, blocks_ni, lane_blocks_ni, STREAMS, hmac_short_ni, enter_ni, own_blocks_ni,
    finish_ni,
};
#endif
