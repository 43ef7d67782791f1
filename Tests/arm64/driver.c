// SPDX-License-Identifier: Apache-2.0
// Compares every kernel that this processor can run with its scalar twin and with published values; exits 1 on
// the first difference. Plain C, so that it runs under an emulator where the Swift tests cannot.
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "CTokenKernels.h"

static region in, out, expected;

uint64_t next_random(void) {
    static uint64_t x = 0x9e3779b97f4a7c15;
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    return x;
}

region make_region(size_t page_count) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), n = page_count * page;
    uint8_t *all = mmap(NULL, n + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED || mprotect(all, page, PROT_NONE) || mprotect(all + page + n, page, PROT_NONE)) exit(2);
    return (region){all + page, all + page + n};
}

// The scalar kernel is the last of each list.
#define SCALAR(family)                                                                 \
    static const family##_kernel *family##_reference(void) {                           \
        size_t i = 0;                                                                  \
        while (family##_kernel_at(i + 1)) i++;                                         \
        return family##_kernel_at(i);                                                  \
    }
SCALAR(ctk_base64url)
SCALAR(ctk_sha256)
SCALAR(ctk_split)

static void fill(uint8_t *p, size_t n) {
    for (size_t i = 0; i < n; i++) p[i] = (uint8_t)next_random();
}

static void set_canary(uint8_t *p) { memset(p, 0xa5, 64); }

static int canary_lives(const uint8_t *p) {
    for (int i = 0; i < 64; i++) {
        if (p[i] != 0xa5) return 0;
    }
    return 1;
}

// Both ways for n bytes or characters, input and output against the front or the back page.
static void check_base64url(const ctk_base64url_kernel *kernel, size_t n, int at_end) {
    const ctk_base64url_kernel *scalar = ctk_base64url_reference();
    size_t chars = ctk_base64url_encoded_count(n);
    uint8_t *bytes = at_end ? in.end - n : in.first, *text = at_end ? out.end - chars : out.first;
    uint8_t *canary = at_end ? text - 64 : text + chars;
    fill(bytes, n);
    scalar->encode(bytes, n, expected.first);
    set_canary(canary);
    kernel->encode(bytes, n, text);
    CHECK(memcmp(text, expected.first, chars) == 0, kernel->info.name, n);
    CHECK(canary_lives(canary), kernel->info.name, n);

    memcpy(expected.first, bytes, n);
    memset(bytes, 0, n);
    canary = at_end ? bytes - 64 : bytes + n;
    set_canary(canary);
    CHECK(kernel->decode(text, chars, bytes) == -1, kernel->info.name, n);
    CHECK(memcmp(bytes, expected.first, n) == 0, kernel->info.name, n);
    CHECK(canary_lives(canary), kernel->info.name, n);

    // One byte replaced, sometimes by another letter; and every length of input, also those that no encoder writes.
    for (int k = 0; k < 4 && chars > 0; k++) {
        size_t at = next_random() % chars, shorter = next_random() % chars + 1;
        uint8_t before = text[at];
        text[at] = k < 2 ? (uint8_t)next_random() : "-_AZaz09"[next_random() % 8];
        uint8_t *start = text + chars - shorter;
        int64_t want = scalar->decode(start, shorter, expected.first);
        CHECK(kernel->decode(start, shorter, bytes) == want, kernel->info.name, shorter);
        if (want == -1) {
            CHECK(memcmp(bytes, expected.first, ctk_base64url_decoded_count(shorter)) == 0, kernel->info.name, n);
        }
        text[at] = before;
    }
}

static void check_every_byte(const ctk_base64url_kernel *kernel) {
    const ctk_base64url_kernel *scalar = ctk_base64url_reference();
    const size_t n = 390;
    uint8_t *text = in.end - n;
    memset(text, 'Q', n);
    for (size_t at = 0; at < n; at++) {
        for (int value = 0; value < 256; value++) {
            text[at] = (uint8_t)value;
            CHECK(kernel->decode(text, n, out.first) == scalar->decode(text, n, expected.first), kernel->info.name, at);
        }
        text[at] = 'Q';
    }
}

static void check_split(const ctk_split_kernel *kernel, size_t n) {
    uint8_t *text = in.end - n;
    for (int dot_count = 0; dot_count < 7; dot_count++) {
        memset(text, 'x', n);
        for (int i = 0; i < dot_count && n > 0; i++) text[next_random() % n] = '.';
        uint32_t a[4] = {0}, b[4] = {0};
        uint32_t want = ctk_split_reference()->dots(text, n, a), got = kernel->dots(text, n, b);
        CHECK(want == got && memcmp(a, b, sizeof a) == 0, kernel->info.name, n);
    }
}

static void check_hex(const uint8_t *bytes, const char *hex, const char *name) {
    for (size_t i = 0; hex[2 * i]; i++) {
        unsigned value;
        sscanf(hex + 2 * i, "%2x", &value);
        CHECK(bytes[i] == value, name, i);
    }
}

// FIPS 180-4 examples (RFC 6234, section 8.5) and RFC 4231, cases 1 to 4, 6 and 7.
static void check_published(const ctk_sha256_kernel *kernel) {
    static const char *const digests[][2] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    uint8_t got[32];
    for (size_t i = 0; i < 3; i++) {
        ctk_sha256_using(kernel, (const uint8_t *)digests[i][0], strlen(digests[i][0]), got);
        check_hex(got, digests[i][1], kernel->info.name);
    }
    uint8_t keys[4][131], data[2][50];
    memset(keys[0], 0x0b, 20), memset(keys[1], 0xaa, 131), memset(data[0], 0xdd, 50), memset(data[1], 0xcd, 50);
    for (int i = 0; i < 25; i++) keys[2][i] = (uint8_t)(i + 1);
    const char *question = "what do ya want for nothing?", *large = "Test Using Larger Than Block-Size Key - Hash Key First";
    const char *larger = "This is a test using a larger than block-size key and a larger than block-size data. The key "
                         "needs to be hashed before being used by the HMAC algorithm.";
    const struct {
        const void *key, *message;
        size_t key_count, count;
        const char *tag;
    } cases[] = {
        {keys[0], "Hi There", 20, 8, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", question, 4, 28, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {keys[1], data[0], 20, 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {keys[2], data[1], 25, 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {keys[1], large, 131, 54, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {keys[1], larger, 131, 152, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (size_t i = 0; i < 6; i++) {
        ctk_hmac_key key;
        ctk_hmac_key_init_using(kernel, &key, cases[i].key, cases[i].key_count);
        ctk_hmac_sha256_using(kernel, &key, cases[i].message, cases[i].count, got);
        check_hex(got, cases[i].tag, kernel->info.name);
    }
}

static void check_batches(const ctk_sha256_kernel *kernel) {
    const ctk_sha256_kernel *scalar = ctk_sha256_reference();
    static uint8_t tags[41 * 32], want[32];
    ctk_hmac_key keys[3];
    for (size_t i = 0; i < 3; i++) ctk_hmac_key_init_using(kernel, &keys[i], in.first, 7 + 50 * i);
    static const uint32_t limits[] = {1, 24, 56, 57, 301};
    for (size_t count = 0; count <= 40; count++) {
        for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
            uint32_t offsets[41] = {0};
            for (size_t i = 0; i < count; i++) offsets[i + 1] = offsets[i] + (uint32_t)(next_random() % limits[l]);
            const uint8_t *base = in.end - offsets[count];
            size_t tag_count = next_random() % 32 + 1;
            memset(tags, 0xa5, sizeof tags);
            ctk_hmac_sha256_batch_using(kernel, &keys[0], base, offsets, count, tags, tag_count);
            for (size_t i = 0; i < count; i++) {
                ctk_hmac_sha256_using(scalar, &keys[0], base + offsets[i], offsets[i + 1] - offsets[i], want);
                CHECK(memcmp(tags + i * tag_count, want, tag_count) == 0, kernel->info.name, count);
            }
            CHECK(tags[count * tag_count] == 0xa5, kernel->info.name, count);

            ctk_hmac_job jobs[41];
            for (size_t i = 0; i < count; i++) {
                jobs[i] = (ctk_hmac_job){&keys[i % 3], base + offsets[i], offsets[i + 1] - offsets[i]};
            }
            ctk_hmac_sha256_jobs_using(kernel, jobs, count, tags);
            for (size_t i = 0; i < count; i++) {
                ctk_hmac_sha256_using(scalar, jobs[i].key, jobs[i].message, jobs[i].byte_count, want);
                CHECK(memcmp(tags + 32 * i, want, 32) == 0, kernel->info.name, count);
            }
        }
    }
}

static void check_sha256(const ctk_sha256_kernel *kernel) {
    const ctk_sha256_kernel *scalar = ctk_sha256_reference();
    uint8_t a[32], b[32];
    fill(in.first, (size_t)(in.end - in.first));
    check_published(kernel);
    ctk_hmac_key key, other;
    for (size_t n = 0; n <= 300; n++) {
        ctk_sha256_using(kernel, in.end - n, n, a);
        ctk_sha256_using(scalar, in.end - n, n, b);
        CHECK(memcmp(a, b, 32) == 0, kernel->info.name, n);
        ctk_hmac_key_init_using(kernel, &key, in.end - n, n);
        ctk_hmac_key_init_using(scalar, &other, in.end - n, n);
        CHECK(memcmp(&key, &other, sizeof key) == 0, kernel->info.name, n);
        for (int at_end = 0; at_end < 2; at_end++) {
            const uint8_t *message = at_end ? in.end - n : in.first;
            ctk_hmac_sha256_using(kernel, &key, message, n, a);
            ctk_hmac_sha256_using(scalar, &key, message, n, b);
            CHECK(memcmp(a, b, 32) == 0, kernel->info.name, n);
        }
    }
    check_batches(kernel);
}

int main(void) {
    in = make_region(4), out = make_region(4), expected = make_region(4);
    for (size_t i = 0; ctk_base64url_kernel_at(i); i++) {
        const ctk_base64url_kernel *kernel = ctk_base64url_kernel_at(i);
        for (size_t n = 0; n <= 1024; n++) check_base64url(kernel, n, 0), check_base64url(kernel, n, 1);
        check_every_byte(kernel);
        printf("base64url %s ok\n", kernel->info.name);
    }
    for (size_t i = 0; ctk_split_kernel_at(i); i++) {
        const ctk_split_kernel *kernel = ctk_split_kernel_at(i);
        for (size_t n = 0; n <= 1024; n++) check_split(kernel, n);
        printf("split %s ok\n", kernel->info.name);
    }
    for (size_t i = 0; ctk_sha256_kernel_at(i); i++) {
        check_sha256(ctk_sha256_kernel_at(i));
        printf("sha256 %s ok\n", ctk_sha256_kernel_at(i)->info.name);
    }
    for (size_t i = 0; ctk_json_kernel_at(i); i++) {
        check_json(ctk_json_kernel_at(i));
        printf("json %s ok\n", ctk_json_kernel_at(i)->info.name);
    }
    return 0;
}
