/* SPDX-License-Identifier: MIT */

#include "channel-fixture.h"

static H3Channel *channel;

static void
set_up_channel (void)
{
    set_up ();
    channel = h3_channel_new ();
}

static void
tear_down_channel (void)
{
    h3_channel_unref (channel);
    tear_down ();
}

static void
assert_replay (const char *last_id, const char *expected, gboolean has_missed)
{
    Listener listener = { 0 };

    listen_from (&listener, channel, last_id);
    ck_assert_uint_eq (listener.n_calls, 0);
    settle ();
    ck_assert_str_eq (listener.heard->str, expected);
    ck_assert_int_eq (h3_subscription_has_missed (listener.subscription), has_missed);
    listener_clear (&listener);
}

START_TEST (replay_begins_behind_the_last_one_heard)
{
    h3_channel_set_replay (channel, 3, 1000);
    assert_replay ("a", "", TRUE);
    say (channel, "a");
    say (channel, "b");
    assert_replay (NULL, "", FALSE);
    assert_replay ("", "a b ", FALSE);
    assert_replay ("a", "b ", FALSE);
    assert_replay ("b", "", FALSE);
    say (channel, "c");
    say (channel, "d");
    assert_replay ("b", "c d ", FALSE);
    assert_replay ("a", "b c d ", TRUE);
    say (channel, "c");
    assert_replay ("c", "", FALSE);
}
END_TEST

START_TEST (replay_is_bounded_by_bytes_too)
{
    /* Of the data, and of the id that says the same. */
    h3_channel_set_replay (channel, 100, 10);
    say (channel, "a");
    say (channel, "bb");
    say (channel, "cc");
    assert_replay ("", "a bb cc ", FALSE);
    say (channel, "d");
    assert_replay ("", "bb cc d ", FALSE);
    say (channel, "eeee");
    assert_replay ("", "d eeee ", FALSE);
    h3_channel_set_replay (channel, 1, 10);
    assert_replay ("", "eeee ", FALSE);
    /* What cannot be kept leaves no gap: what came before it goes, too. */
    say (channel, "ffffff");
    assert_replay ("", "", FALSE);
    assert_replay ("eeee", "", TRUE);
    say (channel, "g");
    assert_replay ("", "g ", FALSE);
    h3_channel_set_replay (channel, 0, 0);
    assert_replay ("", "", FALSE);
}
END_TEST

/* Else they would take any amount of memory. */
START_TEST (names_count_where_there_is_no_data)
{
    g_autoptr (GBytes) none = g_bytes_new (NULL, 0);

    h3_channel_set_replay (channel, 100, 10);
    ck_assert (h3_channel_publish (channel, "1", "news", none));
    ck_assert (h3_channel_publish (channel, "2", "news", none));
    assert_replay ("", "  ", FALSE);
    ck_assert (h3_channel_publish (channel, "3", "news", none));
    assert_replay ("", "  ", FALSE);
    assert_replay ("1", "  ", TRUE);
    ck_assert (h3_channel_publish (channel, NULL, "0123456789", none));
    assert_replay ("", " ", FALSE);
    ck_assert (h3_channel_publish (channel, NULL, "0123456789a", none));
    assert_replay ("", "", FALSE);
}
END_TEST

START_TEST (replay_keeps_the_newest_of_very_many)
{
    Listener listener = { 0 };

    h3_channel_set_replay (channel, 100, 1000);
    for (guint i = 0; i < 1000; i++) {
        g_autofree char *text = g_strdup_printf ("%03u", i);

        say (channel, text);
    }
    listen_from (&listener, channel, "");
    settle ();
    ck_assert_uint_eq (listener.heard->len, 400);
    ck_assert (g_str_has_prefix (listener.heard->str, "900 901 "));
    ck_assert (g_str_has_suffix (listener.heard->str, " 998 999 "));
    listener_clear (&listener);
}
END_TEST

static guint64
note_id (H3Subscription *subscription, H3Message *const *messages, guint n_messages, gpointer data)
{
    char **id = data;

    g_free (*id);
    *id = g_strdup (h3_message_get_id (messages[n_messages - 1]));
    return 0;
}

static char *
dup_id_of_newest (H3Channel *from)
{
    char *id = NULL;
    H3Subscription *subscription = h3_channel_subscribe (from, "", note_id, NULL, &id, NULL);

    ck_assert (h3_channel_publish_text (from, NULL, "x"));
    settle ();
    h3_subscription_cancel (subscription);
    h3_subscription_unref (subscription);
    return id;
}

START_TEST (replay_gives_ids_to_what_has_none)
{
    g_autoptr (H3Channel) other = h3_channel_new ();
    g_autofree char *none = dup_id_of_newest (channel);
    g_autofree char *first = NULL, *second = NULL, *foreign = NULL;

    ck_assert_ptr_null (none);
    h3_channel_set_replay (channel, 10, 1000);
    h3_channel_set_replay (other, 10, 1000);
    first = dup_id_of_newest (channel);
    second = dup_id_of_newest (channel);
    foreign = dup_id_of_newest (other);
    ck_assert_str_ne (first, second);
    assert_replay (first, "x ", FALSE);
    assert_replay (second, "", FALSE);
    /* That of another channel, or of the same in an earlier run, is not mistaken for one of it. */
    assert_replay (foreign, "x x ", TRUE);
}
END_TEST

/* What is published while a client is led through what it missed comes behind that, and once. */
START_TEST (replay_and_what_is_new_join_without_a_gap)
{
    Listener listener = { 0 };

    h3_channel_set_replay (channel, 1000, 100000);
    for (guint i = 0; i < 200; i++)
        say (channel, "o");
    listen_from (&listener, channel, "");
    loop_step (loop, TRUE);
    ck_assert_uint_eq (listener.n_calls, 1);
    ck_assert_uint_lt (listener.heard->len, 400);
    say (channel, "n");
    say (channel, "m");
    settle ();
    ck_assert_uint_eq (listener.heard->len, 404);
    ck_assert (g_str_has_suffix (listener.heard->str, "o n m "));
    say (channel, "z");
    settle ();
    ck_assert (g_str_has_suffix (listener.heard->str, "o n m z "));
    ck_assert_uint_eq (listener.heard->len, 406);
    listener_clear (&listener);
}
END_TEST

START_TEST (replay_waits_for_a_client_that_does_not_take_it)
{
    Listener listener = { .waiting = H3_CHANNEL_BOUND + 1 };

    h3_channel_set_replay (channel, 1000, 100000);
    for (guint i = 0; i < 200; i++)
        say (channel, "x");
    listen_from (&listener, channel, "");
    settle ();
    ck_assert_uint_eq (listener.n_calls, 1);
    ck_assert_uint_eq (listener.n_ended, 0);
    say (channel, "y");
    settle ();
    ck_assert_uint_eq (listener.n_calls, 1);
    listener.waiting = 0;
    h3_subscription_resume (listener.subscription);
    h3_subscription_resume (listener.subscription);
    settle ();
    ck_assert_uint_eq (listener.heard->len, 402);
    ck_assert (g_str_has_suffix (listener.heard->str, "x y "));
    /* From now on it is as any other. */
    h3_subscription_resume (listener.subscription);
    listener.waiting = H3_CHANNEL_BOUND + 1;
    say (channel, "z");
    settle ();
    ck_assert_uint_eq (listener.n_ended, 1);
    listener_clear (&listener);
}
END_TEST

START_TEST (replay_that_is_overtaken_ends)
{
    Listener listener = { .waiting = H3_CHANNEL_BOUND + 1 };

    h3_channel_set_replay (channel, 100, 100000);
    for (guint i = 0; i < 100; i++)
        say (channel, "x");
    listen_from (&listener, channel, "");
    settle ();
    for (guint i = 0; i < 100; i++)
        say (channel, "y");
    settle ();
    ck_assert_uint_eq (listener.n_ended, 0);
    h3_subscription_resume (listener.subscription);
    settle ();
    ck_assert_uint_eq (listener.n_calls, 1);
    ck_assert_uint_eq (listener.n_ended, 1);
    ck_assert_int_eq (listener.why, H3_CHANNEL_END_SLOW);
    listener_clear (&listener);
}
END_TEST

START_TEST (replay_of_a_closed_channel_is_heard_before_its_end)
{
    Listener listener = { 0 };

    h3_channel_set_replay (channel, 1000, 100000);
    for (guint i = 0; i < 200; i++)
        say (channel, "x");
    listen_from (&listener, channel, "");
    h3_channel_close (channel);
    settle ();
    ck_assert_uint_eq (listener.heard->len, 400);
    ck_assert_uint_eq (listener.n_ended, 1);
    ck_assert_int_eq (listener.why, H3_CHANNEL_END_CLOSED);
    listener_clear (&listener);
}
END_TEST

static void
cancel (gpointer data)
{
    h3_subscription_cancel (((Listener *) data)->subscription);
}

START_TEST (replay_may_be_cancelled_at_any_time)
{
    Listener in_function = { .on_heard = cancel }, before_it = { 0 };

    h3_channel_set_replay (channel, 1000, 100000);
    for (guint i = 0; i < 200; i++)
        say (channel, "x");
    listen_from (&in_function, channel, "");
    listen_from (&before_it, channel, "");
    h3_subscription_cancel (before_it.subscription);
    ck_assert_uint_eq (before_it.n_destroyed, 1);
    settle ();
    ck_assert_uint_eq (before_it.n_calls, 0);
    ck_assert_uint_eq (in_function.n_calls, 1);
    ck_assert_uint_eq (in_function.n_destroyed, 1);
    listener_clear (&in_function);
    listener_clear (&before_it);
}
END_TEST

START_TEST (replay_under_way_ends_with_its_worker)
{
    Listener listener = { 0 };

    h3_channel_set_replay (channel, 1000, 100000);
    for (guint i = 0; i < 200; i++)
        say (channel, "x");
    listen_from (&listener, channel, "");
    loop_close (loop);
    ck_assert_uint_eq (listener.n_ended, 1);
    ck_assert_int_eq (listener.why, H3_CHANNEL_END_WORKER);
    ck_assert_uint_eq (listener.n_destroyed, 1);
    listener_clear (&listener);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *kept = tcase_create ("what is kept"), *way = tcase_create ("on the way");

    tcase_add_checked_fixture (kept, set_up_channel, tear_down_channel);
    tcase_add_test (kept, replay_begins_behind_the_last_one_heard);
    tcase_add_test (kept, replay_is_bounded_by_bytes_too);
    tcase_add_test (kept, names_count_where_there_is_no_data);
    tcase_add_test (kept, replay_keeps_the_newest_of_very_many);
    tcase_add_test (kept, replay_gives_ids_to_what_has_none);
    suite_add_tcase (suite, kept);
    tcase_add_checked_fixture (way, set_up_channel, tear_down_channel);
    tcase_add_test (way, replay_and_what_is_new_join_without_a_gap);
    tcase_add_test (way, replay_waits_for_a_client_that_does_not_take_it);
    tcase_add_test (way, replay_that_is_overtaken_ends);
    tcase_add_test (way, replay_of_a_closed_channel_is_heard_before_its_end);
    tcase_add_test (way, replay_may_be_cancelled_at_any_time);
    tcase_add_test (way, replay_under_way_ends_with_its_worker);
    suite_add_tcase (suite, way);
}

int
main (void)
{
    return suite_run ("engine/channel-replay", add);
}
