// SPDX-License-Identifier: Apache-2.0
// The part of libcrypto (OpenSSL 3.0 or later) that TokenCrypto uses. Nothing but includes lives here.
#ifndef CTOKEN_OPENSSL_SHIM_H
#define CTOKEN_OPENSSL_SHIM_H

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#endif
