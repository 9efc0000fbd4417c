/* SPDX-License-Identifier: MIT
 *
 * Requests that are sent again while the first is under way, after its client has gone, after its
 * time was up: what runs once, and what the others are told. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"
#include "h3/loop/clock.h"

#include <pthread.h>

#define POST(path, key)                                                                            \
    "POST " path " HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nIdempotency-Key: " key "\r\n\r\nbo" \
    "dy"

static TestServer server;
static H3Store *store; /* ref */
static Latch runs = LATCH_INIT, gone = LATCH_INIT;
static guint deadline; /* of the handler's event, in milliseconds; 0: none */

/* The handler's event, which the test's own thread answers. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static H3Event *held; /* ref */

static void
note_gone (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    latch_raise (&gone);
}

static void
hold (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (event, note_gone, NULL, NULL);
    h3_event_set_deadline (event, deadline);
    pthread_mutex_lock (&mutex);
    held = h3_event_defer (event);
    pthread_mutex_unlock (&mutex);
    latch_raise (&runs);
}

static H3Event *
take_held (void)
{
    H3Event *event;

    pthread_mutex_lock (&mutex);
    event = g_steal_pointer (&held);
    pthread_mutex_unlock (&mutex);
    return event;
}

static void
answer_held (const char *text)
{
    g_autoptr (H3Event) event = take_held ();

    h3_event_set_status (event, 201);
    h3_event_send_text (event, text);
}

static void
count (H3Event *event, gpointer user_data)
{
    g_autofree char *text = NULL;

    latch_raise (&runs);
    text = g_strdup_printf ("run %u", latch_get (&runs));
    h3_event_send_text (event, text);
}

static void
prepare (void)
{
    test_server_init (&server);
    store = h3_memory_store_new (10000, 1 << 24);
    runs.value = gone.value = deadline = 0;
}

static void
start (guint n_workers)
{
    g_autoptr (H3Idempotency) idempotency = h3_idempotency_new ();

    h3_idempotency_set_store (idempotency, store);
    h3_app_use (server.app, "/", h3_idempotency_to_middleware (idempotency));
    h3_app_post (server.app, "/held", hold, NULL);
    h3_app_post (server.app, "/count", count, NULL);
    h3_server_set_workers (h3_app_get_server (server.app), n_workers);
    ck_assert (h3_app_set_limit (server.app, "max-requests", 0, NULL));
    test_server_start (&server);
}

static void
finish (void)
{
    g_clear_object (&store);
    test_server_end (&server);
}

static RawClient *
begin_held (void)
{
    RawClient *client = test_server_connect (&server);
    guint before = latch_get (&runs);

    ck_assert (raw_client_send (client, POST ("/held", "a")));
    latch_wait (&runs, before + 1, "a handler");
    return client;
}

static RawAnswer *
ask_held (void)
{
    g_autoptr (RawClient) client = test_server_connect (&server);

    ck_assert (raw_client_send (client, POST ("/held", "a")));
    return raw_client_read (client, FALSE);
}

static void
expect_conflict (void)
{
    g_autoptr (RawAnswer) answer = ask_held ();

    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (answer->status, 409);
    raw_answer_expect_header (answer, "Retry-After", "1");
}

/* Until what has ended on the worker has reached the store, it says that the first is under way. */
static RawAnswer *
ask_held_until_it_is_known (void)
{
    RawAnswer *answer = ask_held ();

    while (answer != NULL && answer->status == 409) {
        raw_answer_free (answer);
        answer = ask_held ();
    }
    ck_assert_ptr_nonnull (answer);
    return answer;
}

static void
expect_replay (const char *text)
{
    g_autoptr (RawAnswer) answer = ask_held_until_it_is_known ();

    ck_assert_uint_eq (answer->status, 201);
    ck_assert_str_eq (answer->body->str, text);
    raw_answer_expect_header (answer, "Idempotency-Replayed", "true");
}

START_TEST (who_comes_while_the_first_runs_is_told_to_come_again)
{
    g_autoptr (RawClient) client = NULL;

    prepare ();
    start (2);
    client = begin_held ();
    for (guint i = 0; i < 5; i++)
        expect_conflict ();
    test_server_expect (&server, POST ("/count", "a"), 422, NULL);
    answer_held ("done");
    raw_client_expect_answer (client, 201, "done");
    /* The first hears its answer when it is kept. */
    {
        g_autoptr (RawAnswer) again = ask_held ();

        ck_assert_uint_eq (again->status, 201);
        ck_assert_str_eq (again->body->str, "done");
    }
    ck_assert_uint_eq (latch_get (&runs), 1);
    g_clear_pointer (&client, raw_client_free);
    finish ();
}
END_TEST

enum { N_CLIENTS = 8, N_KEYS = 50 };

/* Of all who come with a key at once one runs: the others wait for it, or have its answer. */
START_TEST (of_many_at_once_one_runs)
{
    RawClient *clients[N_CLIENTS];
    char texts[N_KEYS][16] = { "" };

    prepare ();
    start (4);
    for (guint i = 0; i < N_CLIENTS; i++)
        clients[i] = test_server_connect (&server);
    for (guint key = 0; key < N_KEYS; key++) {
        g_autofree char *request = g_strdup_printf (POST ("/count", "k%u"), key);

        for (guint i = 0; i < N_CLIENTS; i++)
            ck_assert (raw_client_send (clients[i], request));
    }
    for (guint i = 0; i < N_CLIENTS * N_KEYS; i++) {
        g_autoptr (RawAnswer) answer = raw_client_read (clients[i / N_KEYS], FALSE);
        char *text = texts[i % N_KEYS];

        ck_assert (answer->status == 200 || answer->status == 409);
        if (answer->status == 409)
            continue;
        if (*text == '\0')
            (void) g_strlcpy (text, answer->body->str, sizeof texts[0]);
        ck_assert_str_eq (text, answer->body->str);
    }
    ck_assert_uint_eq (latch_get (&runs), N_KEYS);
    for (guint i = 0; i < N_CLIENTS; i++)
        raw_client_free (clients[i]);
    finish ();
}
END_TEST

/* What a handler does though its client has gone is not done again. */
START_TEST (an_answer_is_kept_though_its_client_has_gone)
{
    RawClient *client;

    prepare ();
    start (2);
    client = begin_held ();
    raw_client_reset (client);
    raw_client_free (client);
    latch_wait (&gone, 1, "the client's end");
    expect_conflict ();
    answer_held ("done in vain");
    expect_replay ("done in vain");
    ck_assert_uint_eq (latch_get (&runs), 1);
    finish ();
}
END_TEST

START_TEST (an_answer_is_kept_though_its_time_was_up)
{
    g_autoptr (RawClient) client = NULL;

    prepare ();
    deadline = 1;
    start (2);
    client = begin_held ();
    raw_client_expect_answer (client, 503, NULL);
    latch_wait (&gone, 1, "the end of the exchange");
    expect_conflict ();
    answer_held ("late");
    expect_replay ("late");
    ck_assert_uint_eq (latch_get (&runs), 1);
    g_clear_pointer (&client, raw_client_free);
    finish ();
}
END_TEST

/* Whoever gives up, answering nothing or an error, lets the next one run: until then that is
 * another request's key. */
START_TEST (a_first_that_comes_to_nothing_lets_the_next_run)
{
    RawClient *client;
    H3Event *event;
    guint status = 422;

    prepare ();
    start (2);
    client = begin_held ();
    raw_client_reset (client);
    raw_client_free (client);
    latch_wait (&gone, 1, "the client's end");
    event = take_held ();
    if (_i == 0)
        h3_event_fail_status (event, 500, NULL);
    h3_event_unref (event);
    client = test_server_connect (&server);
    while (status == 422) {
        g_autoptr (RawAnswer) answer = NULL;

        ck_assert (raw_client_send (client, POST ("/count", "a")));
        answer = raw_client_read (client, FALSE);
        status = answer->status;
    }
    ck_assert_uint_eq (status, 200);
    ck_assert_uint_eq (latch_get (&runs), 2);
    raw_client_free (client);
    finish ();
}
END_TEST

/* The lease of a server that lives is renewed; that of one that has died ends. */
START_TEST (a_claim_lasts_as_long_as_its_handler)
{
    g_autoptr (RawClient) client = NULL;

    clock_take_control ();
    prepare ();
    /* The worker that renews answers as well, so it has its turn each time. */
    start (1);
    client = begin_held ();
    for (guint i = 0; i < 20; i++) {
        clock_drive (9000);
        expect_conflict ();
    }
    answer_held ("done");
    raw_client_expect_answer (client, 201, "done");
    expect_replay ("done");
    g_clear_pointer (&client, raw_client_free);
    finish ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("requests");

    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, who_comes_while_the_first_runs_is_told_to_come_again);
    tcase_add_test (tcase, of_many_at_once_one_runs);
    tcase_add_test (tcase, an_answer_is_kept_though_its_client_has_gone);
    tcase_add_test (tcase, an_answer_is_kept_though_its_time_was_up);
    tcase_add_loop_test (tcase, a_first_that_comes_to_nothing_lets_the_next_run, 0, 2);
    /* Last, for the clock is driven from then on. */
    tcase_add_test (tcase, a_claim_lasts_as_long_as_its_handler);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/idempotency", add_cases);
}
