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

// Registered member names that the index recognises, exact and after unescaping. 0 = any other name.
typedef enum ctk_json_name {
    CTK_JSON_NAME_NONE = 0,
    CTK_JSON_NAME_ISS = 1,
    CTK_JSON_NAME_SUB = 2,
    CTK_JSON_NAME_AUD = 3,
    CTK_JSON_NAME_EXP = 4,
    CTK_JSON_NAME_NBF = 5,
    CTK_JSON_NAME_IAT = 6,
    CTK_JSON_NAME_JTI = 7,
    CTK_JSON_NAME_ALG = 8,
    CTK_JSON_NAME_KID = 9,
    CTK_JSON_NAME_TYP = 10,
    CTK_JSON_NAME_CTY = 11,
    CTK_JSON_NAME_CRIT = 12,
    CTK_JSON_NAME_ENC = 13,
    CTK_JSON_NAME_CNF = 14,
    CTK_JSON_NAME_CLIENT_ID = 15,
    CTK_JSON_NAME_AZP = 16,
    CTK_JSON_NAME_SCOPE = 17,
    CTK_JSON_NAME_NONCE = 18,
    CTK_JSON_NAME_AUTH_TIME = 19,
    CTK_JSON_NAME_ACR = 20,
    CTK_JSON_NAME_AMR = 21,
    CTK_JSON_NAME_AT_HASH = 22,
    CTK_JSON_NAME_C_HASH = 23,
    CTK_JSON_NAME_SID = 24,
    CTK_JSON_NAME_ZIP = 25,
    CTK_JSON_NAME_JKU = 26,
    CTK_JSON_NAME_JWK = 27,
    CTK_JSON_NAME_X5U = 28,
    CTK_JSON_NAME_X5C = 29,
    CTK_JSON_NAME_X5T = 30,
    CTK_JSON_NAME_X5T_S256 = 31,  // x5t#S256
    CTK_JSON_NAME_B64 = 32,
    CTK_JSON_NAME_EPK = 33,
    CTK_JSON_NAME_APU = 34,
    CTK_JSON_NAME_APV = 35,
    CTK_JSON_NAME_IV = 36,
    CTK_JSON_NAME_TAG = 37,
    CTK_JSON_NAME_P2S = 38,
    CTK_JSON_NAME_P2C = 39,
    CTK_JSON_NAME_ACT = 40,
    CTK_JSON_NAME_MAY_ACT = 41,
    CTK_JSON_NAME_EVENTS = 42,
    CTK_JSON_NAME_ROLES = 43,
    CTK_JSON_NAME_GROUPS = 44,
    CTK_JSON_NAME_EMAIL = 45,
    CTK_JSON_NAME_NAME = 46,
    CTK_JSON_NAME_PHONE_NUMBER = 47,
    CTK_JSON_NAME_STATUS = 48,
    CTK_JSON_NAME_COUNT
} ctk_json_name;

// One value of the document, in document order (a parent precedes its children; node 0 is the root).
// Offsets count bytes from the start of the document. 24 bytes, no pointers.
typedef struct ctk_json_node {
    uint32_t name_offset;       // first byte of the member name inside its quotes; 0 when the parent is no object
    uint32_t value_offset;      // first byte of the value's text: the quote, brace, bracket, digit, minus or letter
    uint32_t value_byte_count;  // the value's text up to and including the closing quote, brace or bracket
    uint32_t next;              // index of the node after this one's whole subtree: the next sibling, or the parent's next
    uint16_t name_byte_count;   // bytes of the member name as written, without quotes
    uint16_t child_count;       // members or elements directly inside, at most 65535 (then it stays); 0 for scalars
    uint8_t kind;               // ctk_json_kind
    uint8_t flags;              // CTK_JSON_… bits
    uint8_t depth;              // 0 for the root
    uint8_t name_code;          // ctk_json_name of a member of the root object; 0 deeper down and for other names
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
    uint32_t member_count_max;  // members of one object, at most 65535; see the cost below
    uint32_t root_must_be_object;  // 0 or 1
} ctk_json_limits;

typedef struct ctk_json_result {
    uint32_t status;      // ctk_json_status
    uint32_t offset;      // where the error was seen, at most n; 0 when status is OK. Equal in all kernels.
    uint32_t node_count;  // nodes written; 0 unless status is OK
} ctk_json_result;

// Nodes that suffice for every valid document of n bytes (n at most 2^30) and let the widest kernel work: a third of
// them is working memory.
static inline size_t ctk_json_capacity(size_t n) { return n / 2 + n / 6 + 72; }

// Validates json[0, n) against RFC 8259, RFC 3629 and the limits, and writes its index to nodes[0, node_count).
// What the nodes from there to node_capacity hold afterwards is not stated. With a node_capacity below
// ctk_json_capacity(n) the answer is the same and may take ten times as long.
// Blank bytes (09 0A 0D 20) may surround the root. Reads only json[0, n): no padding is needed. n at most 2^30.
// Duplicate names are found after unescaping. An array's elements are not limited but by node_capacity.
// Values above the stated maxima of the limits count as the maxima. Uses less than 20 KiB of stack.
// Cost: linear in n, plus one comparison of 32-bit prints per pair of members of one object; names built to collide
// make it one name comparison per pair, so n * member_count_max / 8 at worst. Objects that together have more than
// 4096 members open at once always compare names: allow so many members only in documents that you trust.
ctk_json_result ctk_json_index(const uint8_t *json, size_t n, ctk_json_limits limits, ctk_json_node *nodes,
                               size_t node_capacity);

#endif
