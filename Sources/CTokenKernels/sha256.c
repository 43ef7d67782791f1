// SPDX-License-Identifier: Apache-2.0
// SHA-256 and HMAC (RFC 2104) written once over the steps of a ctk_sha256_kernel.
#include "ctk_internal.h"

enum { BLOCK = 64, SHORT_MAX = 55, WINDOW = 64 };

// Writes the padded last blocks of a message to tail: rest[0, n) with n < 64, the mark, zeros and the bit count of
// the whole message. Returns their count, 1 or 2.
static size_t pad(uint8_t tail[2 * BLOCK], const uint8_t *rest, size_t n, uint64_t message_byte_count) {
    size_t block_count = n <= SHORT_MAX ? 1 : 2;
    if (n > 0) memcpy(tail, rest, n);
    tail[n] = 0x80;
    memset(tail + n + 1, 0, block_count * BLOCK - 8 - (n + 1));
    ctk_store_be64(tail + block_count * BLOCK - 8, message_byte_count * 8);
    return block_count;
}

static void store_state(uint8_t out[32], const uint32_t state[8]) {
    for (int i = 0; i < 8; i++) ctk_store_be32(out + 4 * i, state[i]);
}

// Compresses message[0, n) and its padding into state, which has seen `before` bytes.
static void finish(const ctk_sha256_kernel *kernel, uint32_t state[8], const uint8_t *message, size_t n,
                   uint64_t before, uint8_t tail[2 * BLOCK]) {
    size_t whole = n / BLOCK;
    if (whole > 0) kernel->blocks(state, message, whole);
    size_t tail_blocks = pad(tail, n > 0 ? message + whole * BLOCK : message, n % BLOCK, before + n);
    kernel->blocks(state, tail, tail_blocks);
}

void ctk_sha256_using(const ctk_sha256_kernel *kernel, const uint8_t *message, size_t n, uint8_t digest[32]) {
    uint8_t tail[2 * BLOCK];
    uint32_t state[8];
    memcpy(state, ctk_sha256_initial, sizeof state);
    finish(kernel, state, message, n, 0, tail);
    store_state(digest, state);
    ctk_wipe(tail, sizeof tail);
    ctk_wipe(state, sizeof state);
}

void ctk_hmac_key_init_using(const ctk_sha256_kernel *kernel, ctk_hmac_key *out, const uint8_t *key, size_t n) {
    uint8_t block[BLOCK] = {0};
    if (n > BLOCK) {
        ctk_sha256_using(kernel, key, n, block);
    } else if (n > 0) {
        memcpy(block, key, n);
    }
    for (size_t i = 0; i < BLOCK; i++) block[i] ^= 0x36;
    memcpy(out->inner, ctk_sha256_initial, sizeof out->inner);
    kernel->blocks(out->inner, block, 1);
    for (size_t i = 0; i < BLOCK; i++) block[i] ^= 0x36 ^ 0x5c;
    memcpy(out->outer, ctk_sha256_initial, sizeof out->outer);
    kernel->blocks(out->outer, block, 1);
    ctk_wipe(block, sizeof block);
}

void ctk_hmac_sha256_using(const ctk_sha256_kernel *kernel, const ctk_hmac_key *key, const uint8_t *message, size_t n,
                           uint8_t tag[32]) {
    uint8_t tail[2 * BLOCK];
    uint32_t state[8];
    memcpy(state, key->inner, sizeof state);
    finish(kernel, state, message, n, BLOCK, tail);

    uint8_t inner[32];
    store_state(inner, state);
    pad(tail, inner, 32, BLOCK + 32);
    memcpy(state, key->outer, sizeof state);
    kernel->blocks(state, tail, 1);
    store_state(tag, state);
    ctk_wipe(tail, sizeof tail);
    ctk_wipe(inner, sizeof inner);
    ctk_wipe(state, sizeof state);
}

// What one lane is at: the job, and the blocks that it compresses next.
typedef struct lane {
    const uint8_t *data;
    size_t block_count;
    const ctk_hmac_job *job;  // NULL: idle
    enum { WHOLE, TAIL, OUTER } stage;
    uint8_t tail[2 * BLOCK];
} lane;

static void enter_tail(lane *lane) {
    size_t n = lane->job->byte_count;
    const uint8_t *message = lane->job->message;
    lane->stage = TAIL;
    lane->block_count = pad(lane->tail, n > 0 ? message + n / BLOCK * BLOCK : message, n % BLOCK, BLOCK + n);
    lane->data = lane->tail;
}

static void enter_job(lane *lane, uint32_t state[8], const ctk_hmac_job *job) {
    memcpy(state, job->key->inner, 32);
    lane->job = job;
    lane->stage = WHOLE;
    lane->data = job->message;
    lane->block_count = job->byte_count / BLOCK;
    if (lane->block_count == 0) enter_tail(lane);
}

static void enter_outer(lane *lane, uint32_t state[8]) {
    uint8_t *block = lane->tail;
    store_state(block, state);
    memset(block + 32, 0, BLOCK - 32);
    block[32] = 0x80;
    block[62] = (BLOCK + 32) * 8 >> 8;
    memcpy(state, lane->job->key->outer, 32);
    lane->stage = OUTER;
    lane->data = block;
    lane->block_count = 1;
}

void ctk_hmac_sha256_jobs_using(const ctk_sha256_kernel *kernel, const ctk_hmac_job *jobs, size_t count,
                                uint8_t *tags) {
    lane lanes[CTK_SHA256_LANES_MAX];
    uint32_t states[CTK_SHA256_LANES_MAX][8];
    const uint8_t *data[CTK_SHA256_LANES_MAX];
    size_t lane_count = kernel->lane_count, next = 0, busy = 0;
    for (size_t i = 0; i < lane_count; i++) {
        lanes[i].job = NULL;
        if (next < count) enter_job(&lanes[i], states[i], &jobs[next++]), busy++;
    }

    while (busy > 0) {
        // All busy lanes advance by the run that the shortest of them allows.
        size_t run = SIZE_MAX, some = 0;
        for (size_t i = 0; i < lane_count; i++) {
            if (!lanes[i].job) continue;
            some = i;
            if (lanes[i].block_count < run) run = lanes[i].block_count;
        }
        if (busy == 1) {
            kernel->blocks(states[some], lanes[some].data, run);
        } else {
            // An idle lane repeats another lane's input into its own, unused state.
            for (size_t i = 0; i < lane_count; i++) {
                data[i] = lanes[i].job ? lanes[i].data : lanes[some].data;
                if (!lanes[i].job) memcpy(states[i], ctk_sha256_initial, 32);
            }
            kernel->lane_blocks(states, data, run);
        }
        for (size_t i = 0; i < lane_count; i++) {
            lane *lane = &lanes[i];
            if (!lane->job) continue;
            lane->data += run * BLOCK;
            lane->block_count -= run;
            if (lane->block_count > 0) continue;
            if (lane->stage == WHOLE) {
                enter_tail(lane);
            } else if (lane->stage == TAIL) {
                enter_outer(lane, states[i]);
            } else {
                store_state(tags + 32 * (size_t)(lane->job - jobs), states[i]);
                lane->job = NULL;
                busy--;
                if (next < count) enter_job(lane, states[i], &jobs[next++]), busy++;
            }
        }
    }
    for (size_t i = 0; i < lane_count && i < count; i++) ctk_wipe(lanes[i].tail, sizeof lanes[i].tail);
    ctk_wipe(states, lane_count * sizeof states[0]);
}

// The messages [0, count) of a batch, count at most WINDOW, of any length.
static void batch_window(const ctk_sha256_kernel *kernel, const ctk_hmac_key *key, const uint8_t *base,
                         const uint32_t *offsets, size_t count, uint8_t *tags, size_t tag_byte_count) {
    ctk_hmac_job jobs[WINDOW];
    uint8_t full[WINDOW * 32];
    for (size_t i = 0; i < count; i++) {
        jobs[i] = (ctk_hmac_job){key, base + offsets[i], offsets[i + 1] - offsets[i]};
    }
    ctk_hmac_sha256_jobs_using(kernel, jobs, count, full);
    for (size_t i = 0; i < count; i++) memcpy(tags + i * tag_byte_count, full + 32 * i, tag_byte_count);
    ctk_wipe(full, 32 * count);
}

void ctk_hmac_sha256_batch_using(const ctk_sha256_kernel *kernel, const ctk_hmac_key *key, const uint8_t *base,
                                 const uint32_t *offsets, size_t count, uint8_t *tags, size_t tag_byte_count) {
    size_t i = 0;
    while (i < count) {
        i += kernel->hmac_short(key, base, offsets + i, count - i, tags + i * tag_byte_count, tag_byte_count);
        if (i == count) return;
        size_t window = count - i < WINDOW ? count - i : WINDOW;
        batch_window(kernel, key, base, offsets + i, window, tags + i * tag_byte_count, tag_byte_count);
        i += window;
    }
}
