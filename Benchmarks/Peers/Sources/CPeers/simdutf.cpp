// SPDX-License-Identifier: Apache-2.0
#include "CPeers.h"

#if __has_include(<simdutf.h>)

#include <simdutf.h>

#include <string>

const char *peer_simdutf_version(void) { return SIMDUTF_VERSION; }

const char *peer_simdutf_kernel(void) {
    static const std::string name{simdutf::get_active_implementation()->name()};
    return name.c_str();
}

size_t peer_simdutf_decode(const uint8_t *base, const uint32_t *starts, size_t n, uint8_t *out, size_t iterations) {
    size_t written = 0;
    for (size_t i = 0; i < iterations; i++) {
        simdutf::result result = simdutf::base64_to_binary(
            reinterpret_cast<const char *>(base + starts[i % 16]), n, reinterpret_cast<char *>(out), simdutf::base64_url);
        if (result.error != simdutf::error_code::SUCCESS) return SIZE_MAX;
        written = result.count;
    }
    return written;
}

size_t peer_simdutf_encode(const uint8_t *base, const uint32_t *starts, size_t n, uint8_t *out, size_t iterations) {
    size_t written = 0;
    for (size_t i = 0; i < iterations; i++)
        written = simdutf::binary_to_base64(reinterpret_cast<const char *>(base + starts[i % 16]), n,
                                            reinterpret_cast<char *>(out), simdutf::base64_url);
    return written;
}

#else

const char *peer_simdutf_version(void) { return nullptr; }
const char *peer_simdutf_kernel(void) { return nullptr; }
size_t peer_simdutf_decode(const uint8_t *, const uint32_t *, size_t, uint8_t *, size_t) { return SIZE_MAX; }
size_t peer_simdutf_encode(const uint8_t *, const uint32_t *, size_t, uint8_t *, size_t) { return SIZE_MAX; }

#endif
