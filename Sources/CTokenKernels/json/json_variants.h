// SPDX-License-Identifier: Apache-2.0
// The implementations of ctk_json_index. All answer alike; the wide ones rerun the scalar one on any refusal.
#ifndef CTK_JSON_VARIANTS_H
#define CTK_JSON_VARIANTS_H

#include "../include/ctk_json.h"

#define CTK_JSON_VARIANT(name)                                                                                     \
    ctk_json_result name(const uint8_t *json, size_t n, ctk_json_limits limits, ctk_json_node *nodes,              \
                         size_t node_capacity) __attribute__((visibility("hidden")))

CTK_JSON_VARIANT(ctk_json_index_scalar);

#endif
