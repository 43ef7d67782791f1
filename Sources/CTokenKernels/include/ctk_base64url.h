// SPDX-License-Identifier: Apache-2.0
#ifndef CTK_BASE64URL_H
#define CTK_BASE64URL_H

#include <stddef.h>
#include <stdint.h>

// The byte count that n base64url characters decode to: n / 4 * 3 + {0, -, 1, 2}[n % 4]. n % 4 == 1 is never valid.
static inline size_t ctk_base64url_decoded_count(size_t n) { return n / 4 * 3 + (n % 4 == 0 ? 0 : n % 4 - 1); }

// The character count that n bytes encode to, without padding. n must be at most SIZE_MAX / 2.
static inline size_t ctk_base64url_encoded_count(size_t n) { return n / 3 * 4 + (n % 3 == 0 ? 0 : n % 3 + 1); }

// Strict base64url decode (RFC 4648 section 5, RFC 7515 section 2): only A-Z a-z 0-9 - _, no padding, no blanks,
// unused trailing bits zero, n % 4 != 1. Reads src[0, n), writes exactly dst[0, ctk_base64url_decoded_count(n));
// src and dst do not overlap. Returns -1 when all is valid, else the offset of the first character that makes the
// input invalid: the first one outside the alphabet, else (n % 4 == 1, or unused bits set) n - 1. After a refusal
// the contents of dst are unspecified, but nothing outside the stated range has been written.
int64_t ctk_base64url_decode(const uint8_t *src, size_t n, uint8_t *dst);

// Base64url encode without padding. Reads src[0, n), writes exactly dst[0, ctk_base64url_encoded_count(n)).
// src and dst do not overlap.
void ctk_base64url_encode(const uint8_t *src, size_t n, uint8_t *dst);

#endif
