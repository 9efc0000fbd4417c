/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/batteries/access-log.h"
#include "h3/batteries/principal.h"
#include "h3/http/event-carried.h"
#include "h3/http/event-pool.h"
#include "h3/http/failure.h"
#include "h3/http/trace-context.h"
#include "h3/route/chain-inside.h"
#include "tests/support/suite.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <pthread.h>
#include <unistd.h>

/* One exchange without a socket, and a pipe for its log. */
typedef struct {
    Loop *loop;      /* owned */
    EventPool *pool; /* owned */
    Carrier carrier; /* its peer is 192.0.2.7 */
    H3Limits limits;
    int ends[2];            /* owned */
    H3Middleware *log;      /* owned */
    Chain *chain;           /* owned */
    H3Event *event;         /* borrowed */
    gboolean finishes_late; /* the answer is sent, but not taken yet */
} Rig;

static Rig rig;

static char head[] = "GET /a%20b\0HTTP/1.1\r\nUser-Agent: agent \"x\"\r\nReferer: from\r\n"
                     "X-Request-Id: asked\r\n\r\n";
static HeadField fields[] = { { 21, 10, 33, 9 }, { 44, 7, 53, 4 }, { 59, 12, 73, 5 } };

static void
carry_send (Carrier *carrier, H3Event *event, H3Response *response)
{
    event->body_sent = (guint64) response->length;
    if (!rig.finishes_late)
        event_finish (event, H3_OUTCOME_SENT);
}

static void
get_peer (Carrier *carrier, H3SocketAddress *out_peer, gboolean *out_secure)
{
    *out_peer = (H3SocketAddress){ { H3_ADDRESS_IPV4, { 192, 0, 2, 7 }, 0 }, 1234 };
    *out_secure = FALSE;
}

static const CarrierFunctions functions = { .send = carry_send, .get_peer = get_peer };

static const char *
get_route_label (const H3Event *event)
{
    return "/:name";
}

static const EventHost host = { .next = chain_next,
                                .fail = event_answer_error,
                                .get_route_label = get_route_label };

static void
start_with (H3Middleware *log, H3Handler handler)
{
    ChainLink link = { log, NULL };

    rig.log = log;
    rig.loop = loop_new (NULL);
    loop_enter (rig.loop);
    rig.pool = event_pool_new (4);
    h3_limits_init (&rig.limits);
    rig.carrier = (Carrier){ &functions, rig.loop };
    rig.chain = chain_new (&link, 1, handler, NULL);
    rig.event = event_pool_acquire (rig.pool);
    event_begin (rig.event, &rig.carrier, &rig.limits);
    rig.event->host = &host;
    request_init_unread (&rig.event->request);
    rig.event->request.base = head;
    rig.event->request.head.method_length = 3;
    rig.event->request.head.target = 4;
    rig.event->request.head.target_length = 6;
    rig.event->request.head.fields = fields;
    rig.event->request.head.n_fields = G_N_ELEMENTS (fields);
    chain_start (rig.chain, rig.event);
}

static void
start (H3AccessLogFormat format, H3Handler handler)
{
    rig = (Rig){ .finishes_late = FALSE };
    ck_assert (g_unix_open_pipe (rig.ends, FD_CLOEXEC, NULL));
    start_with (h3_access_log_new_for_fd (format, rig.ends[1], NULL), handler);
    close (rig.ends[1]);
}

/* Ends everything; what was logged (transfer full). */
static char *
stop (void)
{
    GString *text = g_string_new (NULL);
    char buffer[4096];
    gssize n;

    chain_free (rig.chain);
    h3_middleware_unref (rig.log);
    event_pool_free (rig.pool);
    loop_close (rig.loop);
    loop_leave (rig.loop);
    loop_unref (rig.loop);
    while ((n = read (rig.ends[0], buffer, sizeof buffer)) > 0)
        g_string_append_len (text, buffer, n);
    close (rig.ends[0]);
    return g_string_free (text, FALSE);
}

static json_t *
stop_for_json (void)
{
    g_autofree char *text = stop ();
    json_t *object = json_loads (text, JSON_REJECT_DUPLICATES, NULL);

    ck_assert_msg (object != NULL, "not one JSON line: %s", text);
    return object;
}

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_set_status (event, 201);
    h3_response_set_body_text (h3_event_get_response (event), "hello");
    h3_event_send (event);
}

static void
answer_with_id (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "X-Request-Id", "given");
    h3_event_send (event);
}

static char *request_id, *trace_id, *span_id; /* owned */

static void
forget_trace (void)
{
    g_clear_pointer (&request_id, g_free);
    g_clear_pointer (&trace_id, g_free);
    g_clear_pointer (&span_id, g_free);
}

static void
answer_traced (H3Event *event, gpointer user_data)
{
    forget_trace ();
    request_id = g_strdup (h3_event_get_request_id (event));
    trace_id = g_strdup (h3_event_get_trace_id (event));
    span_id = g_strdup (h3_event_get_span_id (event));
    h3_event_send (event);
}

static H3Event *held;

static void
defer (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
}

static void
answer_404 (H3Event *event, gpointer user_data)
{
    h3_event_fail (event, h3_http_error_new (404, NULL));
}

static void
assert_member (json_t *object, const char *name, const char *expected)
{
    ck_assert_ptr_nonnull (json_string_value (json_object_get (object, name)));
    ck_assert_str_eq (json_string_value (json_object_get (object, name)), expected);
}

static void
assert_number (json_t *object, const char *name, int expected)
{
    ck_assert (json_is_integer (json_object_get (object, name)));
    ck_assert_int_eq (json_integer_value (json_object_get (object, name)), expected);
}

START_TEST (access_log_tells_what_was_answered)
{
    json_t *line;

    start (H3_ACCESS_LOG_JSON, answer);
    h3_event_next (rig.event);
    line = stop_for_json ();
    assert_number (line, "status", 201);
    assert_number (line, "bytes", 5);
    assert_member (line, "client", "192.0.2.7");
    assert_member (line, "method", "GET");
    assert_member (line, "target", "/a%20b");
    assert_member (line, "version", "1.1");
    assert_member (line, "user_agent", "agent \"x\"");
    assert_member (line, "referer", "from");
    assert_member (line, "route", "/:name");
    assert_member (line, "request_id", "asked");
    assert_member (line, "outcome", "sent");
    ck_assert_int_ge (json_integer_value (json_object_get (line, "duration_us")), 0);
    json_decref (line);
}
END_TEST

START_TEST (access_log_tells_the_trace_that_was_asked_for)
{
    g_autofree char *text = NULL;
    g_autofree char *end = NULL;
    json_t *line;

    start (H3_ACCESS_LOG_JSON, answer_traced);
    h3_event_next (rig.event);
    line = stop_for_json ();
    assert_member (line, "request_id", request_id);
    assert_member (line, "trace_id", trace_id);
    assert_member (line, "span_id", span_id);
    json_decref (line);
    start (H3_ACCESS_LOG_TRACED, answer_traced);
    h3_event_next (rig.event);
    text = stop ();
    end = g_strdup_printf ("\"from\" \"agent \\\"x\\\"\" \"%s\" \"%s\"\n", request_id, trace_id);
    ck_assert_msg (g_str_has_suffix (text, end), "%s", text);
    forget_trace ();
}
END_TEST

static void
sign (H3Event *event, gpointer user_data)
{
    h3_event_set_principal (event, h3_principal_new ("Basic", "ann", NULL));
    answer (event, user_data);
}

START_TEST (access_log_tells_whose_an_exchange_is)
{
    g_autofree char *text = NULL;
    json_t *line;

    start (H3_ACCESS_LOG_JSON, sign);
    h3_event_next (rig.event);
    line = stop_for_json ();
    assert_member (line, "user", "ann");
    json_decref (line);
    start (H3_ACCESS_LOG_COMMON, sign);
    h3_event_next (rig.event);
    text = stop ();
    ck_assert_msg (g_str_has_prefix (text, "192.0.2.7 - ann ["), "%s", text);
}
END_TEST

START_TEST (an_exchange_that_stays_somebodys_takes_no_more_memory)
{
    g_autofree char *name = g_strnfill (1000, 'a');
    gsize size;

    start (H3_ACCESS_LOG_COMMON, defer);
    h3_event_next (rig.event);
    h3_event_set_principal (held, h3_principal_new ("Bearer", name, NULL));
    size = h3_arena_get_size (held->arena);
    for (guint i = 0; i < 1000; i++)
        h3_event_set_principal (held, h3_principal_new ("Bearer", name, NULL));
    ck_assert_uint_eq (h3_arena_get_size (held->arena), size);
    answer (held, NULL);
    h3_event_unref (held);
    g_free (stop ());
}
END_TEST

START_TEST (access_log_forgets_whose_an_exchange_was)
{
    json_t *line;

    start (H3_ACCESS_LOG_JSON, defer);
    h3_event_next (rig.event);
    h3_event_set_principal (held, h3_principal_new ("Basic", "ann", NULL));
    h3_event_set_principal (held, NULL);
    answer (held, NULL);
    h3_event_unref (held);
    line = stop_for_json ();
    ck_assert_ptr_null (json_object_get (line, "user"));
    json_decref (line);
}
END_TEST

static void *
sign_elsewhere (void *data)
{
    for (guint i = 0; i < 100; i++)
        h3_event_set_principal (data, h3_principal_new ("Basic", i % 2 == 0 ? "ann" : "bob", NULL));
    return NULL;
}

START_TEST (access_log_looks_while_another_thread_says_whose_it_is)
{
    pthread_t thread;
    json_t *line;
    const char *told;

    start (H3_ACCESS_LOG_JSON, defer);
    h3_event_next (rig.event);
    ck_assert_int_eq (pthread_create (&thread, NULL, sign_elsewhere, held), 0);
    event_finish (rig.event, H3_OUTCOME_GONE);
    ck_assert_int_eq (pthread_join (thread, NULL), 0);
    h3_event_unref (held);
    line = stop_for_json ();
    told = json_string_value (json_object_get (line, "user"));
    ck_assert (told == NULL || strcmp (told, "ann") == 0 || strcmp (told, "bob") == 0);
    json_decref (line);
}
END_TEST

static void *
ask_elsewhere (void *data)
{
    trace_id = g_strdup (h3_event_get_trace_id (data));
    return NULL;
}

/* The client has gone; who was to answer does not know that yet. */
START_TEST (access_log_looks_while_another_thread_asks)
{
    pthread_t thread;
    json_t *line;
    const char *told;

    start (H3_ACCESS_LOG_JSON, defer);
    h3_event_next (rig.event);
    ck_assert_int_eq (pthread_create (&thread, NULL, ask_elsewhere, held), 0);
    event_finish (rig.event, H3_OUTCOME_GONE);
    ck_assert_int_eq (pthread_join (thread, NULL), 0);
    h3_event_unref (held);
    line = stop_for_json ();
    told = json_string_value (json_object_get (line, "trace_id"));
    ck_assert (told == NULL || strcmp (told, trace_id) == 0);
    json_decref (line);
    forget_trace ();
}
END_TEST

START_TEST (access_log_prefers_the_request_id_of_the_answer)
{
    json_t *line;

    start (H3_ACCESS_LOG_JSON, answer_with_id);
    h3_event_next (rig.event);
    line = stop_for_json ();
    assert_member (line, "request_id", "given");
    json_decref (line);
}
END_TEST

START_TEST (access_log_waits_for_the_end_of_the_answer)
{
    g_autofree char *text = NULL;

    start (H3_ACCESS_LOG_COMMON, answer);
    rig.finishes_late = TRUE;
    h3_event_next (rig.event);
    ck_assert_int_eq (rig.event->phase, EVENT_SENDING);
    event_finish (rig.event, H3_OUTCOME_SENT);
    text = stop ();
    ck_assert_ptr_nonnull (strstr (text, "\"GET /a%20b HTTP/1.1\" 201 5\n"));
}
END_TEST

START_TEST (access_log_tells_499_of_a_client_gone_before_the_answer)
{
    json_t *line;

    start (H3_ACCESS_LOG_JSON, defer);
    h3_event_next (rig.event);
    event_finish (rig.event, H3_OUTCOME_GONE);
    h3_event_unref (held);
    line = stop_for_json ();
    assert_number (line, "status", 499);
    assert_number (line, "bytes", 0);
    assert_member (line, "outcome", "gone");
    json_decref (line);
}
END_TEST

START_TEST (access_log_tells_the_status_of_a_client_gone_after_the_answer)
{
    json_t *line;

    start (H3_ACCESS_LOG_JSON, answer);
    rig.finishes_late = TRUE;
    h3_event_next (rig.event);
    event_finish (rig.event, H3_OUTCOME_GONE);
    line = stop_for_json ();
    assert_number (line, "status", 201);
    assert_member (line, "outcome", "gone");
    json_decref (line);
}
END_TEST

START_TEST (access_log_tells_errors)
{
    g_autofree char *text = NULL;

    start (H3_ACCESS_LOG_COMBINED, answer_404);
    h3_event_next (rig.event);
    text = stop ();
    ck_assert_ptr_nonnull (strstr (text, "\" 404 "));
    ck_assert_ptr_nonnull (strstr (text, " \"from\" \"agent \\\"x\\\"\"\n"));
}
END_TEST

START_TEST (access_log_tells_the_503_of_a_deadline)
{
    json_t *line;

    start (H3_ACCESS_LOG_JSON, defer);
    h3_event_next (rig.event);
    event_expire (rig.event);
    h3_event_unref (held);
    line = stop_for_json ();
    assert_number (line, "status", 503);
    json_decref (line);
}
END_TEST

START_TEST (access_log_says_which_file_it_cannot_open)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (h3_access_log_new_full (H3_ACCESS_LOG_JSON, "/nowhere/log", &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_FAILED));
    g_clear_error (&error);
    ck_assert_ptr_null (h3_access_log_new_for_fd (H3_ACCESS_LOG_JSON, -1, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_FAILED));
}
END_TEST

START_TEST (access_log_opens_its_file_anew)
{
    g_autofree char *folder = g_dir_make_tmp ("h3-log-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "log", NULL);
    g_autofree char *moved = g_build_filename (folder, "log.1", NULL);
    g_autofree char *content = NULL;
    g_autofree char *text = NULL;

    rig = (Rig){ .ends = { -1, -1 } };
    start_with (h3_access_log_new_full (H3_ACCESS_LOG_COMMON, path, NULL), answer);
    ck_assert_int_eq (g_rename (path, moved), 0);
    h3_access_log_reopen_all ();
    h3_event_next (rig.event);
    text = stop ();
    ck_assert (g_file_get_contents (path, &content, NULL, NULL));
    ck_assert_ptr_nonnull (strstr (content, "201 5\n"));
    g_unlink (path);
    g_unlink (moved);
    g_rmdir (folder);
}
END_TEST

START_TEST (access_log_leaves_the_standard_output_open)
{
    h3_middleware_unref (h3_access_log_new (H3_ACCESS_LOG_COMMON));
    ck_assert_int_ge (fcntl (STDOUT_FILENO, F_GETFD), 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "lines", access_log_tells_what_was_answered,
                    access_log_tells_the_trace_that_was_asked_for,
                    access_log_looks_while_another_thread_asks,
                    access_log_tells_whose_an_exchange_is,
                    an_exchange_that_stays_somebodys_takes_no_more_memory,
                    access_log_forgets_whose_an_exchange_was,
                    access_log_looks_while_another_thread_says_whose_it_is,
                    access_log_prefers_the_request_id_of_the_answer,
                    access_log_waits_for_the_end_of_the_answer, access_log_tells_errors, NULL);
    suite_add_case (suite, "endings", access_log_tells_499_of_a_client_gone_before_the_answer,
                    access_log_tells_the_status_of_a_client_gone_after_the_answer,
                    access_log_tells_the_503_of_a_deadline, NULL);
    suite_add_case (suite, "files", access_log_says_which_file_it_cannot_open,
                    access_log_opens_its_file_anew, access_log_leaves_the_standard_output_open,
                    NULL);
}

int
main (void)
{
    return suite_run ("batteries/access-log", add_tests);
}
