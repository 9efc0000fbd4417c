/* SPDX-License-Identifier: MIT
 *
 * Files that TLS cannot be set up from: each is told by its name, with what to do. */

#include "h3/base/error.h"
#include "h3/net/tls-context.h"
#include "tests/support/suite.h"
#include "tests/support/tls-authority.h"

#include <openssl/pem.h>
#include <string.h>

static FileTree tree;
static TlsAuthority authority;
static H3TlsSettings *settings;

static void
set_up (void)
{
    file_tree_init (&tree);
    tls_authority_init (&authority, "Test authority");
    tls_authority_write (&authority, &tree, "authority.pem");
    tls_authority_sign (&authority, &tree, "good", NULL);
    tls_authority_sign (&authority, &tree, "other", NULL);
    settings = h3_tls_settings_new ();
}

static void
tear_down (void)
{
    h3_tls_settings_free (settings);
    tls_authority_clear (&authority);
    file_tree_clear (&tree);
}

static void
use (const char *certificate, const char *key)
{
    g_autofree char *certificate_path = file_tree_path (&tree, certificate);
    g_autofree char *key_path = key != NULL ? file_tree_path (&tree, key) : NULL;

    h3_tls_settings_add_certificate (settings, certificate_path, key_path);
}

static void
use_ocsp (const char *name)
{
    g_autofree char *path = file_tree_path (&tree, name);

    h3_tls_settings_set_ocsp (settings, path);
}

static gboolean
try (GError **error)
{
    TlsTickets *tickets = tls_tickets_new ();
    g_autoptr (TlsContext) context = tls_context_new (settings, tickets, error);

    tls_tickets_unref (tickets);
    return context != NULL;
}

/* … whose message has both parts; the settings are new behind it. */
static void
expect_fault (H3Error code, const char *file, const char *part)
{
    g_autoptr (GError) error = NULL;

    ck_assert (!try (&error));
    ck_assert_msg (error->domain == H3_ERROR && error->code == (int) code, "%s", error->message);
    ck_assert_msg (strstr (error->message, file) != NULL, "%s", error->message);
    ck_assert_msg (strstr (error->message, part) != NULL, "%s", error->message);
    h3_tls_settings_free (settings);
    settings = h3_tls_settings_new ();
}

START_TEST (files_that_are_good_are_taken)
{
    const char *names[] = { "localhost", "127.0.0.1", NULL };

    use ("good.pem", "good.key");
    use ("other.pem", "other.key");
    tls_authority_answer (&authority, &tree, "other", FALSE, 3600);
    use_ocsp ("other.ocsp");
    ck_assert (h3_tls_settings_add_self_signed (settings, names, NULL));
    ck_assert (try (NULL));
}
END_TEST

START_TEST (nothing_is_no_certificate)
{
    expect_fault (H3_ERROR_INVALID, "", "needs a certificate");
}
END_TEST

START_TEST (certificate_that_cannot_be_used_is_named)
{
    tls_authority_sign (&authority, &tree, "old", &(TlsWish){ .begin = -7200, .end = -3600 });
    tls_authority_sign (&authority, &tree, "young", &(TlsWish){ .begin = 3600 });
    file_tree_write (&tree, "broken.pem",
                     "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    file_tree_write (&tree, "empty.pem", "");
    use ("absent.pem", "good.key");
    expect_fault (H3_ERROR_NOT_FOUND, "absent.pem", "No such file");
    use ("good.key", "good.key");
    expect_fault (H3_ERROR_INVALID, "good.key", "there is no certificate in");
    use ("empty.pem", "good.key");
    expect_fault (H3_ERROR_INVALID, "empty.pem", "there is no certificate in");
    use ("broken.pem", "good.key");
    expect_fault (H3_ERROR_INVALID, "broken.pem", "cannot be read");
    use ("old.pem", "old.key");
    expect_fault (H3_ERROR_INVALID, "old.pem", "expired at ");
    use ("young.pem", "young.key");
    expect_fault (H3_ERROR_INVALID, "young.pem", "is this machine's clock right?");
}
END_TEST

START_TEST (key_that_cannot_be_used_is_named)
{
    use ("good.pem", "absent.key");
    expect_fault (H3_ERROR_NOT_FOUND, "absent.key", "No such file");
    use ("good.pem", NULL);
    expect_fault (H3_ERROR_INVALID, "good.pem", "there is no key in");
    use ("good.pem", "other.key");
    expect_fault (H3_ERROR_INVALID, "other.key", "is not that of the first certificate in");
    file_tree_write (&tree, "broken.key",
                     "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    use ("good.pem", "broken.key");
    expect_fault (H3_ERROR_INVALID, "broken.key", "cannot be read");
}
END_TEST

/* As 'openssl pkey -aes256' writes it. */
START_TEST (key_with_a_password_is_told_so)
{
    g_autofree char *plain = file_tree_path (&tree, "good.key");
    g_autofree char *text = NULL;
    BIO *in, *out = BIO_new (BIO_s_mem ());
    EVP_PKEY *key;
    char *data;
    long length;

    ck_assert (g_file_get_contents (plain, &text, NULL, NULL));
    in = BIO_new_mem_buf (text, -1);
    key = PEM_read_bio_PrivateKey (in, NULL, NULL, NULL);
    ck_assert_int_eq (
        PEM_write_bio_PKCS8PrivateKey (out, key, EVP_aes_256_cbc (), "secret", 6, NULL, NULL), 1);
    length = BIO_get_mem_data (out, &data);
    file_tree_write_data (&tree, "locked.key", data, (gsize) length);
    use ("good.pem", "locked.key");
    expect_fault (H3_ERROR_INVALID, "locked.key", "has a password");
    EVP_PKEY_free (key);
    BIO_free (in);
    BIO_free (out);
}
END_TEST

START_TEST (authorities_that_cannot_be_used_are_named)
{
    g_autofree char *absent = file_tree_path (&tree, "absent.pem");
    g_autofree char *key = file_tree_path (&tree, "good.key");

    use ("good.pem", "good.key");
    h3_tls_settings_set_clients (settings, H3_TLS_CLIENTS_KNOWN, absent);
    expect_fault (H3_ERROR_NOT_FOUND, "absent.pem", "file of authorities");
    use ("good.pem", "good.key");
    h3_tls_settings_set_clients (settings, H3_TLS_CLIENTS_ASKED, key);
    expect_fault (H3_ERROR_INVALID, "good.key", "there is no certificate in");
}
END_TEST

START_TEST (ocsp_answer_that_cannot_be_used_is_named)
{
    file_tree_write (&tree, "junk.ocsp", "junk");
    use ("good.pem", "good.key");
    use_ocsp ("junk.ocsp");
    expect_fault (H3_ERROR_INVALID, "junk.ocsp", "is no OCSP answer");
    tls_authority_answer (&authority, &tree, "other", FALSE, 3600);
    use ("good.pem", "good.key");
    use_ocsp ("other.ocsp");
    expect_fault (H3_ERROR_INVALID, "other.ocsp", "for another certificate");
    tls_authority_answer (&authority, &tree, "good", TRUE, 3600);
    use ("good.pem", "good.key");
    use_ocsp ("good.ocsp");
    expect_fault (H3_ERROR_INVALID, "good.ocsp", "not good");
    tls_authority_answer (&authority, &tree, "good", FALSE, -60);
    use ("good.pem", "good.key");
    use_ocsp ("good.ocsp");
    expect_fault (H3_ERROR_INVALID, "good.ocsp", "out of date");
    use ("good.pem", "good.key");
    use_ocsp ("absent.ocsp");
    expect_fault (H3_ERROR_NOT_FOUND, "absent.ocsp", "OCSP answer");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tests = tcase_create ("files");

    tcase_set_timeout (tests, 60);
    tcase_add_checked_fixture (tests, set_up, tear_down);
    tcase_add_test (tests, files_that_are_good_are_taken);
    tcase_add_test (tests, nothing_is_no_certificate);
    tcase_add_test (tests, certificate_that_cannot_be_used_is_named);
    tcase_add_test (tests, key_that_cannot_be_used_is_named);
    tcase_add_test (tests, key_with_a_password_is_told_so);
    tcase_add_test (tests, authorities_that_cannot_be_used_are_named);
    tcase_add_test (tests, ocsp_answer_that_cannot_be_used_is_named);
    suite_add_tcase (suite, tests);
}

int
main (void)
{
    return suite_run ("net/tls-files", add_tests);
}
