// SPDX-License-Identifier: Apache-2.0
// The JSON index with NEON: four registers hold 64 bytes.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "../ctk_internal.h"
#include "../json/json_names.h"

#define CTK_WIDE __attribute__((CTK_INLINED))
#define CTK_WIDE_APART __attribute__((noinline))

typedef uint8x16x4_t wide_block;

CTK_WIDE static inline wide_block wide_load(const uint8_t *bytes) {
    return (wide_block){{vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32), vld1q_u8(bytes + 48)}};
}

CTK_WIDE static inline wide_block wide_load_tail(const uint8_t *bytes, size_t count) {
    uint8_t padded[64];
    memset(padded, ' ', sizeof padded);
    memcpy(padded, bytes, count);
    return wide_load(padded);
}

CTK_WIDE static inline void wide_store(uint8_t *bytes, wide_block block) {
    for (int i = 0; i < 4; i++) vst1q_u8(bytes + 16 * i, block.val[i]);
}

// One bit of each byte of four registers, whose bytes are all ones or all zeros.
CTK_WIDE static inline uint64_t wide_mask(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
    static const uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t bit = vld1q_u8(bits);
    const uint8x16_t ab = vpaddq_u8(vandq_u8(a, bit), vandq_u8(b, bit));
    const uint8x16_t cd = vpaddq_u8(vandq_u8(c, bit), vandq_u8(d, bit));
    const uint8x16_t abcd = vpaddq_u8(ab, cd);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(abcd, abcd)), 0);
}

CTK_WIDE static inline uint64_t wide_equal(wide_block block, char byte) {
    const uint8x16_t wanted = vdupq_n_u8((uint8_t)byte);
    return wide_mask(vceqq_u8(block.val[0], wanted), vceqq_u8(block.val[1], wanted), vceqq_u8(block.val[2], wanted),
                     vceqq_u8(block.val[3], wanted));
}

// Signed comparison: bytes above 0x7F are negative.
CTK_WIDE static inline uint8x16_t wide_below(uint8x16_t bytes, int8_t bound) {
    return vcltq_s8(vreinterpretq_s8_u8(bytes), vdupq_n_s8(bound));
}

CTK_WIDE static inline uint64_t wide_all_below(wide_block block, int8_t bound) {
    return wide_mask(wide_below(block.val[0], bound), wide_below(block.val[1], bound),
                     wide_below(block.val[2], bound), wide_below(block.val[3], bound));
}

CTK_WIDE static inline uint64_t wide_odd(wide_block block) { return wide_all_below(block, 0x20); }

CTK_WIDE static inline uint64_t wide_high(wide_block block) { return wide_all_below(block, 0); }

CTK_WIDE static inline int wide_is_special(wide_block block) {
    const uint8x16_t backslash = vdupq_n_u8('\\');
    uint8x16_t found = vdupq_n_u8(0);
    for (int i = 0; i < 4; i++)
        found = vorrq_u8(found, vorrq_u8(wide_below(block.val[i], 0x20), vceqq_u8(block.val[i], backslash)));
    return vmaxvq_u8(found) != 0;
}

// Four at a time; what is written behind the last one is overwritten by the next block or never read.
CTK_WIDE static inline uint16_t *wide_positions(uint16_t *out, uint32_t base, uint64_t bits) {
    const int count = __builtin_popcountll(bits);
    for (int i = 0; i < count; i += 4) {
        for (int k = 0; k < 4; k++) {
            out[i + k] = (uint16_t)(base + (bits != 0 ? (uint32_t)__builtin_ctzll(bits) : 0));
            bits &= bits - 1;
        }
    }
    return out + count;
}

CTK_WIDE static inline uint64_t wide_first_bytes(const uint8_t *name, size_t count) {
    const uint64_t word = ctk_json_word(name);
    return count >= 8 ? word : word & (((uint64_t)1 << (8 * count)) - 1);
}

CTK_WIDE static inline int wide_is_other_name(const uint8_t *name, const ctk_json_known_name *known) {
    const uint8x16_t difference = veorq_u8(vld1q_u8(name), vld1q_u8((const uint8_t *)known->bytes));
    return vmaxvq_u8(vandq_u8(difference, vld1q_u8((const uint8_t *)known->mask))) != 0;
}

CTK_WIDE static inline size_t wide_digit_count(const uint8_t *bytes) {
    const uint8x16_t others = vcgtq_u8(vsubq_u8(vld1q_u8(bytes), vdupq_n_u8('0')), vdupq_n_u8(9));
    // Four bits of the result stand for each byte.
    const uint64_t nibbles = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(others), 4)), 0);
    return nibbles == 0 ? 16 : (size_t)__builtin_ctzll(nibbles) / 4;
}

CTK_WIDE static inline int wide_any_equal(const uint32_t *values, uint32_t count) {
    static const uint32_t lanes[4] = {0, 1, 2, 3};
    uint32x4_t seen = vdupq_n_u32(0);
    // Each value against those after it, four at a time, starting with its neighbour.
    for (uint32_t i = 0; i + 1 < count; i++) {
        const uint32x4_t value = vdupq_n_u32(values[i]);
        for (uint32_t k = i + 1; k < count; k += 4) {
            const uint32x4_t inside = vcltq_u32(vld1q_u32(lanes), vdupq_n_u32(count - k));
            seen = vorrq_u32(seen, vandq_u32(inside, vceqq_u32(value, vld1q_u32(values + k))));
        }
    }
    return vmaxvq_u32(seen) != 0;
}

CTK_WIDE static inline void wide_set_places(ctk_json_node *node, const uint16_t *quotes) {
    const uint32_t name_counts = (uint32_t)quotes[1] - quotes[0] - 1;  // name_byte_count, then child_count
    node->name_offset = quotes[0] + 1u;
    node->value_offset = quotes[2];
    node->value_byte_count = quotes[3] + 1u - quotes[2];
    memcpy((uint8_t *)node + offsetof(ctk_json_node, name_byte_count), &name_counts, sizeof name_counts);
}

#define WIDE_VECTOR uint8x16_t
#define WIDE_VECTOR_LOAD(p) vld1q_u8(p)
#define WIDE_VECTOR_TABLE(p) vld1q_u8(p)
#define WIDE_VECTOR_LOOKUP(table, index) vqtbl1q_u8(table, index)
#define WIDE_VECTOR_AND(a, b) vandq_u8(a, b)
#define WIDE_VECTOR_OR(a, b) vorrq_u8(a, b)
#define WIDE_VECTOR_XOR(a, b) veorq_u8(a, b)
#define WIDE_VECTOR_SUBTRACT(a, b) vqsubq_u8(a, b)
#define WIDE_VECTOR_HIGH_NIBBLES(a) vshrq_n_u8(a, 4)
#define WIDE_VECTOR_SPLAT(byte) vdupq_n_u8((uint8_t)(byte))
#define WIDE_VECTOR_ANY(a) (vmaxvq_u8(a) != 0)
#include "../json/json_utf8.h"

#include "../json/json_memory.h"

const ctk_json_kernel ctk_json_neon = {
    .info = {.name = "neon", .kind = CTK_NEON, .cpu_needs = CTK_CPU_NEON}, .index = wide_json_index, .index_beside = wide_json_index_beside};

#endif
