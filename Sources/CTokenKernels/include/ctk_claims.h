// SPDX-License-Identifier: Apache-2.0
#ifndef CTK_CLAIMS_H
#define CTK_CLAIMS_H

#include "ctk_json.h"
#include "ctk_sha256.h"

// The registered claims whose presence, type and value every verdict needs (RFC 7519 section 4.1), as bit numbers.
enum {
    CTK_CLAIM_ISS = 0,
    CTK_CLAIM_SUB = 1,
    CTK_CLAIM_AUD = 2,
    CTK_CLAIM_EXP = 3,
    CTK_CLAIM_NBF = 4,
    CTK_CLAIM_IAT = 5,
    CTK_CLAIM_JTI = 6,
    CTK_CLAIM_COUNT = 7
};

// A string's content in its document, between the quotes.
typedef struct ctk_text {
    uint32_t offset, byte_count;
} ctk_text;

// The registered claims of one claims set. A date that is a whole number of at most 15 digits is read here; any
// other JSON number is left to the caller (its bit in `unread`). A plain string is one without escapes.
typedef struct ctk_claims {
    double date[3];               // exp, nbf, iat in seconds; 0 where the bit in `read` is not set
    ctk_text issuer, audience;    // the text of iss and of a single aud; empty where that is no plain string
    uint16_t node[16];            // node by ctk_json_name (1 to 15); 0 where absent. Entry 0 is not stated.
    uint8_t present;              // bit: the claim is there
    uint8_t wrong_type;           // bit: it is there with a type that its definition does not allow
    uint8_t unread;               // bit (EXP, NBF, IAT): a number that must be read the long way
    uint8_t reserved;
} ctk_claims;

// Reads the claims of the document json, indexed in nodes[0, node_count); node 0 is an object, node_count at most
// 65535. One pass over the root's members, plus one over the elements of an `aud` array.
void ctk_claims_read(const uint8_t *json, const ctk_json_node *nodes, ctk_claims *claims);

// What ctk_claims_scan has found in a token and put into its output: the payload, then the signature.
typedef struct ctk_claims_place {
    uint32_t signing_input_byte_count;  // header segment, dot, payload segment
    uint32_t payload_byte_count;
    uint32_t signature_byte_count;
    uint32_t node_count;
    uint32_t is_authentic;  // 1 when a key was given and the signature is the HMAC-SHA256 of the signing input under it
} ctk_claims_place;

// Scans a compact JWS in one go: token[0, n), n at most 2^30, whose header segment is expected to be
// header[0, header_count) and whose signature to have signature_count characters, as in the token before. Decodes the
// claims set and the signature to out[0, n), indexes the claims set as ctk_json_index does and reads its registered
// claims. Returns 1 when all that is as expected and valid and no date is left unread. Returns 0 at any doubt: the
// outputs then hold anything, and the steps one by one say what it is. With a `key`, which may be NULL, the tag of the
// signing input is computed beside all this and compared in constant time.
int ctk_claims_scan(const uint8_t *token, size_t n, const uint8_t *header, size_t header_count,
                    size_t signature_count, ctk_json_limits limits, uint8_t *out, ctk_json_node *nodes,
                    size_t node_capacity, const ctk_hmac_key *key, ctk_claims_place *place, ctk_claims *claims);

#endif
