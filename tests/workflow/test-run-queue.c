/* SPDX-License-Identifier: MIT */

#include "queue-peers.h"

#include "h3/base/error.h"
#include "tests/support/suite.h"

START_TEST (run_is_taken_by_who_has_room_and_told_of_to_all)
{
    g_autofree char *id = NULL, *first = NULL;

    if (!peers_begin (NEVER))
        return;
    id = add_run (peer_a.queue);
    first = ask (peer_b.queue, id);
    ck_assert_str_eq (first, WAITED);
    run_queue_set_room (peer_b.queue, 1);
    AWAIT (peer_b.taken->len == 1);
    expect_taken (&peer_b, 0, id, "");
    ck_assert_str_eq (peer_b.document, WAITED);
    ck_assert (run_queue_publish (peer_b.queue, id, "[1]", 3));
    await_document (peer_a.queue, id, "[1]");
    run_queue_end (peer_b.queue, id, "[2]", 3);
    await_document (peer_a.queue, id, "[2].");
    ck_assert_uint_eq (peer_a.taken->len, 0);
    peers_end ();
}
END_TEST

START_TEST (no_more_are_taken_than_there_is_room_for)
{
    g_autofree char *first = NULL, *second = NULL, *third = NULL;

    if (!peers_begin (NEVER))
        return;
    first = add_run (peer_a.queue);
    second = add_run (peer_a.queue);
    third = add_run (peer_a.queue);
    run_queue_set_room (peer_b.queue, 2);
    AWAIT (peer_b.taken->len == 2);
    expect_taken (&peer_b, 0, first, "");
    expect_taken (&peer_b, 1, second, "");
    run_queue_end (peer_b.queue, first, NULL, 0);
    await_document (peer_a.queue, first, WAITED ".");
    ck_assert_uint_eq (peer_b.taken->len, 2);
    run_queue_set_room (peer_a.queue, 5);
    AWAIT (peer_a.taken->len == 1);
    expect_taken (&peer_a, 0, third, "");
    peers_end ();
}
END_TEST

START_TEST (one_that_is_added_twice_is_run_once)
{
    g_autofree char *id = NULL, *other = NULL;

    if (!peers_begin (NEVER))
        return;
    id = add_run (peer_a.queue);
    ck_assert_int_eq (try_add (peer_b.queue, id), -1);
    run_queue_set_room (peer_b.queue, 3);
    AWAIT (peer_b.taken->len == 1);
    run_queue_end (peer_b.queue, id, NULL, 0);
    await_document (peer_a.queue, id, WAITED ".");
    ck_assert_int_eq (try_add (peer_a.queue, id), -1);
    other = add_run (peer_a.queue);
    AWAIT (peer_b.taken->len == 2);
    expect_taken (&peer_b, 1, other, "");
    peers_end ();
}
END_TEST

START_TEST (run_is_cancelled_wherever_it_is)
{
    g_autofree char *id = NULL, *waiting = NULL;

    if (!peers_begin (NEVER))
        return;
    id = add_run (peer_a.queue);
    run_queue_set_room (peer_b.queue, 1);
    AWAIT (peer_b.taken->len == 1);
    ck_assert_int_eq (cancel (peer_a.queue, id), -1);
    AWAIT (peer_b.n_cancelled == 1);
    ck_assert_str_eq (peer_b.last, id);
    run_queue_end (peer_b.queue, id, NULL, 0);
    await_document (peer_a.queue, id, WAITED ".");
    ck_assert_int_eq (cancel (peer_a.queue, id), H3_ERROR_CLOSED);
    ck_assert_int_eq (cancel (peer_a.queue, "01hzzzzzzz0000000000000009"), H3_ERROR_NOT_FOUND);
    waiting = add_run (peer_a.queue);
    ck_assert_int_eq (cancel (peer_b.queue, waiting), -1);
    run_queue_set_room (peer_b.queue, 1);
    AWAIT (peer_b.taken->len == 2);
    expect_taken (&peer_b, 1, waiting, "-");
    ck_assert_uint_eq (peer_b.n_cancelled, 1);
    peers_end ();
}
END_TEST

START_TEST (run_of_one_that_died_is_taken_by_another)
{
    g_autofree char *id = NULL;

    if (!peers_begin (SOON))
        return;
    id = add_run (peer_b.queue);
    run_queue_set_room (peer_a.queue, 1);
    AWAIT (peer_a.taken->len == 1);
    ck_assert (run_queue_publish (peer_a.queue, id, "[1]", 3));
    await_document (peer_b.queue, id, "[1]");
    peer_end (&peer_a);
    run_queue_set_room (peer_b.queue, 1);
    AWAIT (peer_b.taken->len == 1);
    expect_taken (&peer_b, 0, id, "+");
    ck_assert_str_eq (peer_b.document, "[1]");
    run_queue_end (peer_b.queue, id, "[2]", 3);
    await_document (peer_b.queue, id, "[2].");
    peers_end ();
}
END_TEST

START_TEST (run_that_is_given_back_is_taken_at_once_as_it_was_published)
{
    g_autofree char *id = NULL;

    if (!peers_begin (NEVER))
        return;
    id = add_run (peer_b.queue);
    run_queue_set_room (peer_a.queue, 1);
    AWAIT (peer_a.taken->len == 1);
    /* What is published now would be sent later. */
    ck_assert (run_queue_publish (peer_a.queue, id, "[1]", 3));
    run_queue_release (peer_a.queue, id, TRUE);
    ck_assert_int_eq (drain (peer_a.queue), -1);
    run_queue_free (g_steal_pointer (&peer_b.queue));
    peer_end (&peer_b);
    /* Who looks for runs of others at once: its turns are a third of that apart. */
    peer_begin (&peer_b, "c", 300);
    run_queue_set_room (peer_b.queue, 1);
    AWAIT (peer_b.taken->len == 1);
    expect_taken (&peer_b, 0, id, "+");
    ck_assert_str_eq (peer_b.document, "[1]");
    peers_end ();
}
END_TEST

START_TEST (run_that_is_given_back_before_it_was_begun_is_a_new_one)
{
    g_autofree char *id = NULL;

    if (!peers_begin (NEVER))
        return;
    id = add_run (peer_b.queue);
    run_queue_set_room (peer_a.queue, 1);
    AWAIT (peer_a.taken->len == 1);
    run_queue_release (peer_a.queue, id, FALSE);
    ck_assert_int_eq (drain (peer_a.queue), -1);
    peer_end (&peer_b);
    peer_begin (&peer_b, "c", 300);
    run_queue_set_room (peer_b.queue, 1);
    AWAIT (peer_b.taken->len == 1);
    expect_taken (&peer_b, 0, id, "");
    peers_end ();
}
END_TEST

START_TEST (one_that_lives_keeps_its_run_however_long_it_takes)
{
    g_autofree char *id = NULL, *line = NULL, *renewed = NULL;

    if (!peers_begin (30000))
        return;
    run_queue_set_claim_time (peer_a.queue, 30);
    id = add_run (peer_b.queue);
    run_queue_set_room (peer_a.queue, 1);
    AWAIT (peer_a.taken->len == 1);
    /* As if it had been taken long ago; then it is renewed. */
    line = redis_server_tell (
        &peers_server,
        "EVAL \"local p = redis.call('XPENDING', 'h3:runs', 'h3', '-', '+', 1)[1] "
        "redis.call('XCLAIM', 'h3:runs', 'h3', 'a', 0, p[1], 'IDLE', 900000, 'JUSTID') "
        "return 1\" 0");
    do {
        peers_step (TRUE);
        g_free (renewed);
        renewed = redis_server_tell (
            &peers_server,
            "EVAL \"local p = redis.call('XPENDING', 'h3:runs', 'h3', '-', '+', 1)[1] if "
            "p[3] < 900000 then return 1 else return 0 end\" 0");
    } while (strcmp (renewed, ":1\r") != 0);
    ck_assert_uint_eq (peer_a.n_lost, 0);
    peers_end ();
}
END_TEST

START_TEST (one_whose_run_another_has_is_told)
{
    g_autofree char *id = NULL, *command = NULL, *done = NULL;

    if (!peers_begin (SOON))
        return;
    id = add_run (peer_b.queue);
    run_queue_set_room (peer_a.queue, 1);
    AWAIT (peer_a.taken->len == 1);
    command = g_strdup_printf ("HSET h3:run:%s owner somebody", id);
    done = redis_server_tell (&peers_server, command);
    AWAIT (peer_a.n_lost == 1);
    ck_assert_str_eq (peer_a.last, id);
    /* What is told of it here counts no more. */
    run_queue_end (peer_a.queue, id, "[1]", 3);
    await_document (peer_b.queue, id, WAITED);
    ck_assert_int_eq (drain (peer_a.queue), -1);
    await_document (peer_b.queue, id, WAITED);
    peers_end ();
}
END_TEST

static void
never (const RunTaken *taken, gpointer data)
{
    ck_abort_msg ("a run from nowhere");
}

START_TEST (url_of_something_else_is_refused)
{
    static const RunQueueListener listener = { .taken = never };
    static const char *const urls[] = { "memory:", "http://x", "", "redis://u:p@[" };

    for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert_ptr_null (run_queue_new (NULL, urls[i], "x", &listener, NULL, &error));
        ck_assert (error->domain == H3_ERROR);
    }
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "runs", run_is_taken_by_who_has_room_and_told_of_to_all,
                    no_more_are_taken_than_there_is_room_for, one_that_is_added_twice_is_run_once,
                    run_is_cancelled_wherever_it_is, run_of_one_that_died_is_taken_by_another,
                    run_that_is_given_back_is_taken_at_once_as_it_was_published,
                    run_that_is_given_back_before_it_was_begun_is_a_new_one,
                    one_that_lives_keeps_its_run_however_long_it_takes,
                    one_whose_run_another_has_is_told, url_of_something_else_is_refused, NULL);
}

int
main (void)
{
    return suite_run ("workflow/run-queue", add);
}
