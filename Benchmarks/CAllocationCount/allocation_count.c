// SPDX-License-Identifier: Apache-2.0
#include "CAllocationCount.h"

#include <stddef.h>
#include <stdlib.h>

#if defined(__linux__) && defined(__GLIBC__)

#include <errno.h>

// The C library's own entry points, which the definitions below stand in front of.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

// Per thread, so that no other thread's work is counted. The initial-exec model needs no allocation of its own.
static __thread uint64_t count __attribute__((tls_model("initial-exec")));
static __thread uint64_t byte_count_sum __attribute__((tls_model("initial-exec")));
static __thread uint64_t openssl_count __attribute__((tls_model("initial-exec")));

static inline void note(size_t n) {
    count++;
    byte_count_sum += n;
}

void *malloc(size_t n) {
    note(n);
    return __libc_malloc(n);
}

void *calloc(size_t items, size_t n) {
    note(items * n);
    return __libc_calloc(items, n);
}

void *realloc(void *old, size_t n) {
    note(n);
    return __libc_realloc(old, n);
}

void *memalign(size_t alignment, size_t n) {
    note(n);
    return __libc_memalign(alignment, n);
}

void *aligned_alloc(size_t alignment, size_t n) {
    note(n);
    return __libc_memalign(alignment, n);
}

int posix_memalign(void **out, size_t alignment, size_t n) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    note(n);
    void *memory = __libc_memalign(alignment, n);
    if (memory == NULL) return ENOMEM;
    *out = memory;
    return 0;
}

int cac_is_counting(void) { return 1; }
uint64_t cac_count(void) { return count; }
uint64_t cac_byte_count(void) { return byte_count_sum; }
uint64_t cac_openssl_count(void) { return openssl_count; }

void *cac_openssl_malloc(uint64_t n, const char *file, int line) {
    (void)file, (void)line;
    if (n == 0) return NULL;
    openssl_count++;
    return __libc_malloc(n);
}

void *cac_openssl_realloc(void *old, uint64_t n, const char *file, int line) {
    (void)file, (void)line;
    openssl_count++;
    return __libc_realloc(old, n);
}

void cac_openssl_free(void *memory, const char *file, int line) {
    (void)file, (void)line;
    __libc_free(memory);
}

#else

int cac_is_counting(void) { return 0; }
uint64_t cac_count(void) { return 0; }
uint64_t cac_byte_count(void) { return 0; }
uint64_t cac_openssl_count(void) { return 0; }

void *cac_openssl_malloc(uint64_t n, const char *file, int line) {
    (void)file, (void)line;
    return n == 0 ? NULL : malloc((size_t)n);
}

void *cac_openssl_realloc(void *old, uint64_t n, const char *file, int line) {
    (void)file, (void)line;
    return realloc(old, (size_t)n);
}

void cac_openssl_free(void *memory, const char *file, int line) {
    (void)file, (void)line;
    free(memory);
}

#endif
