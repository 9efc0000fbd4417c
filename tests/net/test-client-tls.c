/* SPDX-License-Identifier: MIT
 *
 * Whom a client believes to be the server it means, and what it says where it does not. */

#define _GNU_SOURCE /* accept4 */

#include "client-tls-fixture.h"

#include "h3/crypto/certificate.h"
#include "h3/crypto/key-text.h"

START_TEST (server_of_that_name_is_believed)
{
    use_good_certificate ();
    server_version = versions[_i];
    shake (HOST);
    assert_talks ();
    ck_assert_int_eq (SSL_version (server), versions[_i]);
    ck_assert_str_eq (SSL_get_servername (server, TLSEXT_NAMETYPE_host_name), HOST);
}
END_TEST

START_TEST (dot_that_ends_a_name_is_not_asked_for)
{
    use_good_certificate ();
    shake (HOST ".");
    assert_talks ();
    ck_assert_str_eq (SSL_get_servername (server, TLSEXT_NAMETYPE_host_name), HOST);
}
END_TEST

static const char *const addresses[] = { "192.0.2.1", "2001:db8::1" };

START_TEST (address_has_to_be_certified_and_is_no_name)
{
    sign_and_use (&(TlsWish){ .names = "IP:192.0.2.1,IP:2001:db8::1" });
    shake (addresses[_i]);
    assert_talks ();
    ck_assert_ptr_null (SSL_get_servername (server, TLSEXT_NAMETYPE_host_name));
}
END_TEST

START_TEST (address_that_is_certified_as_a_name_is_refused)
{
    sign_and_use (&(TlsWish){ .names = "DNS:192.0.2.1,IP:192.0.2.2" });
    shake ("192.0.2.1");
    assert_refused ("192.0.2.1", "its certificate is for 192.0.2.1, 192.0.2.2, not for 192.0.2.1");
}
END_TEST

START_TEST (star_is_one_whole_label)
{
    sign_and_use (&(TlsWish){ .names = "DNS:*.wild.example" });
    shake ("a.wild.example");
    assert_talks ();
}
END_TEST

static const char *const wild[] = { "wild.example", "a.b.wild.example", "api.partial.example" };

START_TEST (star_is_nothing_else)
{
    g_autofree char *text = g_strdup_printf (
        "its certificate is for *.wild.example, a*.partial.example, not for %s", wild[_i]);

    sign_and_use (&(TlsWish){ .names = "DNS:*.wild.example,DNS:a*.partial.example" });
    shake (wild[_i]);
    assert_refused (wild[_i], text);
}
END_TEST

START_TEST (other_host_is_told_by_its_names)
{
    sign_and_use (&(TlsWish){ .names = "DNS:a.example,DNS:b.example,DNS:c.example,DNS:d.example,"
                                       "IP:192.0.2.1" });
    shake (HOST);
    assert_refused (HOST, "its certificate is for a.example, b.example, c.example and 2 others, "
                          "not for " HOST);
}
END_TEST

START_TEST (common_name_is_no_name_of_a_host)
{
    sign_and_use (&(TlsWish){ .subject = HOST });
    shake (HOST);
    assert_refused (HOST, "its certificate is for no host by name, not for " HOST);
}
END_TEST

/* So that nobody is shown what a certificate has but is no name. */
START_TEST (names_are_told_in_part)
{
    g_autofree char *label = g_strnfill (60, 'a');
    g_autofree char *names = g_strdup_printf ("DNS:%s.%s.%s.example", label, label, label);
    g_autoptr (GError) error = NULL;

    sign_and_use (&(TlsWish){ .names = names });
    shake (HOST);
    ck_assert_int_eq (handshake, TLS_HANDSHAKE_FAILED);
    transport_set_tls_error (transport, HOST, &error);
    ck_assert_uint_lt (strlen (error->message), 250);
    ck_assert_ptr_nonnull (strstr (error->message, "aaa…, not for " HOST));
}
END_TEST

/* (transfer full): the time of so many seconds from a moment ago. */
static char *
dup_time (gint64 moment, long seconds)
{
    g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (moment + seconds);

    return g_date_time_format (date, "%F %T UTC");
}

static void
assert_time_told (const char *before_time, const char *behind_time, gint64 moment, long seconds)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *one = dup_time (moment, seconds), *two = dup_time (moment + 1, seconds);
    g_autofree char *first = g_strconcat (before_time, one, behind_time, NULL);
    g_autofree char *second = g_strconcat (before_time, two, behind_time, NULL);

    ck_assert_int_eq (handshake, TLS_HANDSHAKE_FAILED);
    transport_set_tls_error (transport, HOST, &error);
    if (!g_str_has_suffix (error->message, first) && !g_str_has_suffix (error->message, second))
        ck_abort_msg ("%s", error->message);
}

/* The moment of signing, or a second before it: certificates are no finer. */
static gint64
sign_at (long begin, long end)
{
    gint64 now;

    do {
        now = g_get_real_time () / G_USEC_PER_SEC;
        tls_authority_sign (&authority, &tree, "server",
                            &(TlsWish){ .names = "DNS:" HOST, .begin = begin, .end = end });
    } while (g_get_real_time () / G_USEC_PER_SEC > now + 1);
    use_certificate ("server");
    return now;
}

START_TEST (expired_certificate_is_told_with_its_date)
{
    gint64 now = sign_at (-7200, -3600);

    shake (HOST);
    assert_time_told ("its certificate expired at ", "", now, -3600);
}
END_TEST

START_TEST (certificate_of_tomorrow_is_told_with_its_date)
{
    gint64 now = sign_at (7200, 86400);

    shake (HOST);
    assert_time_told ("its certificate is valid from ", " on: is this machine's clock right?", now,
                      7200);
}
END_TEST

START_TEST (unknown_authority_is_told_by_name)
{
    TlsAuthority other;

    tls_authority_init (&other, "Another authority");
    tls_authority_sign (&other, &tree, "other", &(TlsWish){ .names = "DNS:" HOST });
    use_certificate ("other");
    shake (HOST);
    assert_refused (HOST, "the certificate of CN=Another authority, which vouches for it, is "
                          "signed by CN=Another authority, an authority that is not trusted here");
    tls_authority_clear (&other);
}
END_TEST

/* Of a server that does not send the certificates between its own and a root. */
START_TEST (chain_with_a_hole_is_told)
{
    g_autofree char *path = file_tree_path (&tree, "alone.pem");
    g_autofree char *whole = file_tree_path (&tree, "other.pem");
    g_autofree char *text = NULL;
    TlsAuthority other;
    char *end;

    tls_authority_init (&other, "Between");
    tls_authority_sign (&other, &tree, "other", &(TlsWish){ .names = "DNS:" HOST });
    use_certificate ("other");
    ck_assert (g_file_get_contents (whole, &text, NULL, NULL));
    end = strstr (text, "-----END CERTIFICATE-----\n") + strlen ("-----END CERTIFICATE-----\n");
    *end = '\0';
    ck_assert (g_file_set_contents (path, text, -1, NULL));
    ck_assert_int_eq (SSL_CTX_use_certificate_chain_file (server_context, path), 1);
    shake (HOST);
    assert_refused (HOST, "its certificate is signed by CN=Between, an authority that is not "
                          "trusted here, and the server sends no certificate that leads to one "
                          "who is");
    tls_authority_clear (&other);
}
END_TEST

/* Signed by its own key, in NAME.pem and NAME.key. */
static void
make_self_signed (void)
{
    const char *names[] = { HOST, NULL };
    g_autoptr (H3Key) key = h3_key_generate (H3_KEY_P256, 0, NULL);
    g_autoptr (H3Certificate) certificate = h3_certificate_new_self_signed (key, names, 1, NULL);
    g_autofree char *pem = h3_certificate_to_pem (certificate);
    g_autofree char *secret = h3_key_to_private_pem (key, NULL, NULL);

    file_tree_write (&tree, "self.pem", pem);
    file_tree_write (&tree, "self.key", secret);
    use_certificate ("self");
}

START_TEST (self_signed_certificate_is_refused)
{
    make_self_signed ();
    shake (HOST);
    assert_refused (HOST, "its certificate is self-signed: nobody trusted here vouches for it");
}
END_TEST

START_TEST (self_signed_certificate_that_is_known_is_believed)
{
    g_autofree char *path = file_tree_path (&tree, "self.pem");

    make_self_signed ();
    h3_client_tls_set_authorities (settings, path);
    shake (HOST);
    assert_talks ();
}
END_TEST

/* The system's authorities know nothing of the test's. */
START_TEST (authorities_of_the_system_are_asked_where_none_are_set)
{
    h3_client_tls_set_authorities (settings, NULL);
    use_good_certificate ();
    shake (HOST);
    assert_refused (HOST, "the certificate of CN=Test authority, which vouches for it, is signed "
                          "by CN=Test authority, an authority that is not trusted here");
}
END_TEST

/* As the variable of OpenSSL says where they are, and in both forms they may have. */
START_TEST (authorities_of_the_system_are_believed)
{
    g_autofree char *path = file_tree_path (&tree, "authority.pem");
    g_autofree char *name =
        g_strdup_printf ("system/%08lx.0", X509_subject_name_hash (authority.certificate));
    g_autofree char *folder = file_tree_path (&tree, "system");
    g_autofree char *text = NULL;

    h3_client_tls_set_authorities (settings, NULL);
    if (_i == 0) {
        g_setenv ("SSL_CERT_FILE", path, TRUE);
    } else {
        g_setenv ("SSL_CERT_DIR", folder, TRUE);
        ck_assert (g_file_get_contents (path, &text, NULL, NULL));
        file_tree_write (&tree, name, text);
    }
    use_good_certificate ();
    shake (HOST);
    g_unsetenv ("SSL_CERT_FILE");
    g_unsetenv ("SSL_CERT_DIR");
    assert_talks ();
}
END_TEST

START_TEST (unverified_believes_anybody)
{
    h3_client_tls_set_unverified (settings, TRUE);
    make_self_signed ();
    shake ("another.example");
    assert_talks ();
    ck_assert_str_eq (SSL_get_servername (server, TLSEXT_NAMETYPE_host_name), "another.example");
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("believing");

    tcase_add_checked_fixture (tcase, set_up_client, tear_down_client);
    tcase_add_loop_test (tcase, server_of_that_name_is_believed, 0, 2);
    tcase_add_test (tcase, dot_that_ends_a_name_is_not_asked_for);
    tcase_add_loop_test (tcase, address_has_to_be_certified_and_is_no_name, 0, 2);
    tcase_add_test (tcase, address_that_is_certified_as_a_name_is_refused);
    tcase_add_test (tcase, star_is_one_whole_label);
    tcase_add_loop_test (tcase, star_is_nothing_else, 0, G_N_ELEMENTS (wild));
    tcase_add_test (tcase, other_host_is_told_by_its_names);
    tcase_add_test (tcase, common_name_is_no_name_of_a_host);
    tcase_add_test (tcase, names_are_told_in_part);
    tcase_add_test (tcase, expired_certificate_is_told_with_its_date);
    tcase_add_test (tcase, certificate_of_tomorrow_is_told_with_its_date);
    tcase_add_test (tcase, unknown_authority_is_told_by_name);
    tcase_add_test (tcase, chain_with_a_hole_is_told);
    tcase_add_test (tcase, self_signed_certificate_is_refused);
    tcase_add_test (tcase, self_signed_certificate_that_is_known_is_believed);
    tcase_add_test (tcase, authorities_of_the_system_are_asked_where_none_are_set);
    tcase_add_loop_test (tcase, authorities_of_the_system_are_believed, 0, 2);
    tcase_add_test (tcase, unverified_believes_anybody);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("net/client-tls", add_cases);
}
