/* SPDX-License-Identifier: MIT
 *
 * Fetches in handlers: on the worker's own loop, with the event's cancellable and place in its
 * trace, on several workers at once. The server that is asked is the one that asks. */

#include "tests/e2e/fetch-fixture.h"

#include "tests/support/gio-threads.h"

#include "h3/loop/loop.h"

#include <gio/gunixinputstream.h>
#include <stdatomic.h>
#include <unistd.h>

static FetchFixture fixture;
static H3Client *inner;          /* ref: the handlers' */
static Latch asked = LATCH_INIT; /* requests of /held that have come */
static Latch gone = LATCH_INIT;  /* of those, whose clients went away */
static Latch told = LATCH_INIT;  /* fetches of /outer that have ended */
static atomic_int code;          /* of the last one's error; -1: none */

static int silent[2]; /* a pipe that nobody writes to */

static void
set_up (void)
{
    ck_assert_int_eq (pipe (silent), 0);
    fetch_fixture_init (&fixture);
    h3_server_set_workers (h3_app_get_server (fixture.server.app), 4);
    inner = h3_client_new ();
}

static void
tear_down (void)
{
    g_clear_object (&inner);
    fetch_fixture_end (&fixture);
    (void) close (silent[0]);
    (void) close (silent[1]);
}

static void
on (const char *pattern, H3Handler handler)
{
    (void) h3_app_get (fixture.server.app, pattern, handler, NULL);
}

static void
show_trace (H3Event *event, gpointer user_data)
{
    const char *trace = h3_request_get_header (h3_event_get_request (event), "traceparent");

    h3_event_send_text (event, trace != NULL ? trace : "none");
}

static void
on_disposed (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    if (outcome == H3_OUTCOME_GONE)
        latch_raise (&gone);
}

/* Not before its client goes away: then there is nobody left to be answered. */
static void
answer_late (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "late");
}

static void
hold (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (event, on_disposed, NULL, NULL);
    h3_event_after (event, 600000, answer_late, NULL, NULL);
    latch_raise (&asked);
}

typedef struct {
    pthread_t thread;
    gboolean has_returned;
} Outer;

static void
pass_on (H3Event *event, H3ClientResponse *response, const GError *error, gpointer user_data)
{
    Outer *outer = user_data;

    ck_assert (outer->has_returned);
    ck_assert (pthread_equal (outer->thread, pthread_self ()));
    ck_assert ((response == NULL) == (error != NULL));
    code = error != NULL ? error->code : -1;
    if (response != NULL)
        h3_event_send_text (event, h3_client_response_get_text (response));
    else
        h3_event_fail_status (event, 502, error->message);
    latch_raise (&told);
}

/* (transfer full) */
static H3ClientRequest *
ask_for (H3Event *event)
{
    g_autofree char *path = g_strconcat ("/", h3_event_get_param (event, "what"), NULL);

    return fetch_fixture_request (&fixture, "GET", path);
}

static void
fetch (H3Event *event, gpointer user_data)
{
    g_autoptr (H3ClientRequest) request = ask_for (event);
    Outer *outer = g_new0 (Outer, 1);

    outer->thread = pthread_self ();
    h3_event_fetch (event, inner, request, pass_on, outer, g_free);
    outer->has_returned = TRUE;
}

static void
expect_trace (H3ClientResponse *response, const char *trace)
{
    const char *text = h3_client_response_get_text (response);

    ck_assert_uint_eq (h3_client_response_get_status (response), 200);
    ck_assert_msg (strlen (text) == 55 && g_str_has_prefix (text, "00-"), "%s", text);
    if (trace != NULL)
        ck_assert_msg (strncmp (text + 3, trace, 32) == 0, "%s", text);
}

static void *
fetch_many (void *data)
{
    for (guint i = 0; i < 20; i++) {
        g_autoptr (H3ClientResponse) response = fetch_fixture_get (&fixture, "/outer/trace");

        expect_trace (response, NULL);
    }
    return NULL;
}

START_TEST (handlers_fetch_on_all_workers_at_once)
{
    pthread_t threads[6];

    on ("/outer/:what", fetch);
    on ("/trace", show_trace);
    test_server_start (&fixture.server);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, fetch_many, NULL), 0);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
}
END_TEST

static void
fetch_with_own_trace (H3Event *event, gpointer user_data)
{
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (&fixture, "GET", "/trace");
    Outer *outer = g_new0 (Outer, 1);

    h3_client_request_set_header (request, "traceparent", "of my own");
    outer->thread = pthread_self ();
    h3_event_fetch (event, inner, request, pass_on, outer, g_free);
    outer->has_returned = TRUE;
}

START_TEST (handlers_pass_the_trace_on_unless_the_request_has_one)
{
    static const char *const trace = "0af7651916cd43dd8448eb211c80319c";
    g_autofree char *parent = g_strdup_printf ("00-%s-b7ad6b7169203331-01", trace);
    g_autoptr (H3ClientRequest) request = NULL;
    g_autoptr (H3ClientResponse) response = NULL;

    on ("/outer/:what", fetch);
    on ("/own", fetch_with_own_trace);
    on ("/trace", show_trace);
    test_server_start (&fixture.server);
    request = fetch_fixture_request (&fixture, "GET", "/outer/trace");
    h3_client_request_set_header (request, "traceparent", parent);
    response = fetch_fixture_fetch (&fixture, request);
    expect_trace (response, trace);
    ck_assert (strstr (h3_client_response_get_text (response), "b7ad6b7169203331") == NULL);
    fetch_fixture_expect (&fixture, "/own", 200, "of my own");
}
END_TEST

static void
fetch_and_drop_client (H3Event *event, gpointer user_data)
{
    fetch (event, NULL);
    g_clear_object (&inner);
}

START_TEST (handlers_may_drop_the_client_while_it_fetches)
{
    g_autoptr (H3ClientResponse) response = NULL;

    on ("/drop/:what", fetch_and_drop_client);
    on ("/trace", show_trace);
    test_server_start (&fixture.server);
    response = fetch_fixture_get (&fixture, "/drop/trace");
    expect_trace (response, NULL);
}
END_TEST

static void
tell_async (GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr (H3Event) event = user_data;
    g_autoptr (GError) error = NULL;
    g_autoptr (H3ClientResponse) response =
        h3_client_fetch_finish (H3_CLIENT (source), result, &error);

    ck_assert_ptr_nonnull (loop_get_current ());
    code = error != NULL ? error->code : -1;
    if (response != NULL)
        h3_event_send_text (event, h3_client_response_get_text (response));
    else
        h3_event_fail_status (event, 502, error->message);
    latch_raise (&told);
}

static void
fetch_async (H3Event *event, gpointer user_data)
{
    g_autoptr (H3ClientRequest) request = ask_for (event);

    h3_client_fetch_async (inner, request, h3_event_get_cancellable (event), tell_async,
                           h3_event_defer (event));
}

static void *
fetch_many_async (void *data)
{
    for (guint i = 0; i < 20; i++)
        fetch_fixture_expect (&fixture, "/async/trace", 200, "none");
    return NULL;
}

START_TEST (handlers_are_told_in_their_workers_contexts)
{
    pthread_t threads[6];

    on ("/async/:what", fetch_async);
    on ("/trace", show_trace);
    test_server_start (&fixture.server);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, fetch_many_async, NULL), 0);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
}
END_TEST

/* What a handler waits for ends with the client that it is for. */
static void
expect_cancelled_with_its_client (const char *path)
{
    g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
    RawClient *client = test_server_connect (&fixture.server);

    raw_client_send (client, request);
    latch_wait (&asked, 1, "the inner request");
    raw_client_free (client);
    latch_wait (&told, 1, "the end of the fetch");
    ck_assert_int_eq (code, H3_CLIENT_ERROR_CANCELLED);
    latch_wait (&gone, 1, "the end of the inner request");
}

START_TEST (handlers_fetches_end_when_their_clients_go)
{
    on ("/outer/:what", fetch);
    on ("/held", hold);
    test_server_start (&fixture.server);
    expect_cancelled_with_its_client ("/outer/held");
}
END_TEST

START_TEST (handlers_asynchronous_fetches_end_when_their_clients_go)
{
    on ("/async/:what", fetch_async);
    on ("/held", hold);
    test_server_start (&fixture.server);
    expect_cancelled_with_its_client ("/async/held");
}
END_TEST

static void
fetch_within_deadline (H3Event *event, gpointer user_data)
{
    fetch (event, NULL);
    h3_event_set_deadline (event, 1);
}

START_TEST (handlers_fetches_end_when_their_deadline_passes)
{
    g_autoptr (H3ClientResponse) response = NULL;

    on ("/late/:what", fetch_within_deadline);
    on ("/held", hold);
    test_server_start (&fixture.server);
    response = fetch_fixture_get (&fixture, "/late/held");
    ck_assert_uint_eq (h3_client_response_get_status (response), 503);
    latch_wait (&told, 1, "the end of the fetch");
    ck_assert_int_eq (code, H3_CLIENT_ERROR_CANCELLED);
}
END_TEST

/* The body of its request never comes. */
static void
fetch_with_silent_body (H3Event *event, gpointer user_data)
{
    g_autoptr (GInputStream) stream = g_unix_input_stream_new (silent[0], FALSE);
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (&fixture, "POST", "/held");
    Outer *outer = g_new0 (Outer, 1);

    outer->thread = pthread_self ();
    h3_client_request_set_body_stream (request, "text/plain", stream, 5);
    h3_event_fetch (event, inner, request, pass_on, outer, g_free);
    outer->has_returned = TRUE;
}

static void
read_nothing (H3Event *event, const char *data, gsize length, const GError *error,
              gpointer user_data)
{
}

static void
hold_body (H3Event *event, gpointer user_data)
{
    hold (event, NULL);
    h3_event_read_body (event, read_nothing, NULL, NULL);
}

static void
set_up_silence (void)
{
    on ("/silent", fetch_with_silent_body);
    h3_route_set_body (h3_app_post (fixture.server.app, "/held", hold_body, NULL), H3_BODY_STREAMED,
                       0);
}

START_TEST (handlers_fetches_whose_bodies_never_come_end_when_their_clients_go)
{
    set_up_silence ();
    test_server_start (&fixture.server);
    expect_cancelled_with_its_client ("/silent");
}
END_TEST

/* The server is stopped, twice, while a handler waits: what runs on its loops ends with them. */
static void
stop_while_it_waits (const char *path)
{
    g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
    RawClient *client = test_server_connect (&fixture.server);

    raw_client_send (client, request);
    latch_wait (&asked, 1, "the inner request");
    h3_app_stop (fixture.server.app);
    h3_app_stop (fixture.server.app);
    latch_wait (&told, 1, "the end of the fetch");
    ck_assert_int_ne (code, -1);
    raw_client_free (client);
    g_clear_object (&inner);
    g_clear_object (&fixture.client);
    test_server_end_stopped (&fixture.server, FALSE);
}

static void
set_up_alone (void)
{
    set_up ();
    on ("/outer/:what", fetch);
    on ("/async/:what", fetch_async);
    on ("/held", hold);
    set_up_silence ();
    test_server_start (&fixture.server);
}

START_TEST (handlers_fetches_end_with_the_server)
{
    stop_while_it_waits ("/outer/held");
}
END_TEST

START_TEST (handlers_fetches_whose_bodies_never_come_end_with_the_server)
{
    stop_while_it_waits ("/silent");
}
END_TEST

START_TEST (handlers_asynchronous_fetches_end_with_the_server)
{
    stop_while_it_waits ("/async/held");
}
END_TEST

static void
wait_in_handler (H3Event *event, gpointer user_data)
{
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (&fixture, "GET", "/trace");
    g_autoptr (GError) error = NULL;

    g_test_expect_message ("h3", G_LOG_LEVEL_CRITICAL, "*on a loop's thread*");
    ck_assert_ptr_null (h3_client_fetch (inner, request, NULL, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    g_test_assert_expected_messages ();
    h3_event_send_text (event, "refused");
}

START_TEST (handlers_must_not_wait)
{
    on ("/wait", wait_in_handler);
    on ("/trace", show_trace);
    test_server_start (&fixture.server);
    fetch_fixture_expect (&fixture, "/wait", 200, "refused");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *handlers = tcase_create ("handlers"), *stopped = tcase_create ("stopped");

    tcase_add_checked_fixture (handlers, set_up, tear_down);
    tcase_add_test (handlers, handlers_fetch_on_all_workers_at_once);
    tcase_add_test (handlers, handlers_pass_the_trace_on_unless_the_request_has_one);
    tcase_add_test (handlers, handlers_may_drop_the_client_while_it_fetches);
    tcase_add_test (handlers, handlers_are_told_in_their_workers_contexts);
    tcase_add_test (handlers, handlers_fetches_end_when_their_clients_go);
    tcase_add_test (handlers, handlers_asynchronous_fetches_end_when_their_clients_go);
    tcase_add_test (handlers, handlers_fetches_whose_bodies_never_come_end_when_their_clients_go);
    tcase_add_test (handlers, handlers_fetches_end_when_their_deadline_passes);
    tcase_add_test (handlers, handlers_must_not_wait);
    suite_add_tcase (suite, handlers);
    tcase_add_checked_fixture (stopped, set_up_alone, NULL);
    tcase_add_test (stopped, handlers_fetches_end_with_the_server);
    tcase_add_test (stopped, handlers_fetches_whose_bodies_never_come_end_with_the_server);
    tcase_add_test (stopped, handlers_asynchronous_fetches_end_with_the_server);
    suite_add_tcase (suite, stopped);
}

int
main (void)
{
    return suite_run ("e2e/client-handlers", add_tests);
}
