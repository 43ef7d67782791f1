// SPDX-License-Identifier: Apache-2.0
// zlib's initialisers are macros, which Swift does not see.
#ifndef CTOKEN_ZLIB_SHIM_H
#define CTOKEN_ZLIB_SHIM_H

#include <zlib.h>

// gzip data only, the largest window (RFC 1952).
static inline int ctz_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

static inline int ctz_deflate_init(z_stream *stream) {
    return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
