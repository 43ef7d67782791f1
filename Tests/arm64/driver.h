// SPDX-License-Identifier: Apache-2.0
#ifndef DRIVER_H
#define DRIVER_H

#include <stddef.h>
#include <stdint.h>

#include "ctk_variants.h"

// Ends the program with a report when the condition does not hold.
#define CHECK(condition, name, n)                                                              \
    do {                                                                                       \
        if (!(condition)) {                                                                    \
            printf("FAILED %s, line %d: %s, n = %zu\n", __func__, __LINE__, (name), (size_t)(n)); \
            exit(1);                                                                           \
        }                                                                                      \
    } while (0)

// Memory whose first byte follows an unreadable page and whose last byte precedes one.
typedef struct region {
    uint8_t *first, *end;
} region;

region make_region(size_t page_count);
uint64_t next_random(void);
void check_json(const ctk_json_kernel *kernel);

#endif
