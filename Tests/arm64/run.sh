#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the kernels and the driver for 64-bit ARM and runs them under an emulator. On Debian and Ubuntu the
# compiler and the emulator are installed when they are missing (as root). Exits non-zero on the first failure.
set -eu
cd "$(dirname "$0")/../.."
compiler=aarch64-linux-gnu-gcc
emulator=qemu-aarch64
if ! command -v "$compiler" >/dev/null || ! command -v "$emulator" >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for level in -O2 -O0; do
    "$compiler" "$level" -std=gnu17 -Wall -Wextra -Wno-unknown-pragmas -static -ISources/CTokenKernels/include -ITests/arm64 \
        Tests/arm64/*.c Sources/CTokenKernels/*.c Sources/CTokenKernels/*/*.c -o "$work/driver"
    echo "arm64 $level"
    "$emulator" "$work/driver"
done
