// SPDX-License-Identifier: Apache-2.0
// Carries the linker flags that pkg-config gives for simdjson; the C++ code includes the library's own header.
