/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/crypto/key-inside.h"
#include "h3/crypto/key-text.h"

#include "tests/crypto/make-key.h"
#include "tests/support/suite.h"

#include <glib/gstdio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <unistd.h>

static H3Key *
read_pem (const char *pem, const char *passphrase)
{
    g_autoptr (GError) error = NULL;
    H3Key *key = h3_key_new_from_pem (pem, passphrase, &error);

    ck_assert_msg (key != NULL, "%s", error != NULL ? error->message : "no error");
    ck_assert_uint_eq (ERR_peek_error (), 0);
    return key;
}

static void
assert_refused (const char *pem, const char *passphrase, H3Error code, const char *reason)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (h3_key_new_from_pem (pem, passphrase, &error));
    ck_assert_msg (g_error_matches (error, H3_ERROR, (gint) code), "%s", error->message);
    ck_assert_msg (strstr (error->message, reason) != NULL, "%s", error->message);
    ck_assert_uint_eq (ERR_peek_error (), 0);
}

/* Whether what one signs the other verifies. */
static gboolean
belong_together (H3Key *key, H3Key *public, H3SignatureKind kind)
{
    g_autoptr (GBytes) signature = h3_key_sign (key, kind, "text", 4, NULL);

    return signature != NULL
           && h3_key_verify (public, kind, "text", 4, g_bytes_get_data (signature, NULL),
                             g_bytes_get_size (signature));
}

START_TEST (every_form_of_a_key_is_the_same_key)
{
    static const struct {
        const char *pem;
        const char *passphrase;
    } forms[] = {
        { KEY_EC_PARAMETERS_AND_KEY, NULL }, { KEY_EC_PKCS8, NULL },
        { KEY_EC_ENCRYPTED, "secret" },      { KEY_EC_PKCS8_ENCRYPTED, "secret" },
        { KEY_EC_PKCS8, "not asked for" },
    };
    g_autoptr (H3Key) public = read_pem (KEY_EC_PUBLIC, NULL);

    ck_assert (!h3_key_is_private (public));
    for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
        g_autoptr (H3Key) key = read_pem (forms[i].pem, forms[i].passphrase);

        ck_assert_int_eq (h3_key_get_kind (key), H3_KEY_P256);
        ck_assert (h3_key_is_private (key));
        ck_assert (h3_key_is_equal (key, public));
        ck_assert (belong_together (key, public, H3_SIGNATURE_ES256));
    }
}
END_TEST

START_TEST (passphrase_is_asked_of_nobody_and_must_be_right)
{
    assert_refused (KEY_EC_ENCRYPTED, NULL, H3_ERROR_INVALID, "passphrase");
    assert_refused (KEY_EC_PKCS8_ENCRYPTED, NULL, H3_ERROR_INVALID, "passphrase");
    assert_refused (KEY_EC_ENCRYPTED, "secreT", H3_ERROR_SYNTAX, "passphrase");
    assert_refused (KEY_EC_PKCS8_ENCRYPTED, "secreT", H3_ERROR_SYNTAX, "passphrase");
    assert_refused (KEY_EC_PKCS8_ENCRYPTED, "", H3_ERROR_SYNTAX, "passphrase");
}
END_TEST

START_TEST (keys_that_are_weak_or_unknown_are_refused)
{
    assert_refused (KEY_RSA_1024, NULL, H3_ERROR_INVALID, "1024");
    assert_refused (KEY_SECP256K1, NULL, H3_ERROR_INVALID, "curve");
    assert_refused (KEY_EC_EXPLICIT, NULL, H3_ERROR_INVALID, "spells its curve out");
    assert_refused (KEY_X25519, NULL, H3_ERROR_INVALID, "kind");
}
END_TEST

START_TEST (text_without_a_key_is_refused)
{
    g_autofree char *long_text = g_strnfill (H3_KEY_MAX_TEXT + 1, '\n');
    g_autofree char *cut = g_strndup (KEY_EC_PKCS8, strlen (KEY_EC_PKCS8) - 40);
    static const char pkcs8[] = KEY_EC_PKCS8;

    assert_refused ("", NULL, H3_ERROR_NOT_FOUND, "no key");
    assert_refused ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", NULL,
                    H3_ERROR_NOT_FOUND, "no key");
    assert_refused ("-----BEGIN PRIVATE KEY", NULL, H3_ERROR_NOT_FOUND, "no key");
    assert_refused ("-----BEGIN PRIVATE KEY-----\n", NULL, H3_ERROR_SYNTAX, "read");
    assert_refused ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", NULL,
                    H3_ERROR_SYNTAX, "read");
    assert_refused (cut, NULL, H3_ERROR_SYNTAX, "read");
    assert_refused (long_text, NULL, H3_ERROR_LIMIT, "long");
    for (gsize i = 0; i < sizeof pkcs8; i++) {
        g_autofree char *text = g_strndup (pkcs8, i);
        g_autoptr (H3Key) key = h3_key_new_from_pem (text, NULL, NULL);

        ck_assert (key == NULL || i >= strlen (pkcs8) - 1);
    }
}
END_TEST

START_TEST (key_is_found_behind_certificates)
{
    g_autoptr (H3Key) key = read_pem (
        "subject: someone\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" KEY_ED25519
            KEY_EC_PKCS8,
        NULL);

    ck_assert_int_eq (h3_key_get_kind (key), H3_KEY_ED25519);
}
END_TEST

static void
assert_comes_back (H3Key *key)
{
    g_autofree char *public_pem = h3_key_to_pem (key, NULL);
    g_autofree char *private_pem = h3_key_to_private_pem (key, NULL, NULL);
    g_autofree char *sealed_pem = h3_key_to_private_pem (key, "a passphrase", NULL);
    g_autoptr (GBytes) public_der = h3_key_to_der (key, NULL);
    g_autoptr (GBytes) private_der = h3_key_to_private_der (key, NULL);
    g_autoptr (H3Key) a = read_pem (public_pem, NULL);
    g_autoptr (H3Key) b = read_pem (private_pem, NULL);
    g_autoptr (H3Key) c = read_pem (sealed_pem, "a passphrase");
    g_autoptr (H3Key) d = h3_key_new_from_der (public_der, NULL);
    g_autoptr (H3Key) e = h3_key_new_from_der (private_der, NULL);
    H3Key *all[] = { a, b, c, d, e };

    for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
        ck_assert_ptr_nonnull (all[i]);
        ck_assert (h3_key_is_equal (all[i], key));
        ck_assert_int_eq (h3_key_is_private (all[i]), i != 0 && i != 3);
    }
    ck_assert (g_str_has_prefix (public_pem, "-----BEGIN PUBLIC KEY-----\n"));
    ck_assert (g_str_has_prefix (private_pem, "-----BEGIN PRIVATE KEY-----\n"));
    ck_assert (g_str_has_prefix (sealed_pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    ck_assert_ptr_null (h3_key_to_private_pem (a, NULL, NULL));
    ck_assert_ptr_null (h3_key_to_private_der (a, NULL));
    ck_assert_uint_eq (ERR_peek_error (), 0);
}

START_TEST (written_keys_are_read_again)
{
    g_autoptr (H3Key) secret = h3_key_generate (H3_KEY_SECRET, 0, NULL);

    for (int kind = H3_KEY_RSA; kind <= H3_KEY_ED25519; kind++) {
        g_autoptr (H3Key) key = make_key (kind);

        assert_comes_back (key);
    }
    ck_assert_ptr_null (h3_key_to_pem (secret, NULL));
    ck_assert_ptr_null (h3_key_to_der (secret, NULL));
    ck_assert_ptr_null (h3_key_to_private_pem (secret, NULL, NULL));
    ck_assert_ptr_null (h3_key_to_private_der (secret, NULL));
}
END_TEST

/* The forms of PKCS #1, in clear and as OpenSSL has always encrypted them. */
START_TEST (rsa_key_is_read_in_its_traditional_forms)
{
    g_autoptr (H3Key) key = make_key (H3_KEY_RSA);
    g_autoptr (H3Key) public = read_pem (KEY_RSA_PUBLIC, NULL);

    ck_assert_int_eq (h3_key_get_kind (public), H3_KEY_RSA);
    ck_assert (!h3_key_is_private (public));
    for (guint encrypted = 0; encrypted < 2; encrypted++) {
        BIO *memory = BIO_new (BIO_s_mem ());
        g_autoptr (H3Key) read = NULL;
        g_autofree char *pem = NULL;
        char *data;
        long length;

        ck_assert_int_eq (PEM_write_bio_PrivateKey_traditional (
                              memory, key_get_pkey (key), encrypted ? EVP_aes_256_cbc () : NULL,
                              (const guint8 *) "secret", 6, NULL, NULL),
                          1);
        length = BIO_get_mem_data (memory, &data);
        pem = g_strndup (data, (gsize) length);
        BIO_free (memory);
        ck_assert (g_str_has_prefix (pem, "-----BEGIN RSA PRIVATE KEY-----\n"));
        read = read_pem (pem, encrypted ? "secret" : NULL);
        ck_assert (h3_key_is_equal (read, key) && h3_key_is_private (read));
    }
}
END_TEST

START_TEST (der_has_one_key_and_no_byte_more)
{
    g_autoptr (H3Key) key = read_pem (KEY_EC_PKCS8, NULL);
    g_autoptr (GBytes) der = h3_key_to_private_der (key, NULL);
    g_autoptr (GByteArray) longer = g_byte_array_new ();
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GError) error = NULL;

    for (gsize i = 0; i < g_bytes_get_size (der); i++) {
        g_autoptr (GBytes) cut = g_bytes_new_from_bytes (der, 0, i);

        ck_assert_ptr_null (h3_key_new_from_der (cut, NULL));
    }
    g_byte_array_append (longer, g_bytes_get_data (der, NULL), (guint) g_bytes_get_size (der));
    g_byte_array_append (longer, (const guint8 *) "", 1);
    bytes = g_bytes_new_static (longer->data, longer->len);
    ck_assert_ptr_null (h3_key_new_from_der (bytes, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX));
}
END_TEST

START_TEST (file_is_named_where_it_cannot_be_read)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GError) missing = NULL;
    g_autoptr (GError) encrypted = NULL;
    g_autofree char *path = NULL;
    g_autoptr (H3Key) key = NULL;
    int fd = g_file_open_tmp ("h3-key-XXXXXX", &path, &error);

    ck_assert_int_ge (fd, 0);
    (void) close (fd);
    ck_assert (g_file_set_contents (path, KEY_EC_PKCS8_ENCRYPTED, -1, NULL));
    key = h3_key_new_from_file (path, "secret", NULL);
    ck_assert_ptr_nonnull (key);
    ck_assert_ptr_null (h3_key_new_from_file (path, NULL, &encrypted));
    ck_assert (g_error_matches (encrypted, H3_ERROR, H3_ERROR_INVALID));
    ck_assert (g_str_has_prefix (encrypted->message, path));
    ck_assert_int_eq (g_unlink (path), 0);
    ck_assert_ptr_null (h3_key_new_from_file (path, NULL, &missing));
    ck_assert (g_error_matches (missing, H3_ERROR, H3_ERROR_NOT_FOUND));
    ck_assert_ptr_nonnull (strstr (missing->message, path));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "reading", every_form_of_a_key_is_the_same_key,
                    passphrase_is_asked_of_nobody_and_must_be_right,
                    keys_that_are_weak_or_unknown_are_refused, text_without_a_key_is_refused,
                    key_is_found_behind_certificates, file_is_named_where_it_cannot_be_read, NULL);
    suite_add_case (suite, "writing", written_keys_are_read_again,
                    rsa_key_is_read_in_its_traditional_forms, der_has_one_key_and_no_byte_more,
                    NULL);
}

int
main (void)
{
    return suite_run ("crypto/key-text", add_tests);
}
