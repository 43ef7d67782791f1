// SPDX-License-Identifier: Apache-2.0
// Every implementation that this processor can run, callable directly: for tests and benchmarks.
#ifndef CTK_VARIANTS_H
#define CTK_VARIANTS_H

#include <stddef.h>
#include <stdint.h>

#include "ctk_dispatch.h"
#include "ctk_json.h"
#include "ctk_scrub.h"
#include "ctk_sha256.h"

// The first field of every kernel record.
typedef struct ctk_kernel_info {
    const char *name;    // a static string
    ctk_kernel kind;     // the smallest CLOAKROOM_KERNEL choice that allows it
    uint32_t cpu_needs;  // processor features, internal bits
} ctk_kernel_info;

// The contracts of the functions are those of ctk_base64url.h.
typedef struct ctk_base64url_kernel {
    ctk_kernel_info info;
    int64_t (*decode)(const uint8_t *src, size_t n, uint8_t *dst);
    void (*encode)(const uint8_t *src, size_t n, uint8_t *dst);
} ctk_base64url_kernel;

// The contract of the function is that of ctk_split.h.
typedef struct ctk_split_kernel {
    ctk_kernel_info info;
    uint32_t (*dots)(const uint8_t *src, size_t n, uint32_t dots[4]);
} ctk_split_kernel;

struct ctk_hmac_run;

// The contract of the functions is that of ctk_json.h. `index_beside` takes a step of `run` between members; it is NULL
// where that is not written.
typedef struct ctk_json_kernel {
    ctk_kernel_info info;
    ctk_json_result (*index)(const uint8_t *json, size_t n, ctk_json_limits limits, ctk_json_node *nodes,
                             size_t node_capacity);
    ctk_json_result (*index_beside)(const uint8_t *json, size_t n, ctk_json_limits limits, ctk_json_node *nodes,
                                    size_t node_capacity, struct ctk_hmac_run *run);
} ctk_json_kernel;

// The contracts of the functions are those of ctk_scrub.h.
typedef struct ctk_scrub_kernel {
    ctk_kernel_info info;
    size_t (*anchors)(const ctk_anchor_table *table, const uint8_t *src, size_t n, size_t from, uint32_t *out,
                      size_t capacity, size_t *next);
    size_t (*run)(const uint8_t *src, size_t n, size_t from);
    size_t (*personal)(const uint8_t *src, size_t n, size_t from, uint32_t kinds, ctk_personal_anchor *out,
                       size_t capacity, size_t *next);
} ctk_scrub_kernel;

enum { CTK_SHA256_LANES_MAX = 16 };

// The steps that differ between the SHA-256 implementations; all else is written once on top of them.
typedef struct ctk_sha256_kernel {
    ctk_kernel_info info;
    // Compresses data[0, 64 * block_count) into state.
    void (*blocks)(uint32_t state[8], const uint8_t *data, size_t block_count);
    // Compresses data[i][0, 64 * block_count) into states[i] for `lanes` lanes in step, 1 to lane_count of them.
    void (*lane_blocks)(uint32_t (*states)[8], const uint8_t *const *data, size_t lanes, size_t block_count);
    size_t lane_count;  // 1 to CTK_SHA256_LANES_MAX
    // ctk_hmac_sha256_batch for the longest prefix of the batch whose messages all have at most 55 bytes;
    // returns that prefix's count.
    size_t (*hmac_short)(const ctk_hmac_key *key, const uint8_t *base, const uint32_t *offsets, size_t count,
                         uint8_t *tags, size_t tag_byte_count);
    // One message on one stream with the state in the kernel's own order; all three are NULL where that is the usual
    // one. Turns words into that order; compresses blocks; and makes the HMAC tag of the state after all blocks.
    void (*enter)(uint32_t state[8]);
    void (*own_blocks)(uint32_t state[8], const uint8_t *data, size_t block_count);
    void (*finish)(uint32_t state[8], const ctk_hmac_key *key, uint8_t tag[32]);
} ctk_sha256_kernel;

// Implementation number `index`, widest first and the scalar one last; NULL at the end of the list.
const ctk_base64url_kernel *ctk_base64url_kernel_at(size_t index);
const ctk_split_kernel *ctk_split_kernel_at(size_t index);
const ctk_sha256_kernel *ctk_sha256_kernel_at(size_t index);
const ctk_json_kernel *ctk_json_kernel_at(size_t index);
const ctk_scrub_kernel *ctk_scrub_kernel_at(size_t index);

// The functions of ctk_sha256.h with a stated implementation.
void ctk_sha256_using(const ctk_sha256_kernel *kernel, const uint8_t *message, size_t n, uint8_t digest[32]);
void ctk_hmac_key_init_using(const ctk_sha256_kernel *kernel, ctk_hmac_key *out, const uint8_t *key, size_t n);
void ctk_hmac_sha256_using(const ctk_sha256_kernel *kernel, const ctk_hmac_key *key, const uint8_t *message, size_t n,
                           uint8_t tag[32]);
void ctk_hmac_sha256_batch_using(const ctk_sha256_kernel *kernel, const ctk_hmac_key *key, const uint8_t *base,
                                 const uint32_t *offsets, size_t count, uint8_t *tags, size_t tag_byte_count);
void ctk_hmac_sha256_jobs_using(const ctk_sha256_kernel *kernel, const ctk_hmac_job *jobs, size_t count,
                                uint8_t *tags);

#endif
