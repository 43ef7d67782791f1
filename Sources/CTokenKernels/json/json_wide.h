// SPDX-License-Identifier: Apache-2.0
// The JSON index over wide registers, written once; each processor's file includes it after defining
//   CTK_WIDE, CTK_WIDE_APART      the attributes of its functions, of those to inline and of the others
//   wide_block                    64 bytes, with wide_load, wide_load_tail, wide_store
//   wide_equal, wide_high         64-bit masks: the bytes equal to one value; the bytes above 0x7F
//   wide_odd                      64-bit mask: the bytes below 0x20 or above 0x7F
//   wide_is_special               whether a block has a backslash or an odd byte
//   wide_positions                appends the positions of the set bits of a mask
//   wide_first_bytes              the first 8 bytes of a name, zero-padded; of a name of 32 bytes and more, any of them
//   wide_is_other_name            whether the 16 bytes at a name differ from a known name in the bytes of its mask
//   wide_digit_count              how many of 16 bytes, from the first, are digits
//   wide_set_places               offsets and byte counts of a node, from the four quotes of a name and a string
//   wide_any_equal                whether two of some 32-bit values are equal
//   wide_is_utf8                  validates a text that has three ASCII bytes before it and ends in ASCII
//
// Step 1 copies the document, 64 bytes at a time, into a padded buffer and lists its unescaped quotes. Every string is
// then known by two entries of that list, so that step 2 need not look for its end and one member does not wait for
// the one before it. Step 2 checks each byte outside the strings. It knows only valid documents: at the first doubt it
// gives up, and the scalar twin says what is wrong.
#ifndef CTK_JSON_WIDE_H
#define CTK_JSON_WIDE_H

#include "json_prints.h"
#include "json_quotes.h"

typedef struct wide_walk {
    const uint8_t *text;
    wide_frame *frames;       // frames[depth] is the innermost container
    size_t at;                // the next byte to read
    const uint16_t *quotes;   // the first unread one
    uint32_t *print;          // behind the last one
    ctk_json_node *node;      // where the next one goes
    uint32_t next;            // the index of the node after that
    uint32_t depth;           // containers open now
    size_t n;
    ctk_json_limits limits;
    ctk_hmac_run *beside;     // a hash that takes a step after every `stride` members, or NULL
    size_t stride, until_step;
} wide_walk;

static inline uint32_t wide_word32(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, 4);
    return word;
}

static inline uint32_t wide_word16(const uint8_t *bytes) {
    uint16_t word;
    memcpy(&word, bytes, 2);
    return word;
}

// Ends at the latest at the zeros behind the text.
CTK_WIDE static inline void wide_skip_blanks(wide_walk *w) {
    const uint8_t *text = w->text;
    if (CTK_LIKELY(text[w->at] > ' ')) return;
    while (text[w->at] == ' ' || text[w->at] == '\n' || text[w->at] == '\r' || text[w->at] == '\t') w->at++;
}

// The flags of the string content text[start, end) in a document with special bytes; -1 when an escape is wrong.
CTK_WIDE static inline int wide_string_flags(const wide_walk *w, size_t start, size_t end) {
    uint64_t escapes = 0, high = 0;
    for (size_t i = start; i < end; i += 64) {
        const wide_block block = wide_load(w->text + i);
        const uint64_t wanted = end - i >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << (end - i)) - 1;
        escapes |= wide_equal(block, '\\') & wanted;
        high |= wide_high(block) & wanted;
    }
    const int flags = high != 0 ? CTK_JSON_VALUE_NON_ASCII : 0;
    if (escapes == 0) return flags;
    uint8_t seen = 0;
    ctk_json_cursor c = {.json = w->text, .n = w->n, .at = start - 1};
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

// Stores the print of the name text[start, end) and returns its code.
CTK_WIDE static inline uint8_t wide_name_code(wide_walk *w, size_t start, size_t end) {
    const size_t count = end - start;
    const uint8_t *name = w->text + start;
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
    return code;
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
    const uint8_t *text = w->text + w->at;
    const size_t start = w->at, digit_count = wide_digit_count(text);
    if (CTK_LIKELY(text[digit_count] == ',' && digit_count < 16 && (uint8_t)(*text - '1') < 9)) {
        w->at += digit_count;
        wide_append(w, start, CTK_JSON_INTEGER, 0);
        return 1;
    }
    uint8_t kind = 0;
    ctk_json_cursor c = {.json = w->text, .n = w->n, .at = start};
    if (!ctk_json_scan_number(&c, &kind)) return 0;
    w->at = c.at;
    wide_append(w, start, kind, 0);
    return 1;
}

// Reads the literal at w->at.
CTK_WIDE static inline int wide_read_literal(wide_walk *w) {
    const uint8_t *text = w->text + w->at;
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
    return w->text[w->at] < ':' ? wide_read_number(w) : wide_read_literal(w);
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
    if (wide_word16(w->text + w->at) != wide_word16((const uint8_t *)",\"")) return 0;
    w->at++;
    return 1;
}

// After a value in a container that `closing` closes.
CTK_WIDE static inline wide_step wide_after_value(wide_walk *w, uint8_t closing) {
    const uint8_t *text = w->text;
    wide_skip_blanks(w);
    if (text[w->at] == closing) return WIDE_CLOSE;
    if (text[w->at] != ',') return WIDE_REFUSED;
    w->at++;
    wide_skip_blanks(w);
    return closing == ']' || text[w->at] == '"' ? WIDE_ITEM : WIDE_REFUSED;
}

// Reads the value of a member that is no string: from behind the closing quote of the name.
CTK_WIDE static inline wide_step wide_read_other_value(wide_walk *w, int special) {
    const uint8_t *text = w->text;
    wide_skip_blanks(w);
    if (text[w->at++] != ':') return WIDE_REFUSED;
    wide_skip_blanks(w);
    const uint8_t byte = text[w->at];
    if (byte < ':') {
        if (byte == '"' ? wide_read_string(w, special) : wide_read_number(w)) return WIDE_ITEM;
        return WIDE_REFUSED;
    }
    if ((byte & 0xDF) == '[') return WIDE_OPEN;
    return wide_read_literal(w) ? WIDE_ITEM : WIDE_REFUSED;
}

// Completes the node to come with a member whose value is a string, from the quotes of its name and value.
CTK_WIDE static inline int wide_append_string_member(wide_walk *w, uint8_t code, int special) {
    ctk_json_node *node = w->node++;
    uint32_t tail = CTK_JSON_STRING | w->depth << 16 | (uint32_t)code << 24;
    if (special) {
        const int flags = wide_string_flags(w, w->quotes[2] + (size_t)1, w->quotes[3]);
        if (flags < 0) return 0;
        tail |= (uint32_t)flags << 8;
    }
    wide_set_places(node, w->quotes);
    node->next = w->next++;
    memcpy((uint8_t *)node + offsetof(ctk_json_node, kind), &tail, sizeof tail);
    w->at = w->quotes[3] + (size_t)1;
    w->quotes += 4;
    return 1;
}

// Reads members until one is a container or the object ends.
CTK_WIDE static inline wide_step wide_read_members(wide_walk *w, int special) {
    const uint8_t *text = w->text;
    for (;;) {
        const size_t start = w->quotes[0] + (size_t)1, end = w->quotes[1];
        // Names with an escape are left to the scalar twin.
        if (special && (wide_string_flags(w, start, end) & ~CTK_JSON_VALUE_NON_ASCII) != 0) return WIDE_REFUSED;
        const uint8_t code = wide_name_code(w, start, end);
        if (CTK_LIKELY(wide_word16(text + end + 1) == wide_word16((const uint8_t *)":\""))) {
            if (!wide_append_string_member(w, code, special)) return WIDE_REFUSED;
        } else {
            wide_set_name(w->node, start, end - start, code);
            w->quotes += 2;
            w->at = end + 1;
            const wide_step step = wide_read_other_value(w, special);
            if (step != WIDE_ITEM) return step;
        }
        if (w->beside != NULL && --w->until_step == 0) {
            w->until_step = w->stride;
            ctk_hmac_run_step(w->beside);
        }
        if (CTK_LIKELY(wide_next_is_quote(w))) continue;
        const wide_step step = wide_after_value(w, '}');
        if (step != WIDE_ITEM) return step;
    }
}

// Writes the nodes of an array's strings, from the one whose quotes are the first two, as long as `,"` follows.
// Returns their count. Apart from the walk, so that it has the registers for itself.
__attribute__((noinline)) static size_t wide_write_strings(const uint8_t *text, const uint16_t *quotes,
                                                           ctk_json_node *node, uint32_t next,
                                                           uint32_t depth) {
    const uint64_t tail = (uint64_t)(CTK_JSON_STRING | depth << 16) << 32;
    for (size_t count = 1;; node++, count++, next++, quotes += 2) {
        const size_t start = quotes[0], end = quotes[1] + (size_t)1;
        const uint64_t words[3] = {(uint64_t)start << 32, (uint64_t)next << 32 | (end - start), tail};
        _Static_assert(sizeof(ctk_json_node) == sizeof words, "a node is three words");
        memcpy(node, words, sizeof words);
        if (wide_word16(text + end) != wide_word16((const uint8_t *)",\"")) return count;
    }
}

// Reads elements until one is a container or the array ends.
CTK_WIDE static inline wide_step wide_read_elements(wide_walk *w, int special) {
    const uint8_t *text = w->text;
    const ctk_json_node *first = w->node;
    wide_step step = WIDE_ITEM;
    while (step == WIDE_ITEM) {
        const uint8_t byte = text[w->at];
        wide_set_name(w->node, 0, 0, 0);
        if (CTK_LIKELY(byte == '"')) {
            if (special) {
                if (!wide_read_string(w, 1)) return WIDE_REFUSED;
            } else {
                const size_t count = wide_write_strings(text, w->quotes, w->node, w->next, w->depth);
                w->node += count;
                w->next += (uint32_t)count;
                w->quotes += 2 * count;
                w->at = w->quotes[-1] + (size_t)1;
            }
        } else if ((byte & 0xDF) == '[') {
            step = WIDE_OPEN;
            break;
        } else if (!(byte < ':' ? wide_read_number(w) : wide_read_literal(w))) {
            return WIDE_REFUSED;
        }
        step = wide_after_value(w, ']');
    }
    // Strings, numbers and literals have one node each; the container that opens here is one more.
    const size_t count = (size_t)(w->node - first) + (step == WIDE_OPEN);
    w->frames[w->depth].node->child_count += (uint16_t)count;
    return step;
}

// Enters the container whose opening bracket is at w->at.
CTK_WIDE static inline int wide_open(wide_walk *w, uint8_t kind) {
    const size_t start = w->at++;
    if (w->depth >= w->limits.depth_max) return 0;
    wide_append(w, start, kind, 0);
    w->frames[++w->depth] = (wide_frame){.node = w->node - 1, .first_print = w->print};
    wide_skip_blanks(w);
    return 1;
}

// Leaves the innermost container, whose closing bracket is at w->at.
CTK_WIDE static inline int wide_close(wide_walk *w) {
    const wide_frame *top = &w->frames[w->depth--];
    const size_t member_count = (size_t)(w->print - top->first_print);
    w->at++;
    top->node->value_byte_count = (uint32_t)w->at - top->node->value_offset;
    top->node->next = w->next - 1;
    w->print = top->first_print;
    if (member_count < 2 && w->limits.member_count_max > 0) {
        // One name has no twin; an array has its count already.
        if (member_count == 1) top->node->child_count = 1;
        return 1;
    }
    if (member_count > w->limits.member_count_max) return 0;
    top->node->child_count += (uint16_t)member_count;
    if (member_count > 64) return !wide_any_equal_of_many(top->first_print, member_count);
    return !wide_any_equal(top->first_print, (uint32_t)member_count);
}

// Reads the document's object or array with all that is inside it. The labels are the states of the walk.
CTK_WIDE static inline int wide_document(wide_walk *w, int special) {
    const uint8_t *text = w->text;
    wide_step step;
    wide_skip_blanks(w);
    // A scalar document is left to the scalar twin.
    if ((text[w->at] & 0xDF) != '[') return 0;
    wide_set_name(w->node, 0, 0, 0);
opening:
    if (text[w->at] == '[') {
        if (!wide_open(w, CTK_JSON_ARRAY)) return 0;
        if (text[w->at] == ']') goto closing;
    elements:
        step = wide_read_elements(w, special);
    } else {
        if (!wide_open(w, CTK_JSON_OBJECT)) return 0;
        if (text[w->at] == '}') goto closing;
        if (text[w->at] != '"') return 0;
    members:
        step = wide_read_members(w, special);
    }
    if (step == WIDE_OPEN) goto opening;
    if (step != WIDE_CLOSE) return 0;
closing:
    if (!wide_close(w)) return 0;
    if (w->depth == 0) return 1;
    if (w->frames[w->depth].node->kind == CTK_JSON_OBJECT) {
        if (CTK_LIKELY(wide_next_is_quote(w))) goto members;
        step = wide_after_value(w, '}');
        if (step == WIDE_ITEM) goto members;
    } else {
        step = wide_after_value(w, ']');
        if (step == WIDE_ITEM) goto elements;
    }
    if (step == WIDE_CLOSE) goto closing;
    return 0;
}

#endif
