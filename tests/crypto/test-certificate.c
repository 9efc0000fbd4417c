/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/crypto/certificate.h"

#include "tests/crypto/certificates.h"
#include "tests/crypto/keys.h"
#include "tests/support/suite.h"

#include <glib/gstdio.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* In January 2027. */
#define WHEN 1800000000

static H3Certificate *
read_pem (const char *pem)
{
    g_autoptr (GError) error = NULL;
    H3Certificate *certificate = h3_certificate_new_from_pem (pem, &error);

    ck_assert_msg (certificate != NULL, "%s", error != NULL ? error->message : "no error");
    ck_assert_uint_eq (ERR_peek_error (), 0);
    return certificate;
}

static void
assert_list (const char *const *list, const char *expected)
{
    g_autofree char *joined = g_strjoinv (" ", (char **) list);

    ck_assert_str_eq (joined, expected);
}

START_TEST (certificate_is_described)
{
    g_autoptr (H3Certificate) leaf = read_pem (CERTIFICATE_LEAF);
    g_autoptr (H3Certificate) root = read_pem (CERTIFICATE_ROOT);
    g_autoptr (H3Key) key = h3_certificate_dup_key (leaf, NULL);

    ck_assert_str_eq (h3_certificate_get_subject (leaf), "CN=common.example,O=Some\\, Co,C=CH");
    ck_assert_str_eq (h3_certificate_get_issuer (leaf), "CN=Middle,O=Test");
    ck_assert_str_eq (h3_certificate_get_serial (leaf), "1f00");
    ck_assert_str_eq (h3_certificate_get_fingerprint (leaf),
                      "b3f8c4723f90e82122eb9965325310b2dd306d3cee004c6db35e60d0570a2669");
    ck_assert_int_eq (h3_certificate_get_not_before (leaf), 1795287366);
    ck_assert_int_eq (h3_certificate_get_not_after (leaf),
                      1795287366 + 36500 * G_GINT64_CONSTANT (86400));
    assert_list (h3_certificate_get_host_names (leaf),
                 "a.example *.b.example f*.c.example *.com xn--bcher-kva.example d.*.example");
    assert_list (h3_certificate_get_addresses (leaf), "192.0.2.1 2001:db8::1");
    assert_list (h3_certificate_get_emails (leaf), "someone@a.example");
    ck_assert (!h3_certificate_is_authority (leaf) && h3_certificate_is_authority (root));
    ck_assert_int_eq (h3_key_get_kind (key), H3_KEY_P256);
}
END_TEST

/* RFC 9525 §6 */
START_TEST (host_is_matched_by_whole_labels)
{
    static const struct {
        const char *host;
        gboolean matches;
    } hosts[] = {
        { "a.example", TRUE },
        { "A.EXAMPLE", TRUE },
        { "a.example.", TRUE },
        { "a.example..", FALSE },
        { ".a.example", FALSE },
        { ".example", FALSE },
        { "x.a.example", FALSE },
        { "x.b.example", TRUE },
        { "X.B.Example", TRUE },
        { "xn--bcher-kva.b.example", TRUE },
        { "b.example", FALSE },
        { ".b.example", FALSE },
        { "x.y.b.example", FALSE },
        { "*.b.example", FALSE },
        { "foo.c.example", FALSE },
        { "f.c.example", FALSE },
        { "f*.c.example", FALSE },
        { "any.com", FALSE },
        { "d.x.example", FALSE },
        { "xn--bcher-kva.example", TRUE },
        { "b\xc3\xbc"
          "cher.example",
          FALSE },
        { "common.example", FALSE },
        { "", FALSE },
        { ".", FALSE },
        { "192.0.2.1", TRUE },
        { "192.0.2.2", FALSE },
        { "192.0.2.001", FALSE },
        { "3221225985", FALSE },
        { "2001:db8::1", TRUE },
        { "[2001:DB8:0::1]", TRUE },
        { "2001:db8::2", FALSE },
        { "[]", FALSE },
        { "u.example", FALSE },
    };
    g_autoptr (H3Certificate) leaf = read_pem (CERTIFICATE_LEAF);

    for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
        ck_assert_msg (h3_certificate_is_for_host (leaf, hosts[i].host) == hosts[i].matches, "'%s'",
                       hosts[i].host);
    ck_assert_uint_eq (ERR_peek_error (), 0);
}
END_TEST

START_TEST (common_name_is_no_host)
{
    g_autoptr (H3Certificate) nameless = read_pem (CERTIFICATE_NAMELESS);

    ck_assert (!h3_certificate_is_for_host (nameless, "common.example"));
    assert_list (h3_certificate_get_host_names (nameless), "");
}
END_TEST

START_TEST (name_with_a_nul_is_none)
{
    g_autoptr (H3Certificate) nul = read_pem (CERTIFICATE_NUL);

    ck_assert (!h3_certificate_is_for_host (nul, "a.example"));
    assert_list (h3_certificate_get_host_names (nul), "");
}
END_TEST

START_TEST (mailbox_is_matched_but_for_the_case_of_its_host)
{
    g_autoptr (H3Certificate) leaf = read_pem (CERTIFICATE_LEAF);

    ck_assert (h3_certificate_is_for_email (leaf, "someone@a.example"));
    ck_assert (h3_certificate_is_for_email (leaf, "someone@A.Example"));
    ck_assert (!h3_certificate_is_for_email (leaf, "Someone@a.example"));
    ck_assert (!h3_certificate_is_for_email (leaf, "other@a.example"));
    ck_assert (!h3_certificate_is_for_email (leaf, "a.example"));
    ck_assert (!h3_certificate_is_for_email (leaf, ""));
}
END_TEST

static gboolean
verify (const char *pem, GPtrArray *between, GPtrArray *roots, int use, GError **error)
{
    g_autoptr (H3Certificate) certificate = read_pem (pem);
    gboolean verified =
        h3_certificate_verify (certificate, between, roots, (H3CertificateUse) use, WHEN, error);

    ck_assert_uint_eq (ERR_peek_error (), 0);
    return verified;
}

START_TEST (chain_is_verified_by_way_of_others)
{
    g_autoptr (GPtrArray) roots = h3_certificate_list_from_pem (CERTIFICATE_ROOT, NULL);
    g_autoptr (GPtrArray) between =
        h3_certificate_list_from_pem (CERTIFICATE_NAMELESS CERTIFICATE_MIDDLE, NULL);
    g_autoptr (GPtrArray) middle = h3_certificate_list_from_pem (CERTIFICATE_MIDDLE, NULL);
    g_autoptr (GError) client = NULL;
    g_autoptr (GError) gap = NULL;

    ck_assert (verify (CERTIFICATE_LEAF, between, roots, H3_CERTIFICATE_FOR_SERVER, NULL));
    ck_assert (!verify (CERTIFICATE_LEAF, between, roots, H3_CERTIFICATE_FOR_CLIENT, &client));
    ck_assert_ptr_nonnull (strstr (client->message, "purpose"));
    ck_assert (!verify (CERTIFICATE_LEAF, NULL, roots, H3_CERTIFICATE_FOR_SERVER, &gap));
    ck_assert_ptr_nonnull (strstr (gap->message, "CN=common.example"));
    ck_assert (!verify (CERTIFICATE_LEAF, between, NULL, H3_CERTIFICATE_FOR_SERVER, NULL));
    /* What lies between is believed no more than what is sent. */
    ck_assert (!verify (CERTIFICATE_LEAF, roots, middle, H3_CERTIFICATE_FOR_SERVER, NULL));
}
END_TEST

START_TEST (weak_signatures_and_keys_are_not_verified)
{
    g_autoptr (GPtrArray) roots = h3_certificate_list_from_pem (CERTIFICATE_ROOT, NULL);
    g_autoptr (H3Certificate) small = read_pem (CERTIFICATE_SMALL);
    g_autoptr (GError) sha1 = NULL;
    g_autoptr (GError) short_key = NULL;

    ck_assert (!verify (CERTIFICATE_SHA1, NULL, roots, H3_CERTIFICATE_FOR_SERVER, &sha1));
    ck_assert (g_error_matches (sha1, H3_ERROR, H3_ERROR_INVALID));
    ck_assert (!verify (CERTIFICATE_SMALL, NULL, roots, H3_CERTIFICATE_FOR_SERVER, &short_key));
    ck_assert_ptr_null (h3_certificate_dup_key (small, NULL));
    ck_assert (verify (CERTIFICATE_NAMELESS, NULL, roots, H3_CERTIFICATE_FOR_SERVER, NULL));
}
END_TEST

static void
assert_refused (const char *pem, H3Error code)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (h3_certificate_list_from_pem (pem, &error));
    ck_assert_msg (g_error_matches (error, H3_ERROR, (gint) code), "%s", error->message);
    ck_assert_uint_eq (ERR_peek_error (), 0);
}

START_TEST (list_has_all_certificates_or_none)
{
    static const char *const pem =
        CERTIFICATE_LEAF KEY_EC_PKCS8 "words\n" CERTIFICATE_MIDDLE CERTIFICATE_ROOT;
    g_autoptr (GPtrArray) list = h3_certificate_list_from_pem (pem, NULL);
    g_autofree char *cut = g_strndup (pem, strlen (pem) - 60);
    g_autofree char *long_text = g_strnfill (H3_CERTIFICATE_MAX_TEXT + 1, '\n');

    ck_assert_uint_eq (list->len, 3);
    ck_assert_str_eq (h3_certificate_get_subject (list->pdata[2]), "CN=Root,O=Test");
    assert_refused (cut, H3_ERROR_SYNTAX);
    assert_refused ("", H3_ERROR_NOT_FOUND);
    assert_refused (KEY_EC_PKCS8, H3_ERROR_NOT_FOUND);
    assert_refused ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                    H3_ERROR_SYNTAX);
    assert_refused (long_text, H3_ERROR_LIMIT);
}
END_TEST

START_TEST (der_has_one_certificate_and_no_byte_more)
{
    g_autoptr (H3Certificate) leaf = read_pem (CERTIFICATE_LEAF);
    g_autoptr (GBytes) der = h3_certificate_to_der (leaf);
    g_autoptr (GByteArray) longer = g_byte_array_new ();
    g_autoptr (GBytes) bytes = NULL;
    g_autofree char *pem = h3_certificate_to_pem (leaf);

    ck_assert_str_eq (pem, CERTIFICATE_LEAF);
    for (gsize i = 0; i < g_bytes_get_size (der); i++) {
        g_autoptr (GBytes) cut = g_bytes_new_from_bytes (der, 0, i);

        ck_assert_ptr_null (h3_certificate_new_from_der (cut, NULL));
    }
    g_byte_array_append (longer, g_bytes_get_data (der, NULL), (guint) g_bytes_get_size (der));
    g_byte_array_append (longer, (const guint8 *) "", 1);
    bytes = g_bytes_new_static (longer->data, longer->len);
    ck_assert_ptr_null (h3_certificate_new_from_der (bytes, NULL));
}
END_TEST

/* Without a terminal OpenSSL would ask its standard input. 0: the text was refused; 2: somebody was
 * asked. */
static int
read_encrypted (void)
{
    static const char text[] = "-----BEGIN CERTIFICATE-----\n"
                               "Proc-Type: 4,ENCRYPTED\n"
                               "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
                               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
                               "-----END CERTIFICATE-----\n";
    int ends[2], n_unread = 0;

    if (setsid () < 0 || pipe (ends) != 0 || write (ends[1], "secret\n", 7) != 7
        || dup2 (ends[0], STDIN_FILENO) < 0)
        return 1;
    if (h3_certificate_new_from_pem (text, NULL) != NULL)
        return 1;
    if (ioctl (ends[0], FIONREAD, &n_unread) != 0)
        return 1;
    return n_unread == 7 ? 0 : 2;
}

/* Whoever sends such a text must not have a worker wait for what nobody types in. */
START_TEST (nobody_is_asked_for_a_passphrase)
{
    pid_t child = fork ();
    int status;

    ck_assert_int_ge (child, 0);
    if (child == 0)
        _exit (read_encrypted ());
    ck_assert_int_eq (waitpid (child, &status, 0), child);
    ck_assert (WIFEXITED (status));
    ck_assert_int_eq (WEXITSTATUS (status), 0);
}
END_TEST

START_TEST (file_is_named_where_it_cannot_be_read)
{
    g_autofree char *path = NULL;
    g_autoptr (GPtrArray) list = NULL;
    g_autoptr (GError) none = NULL;
    g_autoptr (GError) missing = NULL;
    int fd = g_file_open_tmp ("h3-certificate-XXXXXX", &path, NULL);

    ck_assert_int_ge (fd, 0);
    (void) close (fd);
    ck_assert_ptr_null (h3_certificate_list_from_file (path, &none));
    ck_assert (g_error_matches (none, H3_ERROR, H3_ERROR_NOT_FOUND));
    ck_assert (g_str_has_prefix (none->message, path));
    ck_assert (g_file_set_contents (path, CERTIFICATE_ROOT, -1, NULL));
    list = h3_certificate_list_from_file (path, NULL);
    ck_assert_uint_eq (list->len, 1);
    ck_assert_int_eq (g_unlink (path), 0);
    ck_assert_ptr_null (h3_certificate_list_from_file (path, &missing));
    ck_assert (g_error_matches (missing, H3_ERROR, H3_ERROR_NOT_FOUND));
}
END_TEST

static gpointer
use_in_thread (gpointer data)
{
    H3Certificate *certificate = h3_certificate_ref (data);
    g_autoptr (GPtrArray) roots = h3_certificate_list_from_pem (CERTIFICATE_ROOT, NULL);
    g_autoptr (GPtrArray) between = h3_certificate_list_from_pem (CERTIFICATE_MIDDLE, NULL);

    for (guint i = 0; i < 20; i++)
        if (!h3_certificate_is_for_host (certificate, "a.example")
            || !h3_certificate_verify (certificate, between, roots, H3_CERTIFICATE_FOR_SERVER, WHEN,
                                       NULL))
            data = NULL;
    h3_certificate_unref (certificate);
    return data;
}

START_TEST (several_threads_use_one_certificate)
{
    g_autoptr (H3Certificate) leaf = read_pem (CERTIFICATE_LEAF);
    GThread *threads[4];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("verify", use_in_thread, leaf);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_ptr_eq (g_thread_join (threads[i]), leaf);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "reading", certificate_is_described, nobody_is_asked_for_a_passphrase,
                    list_has_all_certificates_or_none, der_has_one_certificate_and_no_byte_more,
                    file_is_named_where_it_cannot_be_read, NULL);
    suite_add_case (suite, "names", host_is_matched_by_whole_labels, common_name_is_no_host,
                    name_with_a_nul_is_none, mailbox_is_matched_but_for_the_case_of_its_host, NULL);
    suite_add_case (suite, "chains", chain_is_verified_by_way_of_others,
                    weak_signatures_and_keys_are_not_verified, several_threads_use_one_certificate,
                    NULL);
}

int
main (void)
{
    return suite_run ("crypto/certificate", add_tests);
}
