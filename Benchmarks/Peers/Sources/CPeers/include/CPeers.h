// SPDX-License-Identifier: Apache-2.0
#ifndef CPEERS_H
#define CPEERS_H

#include <stddef.h>
#include <stdint.h>

// C and C++ peers behind plain functions, loops included, so that no call from Swift is timed. Each `_version` returns
// NULL when the library was not there at compile time; the other functions must then not be called.

#ifdef __cplusplus
extern "C" {
#endif

// intel-ipsec-mb: HMAC-SHA256 of many values by hash bursts of at most 128 jobs.
typedef struct peer_ipsec peer_ipsec;
const char *peer_ipsec_version(void);
// `offsets` holds count + 1 ascending values; base and offsets must outlive the object. A tag takes 16 bytes.
peer_ipsec *peer_ipsec_new(const uint8_t *key, size_t key_count, const uint8_t *base, const uint32_t *offsets,
                           size_t count, uint8_t *tags);
// Tags all values once; returns how many were completed.
size_t peer_ipsec_run(peer_ipsec *peer);
void peer_ipsec_free(peer_ipsec *peer);

// simdutf: base64url without padding.
const char *peer_simdutf_version(void);
const char *peer_simdutf_kernel(void);
// Iteration i reads the n bytes at base + starts[i % 16], copies of one input that are aligned differently, as the engine's
// own loop does. Returns the bytes written last; SIZE_MAX when the input is refused.
size_t peer_simdutf_decode(const uint8_t *base, const uint32_t *starts, size_t n, uint8_t *out, size_t iterations);
size_t peer_simdutf_encode(const uint8_t *base, const uint32_t *starts, size_t n, uint8_t *out, size_t iterations);

// simdjson On-Demand: exp, iat, iss, sub and aud of payloads that stand in padded memory.
typedef struct peer_simdjson peer_simdjson;
const char *peer_simdjson_version(void);
const char *peer_simdjson_kernel(void);
peer_simdjson *peer_simdjson_new(const uint8_t *base, const uint32_t *offsets, size_t count);
// Reads the payloads in turn; returns a number that depends on every claim, negative when one was refused.
double peer_simdjson_run(peer_simdjson *peer, size_t iterations);
void peer_simdjson_free(peer_simdjson *peer);

#ifdef __cplusplus
}
#endif

#endif
