// SPDX-License-Identifier: Apache-2.0
// The portable JSON index, and the oracle of the wide ones: one pass, one byte at a time, no recursion.
#include "../ctk_internal.h"
#include "../json/json_text.h"

enum { CTK_PRINT_COUNT = 4096, CTK_DEPTH_MAX = 255, CTK_MEMBERS_MAX = 65535, CTK_BYTE_COUNT_MAX = 1 << 30 };

// An open container: its node and, for an object, where the prints of its member names start.
typedef struct frame {
    uint32_t node;
    uint32_t print_start;
} frame;

// `prints` holds a 32-bit print of each member name of every open object, as long as there is room.
typedef struct parser {
    ctk_json_cursor c;
    ctk_json_limits limits;
    ctk_json_node *nodes;
    size_t node_capacity;
    uint32_t node_count;
    uint32_t depth;  // containers open now
    uint32_t print_count;
    frame frames[CTK_DEPTH_MAX];
    uint32_t prints[CTK_PRINT_COUNT];
} parser;

static inline ctk_json_node *top_node(parser *p) { return &p->nodes[p->frames[p->depth - 1].node]; }

// The print of a name, and its code when it is a registered one.
static uint32_t name_print(const parser *p, const ctk_json_node *member, uint8_t *code) {
    ctk_json_name_reader reader = ctk_json_reader_of(p->c.json, member);
    uint8_t start[16] = {0};
    uint32_t print = 0, count = 0;
    for (int byte; (byte = ctk_json_reader_next(&reader)) >= 0; count++) {
        print = (print ^ (uint32_t)byte) * 0x9E3779B1u;
        print ^= print >> 15;
        if (count < 16) start[count] = (uint8_t)byte;
    }
    *code = ctk_json_name_code(start, count);
    return print;
}

// Whether the object on top has an earlier member of the same name. `member` is not yet among its children.
static int is_duplicate(parser *p, const ctk_json_node *member, uint32_t print) {
    const frame *top = &p->frames[p->depth - 1];
    const uint32_t earlier_count = p->nodes[top->node].child_count;
    int suspicious = top->print_start + earlier_count > p->print_count;  // some prints did not fit
    const uint32_t *prints = p->prints + top->print_start;
    for (uint32_t i = 0; !suspicious && i < earlier_count; i++) suspicious = prints[i] == print;
    if (!suspicious) return 0;
    const ctk_json_node *earlier = &p->nodes[top->node + 1];
    for (uint32_t i = 0; i < earlier_count; i++, earlier = &p->nodes[earlier->next])
        if (ctk_json_same_name(p->c.json, earlier, member)) return 1;
    return 0;
}

// Reads `"name" :` into the name fields of `member`.
static int read_name(parser *p, ctk_json_node *member) {
    ctk_json_cursor *c = &p->c;
    const size_t quote = c->at;
    if (ctk_json_peek(c, quote) != '"') return ctk_json_refuse(c, CTK_JSON_SYNTAX, quote);
    if (top_node(p)->child_count >= p->limits.member_count_max) return ctk_json_refuse(c, CTK_JSON_MEMBERS, quote);
    uint8_t flags = 0, code = 0;
    if (!ctk_json_scan_string(c, &flags)) return 0;
    const size_t count = c->at - quote - 2;
    if (count > UINT16_MAX) return ctk_json_refuse(c, CTK_JSON_CAPACITY, quote);
    member->name_offset = (uint32_t)quote + 1;
    member->name_byte_count = (uint16_t)count;
    member->flags = flags & CTK_JSON_VALUE_ESCAPED ? CTK_JSON_NAME_ESCAPED : 0;
    const uint32_t print = name_print(p, member, &code);
    if (is_duplicate(p, member, print)) return ctk_json_refuse(c, CTK_JSON_DUPLICATE, quote);
    if (p->print_count < CTK_PRINT_COUNT) p->prints[p->print_count++] = print;
    member->name_code = p->depth == 1 ? code : 0;
    ctk_json_skip_blanks(c);
    if (ctk_json_peek(c, c->at) != ':') return ctk_json_refuse(c, CTK_JSON_SYNTAX, c->at);
    c->at++;
    ctk_json_skip_blanks(c);
    return 1;
}

static uint8_t kind_of(int byte) {
    switch (byte) {
    case '{': return CTK_JSON_OBJECT;
    case '[': return CTK_JSON_ARRAY;
    case '"': return CTK_JSON_STRING;
    case 't': return CTK_JSON_TRUE;
    case 'f': return CTK_JSON_FALSE;
    case 'n': return CTK_JSON_NULL;
    case '-': return CTK_JSON_INTEGER;
    default: return byte >= '0' && byte <= '9' ? CTK_JSON_INTEGER : 0;
    }
}

static int scan_literal(ctk_json_cursor *c, const char *word) {
    for (; *word != 0; word++, c->at++)
        if (ctk_json_peek(c, c->at) != *word) return ctk_json_refuse(c, CTK_JSON_SYNTAX, c->at);
    return 1;
}

// Reads the scalar, or opens the container, at c->at and appends its node, whose name fields are in `node`.
static int read_value(parser *p, ctk_json_node *node) {
    ctk_json_cursor *c = &p->c;
    const size_t start = c->at;
    node->kind = kind_of(ctk_json_peek(c, start));
    if (node->kind == 0) return ctk_json_refuse(c, CTK_JSON_SYNTAX, start);
    if (p->node_count >= p->node_capacity) return ctk_json_refuse(c, CTK_JSON_CAPACITY, start);
    const uint32_t index = p->node_count++;
    node->value_offset = (uint32_t)start;
    node->depth = (uint8_t)p->depth;
    if (p->depth > 0 && top_node(p)->child_count < UINT16_MAX) top_node(p)->child_count++;
    int valid = 1;
    switch (node->kind) {
    case CTK_JSON_OBJECT:
    case CTK_JSON_ARRAY:
        if (p->depth >= p->limits.depth_max) return ctk_json_refuse(c, CTK_JSON_DEPTH, start);
        p->frames[p->depth++] = (frame){.node = index, .print_start = p->print_count};
        c->at++;
        break;
    case CTK_JSON_STRING: valid = ctk_json_scan_string(c, &node->flags); break;
    case CTK_JSON_TRUE: valid = scan_literal(c, "true"); break;
    case CTK_JSON_FALSE: valid = scan_literal(c, "false"); break;
    case CTK_JSON_NULL: valid = scan_literal(c, "null"); break;
    default: valid = ctk_json_scan_number(c, &node->kind); break;
    }
    node->value_byte_count = (uint32_t)(c->at - start);
    node->next = index + 1;
    p->nodes[index] = *node;
    return valid;
}

// Closes the container on top, whose closing bracket is at c->at.
static void close_container(parser *p) {
    const frame *top = &p->frames[--p->depth];
    ctk_json_node *node = &p->nodes[top->node];
    p->c.at++;
    node->value_byte_count = (uint32_t)p->c.at - node->value_offset;
    node->next = p->node_count;
    p->print_count = top->print_start;
}

// Reads the document's value with all that is inside it.
static int read_document(parser *p) {
    ctk_json_cursor *c = &p->c;
    ctk_json_skip_blanks(c);
    ctk_json_node root = {0};
    if (!read_value(p, &root)) return 0;
    while (p->depth > 0) {
        // Inside a container: right after its opening bracket or after one of its values.
        ctk_json_node *top = top_node(p);
        const int is_object = top->kind == CTK_JSON_OBJECT;
        ctk_json_skip_blanks(c);
        int byte = ctk_json_peek(c, c->at);
        if (byte == (is_object ? '}' : ']')) {
            close_container(p);
            continue;
        }
        if (top->child_count > 0) {
            if (byte != ',') return ctk_json_refuse(c, CTK_JSON_SYNTAX, c->at);
            c->at++;
            ctk_json_skip_blanks(c);
        }
        ctk_json_node node = {0};
        if (is_object && !read_name(p, &node)) return 0;
        if (!read_value(p, &node)) return 0;
    }
    ctk_json_skip_blanks(c);
    return c->at == c->n ? 1 : ctk_json_refuse(c, CTK_JSON_SYNTAX, c->at);
}

static ctk_json_result json_index(const uint8_t *json, size_t n, ctk_json_limits limits, ctk_json_node *nodes,
                                  size_t node_capacity) {
    if (n > CTK_BYTE_COUNT_MAX) return (ctk_json_result){.status = CTK_JSON_CAPACITY};
    if (limits.depth_max > CTK_DEPTH_MAX) limits.depth_max = CTK_DEPTH_MAX;
    if (limits.member_count_max > CTK_MEMBERS_MAX) limits.member_count_max = CTK_MEMBERS_MAX;
    parser p;
    p.c = (ctk_json_cursor){.json = json, .n = n};
    p.limits = limits;
    p.nodes = nodes;
    p.node_capacity = node_capacity;
    p.node_count = p.depth = p.print_count = 0;
    if (read_document(&p) && limits.root_must_be_object && nodes[0].kind != CTK_JSON_OBJECT)
        ctk_json_refuse(&p.c, CTK_JSON_NOT_OBJECT, nodes[0].value_offset);
    if (p.c.status != CTK_JSON_OK) return (ctk_json_result){.status = p.c.status, .offset = (uint32_t)p.c.at};
    return (ctk_json_result){.node_count = p.node_count};
}

const ctk_json_kernel ctk_json_scalar = {
    .info = {.name = "scalar", .kind = CTK_SCALAR, .cpu_needs = 0}, .index = json_index};
