/* SPDX-License-Identifier: MIT */

#include "h3/loop/clock.h"
#include "h3/loop/deadlines.h"
#include "tests/support/suite.h"

typedef struct {
    DeadlineNode node; /* first: nodes are waits */
    int number;
} Wait;

static Loop *loop;
static Deadlines *deadlines;
static GArray *expired;
static Wait *other;         /* what free_other () frees */
static DeadlineList *again; /* where arm_again () arms */

static void
set_up (void)
{
    clock_take_control ();
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    deadlines = deadlines_new (loop);
    expired = g_array_new (FALSE, FALSE, sizeof (int));
}

static void
tear_down (void)
{
    deadlines_free (deadlines);
    loop_close (loop);
    loop_unref (loop);
    g_array_unref (expired);
}

static void
note (DeadlineNode *node)
{
    ck_assert_ptr_null (node->list);
    ck_assert_ptr_null (node->next);
    g_array_append_val (expired, ((Wait *) node)->number);
}

static void
free_other (DeadlineNode *node)
{
    note (node);
    ck_assert_ptr_ne (node, (DeadlineNode *) other);
    if (other != NULL) {
        deadline_disarm (&other->node);
        g_clear_pointer (&other, g_free);
    }
    g_free (node);
}

static void
arm_again (DeadlineNode *node)
{
    note (node);
    deadline_arm (node, again, clock_get_now ());
}

static Wait *
new_wait (int number)
{
    Wait *wait = g_new0 (Wait, 1);

    wait->number = number;
    return wait;
}

START_TEST (deadlines_expire_when_due_and_not_before)
{
    DeadlineList *list = deadlines_add_list (deadlines, 100, note);
    Wait a = { .number = 1 }, b = { .number = 2 }, c = { .number = 3 };

    deadline_arm (&a.node, list, clock_get_now ());
    deadline_arm (&b.node, list, clock_get_now ());
    clock_drive (60);
    deadline_arm (&a.node, list, clock_get_now ());
    deadline_arm (&c.node, list, clock_get_now ());
    deadline_disarm (&c.node);
    deadline_disarm (&c.node);
    clock_drive (39);
    deadlines_sweep (deadlines);
    ck_assert_uint_eq (expired->len, 0);
    clock_drive (1);
    deadlines_sweep (deadlines);
    ck_assert_uint_eq (expired->len, 1);
    ck_assert_int_eq (g_array_index (expired, int, 0), 2);
    clock_drive (1000);
    deadlines_sweep (deadlines);
    ck_assert_uint_eq (expired->len, 2);
    ck_assert_int_eq (g_array_index (expired, int, 1), 1);
}
END_TEST

START_TEST (deadlines_are_swept_by_the_loop_of_every_list)
{
    DeadlineList *lists[3] = { deadlines_add_list (deadlines, 5000, note),
                               deadlines_add_list (deadlines, 10, note),
                               deadlines_add_list (deadlines, 300, note) };
    Wait waits[3] = { { .number = 0 }, { .number = 1 }, { .number = 2 } };

    for (int i = 0; i < 3; i++)
        deadline_arm (&waits[i].node, lists[i], clock_get_now ());
    clock_drive (10);
    loop_step (loop, TRUE);
    ck_assert_uint_eq (expired->len, 1);
    clock_drive (290);
    loop_step (loop, TRUE);
    ck_assert_uint_eq (expired->len, 2);
    clock_drive (4700);
    loop_step (loop, TRUE);
    ck_assert_uint_eq (expired->len, 3);
    ck_assert_int_eq (g_array_index (expired, int, 0), 1);
    ck_assert_int_eq (g_array_index (expired, int, 1), 2);
    ck_assert_int_eq (g_array_index (expired, int, 2), 0);
}
END_TEST

START_TEST (deadlines_of_no_length_never_end)
{
    DeadlineList *list = deadlines_add_list (deadlines, 100, note);
    DeadlineList *never = deadlines_add_list (deadlines, 0, note);
    Wait a = { .number = 1 };

    deadline_arm (&a.node, list, clock_get_now ());
    deadline_arm (&a.node, never, clock_get_now ());
    clock_drive (1000000);
    loop_step (loop, TRUE);
    ck_assert_uint_eq (expired->len, 0);
    deadline_disarm (&a.node);
}
END_TEST

/* Whatever its length, a list says who has waited how long. */
START_TEST (deadlines_know_who_has_waited_longest)
{
    for (gint64 length = 0; length <= 1000000; length += 1000000) {
        DeadlineList *list = deadlines_add_list (deadlines, length, note);
        gint64 began = clock_get_now ();
        Wait a = { .number = 1 }, b = { .number = 2 };

        ck_assert_ptr_null (deadline_list_get_next (list, NULL));
        deadline_arm (&a.node, list, clock_get_now ());
        clock_drive (10);
        deadline_arm (&b.node, list, clock_get_now ());
        ck_assert_ptr_eq (deadline_list_get_next (list, NULL), &a.node);
        ck_assert_ptr_eq (deadline_list_get_next (list, &a.node), &b.node);
        ck_assert_ptr_null (deadline_list_get_next (list, &b.node));
        ck_assert_int_eq (deadline_get_since (&a.node), began);
        ck_assert_int_eq (deadline_get_since (&b.node), began + 10);
        deadline_arm (&a.node, list, clock_get_now ());
        ck_assert_ptr_eq (deadline_list_get_next (list, NULL), &b.node);
        deadline_disarm (&a.node);
        deadline_disarm (&b.node);
    }
}
END_TEST

START_TEST (deadlines_let_the_expired_free_any_node)
{
    DeadlineList *two = deadlines_add_list (deadlines, 50, free_other);
    DeadlineList *one = deadlines_add_list (deadlines, 100, free_other);

    /* The next of the same list, then one of another list. */
    for (int round = 0; round < 2; round++) {
        other = new_wait (9);
        deadline_arm (&new_wait (1)->node, one, clock_get_now ());
        deadline_arm (&other->node, round == 0 ? one : two, clock_get_now () + 50 * round);
        deadline_arm (&new_wait (2)->node, one, clock_get_now ());
        clock_drive (100);
        loop_step (loop, TRUE);
        ck_assert_ptr_null (other);
        ck_assert_uint_eq (expired->len, 2 * (guint) (round + 1));
    }
}
END_TEST

START_TEST (deadlines_armed_again_by_the_expired_expire_again)
{
    Wait a = { .number = 1 };

    again = deadlines_add_list (deadlines, 100, arm_again);
    deadline_arm (&a.node, again, clock_get_now ());
    for (guint i = 1; i <= 5; i++) {
        clock_drive (100);
        loop_step (loop, TRUE);
        ck_assert_uint_eq (expired->len, i);
    }
    deadline_disarm (&a.node);
    clock_drive (100);
    loop_step (loop, TRUE);
    ck_assert_uint_eq (expired->len, 5);
}
END_TEST

START_TEST (deadlines_share_lists_and_make_few)
{
    DeadlineList *ten = deadlines_find_list (deadlines, 10, note);
    GHashTable *lists = g_hash_table_new (NULL, NULL);
    Wait rounded = { { 0 }, 7 };

    ck_assert_ptr_eq (deadlines_find_list (deadlines, 10, note), ten);
    ck_assert_ptr_ne (deadlines_find_list (deadlines, 10, free_other), ten);
    for (gint64 i = 1001; i < 3000; i++)
        g_hash_table_add (lists, deadlines_find_list (deadlines, i, note));
    ck_assert_uint_le (g_hash_table_size (lists), 18);
    g_hash_table_unref (lists);
    ck_assert_ptr_eq (deadlines_find_list (deadlines, 10, note), ten);
    /* A wait is never shorter than was asked for. */
    deadline_arm (&rounded.node, deadlines_find_list (deadlines, 2999, note), clock_get_now ());
    clock_drive (2999);
    deadlines_sweep (deadlines);
    ck_assert_uint_eq (expired->len, 0);
    clock_drive (4096 - 2999);
    deadlines_sweep (deadlines);
    ck_assert_uint_eq (expired->len, 1);
}
END_TEST

START_TEST (deadlines_freed_leave_their_nodes_in_no_list)
{
    Deadlines *short_lived = deadlines_new (loop);
    DeadlineList *list = deadlines_add_list (short_lived, 100, note);
    Wait a = { .number = 1 };

    deadline_arm (&a.node, list, clock_get_now ());
    deadlines_free (short_lived);
    ck_assert_ptr_null (a.node.list);
    deadline_disarm (&a.node);
    clock_drive (1000);
    loop_step (loop, TRUE);
    ck_assert_uint_eq (expired->len, 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("deadlines");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, deadlines_expire_when_due_and_not_before);
    tcase_add_test (tcase, deadlines_are_swept_by_the_loop_of_every_list);
    tcase_add_test (tcase, deadlines_of_no_length_never_end);
    tcase_add_test (tcase, deadlines_know_who_has_waited_longest);
    tcase_add_test (tcase, deadlines_let_the_expired_free_any_node);
    tcase_add_test (tcase, deadlines_armed_again_by_the_expired_expire_again);
    tcase_add_test (tcase, deadlines_share_lists_and_make_few);
    tcase_add_test (tcase, deadlines_freed_leave_their_nodes_in_no_list);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("loop/deadlines", add_tests);
}
