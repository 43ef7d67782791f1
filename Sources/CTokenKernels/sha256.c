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

// Turns the block that held the last of a message into the outer block: the inner digest and its padding.
static void pad_outer(uint8_t block[BLOCK], const uint32_t state[8]) {
    store_state(block, state);
    memset(block + 32, 0, BLOCK - 32);
    block[32] = 0x80;
    block[62] = (BLOCK + 32) * 8 >> 8;
}

size_t ctk_hmac_short_generic(const ctk_sha256_kernel *kernel, const ctk_hmac_key *key, const uint8_t *base,
                              const uint32_t *offsets, size_t count, uint8_t *tags, size_t tag_byte_count) {
    uint8_t block[CTK_SHA256_LANES_MAX][2 * BLOCK], tag[32];
    uint32_t states[CTK_SHA256_LANES_MAX][8];
    const uint8_t *data[CTK_SHA256_LANES_MAX];
    size_t done = 0, lanes_used = 0;
    for (;;) {
        size_t lanes = 0;
        for (; lanes < kernel->lane_count && done + lanes < count; lanes++) {
            const uint8_t *message = base + offsets[done + lanes];
            size_t n = offsets[done + lanes + 1] - offsets[done + lanes];
            if (n > SHORT_MAX) break;
            pad(block[lanes], message, n, BLOCK + n);
            data[lanes] = block[lanes];
            memcpy(states[lanes], key->inner, 32);
        }
        if (lanes == 0) break;
        if (lanes > lanes_used) lanes_used = lanes;
        kernel->lane_blocks(states, data, lanes, 1);
        for (size_t i = 0; i < lanes; i++) {
            pad_outer(block[i], states[i]);
            memcpy(states[i], key->outer, 32);
        }
        kernel->lane_blocks(states, data, lanes, 1);
        for (size_t i = 0; i < lanes; i++) {
            store_state(tag, states[i]);
            memcpy(tags + (done + i) * tag_byte_count, tag, tag_byte_count);
        }
        done += lanes;
    }
    ctk_wipe(block, lanes_used * sizeof block[0]);
    ctk_wipe(states, lanes_used * sizeof states[0]);
    ctk_wipe(tag, sizeof tag);
    return done;
}

static void run_blocks(ctk_hmac_run *run, size_t count) {
    if (run->kernel->own_blocks != NULL) {
        run->kernel->own_blocks(run->state, run->data, count);
    } else {
        run->kernel->blocks(run->state, run->data, count);
    }
    run->data += count * BLOCK;
    run->block_count -= count;
    if (run->block_count > 0 || run->tail_count == 0) return;
    run->data = run->tail;
    run->block_count = run->tail_count;
    run->tail_count = 0;
}

static void run_start(ctk_hmac_run *run, const ctk_sha256_kernel *kernel, const ctk_hmac_key *key,
                      const uint8_t *message, size_t n) {
    run->kernel = kernel;
    run->data = message;
    run->block_count = n / BLOCK;
    // First of all, so that its bytes have long arrived when they are read.
    run->tail_count = pad(run->tail, message + n / BLOCK * BLOCK, n % BLOCK, BLOCK + n);
    memcpy(run->state, key->inner, sizeof run->state);
    if (kernel->enter != NULL) kernel->enter(run->state);
    if (run->block_count > 0) return;
    run->data = run->tail;
    run->block_count = run->tail_count;
    run->tail_count = 0;
}

void ctk_hmac_run_start(ctk_hmac_run *run, const ctk_hmac_key *key, const uint8_t *message, size_t n) {
    run_start(run, ctk_sha256_kernel_in_use(), key, message, n);
}

void ctk_hmac_run_step(ctk_hmac_run *run) {
    if (run->block_count > 0) run_blocks(run, 1);
}

void ctk_hmac_run_finish(ctk_hmac_run *run, const ctk_hmac_key *key, uint8_t tag[32]) {
    while (run->block_count > 0) run_blocks(run, run->block_count);
    if (run->kernel->finish != NULL) {
        run->kernel->finish(run->state, key, tag);
    } else {
        pad_outer(run->tail, run->state);
        memcpy(run->state, key->outer, sizeof run->state);
        run->kernel->blocks(run->state, run->tail, 1);
        store_state(tag, run->state);
    }
    ctk_wipe(run, sizeof *run);
}

void ctk_hmac_sha256_using(const ctk_sha256_kernel *kernel, const ctk_hmac_key *key, const uint8_t *message, size_t n,
                           uint8_t tag[32]) {
    if (n <= SHORT_MAX) {
        const uint32_t offsets[2] = {0, (uint32_t)n};
        kernel->hmac_short(key, message, offsets, 1, tag, 32);
        return;
    }
    ctk_hmac_run run;
    run_start(&run, kernel, key, message, n);
    ctk_hmac_run_finish(&run, key, tag);
}

// What one lane is at: the job, and the blocks that it compresses next.
typedef struct lane {
    const uint8_t *data;
    size_t block_count;
    const ctk_hmac_job *job;
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

// Takes a lane past a run of blocks. Returns whether its job is done; its state is then the tag.
static int advance(lane *lane, uint32_t state[8], size_t run) {
    lane->data += run * BLOCK;
    lane->block_count -= run;
    if (lane->block_count > 0) return 0;
    if (lane->stage == OUTER) return 1;
    if (lane->stage == WHOLE) {
        enter_tail(lane);
    } else {
        pad_outer(lane->tail, state);
        memcpy(state, lane->job->key->outer, 32);
        lane->stage = OUTER;
        lane->data = lane->tail;
        lane->block_count = 1;
    }
    return 0;
}

// Moves a lane to the place of one that has ended, so that the busy lanes stay side by side.
static void move_lane(lane *to, uint32_t to_state[8], const lane *from, const uint32_t from_state[8]) {
    int in_tail = from->stage != WHOLE;
    size_t at = in_tail ? (size_t)(from->data - from->tail) : 0;
    *to = *from;
    if (in_tail) to->data = to->tail + at;
    memcpy(to_state, from_state, 32);
}

void ctk_hmac_sha256_jobs_using(const ctk_sha256_kernel *kernel, const ctk_hmac_job *jobs, size_t count,
                                uint8_t *tags) {
    lane lanes[CTK_SHA256_LANES_MAX];
    uint32_t states[CTK_SHA256_LANES_MAX][8];
    const uint8_t *data[CTK_SHA256_LANES_MAX];
    size_t next = 0, busy = 0;
    while (busy < kernel->lane_count && next < count) {
        enter_job(&lanes[busy], states[busy], &jobs[next++]);
        busy++;
    }
    const size_t used = busy;

    while (busy > 0) {
        // All busy lanes go as far as the shortest of them allows.
        size_t run = SIZE_MAX;
        for (size_t i = 0; i < busy; i++) {
            data[i] = lanes[i].data;
            if (lanes[i].block_count < run) run = lanes[i].block_count;
        }
        kernel->lane_blocks(states, data, busy, run);
        for (size_t i = 0; i < busy;) {
            if (!advance(&lanes[i], states[i], run)) {
                i++;
                continue;
            }
            store_state(tags + 32 * (size_t)(lanes[i].job - jobs), states[i]);
            if (next < count) {
                enter_job(&lanes[i], states[i], &jobs[next++]);
                i++;
            } else {
                // The last lane takes this place; it has not been advanced yet, so i stays.
                busy--;
                if (i < busy) move_lane(&lanes[i], states[i], &lanes[busy], states[busy]);
            }
        }
    }
    for (size_t i = 0; i < used; i++) ctk_wipe(lanes[i].tail, sizeof lanes[i].tail);
    ctk_wipe(states, used * sizeof states[0]);
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
