// SPDX-License-Identifier: Apache-2.0
// Prefilters for running text: where something may start that a slower step then looks at.
#ifndef CTK_SCRUB_H
#define CTK_SCRUB_H

#include <stddef.h>
#include <stdint.h>

// Up to eight buckets of three-byte anchors. A byte belongs to bucket b at place k when bit b is set both in
// low[k][byte & 15] and in high[k][byte >> 4]. Bytes over 7F belong to none (high[k][8] to [15] are not read).
typedef struct ctk_anchor_table {
    uint8_t low[3][16];
    uint8_t high[3][16];
} ctk_anchor_table;

// Writes, ascending, the offsets i in [from, n - 2) whose three bytes share a bucket; at most `capacity` of them.
// *next is the first offset that was not looked at: n - 2 (or `from` when that is larger) unless `out` is full.
// Reads src[from, n) only. Returns the count. n must be at most UINT32_MAX; `capacity` at least 64.
size_t ctk_anchors(const ctk_anchor_table *table, const uint8_t *src, size_t n, size_t from, uint32_t *out,
                   size_t capacity, size_t *next);

// The end of the run of A-Z a-z 0-9 - _ that starts at `from`: the first offset at or behind it with another byte,
// or n. Reads src[from, n) only; from must be at most n.
size_t ctk_base64url_run(const uint8_t *src, size_t n, size_t from);

// What may start at an offset, as bits.
enum {
    CTK_PERSONAL_EMAIL = 1,      // at the @, or the % of %40
    CTK_PERSONAL_PHONE = 2,      // at the +, the % of %2B, the ( or the first digit
    CTK_PERSONAL_CARD = 4,       // at the first digit
    CTK_PERSONAL_IBAN = 8,       // at the first letter
    CTK_PERSONAL_SSN = 16,       // at the first digit
    CTK_PERSONAL_IPV4 = 32,      // at the first dot
    CTK_PERSONAL_IPV6 = 64       // at the first colon, or at ::
};

typedef struct ctk_personal_anchor {
    uint32_t offset;
    uint32_t kinds;
} ctk_personal_anchor;

// The same for personal data of the wanted `kinds`: offsets in [from, n), with every kind that may start there.
// A superset: what does not fit is for the caller to drop. An anchor whose deciding bytes (at most 16) lie behind n may
// be missing, and the byte before `from` is read where there is one; *next is n unless `out` is full.
size_t ctk_personal_anchors(const uint8_t *src, size_t n, size_t from, uint32_t kinds, ctk_personal_anchor *out,
                            size_t capacity, size_t *next);

#endif
