// SPDX-License-Identifier: Apache-2.0
#ifndef CALLOCATION_COUNT_H
#define CALLOCATION_COUNT_H

#include <stdint.h>

// Counts allocations by defining malloc and its relatives in the benchmark executable, in front of the C library's
// own. Nothing is believed: whatever calls malloc in this process is counted, Swift's runtime included.
// On systems other than Linux with glibc nothing is interposed and `cac_is_counting` returns 0.

// Whether allocations are counted in this process.
int cac_is_counting(void);

// Allocations (malloc, calloc, realloc, posix_memalign, aligned_alloc, memalign) by this thread since it started,
// those of OpenSSL left out once `cac_note_openssl` has been called.
uint64_t cac_count(void);

// Allocations that OpenSSL made on this thread; they are counted apart.
uint64_t cac_openssl_count(void);

// Bytes asked for by this thread since it started, OpenSSL's left out.
uint64_t cac_byte_count(void);

// The allocation functions to hand to OpenSSL (CRYPTO_set_mem_functions) before its first use.
void *cac_openssl_malloc(uint64_t byte_count, const char *file, int line);
void *cac_openssl_realloc(void *old, uint64_t byte_count, const char *file, int line);
void cac_openssl_free(void *memory, const char *file, int line);

#endif
