// SPDX-License-Identifier: Apache-2.0
// The registered names and the perfect hash that finds them: slot = ((low + high) * multiplier) >> 56, where low and
// high are the name's bytes, zero-padded to 16, as two little-endian words. The multiplier was found by trial; a test
// looks every name up.
#include "../json/json_names.h"

const char ctk_json_names[CTK_JSON_NAME_COUNT][16] = {
    [CTK_JSON_NAME_ISS] = "iss", [CTK_JSON_NAME_SUB] = "sub", [CTK_JSON_NAME_AUD] = "aud",
    [CTK_JSON_NAME_EXP] = "exp", [CTK_JSON_NAME_NBF] = "nbf", [CTK_JSON_NAME_IAT] = "iat",
    [CTK_JSON_NAME_JTI] = "jti", [CTK_JSON_NAME_ALG] = "alg", [CTK_JSON_NAME_KID] = "kid",
    [CTK_JSON_NAME_TYP] = "typ", [CTK_JSON_NAME_CTY] = "cty", [CTK_JSON_NAME_CRIT] = "crit",
    [CTK_JSON_NAME_ENC] = "enc", [CTK_JSON_NAME_CNF] = "cnf", [CTK_JSON_NAME_CLIENT_ID] = "client_id",
    [CTK_JSON_NAME_AZP] = "azp", [CTK_JSON_NAME_SCOPE] = "scope", [CTK_JSON_NAME_NONCE] = "nonce",
    [CTK_JSON_NAME_AUTH_TIME] = "auth_time", [CTK_JSON_NAME_ACR] = "acr", [CTK_JSON_NAME_AMR] = "amr",
    [CTK_JSON_NAME_AT_HASH] = "at_hash", [CTK_JSON_NAME_C_HASH] = "c_hash", [CTK_JSON_NAME_SID] = "sid",
    [CTK_JSON_NAME_ZIP] = "zip", [CTK_JSON_NAME_JKU] = "jku", [CTK_JSON_NAME_JWK] = "jwk",
    [CTK_JSON_NAME_X5U] = "x5u", [CTK_JSON_NAME_X5C] = "x5c", [CTK_JSON_NAME_X5T] = "x5t",
    [CTK_JSON_NAME_X5T_S256] = "x5t#S256", [CTK_JSON_NAME_B64] = "b64", [CTK_JSON_NAME_EPK] = "epk",
    [CTK_JSON_NAME_APU] = "apu", [CTK_JSON_NAME_APV] = "apv", [CTK_JSON_NAME_IV] = "iv", [CTK_JSON_NAME_TAG] = "tag",
    [CTK_JSON_NAME_P2S] = "p2s", [CTK_JSON_NAME_P2C] = "p2c", [CTK_JSON_NAME_ACT] = "act",
    [CTK_JSON_NAME_MAY_ACT] = "may_act", [CTK_JSON_NAME_EVENTS] = "events", [CTK_JSON_NAME_ROLES] = "roles",
    [CTK_JSON_NAME_GROUPS] = "groups", [CTK_JSON_NAME_EMAIL] = "email", [CTK_JSON_NAME_NAME] = "name",
    [CTK_JSON_NAME_PHONE_NUMBER] = "phone_number", [CTK_JSON_NAME_STATUS] = "status",
};

const uint8_t ctk_json_name_slots[256] = {
    [10] = CTK_JSON_NAME_X5T, [12] = CTK_JSON_NAME_B64, [18] = CTK_JSON_NAME_NAME, [19] = CTK_JSON_NAME_CLIENT_ID,
    [20] = CTK_JSON_NAME_EMAIL, [27] = CTK_JSON_NAME_IV, [43] = CTK_JSON_NAME_ENC, [45] = CTK_JSON_NAME_ALG,
    [48] = CTK_JSON_NAME_ACR, [55] = CTK_JSON_NAME_P2C, [57] = CTK_JSON_NAME_KID, [58] = CTK_JSON_NAME_CNF,
    [62] = CTK_JSON_NAME_X5C, [63] = CTK_JSON_NAME_IAT, [71] = CTK_JSON_NAME_MAY_ACT, [85] = CTK_JSON_NAME_TAG,
    [88] = CTK_JSON_NAME_JTI, [93] = CTK_JSON_NAME_AUD, [99] = CTK_JSON_NAME_APU, [110] = CTK_JSON_NAME_PHONE_NUMBER,
    [112] = CTK_JSON_NAME_X5U, [136] = CTK_JSON_NAME_EVENTS, [150] = CTK_JSON_NAME_ZIP, [155] = CTK_JSON_NAME_JWK,
    [156] = CTK_JSON_NAME_P2S, [158] = CTK_JSON_NAME_ISS, [159] = CTK_JSON_NAME_TYP, [167] = CTK_JSON_NAME_ROLES,
    [169] = CTK_JSON_NAME_NBF, [173] = CTK_JSON_NAME_EPK, [183] = CTK_JSON_NAME_SCOPE, [186] = CTK_JSON_NAME_AMR,
    [191] = CTK_JSON_NAME_CTY, [192] = CTK_JSON_NAME_C_HASH, [194] = CTK_JSON_NAME_JKU, [202] = CTK_JSON_NAME_APV,
    [203] = CTK_JSON_NAME_SID, [204] = CTK_JSON_NAME_STATUS, [206] = CTK_JSON_NAME_X5T_S256,
    [213] = CTK_JSON_NAME_NONCE, [215] = CTK_JSON_NAME_SUB, [227] = CTK_JSON_NAME_AUTH_TIME,
    [232] = CTK_JSON_NAME_EXP, [238] = CTK_JSON_NAME_AZP, [243] = CTK_JSON_NAME_AT_HASH, [248] = CTK_JSON_NAME_CRIT,
    [253] = CTK_JSON_NAME_ACT, [254] = CTK_JSON_NAME_GROUPS,
};
