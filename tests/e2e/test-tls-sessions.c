/* SPDX-License-Identifier: MIT
 *
 * Sessions that are resumed, and certificates that are read anew while others talk. */

#include "tls-fixture.h"

#include <string.h>

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
static const char *const shown_new[] = { "TLSv1.2 - - new -", "TLSv1.3 - - new -" };
static const char *const shown_resumed[] = { "TLSv1.2 - - resumed -", "TLSv1.3 - - resumed -" };

/* (transfer full): of a whole handshake, or a resumed one. */
static SSL_SESSION *
get_session (const TlsWishes *wishes, const char *shown)
{
    g_autoptr (RawClient) client = tls_client_new (server.address, wishes);

    raw_client_expect (client, GET ("/tls"), 200, shown);
    return tls_client_dup_session (client);
}

static void
reload (void)
{
    h3_server_reload (h3_app_get_server (server.app));
}

/* Whichever worker a client comes to. */
START_TEST (all_workers_resume_a_session)
{
    TlsWishes wishes = { .version = versions[_i] };

    set_up ();
    use_certificate ("first");
    h3_server_set_workers (h3_app_get_server (server.app), 4);
    start ();
    wishes.session = get_session (&wishes, shown_new[_i]);
    for (guint i = 0; i < 16; i++) {
        SSL_SESSION *next = get_session (&wishes, shown_resumed[_i]);

        SSL_SESSION_free (wishes.session);
        wishes.session = next;
    }
    SSL_SESSION_free (wishes.session);
    tear_down ();
}
END_TEST

START_TEST (session_outlives_a_reload)
{
    TlsWishes wishes = { .version = versions[_i] };

    wishes.session = get_session (&wishes, shown_new[_i]);
    reload ();
    expect_tls (&wishes, shown_resumed[_i]);
    SSL_SESSION_free (wishes.session);
}
END_TEST

/* Keys are replaced: what the oldest has made is not taken any more, and who comes in between gets
 * a ticket of the newest. */
START_TEST (tickets_grow_old)
{
    TlsWishes wishes = { .version = versions[_i] };
    SSL_SESSION *first, *second;

    clock_take_control ();
    first = wishes.session = get_session (&wishes, shown_new[_i]);
    clock_drive (2 * 3600 * 1000);
    second = get_session (&wishes, shown_resumed[_i]);
    clock_drive (2 * 3600 * 1000);
    expect_tls (&wishes, shown_new[_i]);
    wishes.session = second;
    expect_tls (&wishes, shown_resumed[_i]);
    SSL_SESSION_free (first);
    SSL_SESSION_free (second);
}
END_TEST

/* A session that other authorities have let in is none any more. */
START_TEST (session_ends_with_its_authorities)
{
    TlsWishes wishes = { .version = versions[_i] };
    TlsAuthority other;

    set_up ();
    use_certificate ("first");
    h3_tls_settings_set_clients (settings, H3_TLS_CLIENTS_ASKED, authority_path);
    start ();
    wishes.session = get_session (&wishes, shown_new[_i]);
    expect_tls (&wishes, shown_resumed[_i]);
    tls_authority_init (&other, "Somebody else");
    tls_authority_write (&other, &tree, "authority.pem");
    tls_authority_clear (&other);
    reload ();
    expect_tls (&wishes, shown_new[_i]);
    SSL_SESSION_free (wishes.session);
    tear_down ();
}
END_TEST

static void
expect_server (const char *subject)
{
    g_autoptr (RawClient) client = tls_client_new (server.address, NULL);
    g_autofree char *given = tls_client_dup_server (client);

    ck_assert_str_eq (given, subject);
    raw_client_expect (client, GET ("/scheme"), 200, "https");
}

/* Three that are there: one that has asked, one that has not, one whose handshake is under way. */
START_TEST (reload_changes_the_certificate_and_drops_nobody)
{
    g_autoptr (RawClient) asked = tls_client_new (server.address, NULL);
    g_autoptr (RawClient) silent = tls_client_new (server.address, NULL);

    raw_client_expect (asked, GET ("/scheme"), 200, "https");
    for (guint i = 0; i < 3; i++) {
        g_autofree char *subject = g_strdup_printf ("renewed %u", i);

        tls_authority_sign (&authority, &tree, "first", &(TlsWish){ .subject = subject });
        reload ();
        expect_server (subject);
        raw_client_expect (asked, GET ("/scheme"), 200, "https");
    }
    raw_client_expect (silent, GET ("/scheme"), 200, "https");
}
END_TEST

static GString *logged;

/* What workers say meanwhile is not for who reloads. */
static void
note_message (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
    if ((level & G_LOG_LEVEL_MASK) == G_LOG_LEVEL_MESSAGE)
        g_string_append (logged, message);
}

static void
reload_and_expect_log (const char *part)
{
    GLogFunc before;

    logged = g_string_new (NULL);
    before = g_log_set_default_handler (note_message, NULL);
    reload ();
    (void) g_log_set_default_handler (before, NULL);
    ck_assert_msg (strstr (logged->str, part) != NULL, "logged: %s", logged->str);
    g_string_free (logged, TRUE);
}

/* It names the file; the next that is right is taken. */
START_TEST (certificate_stays_where_the_new_one_cannot_be_used)
{
    g_autoptr (RawClient) client = tls_client_new (server.address, NULL);

    file_tree_write (&tree, "first.pem", "junk");
    reload_and_expect_log ("there is no certificate in ");
    expect_server ("first");
    tls_authority_sign (&authority, &tree, "first",
                        &(TlsWish){ .subject = "old", .begin = -7200, .end = -3600 });
    reload_and_expect_log ("/first.pem expired at ");
    expect_server ("first");
    raw_client_expect (client, GET ("/scheme"), 200, "https");
    tls_authority_sign (&authority, &tree, "first", &(TlsWish){ .subject = "right" });
    reload ();
    expect_server ("right");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *own = tcase_create ("own");
    TCase *tests = tcase_create ("sessions");

    tcase_set_timeout (own, 120);
    tcase_add_loop_test (own, all_workers_resume_a_session, 0, G_N_ELEMENTS (versions));
    tcase_add_loop_test (own, session_ends_with_its_authorities, 0, G_N_ELEMENTS (versions));
    suite_add_tcase (suite, own);
    tcase_set_timeout (tests, 120);
    tcase_add_checked_fixture (tests, set_up_and_start, tear_down);
    tcase_add_loop_test (tests, session_outlives_a_reload, 0, G_N_ELEMENTS (versions));
    tcase_add_loop_test (tests, tickets_grow_old, 0, G_N_ELEMENTS (versions));
    tcase_add_test (tests, reload_changes_the_certificate_and_drops_nobody);
    tcase_add_test (tests, certificate_stays_where_the_new_one_cannot_be_used);
    suite_add_tcase (suite, tests);
}

int
main (void)
{
    return suite_run ("e2e/tls-sessions", add_tests);
}
