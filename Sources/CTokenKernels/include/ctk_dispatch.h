// SPDX-License-Identifier: Apache-2.0
#ifndef CTK_DISPATCH_H
#define CTK_DISPATCH_H

// The kernel in use, chosen once per process: the widest that the processor has, or the one that the
// environment variable CLOAKROOM_KERNEL names (scalar, avx2, avx512, neon) when the processor has it.
// An unknown or unavailable name falls back to the widest available.
//
// SHA-256 follows the same variable with one exception: `avx2`, `avx512` and `neon` use the processor's SHA
// instructions when it has them. CLOAKROOM_SHA256 (scalar, avx2, avx512, sha-ni, sha-ni-avx512, sha2) overrides that
// choice alone.
typedef enum ctk_kernel { CTK_SCALAR = 0, CTK_AVX2 = 1, CTK_AVX512 = 2, CTK_NEON = 3 } ctk_kernel;

ctk_kernel ctk_kernel_in_use(void);

// The kernel's name as a static string: "scalar", "avx2", "avx512", "neon".
const char *ctk_kernel_name(ctk_kernel kernel);

// A static string that names the SHA-256 implementation in use, one of the names above.
const char *ctk_sha256_name(void);

#endif
