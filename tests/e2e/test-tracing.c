/* SPDX-License-Identifier: MIT
 *
 * A trace through two servers: a handler of the first asks the second, and both log it. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN  "00f067aa0ba902b7"

static TestServer near; /* that the client asks */
static H3App *far;      /* owned: that it asks */
static H3Client *client;
static char *far_url;
static int near_log[2], far_log[2];

/* What the second was told. */
static void
tell_trace (H3Event *event, gpointer user_data)
{
    const char *state = h3_event_get_tracestate (event);
    g_autofree char *text =
        g_strdup_printf ("%s %s %s", h3_event_get_trace_id (event),
                         h3_event_get_parent_span_id (event), state != NULL ? state : "-");

    h3_event_send_text (event, text);
}

static void
pass_on (H3Event *event, H3ClientResponse *response, const GError *error, gpointer user_data)
{
    if (response != NULL)
        h3_event_send_text (event, h3_client_response_get_text (response));
    else
        h3_event_fail_status (event, 502, error->message);
}

static void
ask_far (H3Event *event, gpointer user_data)
{
    g_autoptr (H3ClientRequest) request = h3_client_request_new ("GET", far_url, NULL);

    if (user_data != NULL)
        h3_client_request_set_header (request, "traceparent", user_data);
    h3_event_fetch (event, client, request, pass_on, NULL, NULL);
}

static void
use_log (H3App *app, int ends[2])
{
    ck_assert (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
    h3_app_use (app, "/", h3_access_log_new_for_fd (H3_ACCESS_LOG_JSON, ends[1], NULL));
    h3_app_use (app, "/", h3_trace_new (H3_TRACE_DEFAULT));
    (void) close (ends[1]);
}

static void
set_up (void)
{
    test_server_init (&near);
    far = h3_app_new_with_preset (H3_PRESET_TESTING);
    use_log (far, far_log);
    h3_app_get (far, "/", tell_trace, NULL);
    ck_assert (h3_app_start (far, NULL));
    far_url =
        g_strdup_printf ("http://127.0.0.1:%u/", h3_server_get_port (h3_app_get_server (far)));
    client = h3_client_new ();
    use_log (near.app, near_log);
    h3_app_get (near.app, "/", ask_far, NULL);
    h3_app_get (near.app, "/own", ask_far, (gpointer) "00-" TRACE "-" SPAN "-00");
    test_server_start (&near);
}

/* (transfer full): the log's first line, which comes when its thread has written it. */
static json_t *
read_line (int ends[2])
{
    g_autoptr (GString) text = g_string_new (NULL);
    char c = '\0';
    json_t *line;

    while (c != '\n' && read (ends[0], &c, 1) == 1)
        g_string_append_c (text, c);
    (void) close (ends[0]);
    line = json_loads (text->str, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_msg (line != NULL, "no line: %s", text->str);
    return line;
}

static char *
dup_member (json_t *line, const char *name)
{
    const char *value = json_string_value (json_object_get (line, name));

    ck_assert_msg (value != NULL, "no %s", name);
    return g_strdup (value);
}

/* Ends all. (transfer full): what both logged of the trace, and what the second was told. */
typedef struct {
    char *trace_id[2];
    char *span_id[2];
    char *told;
} Found;

static void
found_clear (Found *found)
{
    for (guint i = 0; i < 2; i++) {
        g_free (found->trace_id[i]);
        g_free (found->span_id[i]);
    }
    g_free (found->told);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Found, found_clear)

static void
ask (const char *path, const char *fields, Found *found)
{
    g_autofree char *request =
        g_strdup_printf ("GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n", path, fields);
    g_autoptr (RawClient) asker = test_server_connect (&near);
    g_autoptr (RawAnswer) answer = NULL;
    json_t *lines[2];

    ck_assert (raw_client_send (asker, request));
    answer = raw_client_read (asker, FALSE);
    ck_assert_msg (answer->status == 200, "%u: %s", answer->status, answer->body->str);
    found->told = g_strdup (answer->body->str);
    g_clear_pointer (&asker, raw_client_free);
    h3_app_stop (near.app);
    h3_app_stop (far);
    ck_assert (h3_server_wait (h3_app_get_server (far)));
    ck_assert (h3_server_wait (h3_app_get_server (near.app)));
    g_clear_object (&client);
    g_clear_object (&far);
    lines[0] = read_line (near_log);
    lines[1] = read_line (far_log);
    test_server_end_stopped (&near, TRUE);
    for (guint i = 0; i < 2; i++) {
        found->trace_id[i] = dup_member (lines[i], "trace_id");
        found->span_id[i] = dup_member (lines[i], "span_id");
        json_decref (lines[i]);
    }
    g_clear_pointer (&far_url, g_free);
}

START_TEST (trace_has_one_id_and_three_spans)
{
    g_auto (Found) found = { { NULL } };
    g_autofree char *told = NULL;

    set_up ();
    ask ("/", "traceparent: 00-" TRACE "-" SPAN "-01\r\ntracestate: a=1\r\n", &found);
    ck_assert_str_eq (found.trace_id[0], TRACE);
    ck_assert_str_eq (found.trace_id[1], TRACE);
    ck_assert_str_ne (found.span_id[0], SPAN);
    ck_assert_str_ne (found.span_id[1], SPAN);
    ck_assert_str_ne (found.span_id[0], found.span_id[1]);
    told = g_strdup_printf (TRACE " %s a=1", found.span_id[0]);
    ck_assert_str_eq (found.told, told);
}
END_TEST

START_TEST (trace_begins_at_the_first_server)
{
    g_auto (Found) found = { { NULL } };
    g_autofree char *told = NULL;

    set_up ();
    ask ("/", "", &found);
    ck_assert_str_eq (found.trace_id[0], found.trace_id[1]);
    told = g_strdup_printf ("%s %s -", found.trace_id[0], found.span_id[0]);
    ck_assert_str_eq (found.told, told);
}
END_TEST

START_TEST (trace_that_the_program_gives_goes_out)
{
    g_auto (Found) found = { { NULL } };

    set_up ();
    ask ("/own", "tracestate: a=1\r\n", &found);
    ck_assert_str_eq (found.told, TRACE " " SPAN " -");
    ck_assert_str_eq (found.trace_id[1], TRACE);
    ck_assert_str_ne (found.trace_id[0], TRACE);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "tracing", trace_has_one_id_and_three_spans,
                    trace_begins_at_the_first_server, trace_that_the_program_gives_goes_out, NULL);
}

int
main (void)
{
    return suite_run ("e2e/tracing", add_tests);
}
