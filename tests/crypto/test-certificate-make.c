/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/crypto/certificate.h"
#include "h3/crypto/key-text.h"
#include "h3/loop/clock.h"

#include "tests/crypto/make-key.h"
#include "tests/support/suite.h"

#include <openssl/err.h>
#include <string.h>

#define DAY 86400

static const char *const names[] = { "a.example", "*.b.example",       "127.0.0.1",
                                     "::1",       "someone@c.example", NULL };

static GPtrArray *
list_of (H3Certificate *certificate)
{
    GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) h3_certificate_unref);

    g_ptr_array_add (list, h3_certificate_ref (certificate));
    return list;
}

static gint64
now (void)
{
    return clock_get_real_seconds ();
}

START_TEST (self_signed_certificate_says_what_was_asked)
{
    for (int kind = H3_KEY_RSA; kind <= H3_KEY_ED25519; kind++) {
        g_autoptr (H3Key) key = make_key (kind);
        g_autoptr (H3Certificate) certificate =
            h3_certificate_new_self_signed (key, names, 10, NULL);
        g_autoptr (GPtrArray) roots = NULL;
        g_autoptr (GError) error = NULL;

        ck_assert_ptr_nonnull (certificate);
        roots = list_of (certificate);
        ck_assert_str_eq (h3_certificate_get_subject (certificate), "CN=a.example");
        ck_assert_str_eq (h3_certificate_get_issuer (certificate), "CN=a.example");
        ck_assert_uint_eq (strlen (h3_certificate_get_serial (certificate)), 32);
        ck_assert_int_le (h3_certificate_get_not_before (certificate), now ());
        ck_assert_int_eq (h3_certificate_get_not_after (certificate)
                              - h3_certificate_get_not_before (certificate),
                          10 * DAY + 3600);
        ck_assert (!h3_certificate_is_authority (certificate));
        ck_assert (h3_certificate_is_for_key (certificate, key));
        ck_assert (h3_certificate_is_for_host (certificate, "a.example"));
        ck_assert (h3_certificate_is_for_host (certificate, "127.0.0.1"));
        ck_assert_msg (h3_certificate_verify (certificate, NULL, roots, H3_CERTIFICATE_FOR_SERVER,
                                              now (), &error),
                       "%s", error != NULL ? error->message : "no error");
        ck_assert_uint_eq (ERR_peek_error (), 0);
    }
}
END_TEST

START_TEST (written_certificate_is_read_again)
{
    g_autoptr (H3Key) key = make_key (H3_KEY_P256);
    g_autoptr (H3Certificate) certificate = h3_certificate_new_self_signed (key, names, 1, NULL);
    g_autoptr (GBytes) der = h3_certificate_to_der (certificate);
    g_autofree char *pem = h3_certificate_to_pem (certificate);
    g_autofree char *key_pem = h3_key_to_private_pem (key, NULL, NULL);
    g_autofree char *both = g_strconcat (key_pem, pem, NULL);
    g_autoptr (H3Certificate) of_der = h3_certificate_new_from_der (der, NULL);
    g_autoptr (H3Certificate) of_both = h3_certificate_new_from_pem (both, NULL);
    g_autoptr (H3Key) key_of_both = h3_key_new_from_pem (both, NULL, NULL);
    g_autoptr (H3Key) public = h3_certificate_dup_key (of_both, NULL);

    ck_assert_str_eq (h3_certificate_get_fingerprint (certificate),
                      h3_certificate_get_fingerprint (of_der));
    ck_assert_str_eq (h3_certificate_get_fingerprint (certificate),
                      h3_certificate_get_fingerprint (of_both));
    ck_assert (h3_certificate_is_for_key (of_both, key_of_both));
    ck_assert (h3_key_is_equal (public, key) && !h3_key_is_private (public));
}
END_TEST

typedef struct {
    H3Key *root_key, *key;                        /* owned */
    H3Certificate *root, *certificate, *stranger; /* owned */
    GPtrArray *roots;                             /* owned */
} Chain;

static void
chain_init (Chain *chain)
{
    g_autoptr (H3Key) other = make_key (H3_KEY_P256);
    g_autoptr (GError) error = NULL;

    chain->root_key = make_key (H3_KEY_P384);
    chain->key = make_key (H3_KEY_P256);
    chain->root = h3_certificate_new_authority (chain->root_key, "A root é", 30, NULL);
    chain->stranger = h3_certificate_new_authority (other, "A root é", 30, NULL);
    chain->certificate =
        h3_certificate_issue (chain->root, chain->root_key, chain->key, names, 10, &error);
    ck_assert_msg (chain->certificate != NULL, "%s", error != NULL ? error->message : "no error");
    chain->roots = list_of (chain->root);
}

static void
chain_clear (Chain *chain)
{
    h3_key_unref (chain->root_key);
    h3_key_unref (chain->key);
    h3_certificate_unref (chain->root);
    h3_certificate_unref (chain->stranger);
    h3_certificate_unref (chain->certificate);
    g_ptr_array_unref (chain->roots);
}

static void
assert_not_verified (Chain *chain, GPtrArray *roots, gint64 when, const char *reason)
{
    g_autoptr (GError) error = NULL;

    ck_assert (!h3_certificate_verify (chain->certificate, NULL, roots, H3_CERTIFICATE_FOR_SERVER,
                                       when, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_msg (strstr (error->message, reason) != NULL, "%s", error->message);
    ck_assert_uint_eq (ERR_peek_error (), 0);
}

START_TEST (issued_certificate_is_verified_by_its_authority)
{
    Chain chain = { 0 };
    g_autoptr (GPtrArray) strangers = NULL;
    g_autoptr (GPtrArray) nobody = g_ptr_array_new ();

    chain_init (&chain);
    strangers = list_of (chain.stranger);
    ck_assert (h3_certificate_is_authority (chain.root));
    ck_assert_str_eq (h3_certificate_get_issuer (chain.certificate), "CN=A root é");
    for (int use = H3_CERTIFICATE_FOR_SERVER; use <= H3_CERTIFICATE_FOR_CLIENT; use++)
        ck_assert (h3_certificate_verify (chain.certificate, NULL, chain.roots,
                                          (H3CertificateUse) use, now (), NULL));
    assert_not_verified (&chain, strangers, now (), "CN=a.example");
    assert_not_verified (&chain, nobody, now (), "CN=a.example");
    assert_not_verified (&chain, NULL, now (), "CN=a.example");
    assert_not_verified (&chain, chain.roots, now () + 11 * DAY, "expired");
    assert_not_verified (&chain, chain.roots, now () - DAY, "not yet valid");
    chain_clear (&chain);
}
END_TEST

/* One that was certified as a server cannot certify others. */
START_TEST (certificate_of_a_server_vouches_for_nobody)
{
    Chain chain = { 0 };
    g_autoptr (H3Key) key = make_key (H3_KEY_ED25519);
    g_autoptr (H3Key) root_public = NULL;
    g_autoptr (GError) no_authority = NULL;
    g_autoptr (GError) other_key = NULL;
    g_autoptr (GError) public_key = NULL;

    chain_init (&chain);
    ck_assert_ptr_null (
        h3_certificate_issue (chain.certificate, chain.key, key, names, 1, &no_authority));
    ck_assert_ptr_nonnull (strstr (no_authority->message, "no authority"));
    ck_assert_ptr_null (h3_certificate_issue (chain.root, chain.key, key, names, 1, &other_key));
    ck_assert_ptr_nonnull (strstr (other_key->message, "another key"));
    root_public = h3_key_dup_public (chain.root_key);
    ck_assert_ptr_null (h3_certificate_issue (chain.root, root_public, key, names, 1, &public_key));
    ck_assert_ptr_nonnull (strstr (public_key->message, "private"));
    chain_clear (&chain);
}
END_TEST

START_TEST (impossible_certificates_are_not_made)
{
    static const char *const bad[] = { "",           " ",  "a b",       "a..b",  "-a",
                                       "a-",         "*",  "a.*",       "*.*.a", "é.example",
                                       "@b.example", "a@", "1.2.3.4/8", "a\nb" };
    g_autoptr (H3Key) key = make_key (H3_KEY_P256);
    g_autoptr (H3Key) secret = make_key (H3_KEY_SECRET);
    g_autoptr (H3Key) public = h3_key_dup_public (key);
    g_autofree char *long_name = g_strnfill (65, 'a');

    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        const char *const list[] = { "a.example", bad[i], NULL };
        g_autoptr (GError) error = NULL;

        ck_assert_msg (h3_certificate_new_self_signed (key, list, 1, &error) == NULL, "'%s'",
                       bad[i]);
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
    ck_assert_ptr_null (h3_certificate_new_self_signed (key, names, 0, NULL));
    ck_assert_ptr_null (h3_certificate_new_self_signed (key, names, 36501, NULL));
    ck_assert_ptr_null (h3_certificate_new_self_signed (secret, names, 1, NULL));
    ck_assert_ptr_null (h3_certificate_new_self_signed (public, names, 1, NULL));
    ck_assert_ptr_null (h3_certificate_new_authority (key, long_name, 1, NULL));
}
END_TEST

START_TEST (name_too_long_for_a_subject_is_certified_without)
{
    g_autofree char *label = g_strnfill (60, 'a');
    g_autofree char *name = g_strconcat (label, ".example", NULL);
    const char *const list[] = { name, NULL };
    g_autoptr (H3Key) key = make_key (H3_KEY_P256);
    g_autoptr (H3Certificate) certificate = h3_certificate_new_self_signed (key, list, 1, NULL);

    ck_assert_str_eq (h3_certificate_get_subject (certificate), "");
    ck_assert (h3_certificate_is_for_host (certificate, name));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "making", self_signed_certificate_says_what_was_asked,
                    written_certificate_is_read_again, impossible_certificates_are_not_made,
                    name_too_long_for_a_subject_is_certified_without, NULL);
    suite_add_case (suite, "chains", issued_certificate_is_verified_by_its_authority,
                    certificate_of_a_server_vouches_for_nobody, NULL);
}

int
main (void)
{
    return suite_run ("crypto/certificate-make", add_tests);
}
