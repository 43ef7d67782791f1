// SPDX-License-Identifier: Apache-2.0
// Shared by the kernel files; not seen by users of the module.
#ifndef CTK_INTERNAL_H
#define CTK_INTERNAL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "include/ctk_base64url.h"
#include "include/ctk_claims.h"
#include "include/ctk_json.h"
#include "include/ctk_scrub.h"
#include "include/ctk_sha256.h"
#include "include/ctk_split.h"
#include "include/ctk_variants.h"

// Processor features that a kernel may need (ctk_kernel_info.cpu_needs).
enum {
    CTK_CPU_AVX2 = 1,           // AVX2, BMI1, BMI2, and a system that saves the registers
    CTK_CPU_AVX512 = 2,         // AVX-512 F, BW, VL, DQ
    CTK_CPU_AVX512_VBMI = 4,    // AVX-512 VBMI and VBMI2, beside CTK_CPU_AVX512
    CTK_CPU_SHA_NI = 8,         // SHA extensions and SSE4.1
    CTK_CPU_NEON = 16,
    CTK_CPU_ARM_SHA2 = 32,
    CTK_CPU_CLMUL = 64          // carry-less multiplication
};

// The features of this processor.
uint32_t ctk_cpu_features(void);

extern const ctk_base64url_kernel ctk_base64url_scalar;
extern const ctk_split_kernel ctk_split_scalar;
extern const ctk_sha256_kernel ctk_sha256_scalar;
extern const ctk_json_kernel ctk_json_scalar;
extern const ctk_scrub_kernel ctk_scrub_scalar;

#if defined(__x86_64__)
extern const ctk_base64url_kernel ctk_base64url_avx2, ctk_base64url_avx512;
extern const ctk_split_kernel ctk_split_avx2, ctk_split_avx512;
extern const ctk_json_kernel ctk_json_avx2, ctk_json_avx512;
extern const ctk_scrub_kernel ctk_scrub_avx2, ctk_scrub_avx512;
extern const ctk_sha256_kernel ctk_sha256_avx2, ctk_sha256_avx512, ctk_sha256_sha_ni, ctk_sha256_sha_ni_avx512;
#elif defined(__aarch64__)
extern const ctk_base64url_kernel ctk_base64url_neon;
extern const ctk_split_kernel ctk_split_neon;
extern const ctk_json_kernel ctk_json_neon;
extern const ctk_scrub_kernel ctk_scrub_neon;
extern const ctk_sha256_kernel ctk_sha256_sha2;
#endif

// The offset that ctk_base64url_decode returns for an input already known to be invalid. Writes nothing.
int64_t ctk_base64url_refusal(const uint8_t *src, size_t n);

// An HMAC-SHA256 that is computed block by block beside other work: a stream of SHA instructions waits on itself, and
// what is done between two blocks costs next to nothing.
typedef struct ctk_hmac_run {
    uint32_t state[8];  // in the kernel's own order
    const ctk_sha256_kernel *kernel;
    const uint8_t *data;
    size_t block_count;  // at data
    size_t tail_count;   // in tail, behind those at data; 0 once data is the tail
    uint8_t tail[128];
} ctk_hmac_run;

// Starts the HMAC of message[0, n), n at least 64, under the kernel in use.
void ctk_hmac_run_start(ctk_hmac_run *run, const ctk_hmac_key *key, const uint8_t *message, size_t n);
// Compresses the next block, if one is left.
void ctk_hmac_run_step(ctk_hmac_run *run);
// Compresses what is left, writes the tag and wipes the run.
void ctk_hmac_run_finish(ctk_hmac_run *run, const ctk_hmac_key *key, uint8_t tag[32]);

// The kernels in use.
const ctk_sha256_kernel *ctk_sha256_kernel_in_use(void);
const ctk_json_kernel *ctk_json_kernel_in_use(void);

// hmac_short of a ctk_sha256_kernel on top of its lane_blocks.
size_t ctk_hmac_short_generic(const ctk_sha256_kernel *kernel, const ctk_hmac_key *key, const uint8_t *base,
                              const uint32_t *offsets, size_t count, uint8_t *tags, size_t tag_byte_count);

// The round constants and the initial chaining value of FIPS 180-4, sections 4.2.2 and 5.3.3.
extern const uint32_t ctk_sha256_k[64];
extern const uint32_t ctk_sha256_initial[8];

static inline uint32_t ctk_load_be32(const uint8_t *p) {
    uint32_t x;
    memcpy(&x, p, 4);
    return __builtin_bswap32(x);
}

static inline void ctk_store_be32(uint8_t *p, uint32_t x) {
    x = __builtin_bswap32(x);
    memcpy(p, &x, 4);
}

static inline void ctk_store_be64(uint8_t *p, uint64_t x) {
    x = __builtin_bswap64(x);
    memcpy(p, &x, 8);
}

// Zeroes memory that held a secret; the barrier keeps the stores.
static inline void ctk_wipe(void *p, size_t n) {
    memset(p, 0, n);
    __asm__ volatile("" : : "r"(p) : "memory");
}

// Always inlined, but in a build without optimization, where every inlined copy would keep its own variables on the
// stack of the caller.
#if defined(__OPTIMIZE__)
#define CTK_INLINED always_inline
#else
#define CTK_INLINED unused
#endif

#endif
