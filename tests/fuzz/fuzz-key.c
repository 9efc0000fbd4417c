/* SPDX-License-Identifier: MIT
 *
 * A key as PEM, as DER and as a JSON Web Key: one that is read is of a kind and size that there may
 * be, does what it says it can, is read again from all that is written of it, and shows nothing
 * private in what is public. */

#include "fuzz.h"
#include "h3/base/error.h"
#include "h3/crypto/key-text.h"
#include "h3/format/json.h"

#include <openssl/err.h>

static void
assert_told (const H3Key *key, const GError *error)
{
    FUZZ_ASSERT ((key == NULL) == (error != NULL), "a key and an error, or none");
    FUZZ_ASSERT (error == NULL || g_utf8_validate (error->message, -1, NULL), "the message");
    FUZZ_ASSERT (ERR_peek_error () == 0, "an error is left in OpenSSL's queue");
}

static void
assert_possible (H3Key *key)
{
    static const guint bits[] = { 0, 0, 256, 384, 521, 256 };
    H3KeyKind kind = h3_key_get_kind (key);
    guint own = h3_key_get_bits (key);

    if (kind == H3_KEY_SECRET)
        FUZZ_ASSERT (own >= 8 * H3_KEY_MIN_SECRET && own <= 8 * H3_KEY_MAX_SECRET, "%u bits", own);
    else if (kind == H3_KEY_RSA)
        FUZZ_ASSERT (own >= H3_KEY_MIN_RSA_BITS && own <= H3_KEY_MAX_RSA_BITS, "%u bits", own);
    else
        FUZZ_ASSERT (own == bits[kind], "%u bits", own);
}

/* An RSA key may be such that nothing can be signed with it; what is signed is verified. */
static void
assert_works (H3Key *key, H3Key *public)
{
    for (int s = H3_SIGNATURE_HS256; s <= H3_SIGNATURE_ECDSA_SHA512; s++) {
        H3SignatureKind kind = (H3SignatureKind) s;
        g_autoptr (GBytes) signature = h3_key_sign (key, kind, "text", 4, NULL);

        FUZZ_ASSERT (signature == NULL || h3_key_can_sign (key, kind), "%d", s);
        if (signature != NULL && public != NULL && h3_key_can_verify (public, kind))
            FUZZ_ASSERT (h3_key_verify (public, kind, "text", 4, g_bytes_get_data (signature, NULL),
                                        g_bytes_get_size (signature)),
                         "%s", h3_signature_get_name (kind));
    }
}

/* Takes `other`. */
static void
assert_same (H3Key *key, H3Key *other, gboolean is_private, const char *how)
{
    FUZZ_ASSERT (other != NULL, "%s is not read again", how);
    FUZZ_ASSERT (h3_key_is_equal (key, other), "%s is another", how);
    FUZZ_ASSERT (h3_key_is_private (other) == is_private, "%s is private or not", how);
    h3_key_unref (other);
}

static void
assert_public_texts (H3Key *key)
{
    g_autofree char *pem = h3_key_to_pem (key, NULL);
    g_autoptr (GBytes) der = h3_key_to_der (key, NULL);
    g_autoptr (json_t) jwk = h3_key_to_jwk (key, NULL);
    g_autofree char *thumbprint = h3_key_dup_thumbprint (key, NULL);

    FUZZ_ASSERT (pem != NULL && der != NULL && jwk != NULL && thumbprint != NULL, "unwritten");
    FUZZ_ASSERT (json_object_get (jwk, "d") == NULL && json_object_get (jwk, "k") == NULL
                     && strstr (pem, "PRIVATE KEY") == NULL,
                 "the private half shows");
    assert_same (key, h3_key_new_from_pem (pem, NULL, NULL), FALSE, "PEM");
    assert_same (key, h3_key_new_from_der (der, NULL), FALSE, "DER");
    assert_same (key, h3_key_new_from_jwk (jwk, NULL), FALSE, "JWK");
}

static void
assert_private_texts (H3Key *key)
{
    g_autoptr (json_t) jwk = h3_key_to_private_jwk (key, NULL);

    FUZZ_ASSERT (jwk != NULL, "a private key is not written");
    assert_same (key, h3_key_new_from_jwk (jwk, NULL), TRUE, "private JWK");
    if (h3_key_get_kind (key) != H3_KEY_SECRET) {
        g_autoptr (GBytes) der = h3_key_to_private_der (key, NULL);

        FUZZ_ASSERT (der != NULL, "a private key is not written");
        assert_same (key, h3_key_new_from_der (der, NULL), TRUE, "private DER");
    }
}

static void
judge (H3Key *owned)
{
    g_autoptr (H3Key) key = owned;
    g_autoptr (H3Key) public = NULL;

    if (key == NULL)
        return;
    assert_possible (key);
    public = h3_key_dup_public (key);
    FUZZ_ASSERT ((public == NULL) == (h3_key_get_kind (key) == H3_KEY_SECRET), "the public half");
    if (public != NULL)
        assert_public_texts (key);
    if (h3_key_is_private (key)) {
        assert_works (key, public);
        assert_private_texts (key);
    }
    FUZZ_ASSERT (ERR_peek_error () == 0, "an error is left in OpenSSL's queue");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *text = h3_view_dup (h3_view ((const char *) data, size));
    g_autoptr (GBytes) bytes = g_bytes_new (data, size);
    g_autoptr (GError) not_pem = NULL;
    g_autoptr (GError) not_der = NULL;
    g_autoptr (GError) not_jwk = NULL;
    H3Key *key;

    /* Without a passphrase: whoever chooses it chooses how long a key takes to be derived. */
    key = h3_key_new_from_pem (text, NULL, &not_pem);
    assert_told (key, not_pem);
    judge (key);
    key = h3_key_new_from_der (bytes, &not_der);
    assert_told (key, not_der);
    judge (key);
    key = h3_key_new_from_jwk_text (text, &not_jwk);
    assert_told (key, not_jwk);
    judge (key);
    return 0;
}
