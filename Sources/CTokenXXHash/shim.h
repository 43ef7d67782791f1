// SPDX-License-Identifier: Apache-2.0
// The part of xxHash (0.8 or later) that TokenVerify uses. Nothing but includes lives here.
#ifndef CTOKEN_XXHASH_SHIM_H
#define CTOKEN_XXHASH_SHIM_H

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#endif
