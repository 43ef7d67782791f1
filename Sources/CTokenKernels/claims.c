// SPDX-License-Identifier: Apache-2.0
#include "ctk_internal.h"
#include "include/ctk_inline.h"

// `aud` is a string or an array of strings (RFC 7519 section 4.1.3).
static int is_audience(const ctk_json_node *nodes, uint32_t at) {
    if (nodes[at].kind == CTK_JSON_STRING) return 1;
    if (nodes[at].kind != CTK_JSON_ARRAY) return 0;
    for (uint32_t i = at + 1; i < nodes[at].next; i = nodes[i].next) {
        if (nodes[i].kind != CTK_JSON_STRING) return 0;
    }
    return 1;
}

// The place of a string without escapes; an empty one for every other node.
static inline ctk_text plain_text(const ctk_json_node *node) {
    if (node->kind != CTK_JSON_STRING || (node->flags & CTK_JSON_VALUE_ESCAPED) != 0) return (ctk_text){0, 0};
    return (ctk_text){node->value_offset + 1, node->value_byte_count - 2};
}

static inline void read_date(const uint8_t *json, const ctk_json_node *node, unsigned claim, ctk_claims *claims) {
    const uint8_t *text = json + node->value_offset;
    const size_t n = node->value_byte_count;
    // What the index calls an integer has nothing but digits behind its sign.
    if (node->kind == CTK_JSON_INTEGER && n <= 15 && *text != '-') {
        claims->date[claim - CTK_CLAIM_EXP] = (double)(int64_t)ctk_digits(text, n);
    } else if (node->kind == CTK_JSON_INTEGER || node->kind == CTK_JSON_NUMBER) {
        claims->unread |= (uint8_t)(1u << claim);
    } else {
        claims->wrong_type |= (uint8_t)(1u << claim);
    }
}

// Notes the members of the root that have a name code up to 15; the others go to entry 0, which nobody reads. Returns
// the codes as bits.
static unsigned find_members(const ctk_json_node *nodes, uint16_t found[16]) {
    unsigned codes = 0;
    const uint32_t end = nodes[0].next;
    for (uint32_t i = 1, after; i < end; i = after) {
        const ctk_json_node *node = nodes + i;
        // Most members have one node. The branch lets the next one start before `next` is here; a move would not.
        after = i + 1;
        if (node->next != after) {
            after = node->next;
            __asm__ volatile("");
        }
        const unsigned code = node->name_code < 16 ? node->name_code : 0;
        codes |= 1u << code;
        found[code] = (uint16_t)i;
    }
    return codes;
}

// One entry by itself: a load of several would wait until all the single stores before it have left the core.
static inline const ctk_json_node *node_of(const ctk_json_node *nodes, const volatile uint16_t *entry) {
    return nodes + *entry;
}

void ctk_claims_read(const uint8_t *json, const ctk_json_node *nodes, ctk_claims *claims) {
    memset(claims, 0, sizeof *claims);
    // The name codes 1 to 7 are the claims in the order of their bits.
    const unsigned present = find_members(nodes, claims->node) >> CTK_JSON_NAME_ISS & ((1u << CTK_CLAIM_COUNT) - 1);
    const ctk_json_node *issuer = node_of(nodes, claims->node + CTK_JSON_NAME_ISS);
    const ctk_json_node *subject = node_of(nodes, claims->node + CTK_JSON_NAME_SUB);
    const ctk_json_node *audience = node_of(nodes, claims->node + CTK_JSON_NAME_AUD);
    const ctk_json_node *token_id = node_of(nodes, claims->node + CTK_JSON_NAME_JTI);
    claims->present = (uint8_t)present;
    // Node 0, the root, is no string: what is absent looks mistyped and is taken out again.
    const unsigned other_type = (unsigned)(issuer->kind != CTK_JSON_STRING) << CTK_CLAIM_ISS |
                                (unsigned)(subject->kind != CTK_JSON_STRING) << CTK_CLAIM_SUB |
                                (unsigned)(token_id->kind != CTK_JSON_STRING) << CTK_CLAIM_JTI;
    claims->wrong_type = (uint8_t)(other_type & present);
    claims->issuer = plain_text(issuer);
    claims->audience = plain_text(audience);
    if (audience->kind != CTK_JSON_STRING && audience != nodes && !is_audience(nodes, (uint32_t)(audience - nodes)))
        claims->wrong_type |= 1u << CTK_CLAIM_AUD;
    for (unsigned claim = CTK_CLAIM_EXP; claim <= CTK_CLAIM_IAT; claim++) {
        const ctk_json_node *node = node_of(nodes, claims->node + claim + CTK_JSON_NAME_ISS);
        if (node != nodes) read_date(json, node, claim, claims);
    }
}

// Takes one step of the hash, when there is one.
static inline void step(ctk_hmac_run *run) {
    if (run != NULL) ctk_hmac_run_step(run);
}

// The parts of ctk_claims_scan behind the header: decodes, indexes and reads, and takes steps of `run` between.
static int scan_parts(const uint8_t *payload, size_t payload_count, size_t signature_count, ctk_json_limits limits,
                      uint8_t *out, ctk_json_node *nodes, size_t node_capacity, ctk_hmac_run *run,
                      ctk_claims_place *place, ctk_claims *claims) {
    const size_t payload_bytes = ctk_base64url_decoded_count(payload_count);
    const ctk_json_kernel *kernel = ctk_json_kernel_in_use();
    step(run);
    // No dot is left in what the decoder accepts, so the two that are known were the only ones.
    if (ctk_base64url_decode(payload, payload_count, out) >= 0) return 0;
    step(run);
    if (ctk_base64url_decode(payload + payload_count + 1, signature_count, out + payload_bytes) >= 0) return 0;
    step(run);
    limits.root_must_be_object = 1;
    const ctk_json_result result =
        run != NULL && kernel->index_beside != NULL
            ? kernel->index_beside(out, payload_bytes, limits, nodes, node_capacity, run)
            : kernel->index(out, payload_bytes, limits, nodes, node_capacity);
    if (result.status != CTK_JSON_OK || result.node_count > UINT16_MAX) return 0;
    step(run);
    ctk_claims_read(out, nodes, claims);
    place->payload_byte_count = (uint32_t)payload_bytes;
    place->signature_byte_count = (uint32_t)ctk_base64url_decoded_count(signature_count);
    place->node_count = result.node_count;
    return claims->unread == 0;
}

int ctk_claims_scan(const uint8_t *token, size_t n, const uint8_t *header, size_t header_count,
                    size_t signature_count, ctk_json_limits limits, uint8_t *out, ctk_json_node *nodes,
                    size_t node_capacity, const ctk_hmac_key *key, ctk_claims_place *place, ctk_claims *claims) {
    // header . payload . signature, with at least one character of payload.
    if (n < header_count + signature_count + 3) return 0;
    const size_t payload_start = header_count + 1, payload_end = n - signature_count - 1;
    if (token[header_count] != '.' || token[payload_end] != '.' || !ctk_equal(token, header, header_count)) return 0;
    const uint8_t *payload = token + payload_start;
    const size_t payload_count = payload_end - payload_start;
    place->signing_input_byte_count = (uint32_t)payload_end;
    place->is_authentic = 0;
    if (key == NULL)
        return scan_parts(payload, payload_count, signature_count, limits, out, nodes, node_capacity, NULL, place,
                          claims);
    ctk_hmac_run run;
    uint8_t tag[32];
    ctk_hmac_run_start(&run, key, token, payload_end);
    const int is_known = scan_parts(payload, payload_count, signature_count, limits, out, nodes, node_capacity, &run,
                                    place, claims);
    ctk_hmac_run_finish(&run, key, tag);
    if (is_known && place->signature_byte_count == sizeof tag)
        place->is_authentic = (uint32_t)ctk_equal_constant_time(tag, out + place->payload_byte_count, sizeof tag);
    ctk_wipe(tag, sizeof tag);
    return is_known;
}
