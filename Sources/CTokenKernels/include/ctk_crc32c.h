// SPDX-License-Identifier: Apache-2.0
#ifndef CTK_CRC32C_H
#define CTK_CRC32C_H

#include <stddef.h>
#include <stdint.h>

// CRC-32C (Castagnoli, RFC 3720 appendix B.4: reflected, initial value and final XOR all ones) of src[0 ..< n].
// Reads nothing else. Finds accidental damage, proves nothing.
uint32_t ctk_crc32c(const uint8_t *src, size_t n);

// The same a byte at a time from a table: the oracle of the tests, and what processors without the instruction use.
uint32_t ctk_crc32c_scalar(const uint8_t *src, size_t n);

#endif
