// SPDX-License-Identifier: Apache-2.0
// The terminals of RFC 8259, byte by byte: blanks, strings with their UTF-8 and escapes, numbers, literals.
// Every function reads json[0, n) only. A refusal leaves the status and the offset in the cursor.
#ifndef CTK_JSON_TEXT_H
#define CTK_JSON_TEXT_H

#include "json_names.h"

typedef struct ctk_json_cursor {
    const uint8_t *json;
    size_t n;
    size_t at;        // the next byte to read; after a refusal, where it was seen
    uint32_t status;  // ctk_json_status
} ctk_json_cursor;

static inline int ctk_json_refuse(ctk_json_cursor *c, ctk_json_status status, size_t at) {
    c->status = status;
    c->at = at;
    return 0;
}

// The byte at offset `at`, or -1 behind the end.
static inline int ctk_json_peek(const ctk_json_cursor *c, size_t at) { return at < c->n ? c->json[at] : -1; }

static inline void ctk_json_skip_blanks(ctk_json_cursor *c) {
    while (c->at < c->n) {
        uint8_t byte = c->json[c->at];
        if (byte != ' ' && byte != '\n' && byte != '\r' && byte != '\t') return;
        c->at++;
    }
}

// The byte count of the well-formed UTF-8 sequence (RFC 3629 section 4) that starts with a byte above 0x7F, or 0.
static size_t ctk_json_utf8_sequence(const uint8_t *s, size_t available) {
    uint8_t lead = s[0], low = 0x80, high = 0xBF;
    size_t count = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || available < count) return 0;
    if (lead == 0xE0) low = 0xA0;   // no overlong forms
    if (lead == 0xED) high = 0x9F;  // no surrogates
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;  // nothing above U+10FFFF
    if (s[1] < low || s[1] > high) return 0;
    for (size_t i = 2; i < count; i++)
        if ((s[i] & 0xC0) != 0x80) return 0;
    return count;
}

// Steps over the escape at c->at. A surrogate counts only as a pair of two escapes, high then low.
static int ctk_json_scan_escape(ctk_json_cursor *c) {
    size_t start = c->at;
    int letter = ctk_json_peek(c, start + 1);
    if (letter < 0) return ctk_json_refuse(c, CTK_JSON_SYNTAX, c->n);
    if (letter != 'u') {
        if (letter == 0 || strchr("\"\\/bfnrt", letter) == NULL) return ctk_json_refuse(c, CTK_JSON_SYNTAX, start + 1);
        c->at = start + 2;
        return 1;
    }
    for (size_t i = start + 2; i < start + 6; i++) {
        int byte = ctk_json_peek(c, i);
        if (byte < 0 || ctk_json_hex_digit((uint8_t)byte) > 15)
            return ctk_json_refuse(c, CTK_JSON_SYNTAX, byte < 0 ? c->n : i);
    }
    uint32_t code = ctk_json_hex4(c->json + start + 2);
    c->at = start + 6;
    if (code < 0xD800 || code > 0xDFFF) return 1;
    if (code <= 0xDBFF && c->n - c->at >= 6 && c->json[c->at] == '\\' && c->json[c->at + 1] == 'u') {
        uint32_t low = ctk_json_hex4(c->json + c->at + 2);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            c->at += 6;
            return 1;
        }
    }
    return ctk_json_refuse(c, CTK_JSON_UTF8, start);
}

// Steps over the string whose opening quote is at c->at. `flags` gains the VALUE_ bits of what it holds.
static int ctk_json_scan_string(ctk_json_cursor *c, uint8_t *flags) {
    c->at++;
    while (c->at < c->n) {
        uint8_t byte = c->json[c->at];
        if (byte == '"') {
            c->at++;
            return 1;
        }
        if (byte == '\\') {
            *flags |= CTK_JSON_VALUE_ESCAPED;
            if (!ctk_json_scan_escape(c)) return 0;
        } else if (byte >= 0x80) {
            *flags |= CTK_JSON_VALUE_NON_ASCII;
            size_t count = ctk_json_utf8_sequence(c->json + c->at, c->n - c->at);
            if (count == 0) return ctk_json_refuse(c, CTK_JSON_UTF8, c->at);
            c->at += count;
        } else if (byte < 0x20) {
            return ctk_json_refuse(c, CTK_JSON_SYNTAX, c->at);
        } else {
            c->at++;
        }
    }
    return ctk_json_refuse(c, CTK_JSON_SYNTAX, c->n);
}

static int ctk_json_scan_digits(ctk_json_cursor *c) {
    size_t start = c->at;
    while (c->at < c->n && (uint8_t)(c->json[c->at] - '0') <= 9) c->at++;
    return c->at != start ? 1 : ctk_json_refuse(c, CTK_JSON_SYNTAX, start);
}

// Steps over the number at c->at (RFC 8259 section 6); `kind` becomes INTEGER or NUMBER.
static int ctk_json_scan_number(ctk_json_cursor *c, uint8_t *kind) {
    *kind = CTK_JSON_INTEGER;
    if (c->json[c->at] == '-') c->at++;
    if (ctk_json_peek(c, c->at) == '0') {
        c->at++;
    } else if (!ctk_json_scan_digits(c)) {
        return 0;
    }
    if (ctk_json_peek(c, c->at) == '.') {
        *kind = CTK_JSON_NUMBER;
        c->at++;
        if (!ctk_json_scan_digits(c)) return 0;
    }
    int letter = ctk_json_peek(c, c->at);
    if (letter == 'e' || letter == 'E') {
        *kind = CTK_JSON_NUMBER;
        c->at++;
        int sign = ctk_json_peek(c, c->at);
        if (sign == '+' || sign == '-') c->at++;
        if (!ctk_json_scan_digits(c)) return 0;
    }
    return 1;
}

#endif
