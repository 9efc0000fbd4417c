/* SPDX-License-Identifier: MIT */

#include "h3/loop/endings.h"
#include "h3/loop/loop.h"
#include "tests/support/suite.h"

typedef struct {
    EndingNode node;
    Endings *endings;
    EndingNode *other; /* taken out when this one is told */
    guint n_told;
} Waiter;

static void
on_ending (EndingNode *node)
{
    Waiter *waiter = (Waiter *) node;

    ck_assert (!node->is_waiting);
    waiter->n_told++;
    endings_remove (waiter->endings, node);
    if (waiter->other != NULL)
        endings_remove (waiter->endings, waiter->other);
}

START_TEST (ending_is_told_once_to_those_who_wait)
{
    Endings endings = { 0 };
    Waiter waiters[5] = { 0 };

    for (guint i = 0; i < G_N_ELEMENTS (waiters); i++) {
        waiters[i].node.on_ending = on_ending;
        waiters[i].endings = &endings;
        endings_add (&endings, i == 0 ? ENDING_CLOSE : ENDING_DRAIN, &waiters[i].node);
    }
    endings_remove (&endings, &waiters[2].node);
    endings_remove (&endings, &waiters[2].node);
    waiters[4].other = &waiters[3].node;
    endings_come (&endings, ENDING_DRAIN);
    endings_come (&endings, ENDING_DRAIN);
    ck_assert (endings.has_come[ENDING_DRAIN]);
    ck_assert (!endings.has_come[ENDING_CLOSE]);
    ck_assert_uint_eq (waiters[1].n_told, 1);
    ck_assert_uint_eq (waiters[4].n_told, 1);
    ck_assert_uint_eq (waiters[0].n_told + waiters[2].n_told + waiters[3].n_told, 0);
    endings_come (&endings, ENDING_CLOSE);
    ck_assert_uint_eq (waiters[0].n_told, 1);
}
END_TEST

static Waiter closing;

static void
add_waiter (gpointer data)
{
    Loop *loop = data;

    closing = (Waiter){ .node.on_ending = on_ending, .endings = loop_get_endings (loop) };
    endings_add (closing.endings, ENDING_CLOSE, &closing.node);
}

START_TEST (ending_of_a_loop_comes_behind_what_was_posted)
{
    Loop *loop = loop_new (NULL);

    loop_enter (loop);
    loop_post (loop, add_waiter, loop, NULL);
    loop_close (loop);
    ck_assert_uint_eq (closing.n_told, 1);
    loop_leave (loop);
    loop_unref (loop);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "endings", ending_is_told_once_to_those_who_wait,
                    ending_of_a_loop_comes_behind_what_was_posted, NULL);
}

int
main (void)
{
    return suite_run ("loop/endings", add);
}
