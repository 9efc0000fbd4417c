/* SPDX-License-Identifier: MIT
 *
 * Tokens as no honest issuer writes them. The test's thread only. */

#pragma once

#include "h3/crypto/base64.h"
#include "h3/crypto/jwt.h"

#include "tests/support/suite.h"

#include <string.h>

/* (transfer full): a secret of 64 bytes, that begins so and goes on with zeros. */
static inline H3Key *
secret_of (const char *text)
{
    guint8 data[64] = { 0 };
    g_autoptr (GBytes) bytes = NULL;
    H3Key *key;

    memcpy (data, text, MIN (strlen (text), sizeof data));
    bytes = g_bytes_new (data, sizeof data);
    key = h3_key_new_secret (bytes, NULL);
    ck_assert_ptr_nonnull (key);
    return key;
}

/* (transfer full): the header and the payload as they are given, signed by `key` or, where that is
 * NULL, by nobody. */
static inline char *
forge (H3Key *key, H3SignatureKind kind, const char *header, const char *payload)
{
    g_autoptr (GBytes) header_bytes = g_bytes_new (header, strlen (header));
    g_autoptr (GBytes) payload_bytes = g_bytes_new (payload, strlen (payload));
    g_autofree char *first = h3_base64_escape (header_bytes, H3_BASE64_URL);
    g_autofree char *second = h3_base64_escape (payload_bytes, H3_BASE64_URL);
    g_autofree char *data = g_strconcat (first, ".", second, NULL);
    g_autoptr (GBytes) signature = NULL;
    g_autofree char *third = NULL;

    if (key == NULL)
        return g_strconcat (data, ".", NULL);
    signature = h3_key_sign (key, kind, data, strlen (data), NULL);
    ck_assert_ptr_nonnull (signature);
    third = h3_base64_escape (signature, H3_BASE64_URL);
    return g_strconcat (data, ".", third, NULL);
}

/* The token is refused with this code of H3_JWT_ERROR. */
static inline void
assert_refused (H3JwtVerifier *verifier, const char *token, H3JwtError code)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *claims = h3_jwt_verifier_verify_text (verifier, token, &error);

    ck_assert_msg (claims == NULL, "'%s' is taken: %s", token, claims);
    ck_assert_msg (g_error_matches (error, H3_JWT_ERROR, (int) code), "'%s': %d: %s", token,
                   error->code, error->message);
}

/* The claims are this text. */
static inline void
assert_taken (H3JwtVerifier *verifier, const char *token, const char *claims)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *found = h3_jwt_verifier_verify_text (verifier, token, &error);

    ck_assert_msg (found != NULL, "'%s': %s", token, error != NULL ? error->message : "no error");
    ck_assert_str_eq (found, claims);
}
