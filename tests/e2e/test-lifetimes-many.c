/* SPDX-License-Identifier: MIT
 *
 * More connections ready at once than one wait of the loop returns, so that it waits again before
 * what was written has left: kept alive and pipelined, with pooled events and without. */

#include "tests/support/backend.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <string.h>
#include <sys/resource.h>

#define N_CLIENTS   1200 /* one wait returns 1,024 at most where the loop has grown that far */
#define ROUNDS      3
#define N_PIPELINED 4
#define DESCRIPTORS (2 * N_CLIENTS + 200)

static TestServer server;
static Latch blocked = LATCH_INIT, released = LATCH_INIT;
static guint n_blocked; /* the worker's */

/* While the worker stands here, all clients become ready. */
static void
block (H3Event *event, gpointer user_data)
{
    latch_raise (&blocked);
    latch_wait (&released, ++n_blocked, "the release of the worker");
    h3_event_send_text (event, "released");
}

static void
answer_id (H3Event *event, gpointer user_data)
{
    const char *id = h3_event_get_param (event, "id");
    char *on_heap = g_strdup_printf ("id %s", id);
    char *in_arena = h3_arena_alloc (h3_event_get_arena (event), 1024);

    memset (in_arena, 'a', 1000);
    g_snprintf (in_arena + 900, 100, " %s", id);
    h3_event_set_header (event, "X-Id", on_heap);
    memset (on_heap, '#', strlen (on_heap));
    g_free (on_heap);
    h3_event_send_text (event, in_arena);
}

/* FALSE, after saying so, where the process may not have so many. */
static gboolean
raise_descriptors (void)
{
    struct rlimit limit;

    ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_max < DESCRIPTORS) {
        g_print ("SKIP: %d descriptors are needed, %" G_GUINT64_FORMAT " allowed (ulimit -Hn)\n",
                 DESCRIPTORS, (guint64) limit.rlim_max);
        return FALSE;
    }
    limit.rlim_cur = MAX (limit.rlim_cur, DESCRIPTORS);
    ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &limit), 0);
    return TRUE;
}

static void
start (gboolean pooled)
{
    test_server_init (&server);
    h3_app_get (server.app, "/block", block, NULL);
    h3_app_get (server.app, "/id/:id", answer_id, NULL);
    if (!pooled)
        h3_server_set_pooled_events (h3_app_get_server (server.app), 0);
    test_server_start (&server);
}

static void
expect_id (RawClient *client, guint id)
{
    g_autoptr (RawAnswer) answer = raw_client_read (client, FALSE);
    g_autofree char *header = g_strdup_printf ("id %u", id);
    g_autofree char *end = g_strdup_printf ("a %u", id);

    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (answer->status, 200);
    raw_answer_expect_header (answer, "X-Id", header);
    ck_assert_msg (g_str_has_suffix (answer->body->str, end), "not the body of %u: %s", id,
                   answer->body->str);
}

static void
ask_all (RawClient **clients, guint round, guint n_pipelined)
{
    for (guint i = 0; i < N_CLIENTS; i++) {
        g_autoptr (GString) text = g_string_new (NULL);

        for (guint k = 0; k < n_pipelined; k++)
            g_string_append_printf (text, "GET /id/%u HTTP/1.1\r\nHost: a\r\n\r\n",
                                    (round * N_CLIENTS + i) * n_pipelined + k);
        ck_assert (raw_client_send_data (clients[i], text->str, text->len));
    }
}

static void
expect_all (RawClient **clients, guint round, guint n_pipelined)
{
    for (guint i = 0; i < N_CLIENTS; i++) {
        for (guint k = 0; k < n_pipelined; k++)
            expect_id (clients[i], (round * N_CLIENTS + i) * n_pipelined + k);
    }
}

static void
check_many (gboolean pooled, guint n_pipelined)
{
    RawClient *clients[N_CLIENTS];
    RawClient *blocker;

    if (!backend_has_room () || !raise_descriptors ())
        return;
    start (pooled);
    blocker = test_server_connect (&server);
    for (guint i = 0; i < N_CLIENTS; i++)
        clients[i] = test_server_connect (&server);
    for (guint round = 0; round < ROUNDS; round++) {
        ck_assert (raw_client_send (blocker, "GET /block HTTP/1.1\r\nHost: a\r\n\r\n"));
        latch_wait (&blocked, round + 1, "the worker");
        ask_all (clients, round, n_pipelined);
        latch_raise (&released);
        raw_client_expect_answer (blocker, 200, "released");
        expect_all (clients, round, n_pipelined);
    }
    ck_assert_int_eq (counters_read (COUNTER_CONNECTIONS_LIVE), N_CLIENTS + 1);
    for (guint i = 0; i < N_CLIENTS; i++)
        raw_client_free (clients[i]);
    raw_client_free (blocker);
    test_server_end (&server);
}

/* _i: whether events are pooled. */
START_TEST (many_ready_connections_are_all_answered)
{
    check_many (_i, 1);
}
END_TEST

START_TEST (many_ready_pipelines_are_all_answered)
{
    check_many (_i, N_PIPELINED);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("many");

    tcase_set_timeout (tcase, 120);
    tcase_add_loop_test (tcase, many_ready_connections_are_all_answered, 0, 2);
    tcase_add_loop_test (tcase, many_ready_pipelines_are_all_answered, 0, 2);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/lifetimes-many", add_cases);
}
