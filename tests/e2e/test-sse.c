/* SPDX-License-Identifier: MIT
 *
 * Event streams over real sockets: how they begin, what is sent, who is told of their end. */

#include "sse-fixture.h"

static Latch may_return = LATCH_INIT;
static guint n_sent; /* by a handler that has returned: behind `drained` */

/* Holds its worker until the client has had the first event. */
static void
send_and_stay (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Sse) sse = h3_sse_start (event);

    latch_raise (&started);
    ck_assert_int_eq (h3_sse_send (sse, "first", "one\ntwo"), H3_SSE_SENT);
    latch_wait (&may_return, 1, "the first event");
    ck_assert_int_eq (h3_sse_send_full (sse, "2", NULL, "last", 2, 50), H3_SSE_SENT);
}

START_TEST (sse_leaves_before_its_handler_returns)
{
    RawClient *client;

    may_return = (Latch) LATCH_INIT;
    begin_server (1);
    h3_app_get (server.app, "/stay", send_and_stay, NULL);
    test_server_start (&server);
    client = listen_to (GET ("/stay"), 200);
    expect_text (client, "event: first\ndata: one\ndata: two\n\n");
    latch_raise (&may_return);
    expect_text (client, "retry: 50\nid: 2\ndata: la\n\n");
    /* The handler kept no reference. */
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

static void
send_two (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Sse) sse = NULL;

    if (user_data != NULL)
        h3_event_set_header (event, "Cache-Control", user_data);
    sse = h3_sse_start (event);
    if (sse == NULL)
        return;
    h3_sse_send (sse, NULL, "a");
    h3_sse_send_comment (sse, "b\nc");
    h3_sse_close (sse);
    ck_assert (!h3_sse_is_open (sse));
    ck_assert_int_eq (h3_sse_send (sse, NULL, "d"), H3_SSE_CLOSED);
}

START_TEST (sse_says_what_it_is)
{
    static const char *const requests[] = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
    };
    RawClient *client;

    begin_server (1);
    h3_app_get (server.app, "/own", send_two, (gpointer) "private");
    h3_app_post (server.app, "/two", send_two, NULL);
    h3_app_get (server.app, "/two", send_two, NULL);
    test_server_start (&server);
    client = test_server_connect (&server);
    for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
        g_autoptr (RawAnswer) answer = NULL;
        g_autofree char *request = g_strdup (requests[i]);
        char *path = strchr (request, '/');
        g_autofree char *whole =
            g_strdup_printf ("%.*s/two%s", (int) (path - request), request, path + 1);

        ck_assert (raw_client_send (client, whole));
        answer = raw_client_read (client, i == 2);
        ck_assert_uint_eq (answer->status, 200);
        raw_answer_expect_header (answer, "Content-Type", "text/event-stream");
        raw_answer_expect_header (answer, "Cache-Control", "no-store");
        raw_answer_expect_header (answer, "X-Accel-Buffering", "no");
        raw_answer_expect_header (answer, "Transfer-Encoding", i == 2 ? NULL : "chunked");
        ck_assert_str_eq (answer->body->str, i == 2 ? "" : "data: a\n\n: b\n: c\n\n");
    }
    ck_assert (raw_client_send (client, "GET /own HTTP/1.1\r\nHost: a\r\n\r\n"));
    {
        g_autoptr (RawAnswer) answer = raw_client_read (client, FALSE);

        raw_answer_expect_header (answer, "Cache-Control", "private");
    }
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

START_TEST (sse_ends_with_the_connection_for_http_1_0)
{
    RawClient *client;

    begin_server (1);
    h3_app_get (server.app, "/two", send_two, NULL);
    test_server_start (&server);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, GET ("/two")));
    {
        g_autoptr (RawAnswer) answer = raw_client_read (client, FALSE);

        raw_answer_expect_header (answer, "Transfer-Encoding", NULL);
        raw_answer_expect_header (answer, "Content-Length", NULL);
        ck_assert_str_eq (answer->body->str, "data: a\n\n: b\n: c\n\n");
    }
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

START_TEST (sse_refuses_names_of_more_than_a_line)
{
    RawClient *client;

    begin_server (1);
    test_server_start (&server);
    client = listen_to (GET ("/"), 200);
    latch_wait (&started, 1, "a stream");
    ck_assert_int_eq (h3_sse_send (last_stream, "a\nid: 7", "x"), H3_SSE_REFUSED);
    ck_assert_int_eq (h3_sse_send_full (last_stream, "a\r", NULL, "x", -1, -1), H3_SSE_REFUSED);
    ck_assert_int_eq (h3_sse_send_full (last_stream, "7", NULL, NULL, -1, -1), H3_SSE_SENT);
    expect_text (client, "id: 7\n\n");
    drop_stream ();
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

#define N_SENDERS 3
#define N_EVENTS  1000

/* Each sends its own numbers, and waits for nobody. */
static void *
send_numbers (void *data)
{
    for (guint i = 0; i < N_EVENTS; i++) {
        char text[32];

        (void) g_snprintf (text, sizeof text, "%u %u", GPOINTER_TO_UINT (data), i);
        ck_assert_int_ne (h3_sse_send (last_stream, NULL, text), H3_SSE_CLOSED);
    }
    return NULL;
}

START_TEST (sse_keeps_the_order_of_each_thread)
{
    pthread_t threads[N_SENDERS];
    guint next[N_SENDERS] = { 0 };
    g_autoptr (GString) text = g_string_new (NULL);
    g_auto (GStrv) events = NULL;
    RawClient *client;

    begin_server (1);
    test_server_start (&server);
    client = listen_to (GET ("/"), 200);
    latch_wait (&started, 1, "a stream");
    for (guint i = 0; i < N_SENDERS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, send_numbers, GUINT_TO_POINTER (i)),
                          0);
    for (guint i = 0; i < N_SENDERS; i++)
        pthread_join (threads[i], NULL);
    h3_sse_close (last_stream);
    ck_assert_int_eq (h3_sse_send (last_stream, NULL, "late"), H3_SSE_CLOSED);
    ck_assert (!read_until (client, text, "never"));
    events = g_strsplit (text->str, "\n\n", -1);
    ck_assert_uint_eq (g_strv_length (events), N_SENDERS * N_EVENTS + 1);
    for (guint i = 0; i < N_SENDERS * N_EVENTS; i++) {
        guint sender, number;

        ck_assert_int_eq (sscanf (events[i], "data: %u %u", &sender, &number), 2);
        ck_assert_uint_lt (sender, N_SENDERS);
        ck_assert_uint_eq (number, next[sender]++);
    }
    latch_wait (&ended, 1, "the end");
    ck_assert_int_eq (atomic_load (&why), H3_SSE_END_CLOSED);
    drop_stream ();
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

static void
send_last (H3Sse *sse, gpointer user_data)
{
    ck_assert_int_eq (h3_sse_send (sse, NULL, "last"), H3_SSE_SENT);
    latch_raise (&drained);
}

/* Sends on the worker until the stream says that it is full. */
static void
fill (H3Event *event, gpointer user_data)
{
    g_autofree char *data = g_strnfill (1000, 'x');

    open_stream (event, NULL);
    h3_sse_on_drain (last_stream, send_last, NULL, NULL);
    while (h3_sse_send (last_stream, NULL, data) == H3_SSE_SENT)
        n_sent++;
    n_sent++;
}

/* Nothing is lost, and the last comes when there is room again. */
START_TEST (sse_tells_its_sender_to_wait_and_to_go_on)
{
    g_autoptr (GString) text = g_string_new (NULL);
    RawClient *client;

    n_sent = 0;
    begin_server (1);
    h3_app_get (server.app, "/fill", fill, NULL);
    test_server_start (&server);
    client = raw_client_new_small (server.address);
    ck_assert (raw_client_send (client, GET ("/fill")));
    raw_answer_free (raw_client_read_head (client));
    ck_assert (read_until (client, text, "data: last\n\n"));
    latch_wait (&drained, 1, "that there is room");
    ck_assert_uint_eq (text->len, n_sent * 1008 + strlen ("data: last\n\n"));
    drop_stream ();
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

static Latch freed = LATCH_INIT;

static void
note_freed (gpointer data)
{
    latch_raise (&freed);
}

/* Whatever it does, what it was given lasts until it returns. */
static void
end_within (H3Sse *sse, gpointer user_data)
{
    const gboolean *closes = user_data;

    if (*closes)
        h3_sse_close (sse);
    else
        h3_sse_on_drain (sse, NULL, NULL, NULL);
    ck_assert_uint_eq (latch_get (&freed), 0);
    if (!*closes)
        h3_sse_close (sse);
    latch_raise (&drained);
}

static void
fill_to_end (H3Event *event, gpointer closes)
{
    fill (event, NULL);
    h3_sse_on_drain (last_stream, end_within, closes, note_freed);
}

/* _i: whether it closes the stream, or takes itself away. */
START_TEST (sse_keeps_what_it_calls_with_until_the_call_returns)
{
    static const gboolean closes[] = { FALSE, TRUE };
    g_autoptr (GString) text = g_string_new (NULL);
    RawClient *client;

    freed = (Latch) LATCH_INIT;
    begin_server (1);
    h3_app_get (server.app, "/fill", fill_to_end, (gpointer) &closes[_i]);
    test_server_start (&server);
    client = raw_client_new_small (server.address);
    ck_assert (raw_client_send (client, GET ("/fill")));
    raw_answer_free (raw_client_read_head (client));
    ck_assert (!read_until (client, text, "never"));
    latch_wait (&drained, 1, "that there is room");
    latch_wait (&freed, 1, "the end of what it was given");
    drop_stream ();
    raw_client_free (client);
    test_server_end (&server);
    ck_assert_uint_eq (latch_get (&freed), 1);
}
END_TEST

/* As much as that is beyond the bound, however fast the worker is. */
START_TEST (sse_tells_another_thread_to_wait_and_to_go_on)
{
    g_autofree char *data = g_strnfill (H3_SSE_BOUND, 'x');
    g_autoptr (GString) text = g_string_new (NULL);
    RawClient *client;

    begin_server (1);
    test_server_start (&server);
    client = listen_to (GET ("/"), 200);
    latch_wait (&started, 1, "a stream");
    for (guint i = 1; i <= 3; i++) {
        ck_assert_int_eq (h3_sse_send (last_stream, NULL, data), H3_SSE_FULL);
        ck_assert_int_ne (h3_sse_send (last_stream, NULL, "small"), H3_SSE_CLOSED);
        ck_assert (read_until (client, text, "data: small\n\n"));
        latch_wait (&drained, i, "that there is room");
        g_string_truncate (text, 0);
    }
    drop_stream ();
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

START_TEST (sse_hears_that_its_client_has_gone)
{
    begin_server (1);
    test_server_start (&server);
    for (guint i = 1; i <= 3; i++) {
        RawClient *client = listen_to (GET ("/"), 200);

        latch_wait (&started, i, "a stream");
        if (i == 1)
            raw_client_half_close (client);
        else if (i == 2)
            raw_client_reset (client);
        raw_client_free (client);
        latch_wait (&ended, i, "an end");
        ck_assert_int_eq (atomic_load (&why), H3_SSE_END_GONE);
        ck_assert_int_eq (h3_sse_send (last_stream, NULL, "x"), H3_SSE_CLOSED);
        drop_stream ();
    }
    test_server_end (&server);
}
END_TEST

START_TEST (sse_tells_its_clients_that_the_server_ends)
{
    g_autoptr (GString) text = g_string_new (NULL);
    RawClient *client;

    begin_server (1);
    test_server_start (&server);
    client = listen_to (GET ("/"), 200);
    latch_wait (&started, 1, "a stream");
    h3_app_stop (server.app);
    ck_assert (!read_until (client, text, "never"));
    ck_assert_msg (
        g_regex_match_simple ("^: the server ends\n\nretry: [1-4][0-9]{3}\n\n$", text->str, 0, 0),
        "%s", text->str);
    latch_wait (&ended, 1, "the end");
    ck_assert_int_eq (atomic_load (&why), H3_SSE_END_DRAIN);
    drop_stream ();
    raw_client_free (client);
    test_server_end_stopped (&server, TRUE);
}
END_TEST

static void
beat (H3Event *event, gpointer user_data)
{
    open_stream (event, NULL);
    h3_sse_set_heartbeat (last_stream, 20);
}

START_TEST (sse_breaks_the_silence)
{
    RawClient *client;

    begin_server (1);
    h3_app_get (server.app, "/beat", beat, NULL);
    test_server_start (&server);
    client = listen_to (GET ("/beat"), 200);
    expect_text (client, ":\n\n:\n\n:\n\n");
    latch_wait (&started, 1, "a stream");
    drop_stream ();
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

static void
answer_twice (H3Event *event, gpointer user_data)
{
    H3Sse *sse;

    h3_event_send_text (event, "answered");
    sse = h3_sse_start (event);
    ck_assert_ptr_null (sse);
}

START_TEST (sse_is_no_second_answer)
{
    begin_server (1);
    h3_app_get (server.app, "/twice", answer_twice, NULL);
    test_server_start (&server);
    test_server_expect (&server, "GET /twice HTTP/1.1\r\nHost: a\r\n\r\n", 200, "answered");
    test_server_end (&server);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *tcase = tcase_create ("lifetime");

    tcase_add_loop_test (tcase, sse_keeps_what_it_calls_with_until_the_call_returns, 0, 2);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
    suite_add_case (suite, "begin", sse_leaves_before_its_handler_returns, sse_says_what_it_is,
                    sse_ends_with_the_connection_for_http_1_0, sse_is_no_second_answer, NULL);
    suite_add_case (suite, "sending", sse_refuses_names_of_more_than_a_line,
                    sse_keeps_the_order_of_each_thread, sse_tells_its_sender_to_wait_and_to_go_on,
                    sse_tells_another_thread_to_wait_and_to_go_on, sse_breaks_the_silence, NULL);
    suite_add_case (suite, "ends", sse_hears_that_its_client_has_gone,
                    sse_tells_its_clients_that_the_server_ends, NULL);
}

int
main (void)
{
    return suite_run ("e2e/sse", add);
}
