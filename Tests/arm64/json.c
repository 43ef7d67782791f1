// SPDX-License-Identifier: Apache-2.0
// The JSON index: every kernel against the scalar one, over claims sets and their one-byte changes and prefixes, each
// ending at an unreadable page.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CTokenKernels.h"
#include "ctk_variants.h"
#include "driver.h"

enum { NODES = 4096 };

static ctk_json_node wanted[NODES], found[NODES];
static region pages;

static void check(const ctk_json_kernel *kernel, const ctk_json_kernel *scalar, const uint8_t *text, size_t n) {
    const ctk_json_limits limits = {.depth_max = 16, .member_count_max = 256, .root_must_be_object = 0};
    uint8_t *json = pages.end - n;
    memmove(json, text, n);
    const ctk_json_result right = scalar->index(json, n, limits, wanted, NODES);
    const ctk_json_result result = kernel->index(json, n, limits, found, NODES);
    CHECK(right.status == result.status && right.offset == result.offset, kernel->info.name, n);
    CHECK(right.node_count == result.node_count, kernel->info.name, n);
    CHECK(memcmp(wanted, found, right.node_count * sizeof *wanted) == 0, kernel->info.name, n);
}

static const char *const texts[] = {
    "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"8f2a\"}",
    "{\"iss\":\"https://id.example.com/realms/x\",\"sub\":\"3d5e1c1a-7f0b\",\"aud\":[\"account\",\"api\"],"
    "\"exp\":1716239022,\"realm_access\":{\"roles\":[\"offline_access\",\"user\"]},\"email_verified\":true,\"acr\":1.5}",
    "{\"name\":\"Zo\xC3\xAB \xE6\xBC\xA2 \xF0\x9F\x98\x80\",\"iss\":\"https:\\/\\/issuer.example\",\"a\":\"\\u00e4\\\"\\\\\","
    "\"nbf\":-0,\"x\":null,\"y\":[[],{},[{\"\":0}]],\"preferred_username\":\"\\ud83d\\ude00\"}",
    "{\r\n  \"iss\" : \"joe\",\r\n \"exp\" : 1300819380,\n\t\"http://example.com/is_root\" : true , \"b\": [ 1 , 2 ]\r\n}",
    "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":0,\"k\":1,\"l\":2,\"m\":3,\"n\":4,\"a\":5}",
};

void check_json(const ctk_json_kernel *kernel) {
    size_t last = 0;
    while (ctk_json_kernel_at(last + 1)) last++;
    const ctk_json_kernel *scalar = ctk_json_kernel_at(last);
    if (pages.first == NULL) pages = make_region(2);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint8_t text[512];
        const size_t n = strlen(texts[i]);
        memcpy(text, texts[i], n);
        for (size_t count = 0; count <= n; count++) check(kernel, scalar, text, count);
        for (size_t at = 0; at < n; at++) {
            const uint8_t original = text[at];
            for (unsigned value = 0; value < 256; value++) {
                text[at] = (uint8_t)value;
                check(kernel, scalar, text, n);
            }
            text[at] = original;
        }
    }
}
