// SPDX-License-Identifier: Apache-2.0
#include "CPeers.h"

#include <stdlib.h>
#include <string.h>

#if __has_include(<intel-ipsec-mb.h>)

#include <intel-ipsec-mb.h>

struct peer_ipsec {
    IMB_MGR *manager;
    IMB_JOB *jobs;
    size_t count;
    uint8_t inner[32];
    uint8_t outer[32];
};

const char *peer_ipsec_version(void) { return imb_get_version_str(); }

static void pad(peer_ipsec *peer, const uint8_t *key, size_t n, uint8_t byte, uint8_t state[32]) {
    uint8_t block[64];
    memset(block, byte, sizeof block);
    for (size_t i = 0; i < n && i < sizeof block; i++) block[i] ^= key[i];
    IMB_SHA256_ONE_BLOCK(peer->manager, block, state);
}

static void prepare(peer_ipsec *peer, const uint8_t *base, const uint32_t *offsets, uint8_t *tags) {
    for (size_t i = 0; i < peer->count; i++) {
        IMB_JOB *job = &peer->jobs[i];
        memset(job, 0, sizeof *job);
        job->src = base + offsets[i];
        job->msg_len_to_hash_in_bytes = offsets[i + 1] - offsets[i];
        job->auth_tag_output = tags + 16 * i;
        job->auth_tag_output_len_in_bytes = 16;
        job->hash_alg = IMB_AUTH_HMAC_SHA_256;
        job->u.HMAC._hashed_auth_key_xor_ipad = peer->inner;
        job->u.HMAC._hashed_auth_key_xor_opad = peer->outer;
    }
}

peer_ipsec *peer_ipsec_new(const uint8_t *key, size_t key_count, const uint8_t *base, const uint32_t *offsets,
                           size_t count, uint8_t *tags) {
    peer_ipsec *peer = calloc(1, sizeof *peer);
    if (peer == NULL) return NULL;
    peer->manager = alloc_mb_mgr(0);
    peer->jobs = calloc(count, sizeof *peer->jobs);
    peer->count = count;
    if (peer->manager == NULL || peer->jobs == NULL) {
        peer_ipsec_free(peer);
        return NULL;
    }
    init_mb_mgr_auto(peer->manager, NULL);
    pad(peer, key, key_count, 0x36, peer->inner);
    pad(peer, key, key_count, 0x5c, peer->outer);
    prepare(peer, base, offsets, tags);
    return peer;
}

size_t peer_ipsec_run(peer_ipsec *peer) {
    size_t done = 0;
    for (size_t first = 0; first < peer->count; first += IMB_MAX_BURST_SIZE) {
        size_t n = peer->count - first < IMB_MAX_BURST_SIZE ? peer->count - first : IMB_MAX_BURST_SIZE;
        done += IMB_SUBMIT_HASH_BURST_NOCHECK(peer->manager, peer->jobs + first, (uint32_t)n, IMB_AUTH_HMAC_SHA_256);
    }
    return done;
}

void peer_ipsec_free(peer_ipsec *peer) {
    if (peer == NULL) return;
    if (peer->manager != NULL) free_mb_mgr(peer->manager);
    free(peer->jobs);
    free(peer);
}

#else

const char *peer_ipsec_version(void) { return NULL; }
peer_ipsec *peer_ipsec_new(const uint8_t *key, size_t key_count, const uint8_t *base, const uint32_t *offsets,
                           size_t count, uint8_t *tags) {
    (void)key, (void)key_count, (void)base, (void)offsets, (void)count, (void)tags;
    return NULL;
}
size_t peer_ipsec_run(peer_ipsec *peer) {
    (void)peer;
    return 0;
}
void peer_ipsec_free(peer_ipsec *peer) { (void)peer; }

#endif
