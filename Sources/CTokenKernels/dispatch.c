// SPDX-License-Identifier: Apache-2.0
// Chooses an implementation of each kernel family, once, when the program is loaded.
//
// To add a family: a table, a slot, a line in resolve(), and the public functions that call through the slot.
#include <stdlib.h>

#include "ctk_internal.h"
#include "include/ctk_inline.h"

#if defined(__x86_64__)
#define X86(kernel) &(kernel).info,
#define ARM(kernel)
#elif defined(__aarch64__)
#define X86(kernel)
#define ARM(kernel) &(kernel).info,
#else
#define X86(kernel)
#define ARM(kernel)
#endif

// The tables: widest first, scalar last. Every record begins with its ctk_kernel_info.
typedef const ctk_kernel_info *const table[];

static table base64url_table = {
    X86(ctk_base64url_avx512) X86(ctk_base64url_avx2) ARM(ctk_base64url_neon)
    &ctk_base64url_scalar.info, NULL};

static table split_table = {
    X86(ctk_split_avx512) X86(ctk_split_avx2) ARM(ctk_split_neon) &ctk_split_scalar.info, NULL};

static table json_table = {
    X86(ctk_json_avx512) X86(ctk_json_avx2) ARM(ctk_json_neon) &ctk_json_scalar.info, NULL};

static table scrub_table = {
    X86(ctk_scrub_avx512) X86(ctk_scrub_avx2) ARM(ctk_scrub_neon) &ctk_scrub_scalar.info, NULL};

static table sha256_table = {
    X86(ctk_sha256_sha_ni_avx512) X86(ctk_sha256_sha_ni) X86(ctk_sha256_avx512) X86(ctk_sha256_avx2)
    ARM(ctk_sha256_sha2) &ctk_sha256_scalar.info, NULL};

// The slots: written once before main, only read afterwards. The scalar kernels serve whoever calls earlier.
static struct {
    ctk_kernel kernel;
    const ctk_base64url_kernel *base64url;
    const ctk_split_kernel *split;
    const ctk_sha256_kernel *sha256;
    const ctk_json_kernel *json;
    const ctk_scrub_kernel *scrub;
} in_use = {
    CTK_SCALAR, &ctk_base64url_scalar, &ctk_split_scalar, &ctk_sha256_scalar, &ctk_json_scalar,
    &ctk_scrub_scalar,
};

static int available(const ctk_kernel_info *info, uint32_t cpu) { return (info->cpu_needs & ~cpu) == 0; }

// The widest available kernel that `limit` allows. The scalar one always is.
static const void *widest(const ctk_kernel_info *const *entry, uint32_t cpu, ctk_kernel limit) {
    while (!available(*entry, cpu) || (*entry)->kind > limit) entry++;
    return *entry;
}

// The available kernel with this name, or NULL.
static const void *named(const ctk_kernel_info *const *entry, uint32_t cpu, const char *name) {
    for (; *entry; entry++) {
        if (available(*entry, cpu) && strcmp((*entry)->name, name) == 0) return *entry;
    }
    return NULL;
}

// Entry `index` among the available ones, or NULL.
static const void *at(const ctk_kernel_info *const *entry, size_t index) {
    uint32_t cpu = ctk_cpu_features();
    for (; *entry; entry++) {
        if (available(*entry, cpu) && index-- == 0) return *entry;
    }
    return NULL;
}

__attribute__((constructor)) static void resolve(void) {
    uint32_t cpu = ctk_cpu_features();
    const char *kernel_name = getenv("CLOAKROOM_KERNEL");
    const char *sha256_name = getenv("CLOAKROOM_SHA256");
    const ctk_kernel_info *forced = kernel_name ? named(base64url_table, cpu, kernel_name) : NULL;
    ctk_kernel limit = forced ? forced->kind : CTK_NEON;

    in_use.base64url = widest(base64url_table, cpu, limit);
    in_use.split = widest(split_table, cpu, limit);
    in_use.json = widest(json_table, cpu, limit);
    in_use.scrub = widest(scrub_table, cpu, limit);
    const void *sha256 = sha256_name ? named(sha256_table, cpu, sha256_name) : NULL;
    in_use.sha256 = sha256 ? sha256 : widest(sha256_table, cpu, limit);
    in_use.kernel = in_use.base64url->info.kind;
}

ctk_kernel ctk_kernel_in_use(void) { return in_use.kernel; }

const char *ctk_kernel_name(ctk_kernel kernel) {
    switch (kernel) {
        case CTK_SCALAR: return "scalar";
        case CTK_AVX2: return "avx2";
        case CTK_AVX512: return "avx512";
        case CTK_NEON: return "neon";
    }
    return "unknown";
}

const char *ctk_sha256_name(void) { return in_use.sha256->info.name; }

const ctk_sha256_kernel *ctk_sha256_kernel_in_use(void) { return in_use.sha256; }
const ctk_json_kernel *ctk_json_kernel_in_use(void) { return in_use.json; }

const ctk_base64url_kernel *ctk_base64url_kernel_at(size_t index) { return at(base64url_table, index); }
const ctk_split_kernel *ctk_split_kernel_at(size_t index) { return at(split_table, index); }
const ctk_sha256_kernel *ctk_sha256_kernel_at(size_t index) { return at(sha256_table, index); }
const ctk_json_kernel *ctk_json_kernel_at(size_t index) { return at(json_table, index); }
const ctk_scrub_kernel *ctk_scrub_kernel_at(size_t index) { return at(scrub_table, index); }

int64_t ctk_base64url_decode(const uint8_t *src, size_t n, uint8_t *dst) {
    return in_use.base64url->decode(src, n, dst);
}

void ctk_base64url_encode(const uint8_t *src, size_t n, uint8_t *dst) { in_use.base64url->encode(src, n, dst); }

uint32_t ctk_split_dots(const uint8_t *src, size_t n, uint32_t dots[4]) { return in_use.split->dots(src, n, dots); }

ctk_json_result ctk_json_index(const uint8_t *json, size_t n, ctk_json_limits limits, ctk_json_node *nodes,
                               size_t node_capacity) {
    return in_use.json->index(json, n, limits, nodes, node_capacity);
}

size_t ctk_anchors(const ctk_anchor_table *table, const uint8_t *src, size_t n, size_t from, uint32_t *out,
                   size_t capacity, size_t *next) {
    return in_use.scrub->anchors(table, src, n, from, out, capacity, next);
}

size_t ctk_base64url_run(const uint8_t *src, size_t n, size_t from) { return in_use.scrub->run(src, n, from); }

size_t ctk_personal_anchors(const uint8_t *src, size_t n, size_t from, uint32_t kinds, ctk_personal_anchor *out,
                            size_t capacity, size_t *next) {
    return in_use.scrub->personal(src, n, from, kinds, out, capacity, next);
}

void ctk_sha256(const uint8_t *message, size_t n, uint8_t digest[32]) {
    ctk_sha256_using(in_use.sha256, message, n, digest);
}

void ctk_hmac_key_init(ctk_hmac_key *out, const uint8_t *key, size_t n) {
    ctk_hmac_key_init_using(in_use.sha256, out, key, n);
}

void ctk_hmac_sha256(const ctk_hmac_key *key, const uint8_t *message, size_t n, uint8_t tag[32]) {
    ctk_hmac_sha256_using(in_use.sha256, key, message, n, tag);
}

int ctk_hmac_sha256_is_valid(const ctk_hmac_key *key, const uint8_t *message, size_t n, const uint8_t tag[32]) {
    uint8_t expected[32];
    ctk_hmac_sha256_using(in_use.sha256, key, message, n, expected);
    const int is_valid = ctk_equal_constant_time(expected, tag, sizeof expected);
    ctk_wipe(expected, sizeof expected);
    return is_valid;
}

void ctk_hmac_sha256_batch(const ctk_hmac_key *key, const uint8_t *base, const uint32_t *offsets, size_t count,
                           uint8_t *tags, size_t tag_byte_count) {
    ctk_hmac_sha256_batch_using(in_use.sha256, key, base, offsets, count, tags, tag_byte_count);
}

void ctk_hmac_sha256_jobs(const ctk_hmac_job *jobs, size_t count, uint8_t *tags) {
    ctk_hmac_sha256_jobs_using(in_use.sha256, jobs, count, tags);
}
