// SPDX-License-Identifier: Apache-2.0
// UTF-8 validation over vectors: J. Keiser, D. Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte",
// Software: Practice and Experience 51 (5), 2021. The bits of three table entries, chosen by the two nibbles of a byte
// and the high nibble of the byte after it, meet only where that pair of bytes is an error.
// Included after CTK_WIDE and the WIDE_VECTOR operations are defined.

enum {
    UTF8_TOO_SHORT = 1,       // a lead byte, then no continuation
    UTF8_TOO_LONG = 2,        // an ASCII byte, then a continuation
    UTF8_OVERLONG_3 = 4,      // E0, then 80 to 9F
    UTF8_TOO_LARGE = 8,       // F4, then 90 to BF; F5 and above
    UTF8_SURROGATE = 16,      // ED, then A0 to BF
    UTF8_OVERLONG_2 = 32,     // C0 or C1
    UTF8_BEYOND = 64,         // F0, then 80 to 8F (overlong); F5 and above, then 80 to 8F
    UTF8_TWO_TAILS = 128,     // two continuations: right only as the third or fourth byte of a sequence
    UTF8_ANY_LOW = UTF8_TOO_SHORT | UTF8_TOO_LONG | UTF8_TWO_TAILS,
    UTF8_LARGE = UTF8_ANY_LOW | UTF8_TOO_LARGE | UTF8_BEYOND,
    UTF8_TAIL = UTF8_TOO_LONG | UTF8_OVERLONG_2 | UTF8_TWO_TAILS
};

static const uint8_t utf8_first_high[16] = {
    UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG,
    UTF8_TOO_LONG, UTF8_TWO_TAILS, UTF8_TWO_TAILS, UTF8_TWO_TAILS, UTF8_TWO_TAILS,
    UTF8_TOO_SHORT | UTF8_OVERLONG_2, UTF8_TOO_SHORT, UTF8_TOO_SHORT | UTF8_OVERLONG_3 | UTF8_SURROGATE,
    UTF8_TOO_SHORT | UTF8_TOO_LARGE | UTF8_BEYOND};

static const uint8_t utf8_first_low[16] = {
    UTF8_ANY_LOW | UTF8_OVERLONG_3 | UTF8_OVERLONG_2 | UTF8_BEYOND, UTF8_ANY_LOW | UTF8_OVERLONG_2,
    UTF8_ANY_LOW, UTF8_ANY_LOW, UTF8_ANY_LOW | UTF8_TOO_LARGE, UTF8_LARGE, UTF8_LARGE, UTF8_LARGE, UTF8_LARGE,
    UTF8_LARGE, UTF8_LARGE, UTF8_LARGE, UTF8_LARGE, UTF8_LARGE | UTF8_SURROGATE, UTF8_LARGE, UTF8_LARGE};

static const uint8_t utf8_second_high[16] = {
    UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT,
    UTF8_TOO_SHORT, UTF8_TAIL | UTF8_OVERLONG_3 | UTF8_BEYOND, UTF8_TAIL | UTF8_OVERLONG_3 | UTF8_TOO_LARGE,
    UTF8_TAIL | UTF8_SURROGATE | UTF8_TOO_LARGE, UTF8_TAIL | UTF8_SURROGATE | UTF8_TOO_LARGE, UTF8_TOO_SHORT,
    UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT};

// Whether text[0, n) is well-formed UTF-8. n is a multiple of the vector's width; the three bytes before the text and
// its last byte are ASCII, or the caller refuses the text anyhow.
CTK_WIDE static inline int wide_is_utf8(const uint8_t *text, size_t n) {
    const WIDE_VECTOR first_high = WIDE_VECTOR_TABLE(utf8_first_high), first_low = WIDE_VECTOR_TABLE(utf8_first_low);
    const WIDE_VECTOR second_high = WIDE_VECTOR_TABLE(utf8_second_high);
    WIDE_VECTOR error = WIDE_VECTOR_SPLAT(0);
    for (size_t i = 0; i < n; i += sizeof(WIDE_VECTOR)) {
        const WIDE_VECTOR bytes = WIDE_VECTOR_LOAD(text + i), before = WIDE_VECTOR_LOAD(text + i - 1);
        WIDE_VECTOR pair = WIDE_VECTOR_LOOKUP(first_high, WIDE_VECTOR_HIGH_NIBBLES(before));
        pair = WIDE_VECTOR_AND(pair, WIDE_VECTOR_LOOKUP(first_low, WIDE_VECTOR_AND(before, WIDE_VECTOR_SPLAT(15))));
        pair = WIDE_VECTOR_AND(pair, WIDE_VECTOR_LOOKUP(second_high, WIDE_VECTOR_HIGH_NIBBLES(bytes)));
        // Bit 7 where the byte must be a third or fourth one: there, and only there, UTF8_TWO_TAILS is right.
        const WIDE_VECTOR third = WIDE_VECTOR_SUBTRACT(WIDE_VECTOR_LOAD(text + i - 2), WIDE_VECTOR_SPLAT(0xE0 - 0x80));
        const WIDE_VECTOR fourth = WIDE_VECTOR_SUBTRACT(WIDE_VECTOR_LOAD(text + i - 3), WIDE_VECTOR_SPLAT(0xF0 - 0x80));
        const WIDE_VECTOR due = WIDE_VECTOR_AND(WIDE_VECTOR_OR(third, fourth), WIDE_VECTOR_SPLAT(0x80));
        error = WIDE_VECTOR_OR(error, WIDE_VECTOR_XOR(due, pair));
    }
    return !WIDE_VECTOR_ANY(error);
}
