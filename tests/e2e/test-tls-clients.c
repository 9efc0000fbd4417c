/* SPDX-License-Identifier: MIT
 *
 * Certificates of clients: who may come, and what a handler hears of who it is. */

#include "tls-fixture.h"

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

/* Wishes of a client whose certificate is NAME.pem. */
static TlsWishes
come_as (const char *name, int version)
{
    static char *certificate, *key; /* until the next */
    g_autofree char *certificate_name = g_strconcat (name, ".pem", NULL);
    g_autofree char *key_name = g_strconcat (name, ".key", NULL);

    g_free (certificate);
    g_free (key);
    certificate = file_tree_path (&tree, certificate_name);
    key = file_tree_path (&tree, key_name);
    return (TlsWishes){ .version = version, .certificate = certificate, .key = key };
}

static void
start_asking (H3TlsClients clients)
{
    TlsAuthority other;

    set_up ();
    use_certificate ("first");
    h3_tls_settings_set_clients (settings, clients, authority_path);
    tls_authority_sign (&authority, &tree, "ada", &(TlsWish){ .subject = "Ada, O=Éire" });
    tls_authority_sign (&authority, &tree, "late", &(TlsWish){ .begin = -7200, .end = -3600 });
    tls_authority_init (&other, "Somebody else");
    tls_authority_sign (&other, &tree, "stranger", NULL);
    tls_authority_clear (&other);
    start ();
}

START_TEST (who_has_no_good_certificate_may_not_come)
{
    TlsWishes wishes;

    start_asking (H3_TLS_CLIENTS_KNOWN);
    expect_refusal (&(TlsWishes){ .version = versions[_i] }, versions[_i] == TLS1_3_VERSION
                                                                 ? SSL_AD_CERTIFICATE_REQUIRED
                                                                 : SSL_AD_HANDSHAKE_FAILURE);
    wishes = come_as ("stranger", versions[_i]);
    expect_refusal (&wishes, SSL_AD_UNKNOWN_CA);
    wishes = come_as ("late", versions[_i]);
    expect_refusal (&wishes, SSL_AD_CERTIFICATE_EXPIRED);
    wishes = come_as ("ada", versions[_i]);
    expect_tls (&wishes, versions[_i] == TLS1_3_VERSION ? "TLSv1.3 - - new CN=Ada\\, O=Éire"
                                                        : "TLSv1.2 - - new CN=Ada\\, O=Éire");
    tear_down ();
}
END_TEST

START_TEST (who_is_asked_may_come_without_one)
{
    TlsWishes wishes;

    start_asking (H3_TLS_CLIENTS_ASKED);
    expect_tls (&(TlsWishes){ .version = TLS1_3_VERSION }, "TLSv1.3 - - new -");
    wishes = come_as ("stranger", TLS1_3_VERSION);
    expect_refusal (&wishes, SSL_AD_UNKNOWN_CA);
    wishes = come_as ("ada", TLS1_3_VERSION);
    expect_tls (&wishes, "TLSv1.3 - - new CN=Ada\\, O=Éire");
    tear_down ();
}
END_TEST

/* A certificate that nobody checked says nothing. */
START_TEST (nobody_is_asked_without_being_told_to)
{
    TlsWishes wishes;

    start_asking (H3_TLS_CLIENTS_ANY);
    wishes = come_as ("stranger", TLS1_3_VERSION);
    expect_tls (&wishes, "TLSv1.3 - - new -");
    wishes = come_as ("ada", TLS1_2_VERSION);
    expect_tls (&wishes, "TLSv1.2 - - new -");
    tear_down ();
}
END_TEST

/* A resumed session has shown it before; it is the same client. */
START_TEST (client_is_known_by_its_session_too)
{
    TlsWishes wishes;
    g_autoptr (RawClient) client = NULL;

    start_asking (H3_TLS_CLIENTS_KNOWN);
    wishes = come_as ("ada", versions[_i]);
    client = tls_client_new (server.address, &wishes);
    raw_client_expect (client, GET ("/scheme"), 200, "https");
    wishes.session = tls_client_dup_session (client);
    expect_tls (&wishes, versions[_i] == TLS1_3_VERSION ? "TLSv1.3 - - resumed CN=Ada\\, O=Éire"
                                                        : "TLSv1.2 - - resumed CN=Ada\\, O=Éire");
    SSL_SESSION_free (wishes.session);
    g_clear_pointer (&client, raw_client_free);
    tear_down ();
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tests = tcase_create ("clients");

    tcase_set_timeout (tests, 120);
    tcase_add_loop_test (tests, who_has_no_good_certificate_may_not_come, 0,
                         G_N_ELEMENTS (versions));
    tcase_add_test (tests, who_is_asked_may_come_without_one);
    tcase_add_test (tests, nobody_is_asked_without_being_told_to);
    tcase_add_loop_test (tests, client_is_known_by_its_session_too, 0, G_N_ELEMENTS (versions));
    suite_add_tcase (suite, tests);
}

int
main (void)
{
    return suite_run ("e2e/tls-clients", add_tests);
}
