/* SPDX-License-Identifier: MIT
 *
 * What h3d demo fetches from itself, and what it does not fetch from others. */

#include "tests/support/latch.h"
#include "tests/support/running-demo.h"
#include "tests/support/suite.h"
#include "tests/support/subprocess.h"
#include "tests/support/test-server.h"

#include "h3/http/answer.h"

#include <jansson.h>
#include <signal.h>
#include <string.h>

static Subprocess demo;
static char *address;

static void
start_demo (const char *option)
{
    subprocess_start (&demo, 0, "demo", "--listen", "127.0.0.1:0", "--workers", "2",
                      "--drain-timeout", "0", option, NULL);
    address = subprocess_read_address (&demo);
}

static void
set_up (void)
{
    start_demo (NULL);
}

static void
tear_down (void)
{
    subprocess_signal (&demo, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
    g_clear_pointer (&address, g_free);
}

/* (transfer full): the answer to /fetch of that URL. */
static RawAnswer *
ask (const char *url, const char *host, const char *fields)
{
    g_autoptr (RawClient) client = raw_client_new (address);
    g_autofree char *escaped = g_uri_escape_string (url, NULL, FALSE);
    g_autofree char *request =
        g_strdup_printf ("GET /fetch?url=%s HTTP/1.1\r\nHost: %s\r\n%s\r\n", escaped, host, fields);

    ck_assert (raw_client_send (client, request));
    return raw_client_read (client, FALSE);
}

static void
expect (const char *url, guint status, const char *in_body)
{
    g_autoptr (RawAnswer) answer = ask (url, "a", "");

    ck_assert_ptr_nonnull (answer);
    ck_assert_msg (answer->status == status, "%s is %u, not %u: %s", url, answer->status, status,
                   answer->body->str);
    ck_assert_msg (strstr (answer->body->str, in_body) != NULL, "%s has no %s: %s", url, in_body,
                   answer->body->str);
}

/* (transfer full): the document; "%s" in `format` is the demo's address. */
static json_t *
get (const char *path, const char *host)
{
    g_autofree char *url = g_strdup_printf ("http://%s%s", host, path);
    g_autoptr (RawAnswer) answer = ask (url, host, "");
    json_t *document;

    ck_assert_msg (answer->status == 200, "%s is %u: %s", url, answer->status, answer->body->str);
    document = json_loads (answer->body->str, 0, NULL);
    ck_assert_ptr_nonnull (document);
    return document;
}

static const char *
get_text (json_t *document, const char *name)
{
    return json_string_value (json_object_get (document, name));
}

START_TEST (answer_is_shown_as_json)
{
    json_t *document = get ("/plaintext", address);
    json_t *timing = json_object_get (document, "timing");
    g_autofree char *url = g_strdup_printf ("http://%s/plaintext", address);

    ck_assert_int_eq (json_integer_value (json_object_get (document, "status")), 200);
    ck_assert_str_eq (get_text (document, "body"), "Hello, World!");
    ck_assert_str_eq (get_text (document, "url"), url);
    ck_assert_str_eq (get_text (json_object_get (document, "headers"), "Content-Type"),
                      "text/plain");
    ck_assert_int_gt (json_integer_value (json_object_get (timing, "total_us")), 0);
    ck_assert_int_eq (json_integer_value (json_object_get (timing, "redirects")), 0);
    json_decref (document);
}
END_TEST

START_TEST (bytes_are_shown_as_a_data_url)
{
    json_t *document = get ("/bytes/4?seed=7", address);

    ck_assert (
        g_str_has_prefix (get_text (document, "body"), "data:application/octet-stream;base64,"));
    json_decref (document);
}
END_TEST

START_TEST (statuses_and_redirects_are_shown_as_they_are)
{
    json_t *teapot = get ("/status/418", address);
    json_t *redirect = get ("/redirect/1", address);

    ck_assert_int_eq (json_integer_value (json_object_get (teapot, "status")), 418);
    ck_assert_int_eq (json_integer_value (json_object_get (redirect, "status")), 302);
    json_decref (teapot);
    json_decref (redirect);
}
END_TEST

/* What the client calls this server needs no address: it is not looked up. */
START_TEST (host_that_was_asked_is_this_server)
{
    g_autoptr (RawAnswer) answer =
        ask ("http://No-Such-Host.example/headers?a=b", "no-such-host.example", "");
    g_autoptr (RawAnswer) other =
        ask ("http://no-such-host.example:81/headers", "no-such-host.example", "");

    ck_assert_uint_eq (answer->status, 200);
    ck_assert_ptr_nonnull (strstr (answer->body->str, "\\\"X-H3-Demo-Fetch\\\": \\\"1\\\""));
    ck_assert_uint_eq (other->status, 403);
}
END_TEST

START_TEST (nobody_else_is_asked)
{
    const char *port = strrchr (address, ':');
    static const char *const hosts[] = {
        "localhost",
        "127.0.0.2",
        "0.0.0.0",
        "127.1",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::]",
        "a.example",
        "[::ffff:127.0.0.1]",
        "127.0.0.1.example",
    };

    for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
        g_autofree char *url = g_strconcat ("http://", hosts[i], port, "/plaintext", NULL);
        g_autoptr (RawAnswer) answer = ask (url, "a", "");

        ck_assert_msg (answer->status == 403 || answer->status == 400, "%s is %u", url,
                       answer->status);
    }
    expect ("http://127.0.0.1/", 403, "--allow-fetch");
    expect ("http://127.0.0.1:1/", 403, "--allow-fetch");
}
END_TEST

START_TEST (what_is_no_url_is_refused)
{
    expect ("", 400, "url: ");
    expect ("/plaintext", 400, "url: ");
    expect ("ftp://127.0.0.1/", 400, "url: ");
    expect ("file:///etc/passwd", 400, "url: ");
    expect ("http://a:b@127.0.0.1/", 400, "url: ");
    expect ("http://127.0.0.1/\r\nX: y", 400, "");
}
END_TEST

START_TEST (a_fetch_is_not_fetched)
{
    g_autofree char *path = g_strdup_printf ("/fetch?url=http://%s/plaintext", address);
    json_t *document = get (path, address);

    ck_assert_int_eq (json_integer_value (json_object_get (document, "status")), 508);
    json_decref (document);
}
END_TEST

START_TEST (pages_of_other_origins_do_not_read_it)
{
    g_autofree char *url = g_strdup_printf ("http://%s/plaintext", address);
    g_autoptr (RawAnswer) answer = ask (url, address, "Origin: https://a.example\r\n");

    ck_assert_uint_eq (answer->status, 200);
    raw_answer_expect_header (answer, "Access-Control-Allow-Origin", NULL);
}
END_TEST

/* Others. */

static TestServer server;

static void
answer_here (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "from another server");
}

static void
answer_much (H3Event *event, gpointer user_data)
{
    g_autofree char *text = g_strnfill (1024 * 1024 + 1, 'x');

    h3_event_send_text (event, text);
}

static void
lead (H3Event *event, gpointer user_data)
{
    h3_event_redirect (event, 302, "/here");
}

static void
set_up_open (void)
{
    test_server_init (&server);
    h3_app_get (server.app, "/here", answer_here, NULL);
    h3_app_get (server.app, "/much", answer_much, NULL);
    h3_app_get (server.app, "/lead", lead, NULL);
    test_server_start (&server);
    start_demo ("--allow-fetch");
}

static void
tear_down_open (void)
{
    tear_down ();
    test_server_end (&server);
}

START_TEST (others_are_asked_where_that_is_allowed)
{
    g_autofree char *here = g_strdup_printf ("http://%s/here", server.address);
    g_autofree char *lead = g_strdup_printf ("http://%s/lead", server.address);
    g_autofree char *much = g_strdup_printf ("http://%s/much", server.address);
    g_autofree char *secure = g_strdup_printf ("https://%s/here", server.address);

    expect (here, 200, "from another server");
    expect (lead, 200, "\"redirects\": 1");
    expect (much, 502, "too large: ");
    expect (secure, 502, "tls: ");
    expect ("ftp://127.0.0.1/", 400, "url: ");
}
END_TEST

static void
add_case (Suite *suite, const char *name, SFun begin, SFun end, const TTest *const *tests, gsize n)
{
    TCase *tcase = tcase_create (name);

    tcase_add_checked_fixture (tcase, begin, end);
    for (gsize i = 0; i < n; i++)
        tcase_add_test (tcase, tests[i]);
    suite_add_tcase (suite, tcase);
}

static void
add_tests (Suite *suite)
{
    const TTest *const itself[] = {
        answer_is_shown_as_json,
        bytes_are_shown_as_a_data_url,
        statuses_and_redirects_are_shown_as_they_are,
        host_that_was_asked_is_this_server,
        nobody_else_is_asked,
        what_is_no_url_is_refused,
        a_fetch_is_not_fetched,
        pages_of_other_origins_do_not_read_it,
    };
    const TTest *const others[] = { others_are_asked_where_that_is_allowed };

    add_case (suite, "itself", set_up, tear_down, itself, G_N_ELEMENTS (itself));
    add_case (suite, "others", set_up_open, tear_down_open, others, G_N_ELEMENTS (others));
}

int
main (void)
{
    return suite_run ("e2e/demo-fetch", add_tests);
}
