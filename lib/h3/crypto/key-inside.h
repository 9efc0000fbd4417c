/* SPDX-License-Identifier: MIT
 *
 * OpenSSL's own object in a key, for who gives it to TLS. */

#pragma once

#include "key.h"

#include <openssl/types.h>

G_BEGIN_DECLS

/* (transfer none) (nullable): as long as the key; nobody may change it. NULL of a secret. */
EVP_PKEY *key_get_pkey (H3Key *key);

G_END_DECLS
