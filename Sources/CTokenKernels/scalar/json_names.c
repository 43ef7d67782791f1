// SPDX-License-Identifier: Apache-2.0
// The registered names and the perfect hash that finds them: slot = (low * CTK_JSON_NAME_MULTIPLIER) >> 56, where low
// is the name's first 8 bytes, zero-padded, as a little-endian word. The multiplier was found by trial; a test looks
// every name up.
#include "../json/json_names.h"

// The mask covers the name and its closing quote.
#define MASK(count) (0xFFFFFFFFFFFFFFFFu >> (count < 8 ? 64 - 8 * count : 0)), \
                    (count < 9 ? 0 : 0xFFFFFFFFFFFFFFFFu >> (count < 9 ? 0 : 128 - 8 * count))
#define NAME(text) {.bytes = text "\"", .mask = {MASK(sizeof text)}}

const ctk_json_known_name ctk_json_known_names[CTK_JSON_NAME_COUNT] = {
    [CTK_JSON_NAME_ISS] = NAME("iss"), [CTK_JSON_NAME_SUB] = NAME("sub"), [CTK_JSON_NAME_AUD] = NAME("aud"),
    [CTK_JSON_NAME_EXP] = NAME("exp"), [CTK_JSON_NAME_NBF] = NAME("nbf"), [CTK_JSON_NAME_IAT] = NAME("iat"),
    [CTK_JSON_NAME_JTI] = NAME("jti"), [CTK_JSON_NAME_ALG] = NAME("alg"), [CTK_JSON_NAME_KID] = NAME("kid"),
    [CTK_JSON_NAME_TYP] = NAME("typ"), [CTK_JSON_NAME_CTY] = NAME("cty"), [CTK_JSON_NAME_CRIT] = NAME("crit"),
    [CTK_JSON_NAME_ENC] = NAME("enc"), [CTK_JSON_NAME_CNF] = NAME("cnf"),
    [CTK_JSON_NAME_CLIENT_ID] = NAME("client_id"), [CTK_JSON_NAME_AZP] = NAME("azp"),
    [CTK_JSON_NAME_SCOPE] = NAME("scope"), [CTK_JSON_NAME_NONCE] = NAME("nonce"),
    [CTK_JSON_NAME_AUTH_TIME] = NAME("auth_time"), [CTK_JSON_NAME_ACR] = NAME("acr"),
    [CTK_JSON_NAME_AMR] = NAME("amr"), [CTK_JSON_NAME_AT_HASH] = NAME("at_hash"),
    [CTK_JSON_NAME_C_HASH] = NAME("c_hash"), [CTK_JSON_NAME_SID] = NAME("sid"), [CTK_JSON_NAME_ZIP] = NAME("zip"),
    [CTK_JSON_NAME_JKU] = NAME("jku"), [CTK_JSON_NAME_JWK] = NAME("jwk"), [CTK_JSON_NAME_X5U] = NAME("x5u"),
    [CTK_JSON_NAME_X5C] = NAME("x5c"), [CTK_JSON_NAME_X5T] = NAME("x5t"),
    [CTK_JSON_NAME_X5T_S256] = NAME("x5t#S256"), [CTK_JSON_NAME_B64] = NAME("b64"),
    [CTK_JSON_NAME_EPK] = NAME("epk"), [CTK_JSON_NAME_APU] = NAME("apu"), [CTK_JSON_NAME_APV] = NAME("apv"),
    [CTK_JSON_NAME_IV] = NAME("iv"), [CTK_JSON_NAME_TAG] = NAME("tag"), [CTK_JSON_NAME_P2S] = NAME("p2s"),
    [CTK_JSON_NAME_P2C] = NAME("p2c"), [CTK_JSON_NAME_ACT] = NAME("act"), [CTK_JSON_NAME_MAY_ACT] = NAME("may_act"),
    [CTK_JSON_NAME_EVENTS] = NAME("events"), [CTK_JSON_NAME_ROLES] = NAME("roles"),
    [CTK_JSON_NAME_GROUPS] = NAME("groups"), [CTK_JSON_NAME_EMAIL] = NAME("email"),
    [CTK_JSON_NAME_NAME] = NAME("name"), [CTK_JSON_NAME_PHONE_NUMBER] = NAME("phone_number"),
    [CTK_JSON_NAME_STATUS] = NAME("status"),
};

const uint8_t ctk_json_name_slots[256] = {
    [8] = CTK_JSON_NAME_C_HASH, [11] = CTK_JSON_NAME_JKU, [18] = CTK_JSON_NAME_ALG, [19] = CTK_JSON_NAME_CRIT,
    [20] = CTK_JSON_NAME_X5T, [34] = CTK_JSON_NAME_EVENTS, [40] = CTK_JSON_NAME_ACR, [57] = CTK_JSON_NAME_JWK,
    [58] = CTK_JSON_NAME_GROUPS, [60] = CTK_JSON_NAME_EMAIL, [66] = CTK_JSON_NAME_AT_HASH, [67] = CTK_JSON_NAME_CNF,
    [68] = CTK_JSON_NAME_NAME, [73] = CTK_JSON_NAME_IAT, [75] = CTK_JSON_NAME_P2S, [78] = CTK_JSON_NAME_AMR,
    [81] = CTK_JSON_NAME_STATUS, [89] = CTK_JSON_NAME_AUD, [98] = CTK_JSON_NAME_ENC, [99] = CTK_JSON_NAME_SID,
    [105] = CTK_JSON_NAME_APU, [115] = CTK_JSON_NAME_AUTH_TIME, [116] = CTK_JSON_NAME_TYP, [118] = CTK_JSON_NAME_AZP,
    [127] = CTK_JSON_NAME_X5U, [128] = CTK_JSON_NAME_IV, [138] = CTK_JSON_NAME_JTI, [147] = CTK_JSON_NAME_P2C,
    [165] = CTK_JSON_NAME_B64, [168] = CTK_JSON_NAME_PHONE_NUMBER, [172] = CTK_JSON_NAME_NONCE,
    [190] = CTK_JSON_NAME_CLIENT_ID, [193] = CTK_JSON_NAME_ZIP, [195] = CTK_JSON_NAME_ROLES,
    [203] = CTK_JSON_NAME_MAY_ACT, [212] = CTK_JSON_NAME_APV, [214] = CTK_JSON_NAME_SCOPE, [222] = CTK_JSON_NAME_KID,
    [233] = CTK_JSON_NAME_X5T_S256, [234] = CTK_JSON_NAME_TAG, [237] = CTK_JSON_NAME_SUB, [238] = CTK_JSON_NAME_CTY,
    [239] = CTK_JSON_NAME_ISS, [241] = CTK_JSON_NAME_X5C, [248] = CTK_JSON_NAME_EPK, [249] = CTK_JSON_NAME_NBF,
    [253] = CTK_JSON_NAME_EXP, [255] = CTK_JSON_NAME_ACT,
};
