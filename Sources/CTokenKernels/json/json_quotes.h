// SPDX-License-Identifier: Apache-2.0
// Step 1 of the wide JSON index: a padded copy of the document and the offsets of its quotes. See json_wide.h.
#ifndef CTK_JSON_QUOTES_H
#define CTK_JSON_QUOTES_H

#include "../ctk_internal.h"
#include "json_text.h"

enum {
    WIDE_MAX = 16384,       // bytes of a document; longer ones are left to the scalar twin
    WIDE_STACK_MAX = 4096,  // bytes of a document that is worked on in stack memory
    WIDE_PAD = 64,
    WIDE_DEPTH_MAX = 63,
    WIDE_NODES_MORE = 40  // nodes above half the byte count that may be written
};

// An open container.
typedef struct wide_frame {
    ctk_json_node *node;
    uint32_t *first_print;  // of its member names
} wide_frame;

// Where a document is worked on: see json_memory.h.
typedef struct wide_buffer {
    uint8_t *text;       // the document, blanks to a multiple of 64, then WIDE_PAD zeros; WIDE_PAD bytes before it
    uint16_t *quotes;    // offsets of the unescaped quotes
    uint32_t *prints;    // of the member names of the open objects
    wide_frame *frames;  // frames[depth] is the innermost container
} wide_buffer;

#define CTK_LIKELY(x) __builtin_expect(!!(x), 1)
// The value of x as it stands in a register: keeps the compiler from computing it again, in another way.
#define CTK_KEEP(x) __asm__("" : "+r"(x))
#define CTK_UNLIKELY(x) __builtin_expect(!!(x), 0)

// What step 1 carries from block to block.
typedef struct wide_scan {
    uint64_t escape_carry;  // 1 when the block before ended in a backslash that escapes
    uint64_t backslashes, high_bytes;
    uint64_t control_bytes;  // in a string
} wide_scan;

// Bit i: whether the bits 0 to i hold an odd number of ones.
static inline uint64_t wide_prefix_xor(uint64_t bits) {
    for (int shift = 1; shift < 64; shift <<= 1) bits ^= bits << shift;
    return bits;
}

// The bytes that a backslash before them escapes.
static inline uint64_t wide_escaped(uint64_t backslashes, uint64_t *carry) {
    uint64_t escaped = *carry, pending = backslashes & ~escaped;
    *carry = 0;
    while (pending != 0) {
        const uint64_t first = pending & (~pending + 1);
        *carry = first >> 63;
        escaped |= first << 1;
        pending &= ~(first | first << 1);
    }
    return escaped;
}

// The unescaped quotes of a block with a backslash, a control byte or a byte above 0x7F, or after one that ended in a
// backslash. `open` is 1 when the block starts inside a string.
__attribute__((noinline)) static uint64_t wide_scan_special(wide_scan *scan, uint64_t quotes, uint64_t escapes,
                                                            uint64_t odd, uint64_t high, uint64_t open) {
    quotes &= ~wide_escaped(escapes, &scan->escape_carry);
    scan->control_bytes |= odd & ~high & (wide_prefix_xor(quotes) ^ (0 - open));
    scan->high_bytes |= high;
    scan->backslashes |= escapes;
    return quotes;
}

CTK_WIDE static inline uint16_t *wide_scan_block(const wide_buffer *buffer, wide_scan *scan, uint16_t *out, size_t base,
                                                 wide_block block) {
    wide_store(buffer->text + base, block);
    uint64_t quotes = wide_equal(block, '"');
    if (CTK_UNLIKELY(wide_is_special(block) || scan->escape_carry != 0))
        quotes = wide_scan_special(scan, quotes, wide_equal(block, '\\'), wide_odd(block), wide_high(block),
                                   (uint64_t)((out - buffer->quotes) & 1));
    return wide_positions(out, (uint32_t)base, quotes);
}

// Copies the document and lists its quotes. Returns their count, or -1 for a document that cannot be valid.
CTK_WIDE static inline int64_t wide_quotes(const wide_buffer *buffer, const uint8_t *json, size_t n,
                                           uint32_t *special) {
    uint16_t *out = buffer->quotes;
    wide_scan scan = {0};
    size_t i = 0;
    for (; i + 64 <= n; i += 64) out = wide_scan_block(buffer, &scan, out, i, wide_load(json + i));
    if (i < n) {
        out = wide_scan_block(buffer, &scan, out, i, wide_load_tail(json + i, n - i));
        i += 64;
    }
    memset(buffer->text + i, 0, WIDE_PAD);
    *special = (scan.backslashes | scan.high_bytes) != 0;
    if (CTK_UNLIKELY(scan.control_bytes != 0)) return -1;
    if (CTK_UNLIKELY(scan.high_bytes != 0)) {
        memset(buffer->text - WIDE_PAD, 0, WIDE_PAD);
        if (!wide_is_utf8(buffer->text, i)) return -1;
    }
    return out - buffer->quotes;
}

#endif
