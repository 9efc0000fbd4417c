/* SPDX-License-Identifier: MIT
 *
 * Requests that pass no middleware, since they cannot be read, have their line in the access log.
 */

#include "h3/batteries/access-log.h"
#include "h3/http/answer.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

static TestServer server;
static int ends[2];

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "seen");
}

static void
set_up (const char *prefix, H3AccessLogFormat format)
{
    g_autoptr (GError) error = NULL;

    ck_assert (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
    test_server_init (&server);
    h3_app_use (server.app, prefix, h3_access_log_new_for_fd (format, ends[1], &error));
    ck_assert_ptr_null (error);
    (void) h3_app_all (server.app, "/**", answer, NULL);
    ck_assert (h3_app_set_limit (server.app, "max-body", 10, NULL));
    ck_assert (h3_app_set_limit (server.app, "max-query-fields", 2, NULL));
    test_server_start (&server);
}

/* (transfer full): all that was logged. */
static char *
tear_down (void)
{
    GString *text = g_string_new (NULL);
    char piece[4096];
    gssize n;

    test_server_end (&server);
    (void) close (ends[1]);
    while ((n = read (ends[0], piece, sizeof piece)) > 0)
        g_string_append_len (text, piece, n);
    (void) close (ends[0]);
    return g_string_free (text, FALSE);
}

#define POST(fields) "POST /p HTTP/1.1\r\nHost: a\r\n" fields "\r\n"

static const struct {
    const char *request;
    guint status;
    const char *method, *target; /* NULL: not known */
} rows[] = {
    { "GET /good HTTP/1.1\r\nHost: a\r\n\r\n", 200, "GET", "/good" },
    { "GET / HTTP/1.1\r\nHost: a\r\nX : v\r\n\r\n", 400, NULL, NULL },
    { "GET / HTTP/2.0\r\n\r\n", 505, NULL, NULL },
    { "GET /none HTTP/1.1\r\n\r\n", 400, "GET", "/none" },
    { POST ("Expect: x\r\n"), 417, "POST", "/p" },
    { POST ("Transfer-Encoding: gzip\r\n"), 501, "POST", "/p" },
    { "GET /q?a&b&c HTTP/1.1\r\nHost: a\r\n\r\n", 400, "GET", "/q?a&b&c" },
    { POST ("Content-Length: 11\r\n"), 413, "POST", "/p" },
    { POST ("Transfer-Encoding: chunked\r\n") "b\r\nx", 413, "POST", "/p" },
    { POST ("Transfer-Encoding: chunked\r\n") "x\r\n", 400, "POST", "/p" },
};

static void
assert_text (json_t *line, const char *name, const char *expected)
{
    ck_assert_pstr_eq (json_string_value (json_object_get (line, name)), expected);
}

START_TEST (what_cannot_be_read_is_logged_once)
{
    g_autofree char *text = NULL;
    g_auto (GStrv) lines = NULL;

    set_up ("/", H3_ACCESS_LOG_JSON);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        test_server_expect (&server, rows[i].request, rows[i].status, NULL);
    text = tear_down ();
    lines = g_strsplit (text, "\n", -1);
    ck_assert_uint_eq (g_strv_length (lines), G_N_ELEMENTS (rows) + 1);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        json_t *line = json_loads (lines[i], JSON_REJECT_DUPLICATES, NULL);

        ck_assert_msg (line != NULL, "no JSON: %s", lines[i]);
        ck_assert_int_eq (json_integer_value (json_object_get (line, "status")), rows[i].status);
        assert_text (line, "method", rows[i].method);
        assert_text (line, "target", rows[i].target);
        assert_text (line, "version", rows[i].method != NULL ? "1.1" : NULL);
        assert_text (line, "client", "127.0.0.1");
        assert_text (line, "outcome", "sent");
        json_decref (line);
    }
}
END_TEST

START_TEST (what_has_no_head_is_a_dash_in_text)
{
    g_autofree char *text = NULL;

    set_up ("/", H3_ACCESS_LOG_COMMON);
    test_server_expect (&server, "GET\r\n", 400, NULL);
    text = tear_down ();
    ck_assert_msg (g_str_has_prefix (text, "127.0.0.1 - - [")
                       && strstr (text, "] \"-\" 400 ") != NULL,
                   "%s", text);
}
END_TEST

START_TEST (log_of_a_part_has_nothing_of_what_has_no_path)
{
    g_autofree char *text = NULL;

    set_up ("/api", H3_ACCESS_LOG_COMMON);
    test_server_expect (&server, "GET\r\n", 400, NULL);
    test_server_expect (&server, "GET /api HTTP/1.1\r\nHost: a\r\n\r\n", 200, "seen");
    text = tear_down ();
    ck_assert_msg (strstr (text, "\"GET /api HTTP/1.1\" 200 4\n") != NULL, "%s", text);
    ck_assert_ptr_null (strstr (text, " 400 "));
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "refused", what_cannot_be_read_is_logged_once,
                    what_has_no_head_is_a_dash_in_text,
                    log_of_a_part_has_nothing_of_what_has_no_path, NULL);
}

int
main (void)
{
    return suite_run ("e2e/refused-logged", add_cases);
}
