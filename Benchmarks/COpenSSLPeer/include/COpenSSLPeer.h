// SPDX-License-Identifier: Apache-2.0
#ifndef COPENSSL_PEER_H
#define COPENSSL_PEER_H

#include <stddef.h>
#include <stdint.h>

// OpenSSL's own calls in the shape in which a careful C programmer would time them: algorithms fetched once, contexts
// kept. The reference that the benchmark runs beside the engine, in the same process.

// Makes OpenSSL count its allocations apart. Call before anything else touches OpenSSL; 1 on success.
int cop_count_allocations(void);

// OpenSSL's version text.
const char *cop_version(void);

// HMAC-SHA256 by the one-shot call HMAC().
void cop_hmac_oneshot(const uint8_t *key, size_t key_count, const uint8_t *message, size_t n, uint8_t tag[32]);

// HMAC-SHA256 by an EVP_MAC context that keeps its key.
typedef struct cop_mac cop_mac;
cop_mac *cop_mac_new(const uint8_t *key, size_t key_count);
void cop_mac_tag(cop_mac *mac, const uint8_t *message, size_t n, uint8_t tag[32]);
void cop_mac_free(cop_mac *mac);

// SHA-256 by SHA256().
void cop_sha256(const uint8_t *message, size_t n, uint8_t digest[32]);

// Base64 by EVP_DecodeBlock and EVP_EncodeBlock: the standard alphabet, length a multiple of four when decoding.
// Returns the byte count, negative when the input is refused.
int cop_base64_decode(const uint8_t *text, size_t n, uint8_t *out);
int cop_base64_encode(const uint8_t *bytes, size_t n, uint8_t *out);

// A bare signature check with a kept context. The public key as the numbers of its JWK, big-endian: n and e for RSA,
// x and y for P-256, x (y unused) for Ed25519.
typedef struct cop_verifier cop_verifier;
enum { COP_RS256 = 1, COP_PS256 = 2, COP_ES256 = 3, COP_EDDSA = 4 };
cop_verifier *cop_verifier_new(int algorithm, const uint8_t *first, size_t first_count, const uint8_t *second,
                               size_t second_count);
// ES256 signatures come as r || s, as in a token, and are turned into DER first, as any JOSE library must.
int cop_verifier_check(cop_verifier *verifier, const uint8_t *message, size_t n, const uint8_t *signature,
                       size_t signature_count);
void cop_verifier_free(cop_verifier *verifier);

// What one JWE takes of OpenSSL and nothing else, with kept contexts: for A256KW a random content key and its wrapping, then
// AES-256-GCM under it; for dir AES-256-GCM under the kept key. IV, tag and wrapped key go where they are thrown away.
typedef struct cop_sealer cop_sealer;
cop_sealer *cop_sealer_new(int wraps, const uint8_t key[32]);
// 1 on success. `out` holds n bytes.
int cop_sealer_seal(cop_sealer *sealer, const uint8_t *header, size_t header_count, const uint8_t *plaintext, size_t n,
                    uint8_t *out);
void cop_sealer_free(cop_sealer *sealer);

#endif
