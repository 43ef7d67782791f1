// SPDX-License-Identifier: Apache-2.0
#include "CTokenKernels.h"

// `aud` is a string or an array of strings (RFC 7519 section 4.1.3).
static int is_audience(const ctk_json_node *nodes, uint32_t at) {
    if (nodes[at].kind == CTK_JSON_STRING) return 1;
    if (nodes[at].kind != CTK_JSON_ARRAY) return 0;
    for (uint32_t i = at + 1; i < nodes[at].next; i = nodes[i].next) {
        if (nodes[i].kind != CTK_JSON_STRING) return 0;
    }
    return 1;
}

static void read_date(const uint8_t *json, const ctk_json_node *node, unsigned claim, ctk_claims *claims) {
    uint64_t whole;
    if (node->kind == CTK_JSON_INTEGER && ctk_decimal(json + node->value_offset, node->value_byte_count, &whole)) {
        claims->date[claim - CTK_CLAIM_EXP] = (double)whole;
    } else if (node->kind == CTK_JSON_INTEGER || node->kind == CTK_JSON_NUMBER) {
        claims->unread |= (uint8_t)(1u << claim);
    } else {
        claims->wrong_type |= (uint8_t)(1u << claim);
    }
}

void ctk_claims_read(const uint8_t *json, const ctk_json_node *nodes, ctk_claims *claims) {
    memset(claims, 0, sizeof *claims);
    const uint32_t end = nodes[0].next;
    for (uint32_t i = 1, after; i < end; i = after) {
        const ctk_json_node *node = nodes + i;
        // Most members have one node. The branch lets the next one start before `next` is here; a move would not.
        after = i + 1;
        if (node->next != after) {
            after = node->next;
            __asm__ volatile("");
        }
        const unsigned code = node->name_code;
        if (code == 0 || code > 15) continue;
        claims->node[code] = (uint16_t)i;
        // The name codes 1 to 7 are the claims in the order of the bits.
        if (code > CTK_JSON_NAME_JTI) continue;
        const unsigned claim = code - CTK_JSON_NAME_ISS;
        claims->present |= (uint8_t)(1u << claim);
        switch (claim) {
            case CTK_CLAIM_EXP:
            case CTK_CLAIM_NBF:
            case CTK_CLAIM_IAT:
                read_date(json, node, claim, claims);
                break;
            case CTK_CLAIM_AUD:
                if (!is_audience(nodes, i)) claims->wrong_type |= 1u << CTK_CLAIM_AUD;
                break;
            default:
                if (node->kind != CTK_JSON_STRING) claims->wrong_type |= (uint8_t)(1u << claim);
        }
    }
}
