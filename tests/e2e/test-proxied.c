/* SPDX-License-Identifier: MIT
 *
 * The PROXY protocol before the first request: whose word counts, and for what. */

#include "tests/support/latch.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"
#include "h3/loop/clock.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define TOLD      "PROXY TCP4 192.0.2.7 198.51.100.1 40000 443\r\n"
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define TOLD_2    SIGNATURE "\x21\x11\0\x0c\xc0\0\2\x07\xc6\x33\x64\x01\x9c\x40\x01\xbb"
#define TOLD_SECURE                                                                                \
    SIGNATURE "\x21\x11\0\x14\xc0\0\2\x07\xc6\x33\x64\x01\x9c\x40\x01\xbb"                         \
              "\x20\0\x05\x01\0\0\0\0"
#define LOCAL     SIGNATURE "\x20\0\0\0"
#define UNKNOWN   "PROXY UNKNOWN\r\n"
#define TOLD_IPV6 "PROXY TCP6 2001:db8::7 ::1 40000 443\r\n"

static TestServer server;

static void
show_client (H3Event *event, gpointer user_data)
{
    g_autofree char *text =
        g_strdup_printf ("%s %s", h3_event_get_scheme (event), h3_event_get_client_address (event));

    h3_event_send_text (event, text);
}

/* On a port of its own, which only `proxies` may come to. */
static void
start (const char *proxies)
{
    g_autofree char *text = g_strconcat ("127.0.0.1:0,proxy-protocol=", proxies, NULL);
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) addresses = NULL;

    h3_app_get (server.app, "/client", show_client, NULL);
    if (!h3_app_listen (server.app, text, &error))
        ck_abort_msg ("%s", error->message);
    test_server_start (&server);
    addresses = h3_server_dup_addresses (h3_app_get_server (server.app));
    g_free (server.address);
    server.address = g_strdup (addresses[1]);
}

static void
set_limit (const char *name, gint64 value)
{
    ck_assert (h3_app_set_limit (server.app, name, value, NULL));
}

/* What the proxy sends, in one piece or in several. */
static void
expect_client (const char *header, gsize length, gsize piece, const char *shown)
{
    g_autoptr (RawClient) client = test_server_connect (&server);
    g_autoptr (GString) all = g_string_new_len (header, (gssize) length);

    g_string_append (all, GET ("/client") GET ("/client"));
    ck_assert (raw_client_send_pieces (client, all->str, all->len, piece));
    raw_client_expect_answer (client, 200, shown);
    raw_client_expect_answer (client, 200, shown);
}

static const struct {
    const char *header;
    gsize length;
    const char *shown;
} told[] = {
    { TOLD, sizeof TOLD - 1, "http 192.0.2.7" },
    { TOLD_2, sizeof TOLD_2 - 1, "http 192.0.2.7" },
    { TOLD_SECURE, sizeof TOLD_SECURE - 1, "https 192.0.2.7" },
    { TOLD_IPV6, sizeof TOLD_IPV6 - 1, "http 2001:db8::7" },
    { LOCAL, sizeof LOCAL - 1, "http 127.0.0.1" },
    { UNKNOWN, sizeof UNKNOWN - 1, "http 127.0.0.1" },
};

/* In one piece with two requests behind it, byte by byte, and cut anywhere. */
START_TEST (client_is_whom_the_proxy_tells)
{
    test_server_init (&server);
    h3_server_set_workers (h3_app_get_server (server.app), 2);
    start ("127.0.0.0/8");
    for (guint i = 0; i < G_N_ELEMENTS (told); i++) {
        expect_client (told[i].header, told[i].length, G_MAXINT32, told[i].shown);
        expect_client (told[i].header, told[i].length, 1, told[i].shown);
    }
    for (gsize cut = 1; cut < told[2].length; cut++) {
        g_autoptr (RawClient) client = test_server_connect (&server);

        ck_assert (raw_client_send_data (client, told[2].header, cut));
        ck_assert (raw_client_send_data (client, told[2].header + cut, told[2].length - cut));
        raw_client_expect (client, GET ("/client"), 200, told[2].shown);
    }
    test_server_end (&server);
}
END_TEST

/* Nothing is answered: not to a request, not to a lie. */
START_TEST (nobody_else_is_listened_to)
{
    test_server_init (&server);
    start ("10.0.0.0/8");
    for (guint i = 0; i < G_N_ELEMENTS (told); i++) {
        g_autoptr (RawClient) client = test_server_connect (&server);

        (void) raw_client_send_data (client, told[i].header, told[i].length);
        (void) raw_client_send (client, GET ("/client"));
        raw_client_expect_end (client);
    }
    test_server_end (&server);
}
END_TEST

START_TEST (proxy_without_a_header_is_closed)
{
    const char *const wrong[] = { GET ("/client"), "PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n",
                                  "PROXY TCP4 1.2.3.4\r\n", "\r\nx", "\x16\x03\x01" };

    test_server_init (&server);
    start ("127.0.0.1");
    for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
        g_autoptr (RawClient) client = test_server_connect (&server);

        (void) raw_client_send (client, wrong[i]);
        raw_client_expect_end (client);
    }
    /* In the middle of one it ends. */
    {
        g_autoptr (RawClient) client = test_server_connect (&server);

        ck_assert (raw_client_send (client, "PROXY TCP4"));
        raw_client_half_close (client);
        raw_client_expect_end (client);
    }
    test_server_end (&server);
}
END_TEST

START_TEST (header_has_a_deadline)
{
    test_server_init (&server);
    set_limit ("head-timeout", 50);
    start ("127.0.0.1");
    for (guint i = 0; i < 2; i++) {
        g_autoptr (RawClient) client = test_server_connect (&server);

        ck_assert (raw_client_send (client, i == 0 ? "" : "PROXY TCP4"));
        raw_client_expect_end (client);
    }
    test_server_end (&server);
}
END_TEST

/* Another listener of the same server takes clients as they are, and no header. */
START_TEST (other_listeners_know_no_header)
{
    g_autoptr (RawClient) client = NULL;
    g_auto (GStrv) addresses = NULL;

    test_server_init (&server);
    start ("127.0.0.1");
    addresses = h3_server_dup_addresses (h3_app_get_server (server.app));
    client = raw_client_new (addresses[0]);
    raw_client_expect (client, GET ("/client"), 200, "http 127.0.0.1");
    raw_client_expect (client, TOLD GET ("/client"), 400, NULL);
    g_clear_pointer (&client, raw_client_free);
    test_server_end (&server);
}
END_TEST

START_TEST (unix_sockets_have_proxies_too)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-e2e-XXXXXX", NULL);
    g_autofree char *local = g_strdup_printf ("unix:%s/socket", folder);
    g_autofree char *text = g_strconcat (local, ",proxy-protocol=unix", NULL);
    g_autofree char *other = g_strdup_printf ("unix:%s/other", folder);
    g_autofree char *other_text = g_strconcat (other, ",mode=0600,proxy-protocol=127.0.0.1", NULL);
    RawClient *client;

    test_server_init (&server);
    h3_server_set_workers (h3_app_get_server (server.app), 3);
    ck_assert (h3_app_listen (server.app, text, NULL));
    ck_assert (h3_app_listen (server.app, other_text, NULL));
    start ("127.0.0.1");
    for (guint i = 0; i < 6; i++) {
        client = raw_client_new (local);
        raw_client_expect (client, TOLD GET ("/client"), 200, "http 192.0.2.7");
        raw_client_free (client);
    }
    client = raw_client_new (other);
    (void) raw_client_send (client, TOLD GET ("/client"));
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

/* Its own address has a share, not the proxy's, through which all come. */
START_TEST (share_of_an_address_is_the_client_s)
{
    RawClient *one, *other, *more;

    test_server_init (&server);
    set_limit ("max-connections-per-address", 1);
    start ("127.0.0.1");
    one = test_server_connect (&server);
    raw_client_expect (one, TOLD GET ("/client"), 200, "http 192.0.2.7");
    other = test_server_connect (&server);
    raw_client_expect (other, TOLD_IPV6 GET ("/client"), 200, "http 2001:db8::7");
    more = test_server_connect (&server);
    ck_assert (raw_client_send (more, TOLD));
    raw_client_expect_answer (more, 503, NULL);
    raw_client_expect_end (more);
    raw_client_free (more);
    raw_client_expect (one, "GET /client HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200,
                       "http 192.0.2.7");
    raw_client_expect_end (one);
    raw_client_free (one);
    more = test_server_connect (&server);
    raw_client_expect (more, TOLD GET ("/client"), 200, "http 192.0.2.7");
    raw_client_free (more);
    raw_client_free (other);
    test_server_end (&server);
}
END_TEST

/* Fields are believed of a proxy that stands before the one that speaks the protocol. */
START_TEST (fields_are_believed_of_whom_the_header_tells)
{
    g_autoptr (RawClient) client = NULL;

    test_server_init (&server);
    ck_assert (h3_app_trust_proxy (server.app, "192.0.2.7", NULL));
    start ("127.0.0.1");
    client = test_server_connect (&server);
    raw_client_expect (client,
                       TOLD "GET /client HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n"
                            "X-Forwarded-Proto: https\r\n\r\n",
                       200, "https 203.0.113.9");
    raw_client_free (client);
    client = test_server_connect (&server);
    raw_client_expect (client,
                       UNKNOWN "GET /client HTTP/1.1\r\nHost: a\r\n"
                               "X-Forwarded-For: 203.0.113.9\r\n\r\n",
                       200, "http 127.0.0.1");
    g_clear_pointer (&client, raw_client_free);
    test_server_end (&server);
}
END_TEST

/* Who says nothing is no reason to turn away who does. */
START_TEST (silent_proxy_makes_room)
{
    g_autoptr (RawClient) silent = NULL;
    guint status = 0;

    clock_take_control ();
    test_server_init (&server);
    set_limit ("max-connections", 1);
    start ("127.0.0.1");
    silent = test_server_connect (&server);
    for (guint i = 0; i < 10 && status != 200; i++) {
        g_autoptr (RawClient) client = test_server_connect (&server);
        g_autoptr (RawAnswer) answer = NULL;

        (void) raw_client_send (client, TOLD GET ("/client"));
        answer = raw_client_read (client, FALSE);
        status = answer != NULL ? answer->status : 0;
        clock_drive (300);
    }
    ck_assert_uint_eq (status, 200);
    raw_client_expect_end (silent);
    g_clear_pointer (&silent, raw_client_free);
    test_server_end (&server);
}
END_TEST

START_TEST (silent_proxy_does_not_hold_up_the_end)
{
    g_autoptr (RawClient) silent = NULL;
    g_autoptr (RawClient) half = NULL;
    g_autoptr (RawClient) served = NULL;

    test_server_init (&server);
    set_limit ("drain-timeout", 0);
    start ("127.0.0.1");
    silent = test_server_connect (&server);
    half = test_server_connect (&server);
    ck_assert (raw_client_send (half, "PROXY "));
    served = test_server_connect (&server);
    raw_client_expect (served, TOLD GET ("/client"), 200, "http 192.0.2.7");
    h3_app_stop (server.app);
    raw_client_expect_end (silent);
    raw_client_expect_end (half);
    raw_client_expect_end (served);
    g_clear_pointer (&silent, raw_client_free);
    g_clear_pointer (&half, raw_client_free);
    g_clear_pointer (&served, raw_client_free);
    test_server_end_stopped (&server, TRUE);
}
END_TEST

/* The option, and what the access log has. */
START_TEST (demo_logs_the_client)
{
    Subprocess demo;
    g_autofree char *address = NULL;
    g_autofree char *plain = NULL;
    g_autofree char *line = NULL;
    RawClient *client;

    subprocess_start (&demo, 0, "demo", "--listen", "127.0.0.1:0", "--proxy-protocol",
                      "10.0.0.0/8,127.0.0.1", "--listen", "127.0.0.1:0", "--access-log", "common",
                      NULL);
    address = subprocess_read_address (&demo);
    plain = subprocess_read_address (&demo);
    client = raw_client_new (address);
    raw_client_expect (client, TOLD GET ("/ip"), 200, NULL);
    raw_client_free (client);
    line = subprocess_read_line (&demo);
    ck_assert_msg (g_str_has_prefix (line, "192.0.2.7 - - ["), "%s", line);
    client = raw_client_new (plain);
    raw_client_expect (client, GET ("/ip"), 200, NULL);
    raw_client_free (client);
    subprocess_signal (&demo, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
}
END_TEST

static void
expect_refused (const char *first, const char *second, const char *third, const char *fourth,
                const char *part)
{
    Subprocess demo;
    g_autofree char *text = NULL;

    subprocess_start (&demo, 0, "demo", first, second, third, fourth, NULL);
    text = subprocess_read_errors (&demo);
    ck_assert_int_eq (subprocess_wait (&demo), 1);
    ck_assert_msg (strchr (text, '\n') == text + strlen (text) - 1, "not one line: %s", text);
    ck_assert_msg (strstr (text, part) != NULL, "no %s in: %s", part, text);
}

START_TEST (wrong_use_is_told)
{
    expect_refused ("--proxy-protocol", "::1", "--listen", "127.0.0.1:0", "behind the --listen");
    expect_refused ("--listen", "127.0.0.1:0", "--proxy-protocol", "10.0.0.0/33", "10.0.0.0/33");
    expect_refused ("--listen", "127.0.0.1:0", "--proxy-protocol", "10.0.0.0/8,", "listen on");
    expect_refused ("--listen", "127.0.0.1:0", "--proxy-protocol", "", "listen on");
    expect_refused ("--listen", "127.0.0.1:0,mode=0600", NULL, NULL, "proxy-protocol=");
    expect_refused ("--listen", "127.0.0.1:0,proxy-protocol", NULL, NULL, "proxy-protocol=");
    expect_refused ("--listen", "systemd,proxy-protocol=host", NULL, NULL, "host");
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "headers", client_is_whom_the_proxy_tells, nobody_else_is_listened_to,
                    proxy_without_a_header_is_closed, header_has_a_deadline,
                    other_listeners_know_no_header, unix_sockets_have_proxies_too,
                    fields_are_believed_of_whom_the_header_tells, NULL);
    suite_add_case (suite, "bounds", share_of_an_address_is_the_client_s, silent_proxy_makes_room,
                    silent_proxy_does_not_hold_up_the_end, NULL);
    suite_add_case (suite, "demo", demo_logs_the_client, wrong_use_is_told, NULL);
}

int
main (void)
{
    return suite_run ("e2e/proxied", add_cases);
}
