// SPDX-License-Identifier: Apache-2.0
// The kernels of the engine: pure functions over caller memory. No kernel allocates, prints, aborts,
// keeps state or reads or writes outside the ranges that its comment states. Alignment is never required.
#ifndef CTOKEN_KERNELS_H
#define CTOKEN_KERNELS_H

#include "ctk_base64url.h"
#include "ctk_claims.h"
#include "ctk_crc32c.h"
#include "ctk_dispatch.h"
#include "ctk_ed25519.h"
#include "ctk_inline.h"
#include "ctk_json.h"
#include "ctk_p256.h"
#include "ctk_scrub.h"
#include "ctk_sha256.h"
#include "ctk_split.h"
#include "ctk_variants.h"

#endif
