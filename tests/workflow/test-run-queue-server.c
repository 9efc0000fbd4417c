/* SPDX-License-Identifier: MIT */

#include "queue-peers.h"

#include "h3/base/error.h"
#include "h3/workflow/run-id.h"
#include "tests/support/suite.h"

#include <string.h>

START_TEST (server_that_comes_back_empty_is_told_of_what_is_here)
{
    g_autofree char *id = NULL, *other = NULL;

    if (!peers_begin (SOON))
        return;
    id = add_run (peer_b.queue);
    run_queue_set_room (peer_a.queue, 4);
    AWAIT (peer_a.taken->len == 1);
    redis_server_kill (&peers_server);
    AWAIT (peer_a.n_failures == 1);
    ck_assert_int_eq (try_add (peer_a.queue, "01hzzzzzzz0000000000000008"), H3_ERROR_FAILED);
    ck_assert (run_queue_publish (peer_a.queue, id, "[1]", 3));
    run_queue_end (peer_a.queue, id, "[2]", 3);
    redis_server_begin (&peers_server, NULL);
    AWAIT (peer_a.n_recoveries == 1);
    await_document (peer_b.queue, id, "[2].");
    while (other == NULL) {
        other = run_id_new (NULL);
        if (try_add (peer_b.queue, other) != -1)
            g_clear_pointer (&other, g_free);
    }
    AWAIT (peer_a.taken->len == 2);
    expect_taken (&peer_a, 1, other, "");
    peers_end ();
}
END_TEST

START_TEST (who_leaves_is_forgotten_by_the_server)
{
    g_autofree char *id = NULL, *gone = NULL;

    if (!peers_begin (NEVER))
        return;
    id = add_run (peer_b.queue);
    run_queue_set_room (peer_a.queue, 1);
    AWAIT (peer_a.taken->len == 1);
    run_queue_end (peer_a.queue, id, "[2]", 3);
    ck_assert_int_eq (drain (peer_a.queue), -1);
    gone = redis_server_tell (
        &peers_server, "EVAL \"return #redis.call('XINFO', 'CONSUMERS', 'h3:runs', 'h3')\" 0");
    ck_assert_str_eq (gone, ":0\r");
    await_document (peer_b.queue, id, "[2].");
    peers_end ();
}
END_TEST

START_TEST (draining_without_a_server_is_told)
{
    if (!peers_begin (NEVER))
        return;
    run_queue_set_room (peer_a.queue, 1);
    redis_server_kill (&peers_server);
    AWAIT (peer_a.n_failures == 1);
    ck_assert_int_ge (drain (peer_a.queue), 0);
    redis_server_begin (&peers_server, NULL);
    peers_end ();
}
END_TEST

START_TEST (what_is_no_run_is_thrown_out)
{
    g_autofree char *first = NULL, *second = NULL, *id = NULL, *left = NULL;

    if (!peers_begin (NEVER))
        return;
    first = redis_server_tell (&peers_server, "XADD h3:runs * what ever");
    second = redis_server_tell (&peers_server, "XADD h3:runs * id x run nothing");
    id = add_run (peer_b.queue);
    run_queue_set_room (peer_a.queue, 1);
    AWAIT (peer_a.taken->len == 1);
    expect_taken (&peer_a, 0, id, "");
    do {
        peers_step (FALSE);
        g_free (left);
        left = redis_server_tell (&peers_server, "XLEN h3:runs");
    } while (strcmp (left, ":1\r") != 0);
    peers_end ();
}
END_TEST

/* Of two entries the server gives both at once: the other is thrown out when the run has ended. */
START_TEST (run_that_comes_twice_is_taken_once)
{
    g_autofree char *id = NULL, *twice = NULL, *group = NULL, *read = NULL, *left = NULL;

    if (!peers_begin (SOON))
        return;
    id = add_run (peer_b.queue);
    twice = redis_server_tell (&peers_server,
                               "EVAL \"local e = redis.call('XRANGE', 'h3:runs', '-', '+')[1] "
                               "redis.call('XADD', 'h3:runs', '*', unpack(e[2])) return 1\" 0");
    group = redis_server_tell (&peers_server, "XGROUP CREATE h3:runs h3 0");
    read = redis_server_tell (
        &peers_server,
        "EVAL \"return #redis.call('XREADGROUP', 'GROUP', 'h3', 'gone', 'COUNT', '2', "
        "'STREAMS', 'h3:runs', '>')[1][2]\" 0");
    ck_assert_str_eq (read, ":2\r");
    run_queue_set_room (peer_a.queue, 4);
    AWAIT (peer_a.taken->len > 0);
    ck_assert (run_queue_publish (peer_a.queue, id, "[1]", 3));
    await_document (peer_b.queue, id, "[1]");
    run_queue_end (peer_a.queue, id, "[2]", 3);
    do {
        peers_step (FALSE);
        g_free (left);
        left = redis_server_tell (&peers_server, "XLEN h3:runs");
    } while (strcmp (left, ":0\r") != 0);
    ck_assert_uint_eq (peer_a.taken->len, 1);
    await_document (peer_b.queue, id, "[2].");
    peers_end ();
}
END_TEST

START_TEST (too_many_runs_are_refused)
{
    g_autofree char *filled = NULL;

    if (!peers_begin (NEVER))
        return;
    filled = redis_server_tell (
        &peers_server,
        "EVAL \"for i = 1, 10000 do redis.call('XADD', 'h3:runs', '*', 'a', 'b') end "
        "return 1\" 0");
    ck_assert_int_eq (try_add (peer_a.queue, "01hzzzzzzz0000000000000007"), H3_ERROR_LIMIT);
    peers_end ();
}
END_TEST

START_TEST (document_that_is_too_large_is_not_published)
{
    G_GNUC_UNUSED g_autofree char *id = NULL, *large = g_malloc0 (RUN_QUEUE_DOCUMENT_MAX + 1),
                                  *seen = NULL;

    if (!peers_begin (NEVER))
        return;
    id = add_run (peer_b.queue);
    run_queue_set_room (peer_a.queue, 1);
    AWAIT (peer_a.taken->len == 1);
    memset (large, ' ', RUN_QUEUE_DOCUMENT_MAX + 1);
    ck_assert (!run_queue_publish (peer_a.queue, id, large, RUN_QUEUE_DOCUMENT_MAX + 1));
    run_queue_end (peer_a.queue, id, large, RUN_QUEUE_DOCUMENT_MAX + 1);
    await_document (peer_b.queue, id, WAITED ".");
    peers_end ();
}
END_TEST

static guint n_told;

static void
on_told (const GError *error, gpointer data)
{
    n_told++;
}

static void
on_dropped (gpointer data)
{
    n_told++;
}

START_TEST (what_is_under_way_at_the_end_is_answered)
{
    RunRecord run = { .id = "x", .workflow = "w", .plan = "p" };

    if (!peers_begin (NEVER))
        return;
    run_queue_set_room (peer_a.queue, 2);
    peers_step (FALSE);
    for (guint i = 0; i < 10; i++)
        run_queue_add (peer_a.queue, &run, "", on_told, NULL, on_dropped);
    peers_step (FALSE);
    for (guint i = 0; i < 10; i++)
        run_queue_add (peer_a.queue, &run, "", on_told, NULL, on_dropped);
    peers_end ();
    ck_assert_uint_eq (n_told, 20);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "server", server_that_comes_back_empty_is_told_of_what_is_here,
                    who_leaves_is_forgotten_by_the_server, draining_without_a_server_is_told,
                    what_is_no_run_is_thrown_out, run_that_comes_twice_is_taken_once,
                    too_many_runs_are_refused, document_that_is_too_large_is_not_published,
                    what_is_under_way_at_the_end_is_answered, NULL);
}

int
main (void)
{
    return suite_run ("workflow/run-queue-server", add);
}
