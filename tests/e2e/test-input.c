/* SPDX-License-Identifier: MIT
 *
 * What no program behind the server should have to look for: NUL and control characters where a
 * text is expected, and what is too much; and who it is. Over real sockets. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <string.h>

/* The answer to bytes. */
static void
expect_status (const char *what, const GString *request, guint status)
{
    g_autoptr (RawClient) client = running_demo_connect ();
    g_autoptr (RawAnswer) answer = NULL;

    (void) raw_client_send_data (client, request->str, request->len);
    answer = raw_client_read (client, FALSE);
    ck_assert_ptr_nonnull (answer);
    ck_assert_msg (answer->status == status, "%s: %s%s", what, answer->head, answer->body->str);
}

/* Each control in the place of the "@" of `format`, as it is. */
static void
expect_no_controls (const char *format, guint status)
{
    const char *at = strchr (format, '@');

    for (int c = 0; c <= 0x7f; c = c == 0x1f ? 0x7f : c + 1) {
        g_autoptr (GString) request = g_string_new_len (format, at - format);
        g_autofree char *what = g_strdup_printf ("%02x in %.30s", c, format);

        if (c == '\t' || c == '\n' || c == '\r')
            continue;
        g_string_append_c (request, (char) c);
        g_string_append (request, at + 1);
        expect_status (what, request, status);
    }
}

START_TEST (controls_are_refused_in_targets_and_fields)
{
    expect_no_controls ("GET /anything/a@b HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    expect_no_controls ("GET /anything?a=b@c HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    expect_no_controls ("GET /anything HTTP/1.1\r\nHost: a\r\nX-Text: b@c\r\n\r\n", 400);
    expect_no_controls ("GET /anything HTTP/1.1\r\nHost: a\r\nX-@Text: b\r\n\r\n", 400);
    expect_no_controls ("GET /anything HTTP/1.1\r\nHost: a@b\r\n\r\n", 400);
    expect_no_controls ("GET /anything HTTP/1.1\r\nHost: a\r\nCookie: a=b@c\r\n\r\n", 400);
}
END_TEST

/* An escape of each control behind `before`; a query, like a form, may have several lines. */
static void
expect_no_escapes (const char *before, gboolean may_have_lines)
{
    for (int c = 0; c <= 0x7f; c = c == 0x1f ? 0x7f : c + 1) {
        g_autoptr (GString) request = g_string_new (NULL);
        g_autofree char *what = g_strdup_printf ("%%%02X behind %s", c, before);

        if (may_have_lines && (c == '\t' || c == '\n' || c == '\r'))
            continue;
        g_string_append_printf (request, "GET %s%%%02X HTTP/1.1\r\nHost: a\r\n\r\n", before, c);
        expect_status (what, request, 400);
    }
}

START_TEST (controls_that_are_escaped_are_refused)
{
    expect_no_escapes ("/anything/a", FALSE);
    expect_no_escapes ("/anything?a=b", TRUE);
    expect_no_escapes ("/anything?a", TRUE);
    running_demo_expect ("GET /anything?a=b%0D%0Ac%09d", 200, "b\\r\\nc\\td");
}
END_TEST

static void
expect_post (const char *type, const char *body, gsize length, guint status)
{
    g_autoptr (GString) request = g_string_new (NULL);

    g_string_append_printf (request,
                            "POST /validate/user HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\n"
                            "Content-Length: %zu\r\n\r\n",
                            type, length);
    g_string_append_len (request, body, (gssize) length);
    expect_status (type, request, status);
}

START_TEST (controls_are_refused_in_json_and_forms)
{
    static const char raw_nul[] = "{\"name\":\"A\0\",\"email\":\"a@b\"}";
    static const char *const json[] = {
        "{\"name\":\"A\\u0000\",\"email\":\"a@b\"}", "{\"name\":\"A\x01\",\"email\":\"a@b\"}",
        "{\"na\\u0000me\":\"A\",\"email\":\"a@b\"}", "{\"name\":\"A\xff\",\"email\":\"a@b\"}",
        "{\"name\":\"A\\ud800\",\"email\":\"a@b\"}", "{\"name\":\"A\",\"name\":\"B\"}",
    };
    static const char *const forms[] = { "name=A%00&email=a%40b", "name=A%1b&email=a%40b",
                                         "name=A%7F&email=a%40b", "na%00me=A", "name=%FF" };
    static const char escape[] = "{\"name\":\"A\\u001b[2J\",\"email\":\"a@b\"}";
    static const char plain[] = "{\"name\":\"A\",\"email\":\"a@b\"}";

    for (gsize i = 0; i < G_N_ELEMENTS (json); i++)
        expect_post ("application/json", json[i], strlen (json[i]), 400);
    for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
        expect_post ("application/x-www-form-urlencoded", forms[i], strlen (forms[i]), 400);
    expect_post ("application/json", raw_nul, sizeof raw_nul - 1, 400);
    expect_post ("application/json", escape, sizeof escape - 1, 422);
    expect_post ("application/json", plain, sizeof plain - 1, 200);
}
END_TEST

START_TEST (sizes_and_depths_are_bounded)
{
    g_autofree char *deep = g_strnfill (65, '[');
    g_autofree char *large = g_strnfill ((1 << 20) + 1, ' ');
    g_autofree char *target = g_strnfill (9000, 'a');
    g_autoptr (GString) fields = g_string_new ("a=1");
    g_autoptr (GString) query = g_string_new ("GET /anything?");
    g_autoptr (GString) path = g_string_new ("GET /anything/");

    for (guint i = 0; i < 1000; i++)
        g_string_append (fields, "&a=1");
    g_string_append_printf (query, "%s HTTP/1.1\r\nHost: a\r\n\r\n", fields->str);
    g_string_append_printf (path, "%s HTTP/1.1\r\nHost: a\r\n\r\n", target);
    expect_post ("application/json", deep, 65, 400);
    expect_post ("application/json", large, (1 << 20) + 1, 413);
    expect_post ("application/x-www-form-urlencoded", fields->str, fields->len, 400);
    expect_status ("many fields", query, 400);
    expect_status ("a long path", path, 414);
}
END_TEST

/* (transfer full): what the demo says of a client that sends these fields. */
static char *
dup_fingerprint (const char *fields)
{
    g_autoptr (RawAnswer) answer = running_demo_ask_for ("GET /fingerprint", fields);

    ck_assert_uint_eq (answer->status, 200);
    ck_assert_ptr_nonnull (strstr (answer->body->str, "\"fingerprint\": \""));
    return g_strdup (answer->body->str);
}

START_TEST (clients_have_a_fingerprint)
{
    g_autofree char *one = dup_fingerprint ("User-Agent: a\r\n");
    g_autofree char *again = dup_fingerprint ("X-Other: b\r\nUser-Agent: a\r\n");
    g_autofree char *other = dup_fingerprint ("User-Agent: b\r\n");

    ck_assert_str_eq (one, again);
    ck_assert_str_ne (one, other);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("input");

    tcase_add_checked_fixture (tcase, running_demo_start, running_demo_end);
    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, controls_are_refused_in_targets_and_fields);
    tcase_add_test (tcase, controls_that_are_escaped_are_refused);
    tcase_add_test (tcase, controls_are_refused_in_json_and_forms);
    tcase_add_test (tcase, sizes_and_depths_are_bounded);
    tcase_add_test (tcase, clients_have_a_fingerprint);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/input", add_tests);
}
