// SPDX-License-Identifier: Apache-2.0
#include "COpenSSLPeer.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include "CAllocationCount.h"

static void *count_malloc(size_t n, const char *file, int line) { return cac_openssl_malloc(n, file, line); }
static void *count_realloc(void *p, size_t n, const char *file, int line) {
    return cac_openssl_realloc(p, n, file, line);
}

int cop_count_allocations(void) { return CRYPTO_set_mem_functions(count_malloc, count_realloc, cac_openssl_free); }

const char *cop_version(void) { return OpenSSL_version(OPENSSL_VERSION); }

void cop_hmac_oneshot(const uint8_t *key, size_t key_count, const uint8_t *message, size_t n, uint8_t tag[32]) {
    unsigned int written = 32;
    HMAC(EVP_sha256(), key, (int)key_count, message, n, tag, &written);
}

struct cop_mac {
    EVP_MAC *algorithm;
    EVP_MAC_CTX *context;
};

cop_mac *cop_mac_new(const uint8_t *key, size_t key_count) {
    cop_mac *mac = calloc(1, sizeof *mac);
    if (mac == NULL) return NULL;
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
    mac->algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
    mac->context = mac->algorithm == NULL ? NULL : EVP_MAC_CTX_new(mac->algorithm);
    if (mac->context == NULL || !EVP_MAC_init(mac->context, key, key_count, parameters)) {
        cop_mac_free(mac);
        return NULL;
    }
    return mac;
}

void cop_mac_tag(cop_mac *mac, const uint8_t *message, size_t n, uint8_t tag[32]) {
    size_t written = 0;
    if (!EVP_MAC_init(mac->context, NULL, 0, NULL) || !EVP_MAC_update(mac->context, message, n) ||
        !EVP_MAC_final(mac->context, tag, &written, 32))
        memset(tag, 0, 32);
}

void cop_mac_free(cop_mac *mac) {
    if (mac == NULL) return;
    EVP_MAC_CTX_free(mac->context);
    EVP_MAC_free(mac->algorithm);
    free(mac);
}

void cop_sha256(const uint8_t *message, size_t n, uint8_t digest[32]) { SHA256(message, n, digest); }

int cop_base64_decode(const uint8_t *text, size_t n, uint8_t *out) { return EVP_DecodeBlock(out, text, (int)n); }
int cop_base64_encode(const uint8_t *bytes, size_t n, uint8_t *out) { return EVP_EncodeBlock(out, bytes, (int)n); }

struct cop_verifier {
    int algorithm;
    EVP_PKEY *key;
    EVP_PKEY_CTX *context;  // RSA and EC: over a digest
    EVP_MD_CTX *whole;      // Ed25519: over the message
};

static int prepare(cop_verifier *v) {
    if (v->algorithm == COP_EDDSA) {
        v->whole = EVP_MD_CTX_new();
        return v->whole != NULL && EVP_DigestVerifyInit(v->whole, NULL, NULL, NULL, v->key) == 1;
    }
    v->context = EVP_PKEY_CTX_new(v->key, NULL);
    if (v->context == NULL || EVP_PKEY_verify_init(v->context) != 1) return 0;
    if (v->algorithm == COP_ES256) return 1;
    const EVP_MD *digest = EVP_sha256();
    int padding = v->algorithm == COP_PS256 ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;
    if (EVP_PKEY_CTX_set_rsa_padding(v->context, padding) != 1) return 0;
    if (EVP_PKEY_CTX_set_signature_md(v->context, digest) != 1) return 0;
    if (v->algorithm != COP_PS256) return 1;
    return EVP_PKEY_CTX_set_rsa_mgf1_md(v->context, digest) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(v->context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

// A public key from named parameters; takes the parameters over.
static EVP_PKEY *key_from(const char *type, OSSL_PARAM_BLD *builder) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (parameters != NULL && context != NULL && EVP_PKEY_fromdata_init(context) == 1)
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    return key;
}

static EVP_PKEY *rsa_key(const uint8_t *n, size_t n_count, const uint8_t *e, size_t e_count) {
    BIGNUM *modulus = BN_bin2bn(n, (int)n_count, NULL);
    BIGNUM *exponent = BN_bin2bn(e, (int)e_count, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent);
    EVP_PKEY *key = key_from("RSA", builder);
    OSSL_PARAM_BLD_free(builder);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

static EVP_PKEY *p256_key(const uint8_t *x, size_t x_count, const uint8_t *y, size_t y_count) {
    uint8_t point[65] = {4};
    if (x_count != 32 || y_count != 32) return NULL;
    memcpy(point + 1, x, 32);
    memcpy(point + 33, y, 32);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
    EVP_PKEY *key = key_from("EC", builder);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

cop_verifier *cop_verifier_new(int algorithm, const uint8_t *first, size_t first_count, const uint8_t *second,
                               size_t second_count) {
    cop_verifier *v = calloc(1, sizeof *v);
    if (v == NULL) return NULL;
    v->algorithm = algorithm;
    if (algorithm == COP_EDDSA)
        v->key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, first, first_count);
    else if (algorithm == COP_ES256)
        v->key = p256_key(first, first_count, second, second_count);
    else
        v->key = rsa_key(first, first_count, second, second_count);
    if (v->key == NULL || !prepare(v)) {
        cop_verifier_free(v);
        return NULL;
    }
    return v;
}

static int check_es256(cop_verifier *v, const uint8_t digest[32], const uint8_t *rs) {
    unsigned char der[80];
    unsigned char *end = der;
    ECDSA_SIG *signature = ECDSA_SIG_new();
    if (signature == NULL) return 0;
    ECDSA_SIG_set0(signature, BN_bin2bn(rs, 32, NULL), BN_bin2bn(rs + 32, 32, NULL));
    int count = i2d_ECDSA_SIG(signature, &end);
    ECDSA_SIG_free(signature);
    return count > 0 && EVP_PKEY_verify(v->context, der, (size_t)count, digest, 32) == 1;
}

int cop_verifier_check(cop_verifier *v, const uint8_t *message, size_t n, const uint8_t *signature,
                       size_t signature_count) {
    if (v->algorithm == COP_EDDSA) {
        // A digest context that was finished must be set up again; with the same key that is cheap.
        if (EVP_DigestVerifyInit(v->whole, NULL, NULL, NULL, v->key) != 1) return 0;
        return EVP_DigestVerify(v->whole, signature, signature_count, message, n) == 1;
    }
    uint8_t digest[32];
    SHA256(message, n, digest);
    if (v->algorithm == COP_ES256) return signature_count == 64 && check_es256(v, digest, signature);
    return EVP_PKEY_verify(v->context, signature, signature_count, digest, 32) == 1;
}

void cop_verifier_free(cop_verifier *v) {
    if (v == NULL) return;
    EVP_MD_CTX_free(v->whole);
    EVP_PKEY_CTX_free(v->context);
    EVP_PKEY_free(v->key);
    free(v);
}

struct cop_sealer {
    int wraps;
    uint64_t count;
    EVP_CIPHER_CTX *wrap;
    EVP_CIPHER_CTX *gcm;
};

static EVP_CIPHER_CTX *cipher_context(const char *name, const uint8_t *key, int wraps) {
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (wraps) EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    if (EVP_EncryptInit_ex2(context, cipher, NULL, NULL, NULL) == 1 && key != NULL)
        EVP_EncryptInit_ex2(context, NULL, key, NULL, NULL);
    EVP_CIPHER_free(cipher);
    return context;
}

cop_sealer *cop_sealer_new(int wraps, const uint8_t key[32]) {
    cop_sealer *sealer = calloc(1, sizeof *sealer);
    if (sealer == NULL) return NULL;
    sealer->wraps = wraps;
    sealer->wrap = wraps ? cipher_context("AES-256-WRAP", key, 1) : NULL;
    sealer->gcm = cipher_context("AES-256-GCM", wraps ? NULL : key, 0);
    return sealer;
}

int cop_sealer_seal(cop_sealer *sealer, const uint8_t *header, size_t header_count, const uint8_t *plaintext, size_t n,
                    uint8_t *out) {
    uint8_t random[44] = {0}, wrapped[48], tag[16];
    uint8_t initial[8] = {0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6};
    int count = 0;
    if (sealer->wraps) {
        if (RAND_bytes(random, sizeof random) != 1) return 0;
        if (EVP_EncryptInit_ex2(sealer->wrap, NULL, NULL, initial, NULL) != 1) return 0;
        if (EVP_EncryptUpdate(sealer->wrap, wrapped, &count, random, 32) != 1 || count != 40) return 0;
        if (EVP_EncryptInit_ex2(sealer->gcm, NULL, random, random + 32, NULL) != 1) return 0;
    } else {
        sealer->count++;
        memcpy(random + 32, &sealer->count, sizeof sealer->count);
        if (EVP_EncryptInit_ex2(sealer->gcm, NULL, NULL, random + 32, NULL) != 1) return 0;
    }
    return EVP_EncryptUpdate(sealer->gcm, NULL, &count, header, (int)header_count) == 1 &&
           EVP_EncryptUpdate(sealer->gcm, out, &count, plaintext, (int)n) == 1 &&
           EVP_EncryptFinal_ex(sealer->gcm, out + count, &count) == 1 &&
           EVP_CIPHER_CTX_ctrl(sealer->gcm, EVP_CTRL_AEAD_GET_TAG, 16, tag) == 1;
}

void cop_sealer_free(cop_sealer *sealer) {
    if (sealer == NULL) return;
    EVP_CIPHER_CTX_free(sealer->wrap);
    EVP_CIPHER_CTX_free(sealer->gcm);
    free(sealer);
}
