// SPDX-License-Identifier: Apache-2.0
// The JSON index over wide registers, written once; each processor's file includes it after defining
//   CTK_WIDE                      the attribute of its functions
//   wide_block                    64 bytes, with wide_load, wide_load_tail, wide_store
//   wide_equal, wide_odd          64-bit masks: bytes equal to one value; below 0x20 or above 0x7F; ...
//   wide_is_special               whether a block has a backslash or an odd byte
//   wide_positions                appends the positions of the set bits of a mask
//   wide_first_bytes              the first 8 bytes of a name, zero-padded; of a name of 32 bytes and more, any of them
//   wide_is_other_name            whether the 16 bytes at a name differ from a known name in the bytes of its mask
//   wide_digit_count              how many of 16 bytes, from the first, are digits
//   wide_any_equal                whether two of some 32-bit values are equal
//   wide_is_utf8                  validates a text that has three ASCII bytes before it and ends in ASCII
//
// Step 1 copies the document, 64 bytes at a time, into a padded buffer and lists its unescaped quotes. Every string is
// then known by two entries of that list, so that step 2 need not look for its end and one member does not wait for
// the one before it. Step 2 checks each byte outside the strings. It knows only valid documents: at the first doubt it
// gives up, and the scalar twin says what is wrong.
#ifndef CTK_JSON_WIDE_H
#define CTK_JSON_WIDE_H

#include "../ctk_internal.h"
#include "json_text.h"

// A member takes 5 bytes, so WIDE_MAX bytes have fewer than WIDE_MAX / 4 members.
enum { WIDE_MAX = 16384, WIDE_PAD = 64, WIDE_DEPTH_MAX = 255 };

// An open container.
typedef struct wide_frame {
    ctk_json_node *node;
    uint32_t *first_print;   // of its member names, when it is an object
    uint32_t element_count;  // when it is an array
    uint8_t closing;         // its closing bracket
} wide_frame;

typedef struct wide_buffer {
    uint8_t pad[WIDE_PAD];                     // ASCII, so that a look back from the text is harmless
    uint8_t text[WIDE_MAX + WIDE_PAD];         // the document, blanks up to a multiple of 64, then zeros
    uint16_t quotes[WIDE_MAX + WIDE_PAD];      // offsets of the unescaped quotes
    uint32_t prints[WIDE_MAX / 4 + WIDE_PAD];  // of the member names of the open objects
    wide_frame frames[WIDE_DEPTH_MAX + 1];     // frames[depth] is the innermost container
} wide_buffer;

typedef struct wide_walk {
    wide_buffer *buffer;
    size_t at;                // the next byte to read
    const uint16_t *quotes;   // the first unread one
    uint32_t *print;          // behind the last one
    ctk_json_node *node;      // where the next one goes
    uint32_t next;            // the index of the node after that
    uint32_t depth;           // containers open now
    size_t n;
    ctk_json_node *node_end;
    ctk_json_limits limits;
} wide_walk;

#define CTK_LIKELY(x) __builtin_expect(!!(x), 1)
// The value of x as it stands in a register: keeps the compiler from computing it again, in another way.
#define CTK_KEEP(x) __asm__("" : "+r"(x))
#define CTK_UNLIKELY(x) __builtin_expect(!!(x), 0)

static inline uint32_t wide_word32(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, 4);
    return word;
}

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

CTK_WIDE static inline uint16_t *wide_scan_block(wide_buffer *buffer, wide_scan *scan, uint16_t *out, size_t base,
                                                 wide_block block) {
    wide_store(buffer->text + base, block);
    uint64_t quotes = wide_equal(block, '"');
    if (CTK_UNLIKELY(wide_is_special(block) || scan->escape_carry != 0))
        quotes = wide_scan_special(scan, quotes, wide_equal(block, '\\'), wide_odd(block), wide_high(block),
                                   (uint64_t)((out - buffer->quotes) & 1));
    return wide_positions(out, (uint32_t)base, quotes);
}

// Copies the document and lists its quotes. Returns their count, or -1 for a document that cannot be valid.
CTK_WIDE static inline int64_t wide_quotes(wide_buffer *buffer, const uint8_t *json, size_t n, uint32_t *special) {
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
    if (CTK_UNLIKELY(scan.high_bytes != 0) && !wide_is_utf8(buffer->text, i)) return -1;
    return out - buffer->quotes;
}

static inline uint32_t wide_word16(const uint8_t *bytes) {
    uint16_t word;
    memcpy(&word, bytes, 2);
    return word;
}

// Ends at the latest at the zeros behind the text.
CTK_WIDE static inline void wide_skip_blanks(wide_walk *w) {
    const uint8_t *text = w->buffer->text;
    if (CTK_LIKELY(text[w->at] > ' ')) return;
    while (text[w->at] == ' ' || text[w->at] == '\n' || text[w->at] == '\r' || text[w->at] == '\t') w->at++;
}

// The flags of the string content text[start, end) in a document with special bytes; -1 when an escape is wrong.
CTK_WIDE static inline int wide_string_flags(const wide_walk *w, size_t start, size_t end) {
    uint64_t escapes = 0, high = 0;
    for (size_t i = start; i < end; i += 64) {
        const wide_block block = wide_load(w->buffer->text + i);
        const uint64_t wanted = end - i >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << (end - i)) - 1;
        escapes |= wide_equal(block, '\\') & wanted;
        high |= wide_high(block) & wanted;
    }
    const int flags = high != 0 ? CTK_JSON_VALUE_NON_ASCII : 0;
    if (escapes == 0) return flags;
    uint8_t seen = 0;
    ctk_json_cursor c = {.json = w->buffer->text, .n = w->n, .at = start - 1};
    return ctk_json_scan_string(&c, &seen) ? flags | CTK_JSON_VALUE_ESCAPED : -1;
}

// The words above the first of a name of another than the usual length, mixed into its print.
CTK_WIDE static inline uint32_t wide_rare_print(uint64_t hash, const uint8_t *name, size_t count) {
    for (size_t i = 8; i < count; i += 8) {
        // The last word ends with the name: it may overlap the one before it.
        hash ^= ctk_json_word(name + (count - i >= 8 ? i : count - 8));
        hash *= CTK_JSON_NAME_MULTIPLIER;
        hash ^= hash >> 32;
    }
    return (uint32_t)hash + (uint32_t)count;
}

// Sets the name fields of a node whose child_count becomes 0.
CTK_WIDE static inline void wide_set_name(ctk_json_node *node, size_t offset, size_t count, uint8_t code) {
    const uint32_t counts = (uint32_t)count;  // name_byte_count, then child_count
    node->name_offset = (uint32_t)offset;
    memcpy((uint8_t *)node + offsetof(ctk_json_node, name_byte_count), &counts, sizeof counts);
    node->name_code = code;
}

// Reads the name whose opening quote is w->quotes[0] into the node to come, and stores the name's print. Leaves w->at
// on the closing quote and w->quotes where it is.
CTK_WIDE static inline int wide_read_name(wide_walk *w, int special) {
    size_t start = w->quotes[0] + (size_t)1;
    const size_t end = w->quotes[1];
    CTK_KEEP(start);
    const size_t count = end - start;
    const uint8_t *name = w->buffer->text + start;
    if (CTK_UNLIKELY(w->node == w->node_end)) return 0;
    // Names with an escape are left to the scalar twin.
    if (special && (wide_string_flags(w, start, end) & ~CTK_JSON_VALUE_NON_ASCII) != 0) return 0;
    const uint64_t hash = wide_first_bytes(name, count) * CTK_JSON_NAME_MULTIPLIER;
    // Of most names the first eight and the last four bytes tell enough; with three bytes the opening quote is fourth.
    uint32_t print = (uint32_t)(hash >> 24) + wide_word32(name + count - 4);
    if (CTK_UNLIKELY(count - 3 > 13)) print = wide_rare_print(hash, name, count);
    *w->print++ = print;
    uint8_t code = 0;
    if (CTK_LIKELY(w->depth == 1)) {
        code = ctk_json_name_slots[hash >> 56];
        if (wide_is_other_name(name, &ctk_json_known_names[code])) code = 0;
    }
    wide_set_name(w->node, start, count, code);
    w->at = end;
    return 1;
}

// Completes the node to come, but for its name, with the value that ends at w->at.
CTK_WIDE static inline void wide_append(wide_walk *w, size_t start, uint8_t kind, uint8_t flags) {
    ctk_json_node *node = w->node++;
    node->value_offset = (uint32_t)start;
    node->value_byte_count = (uint32_t)(w->at - start);
    node->next = w->next++;
    node->kind = kind;
    node->flags = flags;
    node->depth = (uint8_t)w->depth;
}

// Reads the number at w->at.
CTK_WIDE static inline int wide_read_number(wide_walk *w) {
    const uint8_t *text = w->buffer->text + w->at;
    const size_t start = w->at, digit_count = wide_digit_count(text);
    if (CTK_LIKELY(text[digit_count] == ',' && digit_count < 16 && (uint8_t)(*text - '1') < 9)) {
        w->at += digit_count;
        wide_append(w, start, CTK_JSON_INTEGER, 0);
        return 1;
    }
    uint8_t kind = 0;
    ctk_json_cursor c = {.json = w->buffer->text, .n = w->n, .at = start};
    if (!ctk_json_scan_number(&c, &kind)) return 0;
    w->at = c.at;
    wide_append(w, start, kind, 0);
    return 1;
}

// Reads the literal at w->at.
CTK_WIDE static inline int wide_read_literal(wide_walk *w) {
    const uint8_t *text = w->buffer->text + w->at;
    const size_t start = w->at;
    const uint32_t word = wide_word32(text);
    uint8_t kind;
    if (word == wide_word32((const uint8_t *)"true")) {
        kind = CTK_JSON_TRUE;
    } else if (word == wide_word32((const uint8_t *)"null")) {
        kind = CTK_JSON_NULL;
    } else {
        if (word != wide_word32((const uint8_t *)"fals") || text[4] != 'e') return 0;
        w->at++;
        kind = CTK_JSON_FALSE;
    }
    w->at += 4;
    wide_append(w, start, kind, 0);
    return 1;
}

// Reads the string at w->at, whose quotes are the next two.
CTK_WIDE static inline int wide_read_string(wide_walk *w, int special) {
    size_t start = w->at;
    int flags = 0;
    CTK_KEEP(start);
    w->at = w->quotes[1] + 1u;
    w->quotes += 2;
    if (special) {
        flags = wide_string_flags(w, start + 1, w->at - 1);
        if (flags < 0) return 0;
    }
    wide_append(w, start, CTK_JSON_STRING, (uint8_t)flags);
    return 1;
}

// Reads the number or literal at w->at.
CTK_WIDE static inline int wide_read_word(wide_walk *w) {
    return w->buffer->text[w->at] < ':' ? wide_read_number(w) : wide_read_literal(w);
}

// What comes next in the document.
typedef enum wide_step {
    WIDE_REFUSED,  // nothing valid
    WIDE_ITEM,     // a name, whose opening quote has been seen, or an element
    WIDE_OPEN,     // a bracket that opens, for the node to come
    WIDE_CLOSE     // the bracket that closes the innermost container
} wide_step;

// Whether `,"` comes next: steps over the comma to the quote.
CTK_WIDE static inline int wide_next_is_quote(wide_walk *w) {
    if (wide_word16(w->buffer->text + w->at) != wide_word16((const uint8_t *)",\"")) return 0;
    w->at++;
    return 1;
}

// After a value in a container that `closing` closes.
CTK_WIDE static inline wide_step wide_after_value(wide_walk *w, uint8_t closing) {
    const uint8_t *text = w->buffer->text;
    wide_skip_blanks(w);
    if (text[w->at] == closing) return WIDE_CLOSE;
    if (text[w->at] != ',') return WIDE_REFUSED;
    w->at++;
    wide_skip_blanks(w);
    return closing == ']' || text[w->at] == '"' ? WIDE_ITEM : WIDE_REFUSED;
}

// Reads members until one is a container or the object ends.
CTK_WIDE static inline wide_step wide_read_members(wide_walk *w, int special) {
    const uint8_t *text = w->buffer->text;
    for (;;) {
        if (!wide_read_name(w, special)) return WIDE_REFUSED;
        w->quotes += 2;
        if (CTK_LIKELY(wide_word16(text + w->at + 1) == wide_word16((const uint8_t *)":\""))) {
            w->at += 2;
            if (!wide_read_string(w, special)) return WIDE_REFUSED;
        } else {
            w->at++;
            wide_skip_blanks(w);
            if (text[w->at++] != ':') return WIDE_REFUSED;
            wide_skip_blanks(w);
            if ((text[w->at] & 0xDF) == '[') return WIDE_OPEN;
            if (!(text[w->at] == '"' ? wide_read_string(w, special) : wide_read_word(w))) return WIDE_REFUSED;
        }
        if (CTK_LIKELY(wide_next_is_quote(w))) continue;
        const wide_step step = wide_after_value(w, '}');
        if (step != WIDE_ITEM) return step;
    }
}

// Reads elements until one is a container or the array ends.
CTK_WIDE static inline wide_step wide_read_elements(wide_walk *w, int special) {
    const uint8_t *text = w->buffer->text;
    const ctk_json_node *first = w->node;
    wide_step step = WIDE_ITEM;
    while (step == WIDE_ITEM) {
        if (CTK_UNLIKELY(w->node == w->node_end)) return WIDE_REFUSED;
        wide_set_name(w->node, 0, 0, 0);
        if (CTK_LIKELY(text[w->at] == '"')) {
            if (!wide_read_string(w, special)) return WIDE_REFUSED;
        } else if ((text[w->at] & 0xDF) == '[') {
            step = WIDE_OPEN;
            break;
        } else if (!wide_read_word(w)) {
            return WIDE_REFUSED;
        }
        if (CTK_LIKELY(wide_next_is_quote(w))) continue;
        step = wide_after_value(w, ']');
    }
    w->buffer->frames[w->depth].element_count += (uint32_t)(w->node - first) + (step == WIDE_OPEN);
    return step;
}

// Enters the container whose opening bracket is at w->at.
CTK_WIDE static inline wide_step wide_open(wide_walk *w) {
    const uint8_t *text = w->buffer->text;
    const size_t start = w->at++;
    const int is_object = text[start] == '{';
    if (w->depth >= w->limits.depth_max) return WIDE_REFUSED;
    wide_append(w, start, is_object ? CTK_JSON_OBJECT : CTK_JSON_ARRAY, 0);
    w->buffer->frames[++w->depth] =
        (wide_frame){.node = w->node - 1, .first_print = w->print, .closing = is_object ? '}' : ']'};
    wide_skip_blanks(w);
    if (text[w->at] == (is_object ? '}' : ']')) return WIDE_CLOSE;
    return !is_object || text[w->at] == '"' ? WIDE_ITEM : WIDE_REFUSED;
}

// Leaves the innermost container, whose closing bracket is at w->at.
CTK_WIDE static inline int wide_close(wide_walk *w) {
    const wide_frame *top = &w->buffer->frames[w->depth--];
    const uint32_t member_count = (uint32_t)(w->print - top->first_print);
    w->at++;
    top->node->value_byte_count = (uint32_t)w->at - top->node->value_offset;
    top->node->next = w->next - 1;
    top->node->child_count = (uint16_t)(member_count + top->element_count);
    w->print = top->first_print;
    if (member_count > w->limits.member_count_max) return 0;
    return member_count < 2 || !wide_any_equal(top->first_print, member_count);
}

// Reads the document's object or array with all that is inside it.
CTK_WIDE static inline int wide_document(wide_walk *w, int special) {
    const wide_frame *frames = w->buffer->frames;
    wide_skip_blanks(w);
    // A scalar document is left to the scalar twin.
    if ((w->buffer->text[w->at] & 0xDF) != '[' || w->node == w->node_end) return 0;
    wide_set_name(w->node, 0, 0, 0);
    wide_step step = WIDE_OPEN;
    for (;;) {
        switch (step) {
        case WIDE_REFUSED: return 0;
        case WIDE_OPEN: step = wide_open(w); break;
        case WIDE_ITEM:
            step = frames[w->depth].closing == '}' ? wide_read_members(w, special) : wide_read_elements(w, special);
            break;
        case WIDE_CLOSE:
            if (!wide_close(w)) return 0;
            if (w->depth == 0) return 1;
            step = wide_after_value(w, frames[w->depth].closing);
            break;
        }
    }
}

// The contract of ctk_json_index, but that 0 nodes stand for every refusal.
CTK_WIDE static inline uint32_t wide_index(const uint8_t *json, size_t n, ctk_json_limits limits, ctk_json_node *nodes,
                                           size_t node_capacity) {
    wide_buffer buffer;
    uint32_t special;
    if (n == 0 || n > WIDE_MAX) return 0;
    const int64_t quote_count = wide_quotes(&buffer, json, n, &special);
    if (quote_count < 0 || (quote_count & 1) != 0) return 0;
    if (limits.depth_max > WIDE_DEPTH_MAX) limits.depth_max = WIDE_DEPTH_MAX;
    wide_walk w = {.buffer = &buffer,
                   .quotes = buffer.quotes,
                   .print = buffer.prints,
                   .node = nodes,
                   .next = 1,
                   .n = n,
                   .node_end = nodes + node_capacity,
                   .limits = limits};
    if (CTK_UNLIKELY(special)) {
        if (!wide_document(&w, 1)) return 0;
    } else {
        if (!wide_document(&w, 0)) return 0;
    }
    if (w.at < n) wide_skip_blanks(&w);
    if (w.at < n || (limits.root_must_be_object && nodes->kind != CTK_JSON_OBJECT)) return 0;
    return w.next - 1;
}

#endif
