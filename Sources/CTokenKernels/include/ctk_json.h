// SPDX-License-Identifier: Apache-2.0
#ifndef CTK_JSON_H
#define CTK_JSON_H

#include <stddef.h>
#include <stdint.h>

typedef enum ctk_json_kind {
    CTK_JSON_OBJECT = 1,
    CTK_JSON_ARRAY = 2,
    CTK_JSON_STRING = 3,
    CTK_JSON_INTEGER = 4,  // a number without fraction and exponent
    CTK_JSON_NUMBER = 5,   // any other number
    CTK_JSON_TRUE = 6,
    CTK_JSON_FALSE = 7,
    CTK_JSON_NULL = 8
} ctk_json_kind;

enum {
    CTK_JSON_NAME_ESCAPED = 1,    // the member name holds at least one backslash escape
    CTK_JSON_VALUE_ESCAPED = 2,   // the string value holds at least one backslash escape
    CTK_JSON_VALUE_NON_ASCII = 4  // the string value holds at least one byte above 0x7F
};

// One value of the document, in document order (a parent precedes its children; node 0 is the root).
// Offsets count bytes from the start of the document. 24 bytes, no pointers.
typedef struct ctk_json_node {
    uint32_t name_offset;       // first byte of the member name inside its quotes; 0 when the parent is no object
    uint32_t value_offset;      // first byte of the value's text: the quote, brace, bracket, digit, minus or letter
    uint32_t value_byte_count;  // the value's text up to and including the closing quote, brace or bracket
    uint32_t next;              // index of the node after this one's whole subtree: the next sibling, or the parent's next
    uint16_t name_byte_count;   // bytes of the member name as written, without quotes
    uint16_t child_count;       // members or elements directly inside; 0 for scalars
    uint8_t kind;               // ctk_json_kind
    uint8_t flags;              // CTK_JSON_… bits
    uint8_t depth;              // 0 for the root
    uint8_t reserved;
} ctk_json_node;

typedef enum ctk_json_status {
    CTK_JSON_OK = 0,
    CTK_JSON_SYNTAX = 1,      // not RFC 8259 JSON, or bytes after the document
    CTK_JSON_UTF8 = 2,        // not well-formed UTF-8 (RFC 3629), or an escape that names a lone surrogate
    CTK_JSON_DEPTH = 3,       // nested deeper than depth_max
    CTK_JSON_MEMBERS = 4,     // an object with more than member_count_max members
    CTK_JSON_CAPACITY = 5,    // more values than node_capacity, or a name of more than 65535 bytes
    CTK_JSON_DUPLICATE = 6,   // a member name twice in one object, after unescaping
    CTK_JSON_NOT_OBJECT = 7   // valid JSON whose root is no object, and the caller required one
} ctk_json_status;

typedef struct ctk_json_limits {
    uint32_t depth_max;         // containers open at once, 1 to 255: `{}` has depth 1, `{"a":[]}` has 2
    uint32_t member_count_max;  // members of one object, at most 65535
    uint32_t root_must_be_object;  // 0 or 1
} ctk_json_limits;

typedef struct ctk_json_result {
    uint32_t status;      // ctk_json_status
    uint32_t offset;      // where the error was seen, at most n; 0 when status is OK. Equal in all kernels.
    uint32_t node_count;  // nodes written; 0 unless status is OK
} ctk_json_result;

// Validates json[0, n) against RFC 8259, RFC 3629 and the limits, and writes its index to nodes[0, node_count).
// Blank bytes (09 0A 0D 20) may surround the root. Reads only json[0, n): no padding is needed. n at most 2^30.
// Duplicate names are found after unescaping. An array's elements are not limited but by node_capacity.
ctk_json_result ctk_json_index(const uint8_t *json, size_t n, ctk_json_limits limits, ctk_json_node *nodes,
                               size_t node_capacity);

#endif
