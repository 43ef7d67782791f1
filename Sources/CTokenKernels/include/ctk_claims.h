// SPDX-License-Identifier: Apache-2.0
#ifndef CTK_CLAIMS_H
#define CTK_CLAIMS_H

#include "ctk_json.h"

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

// The registered claims of one claims set. A date that is a whole number of at most 15 digits is read here; any
// other JSON number is left to the caller (its bit in `unread`).
typedef struct ctk_claims {
    double date[3];               // exp, nbf, iat in seconds; 0 where the bit in `read` is not set
    uint16_t node[16];            // node by ctk_json_name (1 to 15); 0 where absent. Entry 0 is never read.
    uint8_t present;              // bit: the claim is there
    uint8_t wrong_type;           // bit: it is there with a type that its definition does not allow
    uint8_t unread;               // bit (EXP, NBF, IAT): a number that must be read the long way
    uint8_t reserved;
} ctk_claims;

// Reads the claims of the document json, indexed in nodes[0, node_count); node 0 is an object, node_count at most
// 65535. One pass over the root's members, plus one over the elements of an `aud` array.
void ctk_claims_read(const uint8_t *json, const ctk_json_node *nodes, ctk_claims *claims);

#endif
