// SPDX-License-Identifier: Apache-2.0
#ifndef CTK_SHA256_H
#define CTK_SHA256_H

#include <stddef.h>
#include <stdint.h>

// SHA-256 (FIPS 180-4) of message[0, n) into digest[0, 32).
void ctk_sha256(const uint8_t *message, size_t n, uint8_t digest[32]);

// An HMAC-SHA256 key (RFC 2104) as the chaining values after the ipad block and after the opad block.
// These words are as secret as the key itself.
typedef struct ctk_hmac_key {
    uint32_t inner[8];
    uint32_t outer[8];
} ctk_hmac_key;

// Prepares a key from key[0, n) of any length. Intermediate secrets on the stack are wiped.
void ctk_hmac_key_init(ctk_hmac_key *out, const uint8_t *key, size_t n);

// HMAC-SHA256 of one message[0, n) into tag[0, 32).
void ctk_hmac_sha256(const ctk_hmac_key *key, const uint8_t *message, size_t n, uint8_t tag[32]);

// Whether tag[0, 32) is the HMAC-SHA256 of message[0, n). The comparison takes the same time for every tag.
int ctk_hmac_sha256_is_valid(const ctk_hmac_key *key, const uint8_t *message, size_t n, const uint8_t tag[32]);

// One message of a batch under one key: base[offsets[i], offsets[i + 1]).
// Writes the leftmost tag_byte_count (1 to 32) bytes of tag i to tags[i * tag_byte_count]. Messages that fit one
// block (55 bytes and less) run several in step. offsets holds count + 1 ascending values.
// Reads only base[offsets[0], offsets[count]).
void ctk_hmac_sha256_batch(const ctk_hmac_key *key, const uint8_t *base, const uint32_t *offsets, size_t count,
                           uint8_t *tags, size_t tag_byte_count);

// One message of a batch where each has a key of its own.
typedef struct ctk_hmac_job {
    const ctk_hmac_key *key;
    const uint8_t *message;
    size_t byte_count;
} ctk_hmac_job;

// HMAC-SHA256 of every job, tag i into tags[32 * i, 32 * i + 32). Lanes refill as messages end, so lengths may
// differ; like lengths side by side are fastest.
void ctk_hmac_sha256_jobs(const ctk_hmac_job *jobs, size_t count, uint8_t *tags);

#endif
