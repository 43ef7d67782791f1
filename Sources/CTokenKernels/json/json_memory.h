// SPDX-License-Identifier: Apache-2.0
// The memory that the wide JSON index works in. Each processor's file includes it after the definitions that
// json_wide.h asks for.
#ifndef CTK_JSON_MEMORY_H
#define CTK_JSON_MEMORY_H

#include "json_wide.h"

// Every byte may be a quote. The member names of the open objects stand 5 bytes apart, or 4 where a name's value is an
// open container: there are at most a quarter as many as bytes, and one.

// Apart, so that its variables are not on the stack of the more frequent case.
CTK_WIDE_APART static int wide_document_special(wide_walk *w) { return wide_document(w, 1); }

// Indexes a document in the given memory, and takes steps of the hash `beside` on the way when there is one. Returns the
// node count, 0 for every refusal.
CTK_WIDE static inline uint32_t wide_run(const wide_buffer *buffer, const uint8_t *json, size_t n,
                                         ctk_json_limits limits, ctk_json_node *nodes, ctk_hmac_run *beside) {
    uint32_t special;
    const int64_t quote_count = wide_quotes(buffer, json, n, &special);
    if (quote_count < 0 || (quote_count & 1) != 0) return 0;
    if (limits.depth_max > WIDE_DEPTH_MAX) limits.depth_max = WIDE_DEPTH_MAX;
    wide_walk w = {.text = buffer->text,
                   .frames = buffer->frames,
                   .quotes = buffer->quotes,
                   .print = buffer->prints,
                   .node = nodes,
                   .next = 1,
                   .n = n,
                   .limits = limits,
                   .beside = beside};
    if (beside != NULL) {
        // Spreads the blocks that are left over the members, one of them for what comes behind.
        const size_t blocks = beside->block_count + beside->tail_count;
        w.stride = w.until_step = blocks < 2 ? SIZE_MAX : (size_t)quote_count / 4 / (blocks - 1) + 1;
    }
    if (CTK_UNLIKELY(special)) {
        wide_walk special_walk = w;  // a copy: the plain one can stay in registers
        if (!wide_document_special(&special_walk)) return 0;
        w = special_walk;
    } else {
        if (!wide_document(&w, 0)) return 0;
    }
    if (w.at < n) wide_skip_blanks(&w);
    if (w.at < n || (limits.root_must_be_object && nodes->kind != CTK_JSON_OBJECT)) return 0;
    return w.next - 1;
}

// A document of at most WIDE_STACK_MAX bytes.
CTK_WIDE static inline uint32_t wide_on_stack(const uint8_t *json, size_t n, ctk_json_limits limits,
                                              ctk_json_node *nodes, ctk_hmac_run *beside) {
    struct {
        uint8_t pad[WIDE_PAD];  // zeros when UTF-8 is validated, which looks back from the text
        uint8_t text[WIDE_STACK_MAX + WIDE_PAD];
        uint16_t quotes[WIDE_STACK_MAX + WIDE_PAD];
        uint32_t prints[WIDE_STACK_MAX / 4 + 16];
    } memory;
    wide_frame frames[WIDE_DEPTH_MAX + 1];
    const wide_buffer buffer = {
        .text = memory.text, .quotes = memory.quotes, .prints = memory.prints, .frames = frames};
    return wide_run(&buffer, json, n, limits, nodes, beside);
}

// Apart, like the next ones, so that the stack is free again when the scalar twin runs.
CTK_WIDE_APART static uint32_t wide_index_short(const uint8_t *json, size_t n, ctk_json_limits limits,
                                                ctk_json_node *nodes) {
    return wide_on_stack(json, n, limits, nodes, NULL);
}

CTK_WIDE_APART static uint32_t wide_index_beside(const uint8_t *json, size_t n, ctk_json_limits limits,
                                                 ctk_json_node *nodes, ctk_hmac_run *beside) {
    return wide_on_stack(json, n, limits, nodes, beside);
}

// A longer one: in the memory behind the nodes that it may take, arranged in the same way.
CTK_WIDE_APART static uint32_t wide_index_long(const uint8_t *json, size_t n, ctk_json_limits limits,
                                               ctk_json_node *nodes) {
    wide_frame frames[WIDE_DEPTH_MAX + 1];
    const size_t max = (n + 63) & ~(size_t)63;
    uint8_t *memory = (uint8_t *)(nodes + n / 2 + WIDE_NODES_MORE);
    const wide_buffer buffer = {.text = memory + WIDE_PAD,
                                .quotes = (uint16_t *)(void *)(memory + max + 2 * WIDE_PAD),
                                .prints = (uint32_t *)(void *)(memory + 3 * max + 4 * WIDE_PAD),
                                .frames = frames};
    return wide_run(&buffer, json, n, limits, nodes, NULL);
}

// No node is written beyond nodes[n / 2 + WIDE_NODES_MORE - 1], right document or not: a scalar takes a byte, a
// container one more when it closes, and each but the first of a container's values a comma, so the text read so far
// has at least 2 * nodes - 1 bytes, less one for each container that is open, and the node to come is one more. A store
// may reach 8 bytes into the node behind.
_Static_assert(WIDE_NODES_MORE >= WIDE_DEPTH_MAX / 2 + 4, "room for the containers that are open");

// The contract of ctk_json_index, but that 0 nodes stand for every refusal.
static uint32_t wide_index(const uint8_t *json, size_t n, ctk_json_limits limits, ctk_json_node *nodes,
                           size_t node_capacity) {
    if (n == 0 || n > WIDE_MAX) return 0;
    if (n <= WIDE_STACK_MAX) {
        if (CTK_UNLIKELY(node_capacity < n / 2 + WIDE_NODES_MORE)) return 0;
        return wide_index_short(json, n, limits, nodes);
    }
    return node_capacity < ctk_json_capacity(n) ? 0 : wide_index_long(json, n, limits, nodes);
}

static ctk_json_result wide_json_index(const uint8_t *json, size_t n, ctk_json_limits limits, ctk_json_node *nodes,
                                       size_t node_capacity) {
    const uint32_t node_count = wide_index(json, n, limits, nodes, node_capacity);
    if (node_count == 0) return ctk_json_scalar.index(json, n, limits, nodes, node_capacity);
    return (ctk_json_result){.node_count = node_count};
}

static ctk_json_result wide_json_index_beside(const uint8_t *json, size_t n, ctk_json_limits limits,
                                              ctk_json_node *nodes, size_t node_capacity, ctk_hmac_run *beside) {
    if (n > 0 && n <= WIDE_STACK_MAX && node_capacity >= n / 2 + WIDE_NODES_MORE) {
        const uint32_t node_count = wide_index_beside(json, n, limits, nodes, beside);
        if (node_count != 0) return (ctk_json_result){.node_count = node_count};
    }
    return wide_json_index(json, n, limits, nodes, node_capacity);
}

#endif
