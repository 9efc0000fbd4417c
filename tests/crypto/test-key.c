/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/crypto/key.h"

#include "tests/crypto/make-key.h"
#include "tests/support/suite.h"

#include <string.h>

static H3Key *
new_secret (gsize length)
{
    g_autofree guint8 *data = g_malloc0 (length);
    g_autoptr (GBytes) secret = g_bytes_new (data, length);

    return h3_key_new_secret (secret, NULL);
}

START_TEST (generated_keys_are_of_their_kind)
{
    static const guint bits[] = { 512, 2048, 256, 384, 521, 256 };

    for (int kind = H3_KEY_SECRET; kind <= H3_KEY_ED25519; kind++) {
        g_autoptr (H3Key) key = make_key (kind);
        g_autoptr (H3Key) other = kind != H3_KEY_RSA ? make_key (kind) : NULL;

        ck_assert_int_eq (h3_key_get_kind (key), kind);
        ck_assert_uint_eq (h3_key_get_bits (key), bits[kind]);
        ck_assert (h3_key_is_private (key));
        ck_assert_ptr_null (h3_key_get_id (key));
        ck_assert (h3_key_is_equal (key, key));
        ck_assert (other == NULL || !h3_key_is_equal (key, other));
    }
}
END_TEST

START_TEST (rsa_keys_are_generated_too)
{
    g_autoptr (H3Key) key = h3_key_generate (H3_KEY_RSA, H3_KEY_MIN_RSA_BITS, NULL);
    g_autoptr (H3Key) other = make_key (H3_KEY_RSA);

    ck_assert_uint_eq (h3_key_get_bits (key), H3_KEY_MIN_RSA_BITS);
    ck_assert (h3_key_is_private (key) && !h3_key_is_equal (key, other));
}
END_TEST

START_TEST (small_and_giant_rsa_keys_are_not_generated)
{
    g_autoptr (GError) small = NULL;
    g_autoptr (GError) giant = NULL;

    ck_assert_ptr_null (h3_key_generate (H3_KEY_RSA, 1024, &small));
    ck_assert (g_error_matches (small, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_ptr_null (h3_key_generate (H3_KEY_RSA, 16384, &giant));
    ck_assert (g_error_matches (giant, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

START_TEST (short_secrets_are_refused)
{
    ck_assert_ptr_null (new_secret (0));
    ck_assert_ptr_null (new_secret (H3_KEY_MIN_SECRET - 1));
    ck_assert_ptr_null (new_secret (H3_KEY_MAX_SECRET + 1));
}
END_TEST

/* RFC 7518 §3.2 */
START_TEST (secret_signs_with_no_digest_that_is_longer)
{
    static const gsize lengths[] = { 32, 47, 48, 63, 64 };

    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
        g_autoptr (H3Key) key = new_secret (lengths[i]);

        ck_assert (h3_key_can_sign (key, H3_SIGNATURE_HS256));
        ck_assert_int_eq (h3_key_can_sign (key, H3_SIGNATURE_HS384), lengths[i] >= 48);
        ck_assert_int_eq (h3_key_can_sign (key, H3_SIGNATURE_HS512), lengths[i] >= 64);
    }
}
END_TEST

START_TEST (key_is_for_its_own_signatures_only)
{
    static const char *const expected[] = {
        [H3_KEY_SECRET] = "HS256 HS384 HS512 ",
        [H3_KEY_RSA] = "RS256 RS384 RS512 PS256 PS384 PS512 ",
        [H3_KEY_P256] = "ES256 ECDSA-SHA256 ECDSA-SHA384 ECDSA-SHA512 ",
        [H3_KEY_P384] = "ES384 ECDSA-SHA256 ECDSA-SHA384 ECDSA-SHA512 ",
        [H3_KEY_P521] = "ES512 ECDSA-SHA256 ECDSA-SHA384 ECDSA-SHA512 ",
        [H3_KEY_ED25519] = "EdDSA ",
    };

    for (int kind = H3_KEY_SECRET; kind <= H3_KEY_ED25519; kind++) {
        g_autoptr (H3Key) key = make_key (kind);
        g_autoptr (H3Key) public = h3_key_dup_public (key);
        g_autoptr (GString) names = g_string_new (NULL);

        for (int s = H3_SIGNATURE_HS256; s <= H3_SIGNATURE_ECDSA_SHA512; s++) {
            gboolean can = h3_key_can_sign (key, (H3SignatureKind) s);

            ck_assert_int_eq (can, h3_key_can_verify (key, (H3SignatureKind) s));
            if (public != NULL) {
                ck_assert_int_eq (can, h3_key_can_verify (public, (H3SignatureKind) s));
                ck_assert (!h3_key_can_sign (public, (H3SignatureKind) s));
            }
            if (can)
                g_string_append_printf (names, "%s ", h3_signature_get_name ((H3SignatureKind) s));
        }
        ck_assert_str_eq (names->str, expected[kind]);
    }
}
END_TEST

START_TEST (public_half_has_nothing_private)
{
    g_autoptr (H3Key) secret = make_key (H3_KEY_SECRET);

    ck_assert_ptr_null (h3_key_dup_public (secret));
    for (int kind = H3_KEY_RSA; kind <= H3_KEY_ED25519; kind++) {
        g_autoptr (H3Key) plain = make_key (kind);
        g_autoptr (H3Key) key = h3_key_dup_named (plain, "a name");
        g_autoptr (H3Key) public = h3_key_dup_public (key);
        g_autoptr (H3Key) again = h3_key_dup_public (public);

        ck_assert (!h3_key_is_private (public));
        ck_assert_str_eq (h3_key_get_id (public), "a name");
        ck_assert (h3_key_is_equal (public, key) && h3_key_is_equal (again, key));
        ck_assert_int_eq (h3_key_get_kind (public), kind);
    }
}
END_TEST

START_TEST (restricted_key_does_one_thing)
{
    g_autoptr (H3Key) key = make_key (H3_KEY_RSA);
    g_autoptr (H3Key) restricted = h3_key_dup_restricted (key, H3_SIGNATURE_PS256, NULL);
    g_autoptr (GBytes) encrypted = NULL;
    g_autoptr (GError) error = NULL;

    for (int s = H3_SIGNATURE_HS256; s <= H3_SIGNATURE_ECDSA_SHA512; s++)
        ck_assert_int_eq (h3_key_can_verify (restricted, (H3SignatureKind) s),
                          s == H3_SIGNATURE_PS256);
    ck_assert_ptr_null (h3_key_encrypt (restricted, H3_DIGEST_SHA256, "x", 1, NULL));
    encrypted = h3_key_encrypt (key, H3_DIGEST_SHA256, "x", 1, NULL);
    ck_assert_ptr_nonnull (encrypted);
    ck_assert_ptr_null (h3_key_dup_restricted (restricted, H3_SIGNATURE_RS256, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

START_TEST (signature_names_are_those_of_jose)
{
    H3SignatureKind kind;

    for (int s = H3_SIGNATURE_HS256; s <= H3_SIGNATURE_EDDSA; s++) {
        ck_assert (h3_signature_from_name (h3_signature_get_name ((H3SignatureKind) s), &kind));
        ck_assert_int_eq (kind, s);
    }
    ck_assert (!h3_signature_from_name ("none", &kind));
    ck_assert (!h3_signature_from_name ("None", &kind));
    ck_assert (!h3_signature_from_name ("hs256", &kind));
    ck_assert (!h3_signature_from_name ("", &kind));
    ck_assert (!h3_signature_from_name (NULL, &kind));
    ck_assert (!h3_signature_from_name ("ECDSA-SHA256", &kind));
}
END_TEST

static gpointer
sign_in_thread (gpointer data)
{
    H3Key *key = h3_key_ref (data);
    g_autoptr (H3Key) public = h3_key_dup_public (key);

    for (guint i = 0; i < 20; i++) {
        g_autoptr (GBytes) signature = h3_key_sign (key, H3_SIGNATURE_ES256, &i, sizeof i, NULL);

        if (signature == NULL
            || !h3_key_verify (public, H3_SIGNATURE_ES256, &i, sizeof i,
                               g_bytes_get_data (signature, NULL), g_bytes_get_size (signature)))
            data = NULL;
    }
    h3_key_unref (key);
    return data;
}

START_TEST (several_threads_use_one_key)
{
    g_autoptr (H3Key) key = make_key (H3_KEY_P256);
    GThread *threads[4];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("sign", sign_in_thread, key);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_ptr_eq (g_thread_join (threads[i]), key);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "kinds", generated_keys_are_of_their_kind, rsa_keys_are_generated_too,
                    small_and_giant_rsa_keys_are_not_generated, short_secrets_are_refused,
                    secret_signs_with_no_digest_that_is_longer, key_is_for_its_own_signatures_only,
                    NULL);
    suite_add_case (suite, "copies", public_half_has_nothing_private, restricted_key_does_one_thing,
                    signature_names_are_those_of_jose, several_threads_use_one_key, NULL);
}

int
main (void)
{
    return suite_run ("crypto/key", add_tests);
}
