/* SPDX-License-Identifier: MIT
 *
 * A private key of each kind. One of RSA is read: to find its primes takes long, and how long
 * nobody knows. For one test program each. */

#pragma once

#include "h3/crypto/key-text.h"

#include "tests/crypto/keys.h"

#include <check.h>

/* (transfer full) */
static inline H3Key *
make_key (int kind)
{
    g_autoptr (GError) error = NULL;
    H3Key *key = kind == H3_KEY_RSA ? h3_key_new_from_pem (KEY_RSA, NULL, &error)
                                    : h3_key_generate ((H3KeyKind) kind, 0, &error);

    ck_assert_msg (key != NULL, "%s", error != NULL ? error->message : "no error");
    return key;
}
