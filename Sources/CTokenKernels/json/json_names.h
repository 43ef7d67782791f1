// SPDX-License-Identifier: Apache-2.0
// Member names: which registered name one is, and whether two are the same after unescaping.
#ifndef CTK_JSON_NAMES_H
#define CTK_JSON_NAMES_H

#include <string.h>

#include "../include/ctk_json.h"

// A registered name of at most 15 bytes with its closing quote, and the bytes to compare, as little-endian words.
typedef struct ctk_json_known_name {
    char bytes[16];
    uint64_t mask[2];
} ctk_json_known_name;

// The registered names by code, and the codes by hash slot (0 = no name there).
extern const ctk_json_known_name ctk_json_known_names[CTK_JSON_NAME_COUNT] __attribute__((visibility("hidden")));
extern const uint8_t ctk_json_name_slots[256] __attribute__((visibility("hidden")));

#define CTK_JSON_NAME_MULTIPLIER 0x309d6b79965eda33u

static inline uint64_t ctk_json_word(const void *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

// The code of a name of `count` bytes, of which the first 16 are given, zero-padded.
static inline uint8_t ctk_json_name_code(const uint8_t name[16], size_t count) {
    const uint8_t code = ctk_json_name_slots[(ctk_json_word(name) * CTK_JSON_NAME_MULTIPLIER) >> 56];
    const char *known = ctk_json_known_names[code].bytes;
    return count < 16 && memcmp(name, known, count) == 0 && known[count] == '"' ? code : 0;
}

// Reads a name byte by byte, unescaped. The text between `at` and `end` has passed ctk_json_scan_string.
typedef struct ctk_json_name_reader {
    const uint8_t *at, *end;
    uint8_t pending[4];  // the bytes of an escape that remain, last one first
    uint32_t pending_count;
} ctk_json_name_reader;

static inline uint32_t ctk_json_hex_digit(uint8_t byte) {
    if (byte >= '0' && byte <= '9') return byte - (uint32_t)'0';
    uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - (uint32_t)'a' + 10 : 16;
}

// The value of four hexadecimal digits, or a value above 0xFFFF when one of them is none.
static inline uint32_t ctk_json_hex4(const uint8_t *digits) {
    uint32_t value = 0, bad = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t digit = ctk_json_hex_digit(digits[i]);
        bad |= digit & 16;
        value = value << 4 | (digit & 15);
    }
    return bad ? 0x10000 : value;
}

static void ctk_json_reader_escape(ctk_json_name_reader *reader) {
    uint8_t letter = reader->at[1];
    uint32_t code = letter;
    reader->at += 2;
    switch (letter) {
    case 'b': code = 8; break;
    case 'f': code = 12; break;
    case 'n': code = 10; break;
    case 'r': code = 13; break;
    case 't': code = 9; break;
    case 'u':
        code = ctk_json_hex4(reader->at);
        reader->at += 4;
        if (code >= 0xD800 && code <= 0xDBFF) {
            code = 0x10000 + ((code - 0xD800) << 10) + (ctk_json_hex4(reader->at + 2) - 0xDC00);
            reader->at += 6;
        }
        break;
    default: break;
    }
    uint8_t *out = reader->pending;
    uint32_t count = 0;
    uint32_t tail_count = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    for (; count < tail_count; count++, code >>= 6) out[count] = (uint8_t)(0x80 | (code & 0x3F));
    static const uint8_t lead[4] = {0, 0xC0, 0xE0, 0xF0};
    out[count] = (uint8_t)(lead[tail_count] | code);
    reader->pending_count = count + 1;
}

// The next byte of the name, or -1 at its end.
static int ctk_json_reader_next(ctk_json_name_reader *reader) {
    if (reader->pending_count == 0) {
        if (reader->at == reader->end) return -1;
        if (*reader->at != '\\') return *reader->at++;
        ctk_json_reader_escape(reader);
    }
    return reader->pending[--reader->pending_count];
}

static inline ctk_json_name_reader ctk_json_reader_of(const uint8_t *json, const ctk_json_node *node) {
    const uint8_t *at = json + node->name_offset;
    return (ctk_json_name_reader){.at = at, .end = at + node->name_byte_count};
}

// Whether two members have the same name after unescaping.
static inline int ctk_json_same_name(const uint8_t *json, const ctk_json_node *a, const ctk_json_node *b) {
    if (((a->flags | b->flags) & CTK_JSON_NAME_ESCAPED) == 0)
        return a->name_byte_count == b->name_byte_count &&
               memcmp(json + a->name_offset, json + b->name_offset, a->name_byte_count) == 0;
    ctk_json_name_reader left = ctk_json_reader_of(json, a), right = ctk_json_reader_of(json, b);
    for (;;) {
        int byte = ctk_json_reader_next(&left);
        if (byte != ctk_json_reader_next(&right)) return 0;
        if (byte < 0) return 1;
    }
}

#endif
