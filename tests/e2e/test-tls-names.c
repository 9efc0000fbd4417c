/* SPDX-License-Identifier: MIT
 *
 * Which certificate a client gets, by the name it asks for, what is agreed on with it, and what
 * comes with the certificate. */

#include "tls-fixture.h"

#include <openssl/x509v3.h>
#include <time.h>

static void
start_with_names (void)
{
    static const struct {
        const char *name, *names;
    } all[] = {
        { "exact", "DNS:www.example.org,DNS:a.Other.example" },
        { "wild", "DNS:*.example.org" },
        { "later", "DNS:www.example.org,DNS:mail.example.org" },
    };

    set_up ();
    use_certificate ("first");
    for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
        tls_authority_sign (&authority, &tree, all[i].name,
                            &(TlsWish){ .subject = all[i].name, .names = all[i].names });
        use_certificate (all[i].name);
    }
    /* One that lists no names is for its common name. */
    tls_authority_sign (&authority, &tree, "bare", &(TlsWish){ .subject = "Bare.example" });
    use_certificate ("bare");
    start ();
}

static const struct {
    const char *asked, *server;
} names[] = {
    { NULL, "first" },
    { "localhost", "first" },
    { "unknown.example", "first" },
    { "www.example.org", "exact" }, /* the first that has it */
    { "WWW.EXAMPLE.ORG", "exact" },
    { "a.other.example", "exact" },
    { "mail.example.org", "later" }, /* exactly, before any wildcard */
    { "ftp.example.org", "wild" },
    { "FTP.Example.org", "wild" },
    { "a.b.example.org", "first" }, /* a wildcard is one label */
    { "example.org", "first" },
    { "bare.example", "Bare.example" },
};

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

START_TEST (client_gets_the_certificate_of_the_name_it_asks_for)
{
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        TlsWishes wishes = { .name = names[i].asked, .version = versions[_i] };
        g_autoptr (RawClient) client = tls_client_new (server.address, &wishes);
        g_autofree char *given = tls_client_dup_server (client);

        ck_assert_str_eq (given, names[i].server);
        raw_client_expect (client, GET ("/scheme"), 200, "https");
    }
}
END_TEST

/* With all that stands between it and its root. */
START_TEST (certificate_stands_the_clients_check)
{
    static const char *const asked[] = { "localhost", "www.example.org", "ftp.example.org" };

    for (guint i = 0; i < G_N_ELEMENTS (asked); i++) {
        TlsWishes wishes = { .name = asked[i],
                             .version = versions[_i],
                             .authority = authority_path };
        g_autoptr (RawClient) client = tls_client_new (server.address, &wishes);

        ck_assert_int_eq (SSL_get_verify_result (tls_client_get (client)), X509_V_OK);
    }
}
END_TEST

START_TEST (handlers_see_what_was_agreed_on)
{
    expect_tls (&(TlsWishes){ .version = TLS1_2_VERSION }, "TLSv1.2 - - new -");
    expect_tls (&(TlsWishes){ .version = TLS1_3_VERSION }, "TLSv1.3 - - new -");
    expect_tls (&(TlsWishes){ .name = "localhost", .protocols = "\x08http/1.1" },
                "TLSv1.3 http/1.1 localhost new -");
    expect_tls (&(TlsWishes){ .name = "unknown.example", .protocols = "\x02h2\x08http/1.1" },
                "TLSv1.3 http/1.1 unknown.example new -");
}
END_TEST

START_TEST (client_that_speaks_nothing_known_is_told_so)
{
    static const char *const offers[] = { "\x02h2", "\x08http/1.0", "\x02h3\x06spdy/3" };

    for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
        expect_refusal (&(TlsWishes){ .protocols = offers[i], .version = versions[_i] },
                        SSL_AD_NO_APPLICATION_PROTOCOL);
}
END_TEST

START_TEST (old_versions_and_weak_ciphers_are_refused)
{
    static const char *const weak[] = { "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA",
                                        "ECDHE-ECDSA-AES128-SHA256", "aNULL:@SECLEVEL=0",
                                        "DHE-RSA-AES128-GCM-SHA256" };

    expect_refusal (&(TlsWishes){ .version = TLS1_VERSION }, SSL_AD_PROTOCOL_VERSION);
    expect_refusal (&(TlsWishes){ .version = TLS1_1_VERSION }, SSL_AD_PROTOCOL_VERSION);
    for (guint i = 0; i < G_N_ELEMENTS (weak); i++)
        expect_refusal (&(TlsWishes){ .version = TLS1_2_VERSION, .ciphers = weak[i] },
                        SSL_AD_HANDSHAKE_FAILURE);
}
END_TEST

START_TEST (oldest_version_is_that_of_the_settings)
{
    set_up ();
    use_certificate ("first");
    h3_tls_settings_set_minimum (settings, H3_TLS_1_3);
    start ();
    expect_refusal (&(TlsWishes){ .version = TLS1_2_VERSION }, SSL_AD_PROTOCOL_VERSION);
    expect_tls (&(TlsWishes){ .version = TLS1_3_VERSION }, "TLSv1.3 - - new -");
    tear_down ();
}
END_TEST

/* Both kinds of keys, and one file for both. */
START_TEST (rsa_keys_serve_too_and_may_stand_behind_the_certificate)
{
    g_autofree char *certificate = NULL, *key = NULL, *both = NULL, *text = NULL, *more = NULL;

    set_up ();
    tls_authority_sign (&authority, &tree, "rsa", &(TlsWish){ .has_rsa_key = TRUE });
    certificate = file_tree_path (&tree, "rsa.pem");
    key = file_tree_path (&tree, "rsa.key");
    ck_assert (g_file_get_contents (certificate, &text, NULL, NULL));
    ck_assert (g_file_get_contents (key, &more, NULL, NULL));
    both = g_strconcat (text, more, NULL);
    file_tree_write (&tree, "both.pem", both);
    g_free (certificate);
    certificate = file_tree_path (&tree, "both.pem");
    h3_tls_settings_add_certificate (settings, certificate, NULL);
    start ();
    expect_tls (&(TlsWishes){ .version = TLS1_2_VERSION }, "TLSv1.2 - - new -");
    expect_tls (&(TlsWishes){ .version = TLS1_3_VERSION }, "TLSv1.3 - - new -");
    tear_down ();
}
END_TEST

/* The same at each reload, and for whom it was wished. */
START_TEST (certificate_may_be_made_at_the_start)
{
    const char *hosts[] = { "made.example", "127.0.0.1", NULL };
    g_autoptr (RawClient) before = NULL, after = NULL;

    set_up ();
    ck_assert (h3_tls_settings_add_self_signed (settings, hosts, NULL));
    start ();
    before = tls_client_new (server.address, &(TlsWishes){ .version = versions[_i] });
    h3_server_reload (h3_app_get_server (server.app));
    after = tls_client_new (server.address, &(TlsWishes){ .version = versions[_i] });
    ck_assert_int_eq (X509_cmp (SSL_get0_peer_certificate (tls_client_get (before)),
                                SSL_get0_peer_certificate (tls_client_get (after))),
                      0);
    ck_assert_int_eq (X509_check_host (SSL_get0_peer_certificate (tls_client_get (after)),
                                       "made.example", 0, 0, NULL),
                      1);
    raw_client_expect (after, GET ("/scheme"), 200, "https");
    g_clear_pointer (&before, raw_client_free);
    g_clear_pointer (&after, raw_client_free);
    tear_down ();
}
END_TEST

static gsize
ask_for_ocsp (const char *name, int version)
{
    TlsWishes wishes = { .name = name, .version = version, .asks_for_ocsp = TRUE };
    g_autoptr (RawClient) client = tls_client_new (server.address, &wishes);
    const unsigned char *answer = NULL;
    long length = SSL_get_tlsext_status_ocsp_resp (tls_client_get (client), &answer);

    return length > 0 ? (gsize) length : 0;
}

/* Of two certificates one has it. */
START_TEST (ocsp_answer_comes_with_its_certificate_until_it_is_out_of_date)
{
    g_autofree char *path = NULL, *expected = NULL;
    gsize length;

    set_up ();
    use_certificate ("first");
    tls_authority_sign (&authority, &tree, "second", &(TlsWish){ .names = "DNS:second.example" });
    /* By the server's clock, which another test may have driven. */
    clock_take_control ();
    tls_authority_answer (&authority, &tree, "second", FALSE,
                          (long) (clock_get_real_seconds () - time (NULL)) + 3600);
    path = file_tree_path (&tree, "second.ocsp");
    ck_assert (g_file_get_contents (path, &expected, &length, NULL));
    use_certificate ("second");
    h3_tls_settings_set_ocsp (settings, path);
    start ();
    ck_assert_uint_eq (ask_for_ocsp ("second.example", versions[_i]), length);
    ck_assert_uint_eq (ask_for_ocsp ("localhost", versions[_i]), 0);
    clock_drive (3600 * 1000);
    ck_assert_uint_eq (ask_for_ocsp ("second.example", versions[_i]), 0);
    tear_down ();
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tests = tcase_create ("names");
    TCase *settings_tests = tcase_create ("settings");

    tcase_add_checked_fixture (tests, start_with_names, tear_down);
    tcase_set_timeout (tests, 120);
    tcase_set_timeout (settings_tests, 120);
    tcase_add_loop_test (tests, client_gets_the_certificate_of_the_name_it_asks_for, 0,
                         G_N_ELEMENTS (versions));
    tcase_add_loop_test (tests, certificate_stands_the_clients_check, 0, G_N_ELEMENTS (versions));
    tcase_add_test (tests, handlers_see_what_was_agreed_on);
    tcase_add_loop_test (tests, client_that_speaks_nothing_known_is_told_so, 0,
                         G_N_ELEMENTS (versions));
    tcase_add_test (tests, old_versions_and_weak_ciphers_are_refused);
    suite_add_tcase (suite, tests);
    tcase_add_test (settings_tests, oldest_version_is_that_of_the_settings);
    tcase_add_test (settings_tests, rsa_keys_serve_too_and_may_stand_behind_the_certificate);
    tcase_add_loop_test (settings_tests,
                         ocsp_answer_comes_with_its_certificate_until_it_is_out_of_date, 0,
                         G_N_ELEMENTS (versions));
    tcase_add_loop_test (settings_tests, certificate_may_be_made_at_the_start, 0,
                         G_N_ELEMENTS (versions));
    suite_add_tcase (suite, settings_tests);
}

int
main (void)
{
    return suite_run ("e2e/tls-names", add_tests);
}
