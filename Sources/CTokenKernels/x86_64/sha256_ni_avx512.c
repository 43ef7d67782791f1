// SPDX-License-Identifier: Apache-2.0
// The same with the 32 registers and three-operand forms of AVX-512 VL around the SHA instructions: four streams
// do not fit sixteen registers, and what is spilled costs a tenth of the time.
#if defined(__x86_64__)
#define FEATURES "sha,avx512vl"
#include "sha256_ni.h"

const ctk_sha256_kernel ctk_sha256_sha_ni_avx512 = {
    {"sha-ni-avx512", CTK_AVX512, CTK_CPU_SHA_NI | CTK_CPU_AVX512}, blocks_ni, lane_blocks_ni, STREAMS, hmac_short_ni,
    enter_ni, own_blocks_ni, finish_ni,
};
#endif
