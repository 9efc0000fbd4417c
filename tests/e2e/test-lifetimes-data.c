/* SPDX-License-Identifier: MIT
 *
 * Who owns what a handler sets: header strings, context, parameters; kept alive and pipelined, with
 * pooled events and without. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <string.h>

#define REPEATS 1000

static TestServer server;
static Latch set_data = LATCH_INIT, destroyed = LATCH_INIT, warnings = LATCH_INIT;

/* A stack buffer is overwritten, a heap string freed, before the head leaves. */
static void
set_every_kind (H3Event *event, gpointer user_data)
{
    const char *id = h3_event_get_param (event, "id");
    char on_stack[32];
    char name[16];
    char *on_heap = g_strdup_printf ("heap-%s", id);

    g_snprintf (on_stack, sizeof on_stack, "stack-%s", id);
    g_strlcpy (name, "X-Stack", sizeof name);
    h3_event_set_header (event, "X-Literal", "literal");
    h3_event_set_header (event, name, on_stack);
    h3_event_set_header (event, "X-Heap", on_heap);
    memset (on_stack, '#', sizeof on_stack);
    memset (name, '#', sizeof name);
    memset (on_heap, '#', strlen (on_heap));
    g_free (on_heap);
    h3_event_send_text (event, id);
}

static void
note_destroyed (gpointer data)
{
    g_free (data);
    latch_raise (&destroyed);
}

static void
set_many (H3Event *event, gpointer user_data)
{
    char *last;

    ck_assert_ptr_null (h3_event_get_data (event, "key"));
    ck_assert_ptr_null (h3_response_get_header (h3_event_get_response (event), "X-Many"));
    for (guint i = 0; i < REPEATS; i++) {
        g_autofree char *value = g_strdup_printf ("value-%u", i);

        h3_event_set_header (event, "X-Many", value);
        h3_event_set_data (event, "key", g_strdup (value), note_destroyed);
        latch_raise (&set_data);
    }
    last = h3_event_get_data (event, "key");
    h3_event_send_text (event, last);
}

/* What one request asked for must not show in the next. */
static void
show_left_overs (H3Event *event, gpointer user_data)
{
    H3Request *request = h3_event_get_request (event);
    g_autofree char *text = NULL;

    text = g_strdup_printf ("%s %s %s %u %u", h3_request_get_header (request, "X-Secret"),
                            (char *) h3_event_get_data (event, "secret"),
                            h3_event_get_param (event, "secret"), h3_event_count_params (event),
                            h3_response_get_status (h3_event_get_response (event)));
    h3_event_send_text (event, text);
}

static void
leave_much (H3Event *event, gpointer user_data)
{
    h3_event_set_data (event, "secret", (gpointer) "secret", NULL);
    h3_event_set_header (event, "X-Left", h3_event_get_param (event, "secret"));
    h3_response_set_header_always (h3_event_get_response (event), "X-Always", "secret");
    h3_event_set_status (event, 201);
    if (g_strcmp0 (h3_event_get_param (event, "secret"), "fail") == 0)
        h3_event_fail (event, h3_http_error_new (418, "secret"));
    else if (g_strcmp0 (h3_event_get_param (event, "secret"), "silent") != 0)
        h3_event_send_text (event, "secret");
}

static void
start (gboolean pooled)
{
    test_server_init (&server);
    h3_app_get (server.app, "/kinds/:id([0-9]+)", set_every_kind, NULL);
    h3_app_get (server.app, "/many", set_many, NULL);
    h3_app_all (server.app, "/leave/:secret", leave_much, NULL);
    h3_app_get (server.app, "/left", show_left_overs, NULL);
    h3_server_get_limits (h3_app_get_server (server.app))->requests = 0;
    if (!pooled)
        h3_server_set_pooled_events (h3_app_get_server (server.app), 0);
    test_server_start (&server);
}

static void
expect_kinds (RawClient *client, guint id)
{
    g_autoptr (RawAnswer) answer = raw_client_read (client, FALSE);
    g_autofree char *text = g_strdup_printf ("%u", id);
    g_autofree char *stack = g_strconcat ("stack-", text, NULL);
    g_autofree char *heap = g_strconcat ("heap-", text, NULL);

    ck_assert_ptr_nonnull (answer);
    ck_assert_str_eq (answer->body->str, text);
    raw_answer_expect_header (answer, "X-Literal", "literal");
    raw_answer_expect_header (answer, "X-Stack", stack);
    raw_answer_expect_header (answer, "X-Heap", heap);
}

static void
ask_kinds (RawClient *client, guint first, guint n)
{
    g_autoptr (GString) text = g_string_new (NULL);

    for (guint i = first; i < first + n; i++)
        g_string_append_printf (text, "GET /kinds/%u HTTP/1.1\r\nHost: a\r\n\r\n", i);
    ck_assert (raw_client_send_data (client, text->str, text->len));
    for (guint i = first; i < first + n; i++)
        expect_kinds (client, i);
}

/* _i: whether events are pooled. */
START_TEST (header_strings_of_any_kind_are_copied)
{
    RawClient *client;

    start (_i);
    client = test_server_connect (&server);
    for (guint i = 0; i < 100; i++)
        ask_kinds (client, i, 1);
    for (guint i = 0; i < 20; i++)
        ask_kinds (client, 1000 + i * 16, 16);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

/* 101 requests, each with a thousand sets of one key, on one connection: what lives at the end is
 * what lived after the first. */
START_TEST (setting_one_key_often_leaves_memory_flat)
{
    RawClient *client;
    gint64 arena;

    start (_i);
    client = test_server_connect (&server);
    raw_client_expect (client, "GET /many HTTP/1.1\r\nHost: a\r\n\r\n", 200, "value-999");
    raw_client_expect (client, "GET /left HTTP/1.1\r\nHost: a\r\n\r\n", 200, NULL);
    arena = counters_read (COUNTER_ARENA_BYTES);
    for (guint i = 0; i < 50; i++) {
        ck_assert (raw_client_send (client, "GET /many HTTP/1.1\r\nHost: a\r\n\r\n"
                                            "GET /many HTTP/1.1\r\nHost: a\r\n\r\n"));
        raw_client_expect_answer (client, 200, "value-999");
        raw_client_expect_answer (client, 200, "value-999");
    }
    raw_client_expect (client, "GET /left HTTP/1.1\r\nHost: a\r\n\r\n", 200, NULL);
    ck_assert_int_le (counters_read (COUNTER_ARENA_BYTES), arena);
    ck_assert_int_lt (arena, 256 * 1024);
    raw_client_free (client);
    test_server_end (&server);
    ck_assert_uint_eq (latch_get (&set_data), 101 * REPEATS);
    ck_assert_uint_eq (latch_get (&destroyed), 101 * REPEATS);
}
END_TEST

static GLogWriterOutput
count_warning (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    if ((level & G_LOG_LEVEL_MASK) <= G_LOG_LEVEL_WARNING)
        latch_raise (&warnings);
    return G_LOG_WRITER_HANDLED;
}

static void
expect_nothing_left_over (RawClient *client)
{
    g_autoptr (RawAnswer) answer = raw_client_read (client, FALSE);

    ck_assert_ptr_nonnull (answer);
    ck_assert_str_eq (answer->body->str, "(null) (null) (null) 0 200");
    raw_answer_expect_header (answer, "X-Left", NULL);
    raw_answer_expect_header (answer, "X-Always", NULL);
}

/* Pipelined, so that the second event is the first one's memory. */
START_TEST (nothing_of_a_request_shows_in_the_next)
{
    static const char *const firsts[] = {
        "GET /leave/much HTTP/1.1\r\nHost: a\r\nX-Secret: s\r\n\r\n",
        "GET /leave/fail HTTP/1.1\r\nHost: a\r\nX-Secret: s\r\n\r\n",
        "GET /leave/silent HTTP/1.1\r\nHost: a\r\nX-Secret: s\r\n\r\n",
        "GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Secret: s\r\n\r\n",
        "DELETE /left HTTP/1.1\r\nHost: a\r\nX-Secret: s\r\n\r\n",
        "POST /leave/body HTTP/1.1\r\nHost: a\r\nX-Secret: s\r\nContent-Length: 6\r\n\r\nsecret",
    };
    RawClient *client;

    g_log_set_always_fatal (G_LOG_FATAL_MASK);
    g_log_set_writer_func (count_warning, NULL, NULL);
    start (_i);
    client = test_server_connect (&server);
    for (guint i = 0; i < G_N_ELEMENTS (firsts) * 5; i++) {
        g_autofree char *both = g_strconcat (firsts[i % G_N_ELEMENTS (firsts)],
                                             "GET /left HTTP/1.1\r\nHost: a\r\n\r\n", NULL);
        g_autoptr (RawAnswer) first = NULL;

        ck_assert (raw_client_send (client, both));
        first = raw_client_read (client, FALSE);
        ck_assert_ptr_nonnull (first);
        expect_nothing_left_over (client);
    }
    raw_client_free (client);
    test_server_end (&server);
    ck_assert_uint_eq (latch_get (&warnings), 5); /* the silent handler's */
}
END_TEST

/* The route cache keeps its own keys: the requests they came from are gone, and overwritten. */
START_TEST (cached_routes_outlive_their_requests)
{
    RawClient *client;

    start (_i);
    client = test_server_connect (&server);
    for (guint round = 0; round < 3; round++) {
        for (guint i = 0; i < 40; i++)
            ask_kinds (client, i * 50, 50);
    }
    raw_client_free (client);
    client = test_server_connect (&server);
    ask_kinds (client, 1900, 100);
    raw_client_free (client);
    ck_assert_int_gt (counters_read (COUNTER_ROUTE_CACHE_EVICTIONS), 0);
    ck_assert_int_le (counters_read (COUNTER_MAP_ENTRIES), 1024);
    test_server_end (&server);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("data");

    tcase_set_timeout (tcase, 60);
    tcase_add_loop_test (tcase, header_strings_of_any_kind_are_copied, 0, 2);
    tcase_add_loop_test (tcase, setting_one_key_often_leaves_memory_flat, 0, 2);
    tcase_add_loop_test (tcase, nothing_of_a_request_shows_in_the_next, 0, 2);
    tcase_add_loop_test (tcase, cached_routes_outlive_their_requests, 0, 2);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/lifetimes-data", add_cases);
}
