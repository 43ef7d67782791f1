// SPDX-License-Identifier: Apache-2.0
#include "ctk_internal.h"

#if defined(__x86_64__)
#include <cpuid.h>

static uint64_t saved_registers(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

uint32_t ctk_cpu_features(void) {
    uint32_t a, b, c, d, b7, c7;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
    uint32_t c1 = c;
    if (!__get_cpuid_count(7, 0, &a, &b7, &c7, &d)) return 0;

    uint32_t found = 0;
    // SHA (leaf 7 EBX 29) with SSSE3 and SSE4.1 (leaf 1 ECX 9 and 19).
    if ((b7 & 1u << 29) && (c1 & 1u << 9) && (c1 & 1u << 19)) found |= CTK_CPU_SHA_NI;

    // PCLMULQDQ (leaf 1 ECX 1).
    if (c1 & 1u << 1) found |= CTK_CPU_CLMUL;

    // Wide registers count only when the system saves them: OSXSAVE (leaf 1 ECX 27), then XCR0.
    if (!(c1 & 1u << 27)) return found;
    uint64_t saved = saved_registers();
    const uint64_t ymm = 0x06, zmm = 0xe6;
    const uint32_t avx2_bmi1_bmi2 = 1u << 5 | 1u << 3 | 1u << 8;
    if ((saved & ymm) == ymm && (b7 & avx2_bmi1_bmi2) == avx2_bmi1_bmi2) found |= CTK_CPU_AVX2;
    const uint32_t f_dq_bw_vl = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    if ((found & CTK_CPU_AVX2) && (saved & zmm) == zmm && (b7 & f_dq_bw_vl) == f_dq_bw_vl) {
        found |= CTK_CPU_AVX512;
        const uint32_t vbmi_vbmi2 = 1u << 1 | 1u << 6;
        if ((c7 & vbmi_vbmi2) == vbmi_vbmi2) found |= CTK_CPU_AVX512_VBMI;
    }
    return found;
}

#elif defined(__aarch64__)
#if defined(__linux__)
#include <sys/auxv.h>

uint32_t ctk_cpu_features(void) {
    const unsigned long sha2 = 1ul << 6;  // HWCAP_SHA2
    return CTK_CPU_NEON | ((getauxval(AT_HWCAP) & sha2) ? CTK_CPU_ARM_SHA2 : 0);
}
#elif defined(__APPLE__)
// Every 64-bit ARM processor that runs a supported system has the SHA-2 instructions.
uint32_t ctk_cpu_features(void) { return CTK_CPU_NEON | CTK_CPU_ARM_SHA2; }
#else
uint32_t ctk_cpu_features(void) { return CTK_CPU_NEON; }
#endif

#else
uint32_t ctk_cpu_features(void) { return 0; }
#endif
