/* SPDX-License-Identifier: MIT */

#include "channel-fixture.h"

START_TEST (channel_gives_all_subscribers_what_is_published)
{
    g_autoptr (H3Channel) channel = h3_channel_new ();
    Listener one = { 0 }, other = { 0 };
    H3ChannelStatistics now;

    say (channel, "unheard");
    listen_now (&one, channel);
    listen_now (&other, channel);
    say (channel, "a");
    say (channel, "b");
    ck_assert_uint_eq (one.n_calls, 0);
    h3_channel_get_statistics (channel, &now);
    ck_assert_uint_eq (now.pending, 2);
    settle ();
    ck_assert_str_eq (one.heard->str, "a b ");
    ck_assert_str_eq (other.heard->str, "a b ");
    ck_assert_uint_eq (one.n_calls, 1);
    h3_channel_get_statistics (channel, &now);
    ck_assert_uint_eq (now.subscribers, 2);
    ck_assert_uint_eq (now.published, 3);
    ck_assert_uint_eq (now.dropped, 0);
    ck_assert_uint_eq (now.pending, 0);
    listener_clear (&one);
    ck_assert_uint_eq (one.n_destroyed, 1);
    ck_assert_uint_eq (one.n_ended, 0);
    say (channel, "c");
    settle ();
    ck_assert_str_eq (other.heard->str, "a b c ");
    listener_clear (&other);
    ck_assert_uint_eq (count_subscribers (channel), 0);
}
END_TEST

START_TEST (channel_wakes_a_worker_once_for_many_messages)
{
    g_autoptr (H3Channel) channel = h3_channel_new ();
    Listener listener = { 0 };

    listen_now (&listener, channel);
    for (guint i = 0; i < 10; i++)
        say (channel, "x");
    ck_assert_int_eq (counters_read (COUNTER_POSTS_LIVE), 1);
    settle ();
    ck_assert_uint_eq (listener.n_calls, 1);
    ck_assert_uint_eq (listener.heard->len, 20);
    listener_clear (&listener);
}
END_TEST

/* As many as one turn hands out, and more. */
START_TEST (channel_hands_out_to_many_over_several_turns)
{
    g_autoptr (H3Channel) channel = h3_channel_new ();
    const guint n = 2500;
    g_autofree Listener *listeners = g_new0 (Listener, n);

    for (guint i = 0; i < n; i++)
        listen_now (&listeners[i], channel);
    say (channel, "a");
    loop_step (loop, TRUE);
    ck_assert_uint_eq (listeners[0].n_calls, 0); /* first come, last told */
    say (channel, "b");
    settle ();
    for (guint i = 0; i < n; i++) {
        ck_assert_str_eq (listeners[i].heard->str, "a b ");
        listener_clear (&listeners[i]);
    }
}
END_TEST

START_TEST (channel_hands_out_only_so_much_at_a_time)
{
    g_autoptr (H3Channel) channel = h3_channel_new ();
    g_autofree char *text = g_strnfill (10000, 'x');
    Listener listener = { 0 };

    listen_now (&listener, channel);
    for (guint i = 0; i < 6; i++)
        ck_assert (h3_channel_publish_text (channel, NULL, text));
    settle ();
    ck_assert_uint_eq (listener.n_calls, 3);
    ck_assert_uint_eq (listener.heard->len, 60006);
    listener_clear (&listener);
}
END_TEST

START_TEST (channel_drops_the_slow_one_and_no_other)
{
    g_autoptr (H3Channel) channel = h3_channel_new ();
    Listener slow = { .waiting = 101 }, quick = { .waiting = 100 };
    H3ChannelStatistics now;

    h3_channel_set_bound (channel, 100);
    listen_now (&slow, channel);
    listen_now (&quick, channel);
    say (channel, "a");
    settle ();
    ck_assert_uint_eq (slow.n_ended, 1);
    ck_assert_int_eq (slow.why, H3_CHANNEL_END_SLOW);
    ck_assert_uint_eq (slow.n_destroyed, 1);
    say (channel, "b");
    settle ();
    ck_assert_str_eq (slow.heard->str, "a ");
    ck_assert_str_eq (quick.heard->str, "a b ");
    h3_channel_get_statistics (channel, &now);
    ck_assert_uint_eq (now.subscribers, 1);
    ck_assert_uint_eq (now.dropped, 1);
    listener_clear (&slow);
    ck_assert_uint_eq (slow.n_destroyed, 1);
    listener_clear (&quick);
}
END_TEST

static Listener pair[2], extra;
static H3Channel *shared;

static void
cancel_itself (gpointer data)
{
    Listener *listener = data;

    h3_subscription_cancel (listener->subscription);
    h3_subscription_cancel (listener->subscription);
    ck_assert_uint_eq (listener->n_destroyed, 0);
}

static void
cancel_both (gpointer data)
{
    h3_subscription_cancel (pair[0].subscription);
    h3_subscription_cancel (pair[1].subscription);
}

static void
begin_pair (void (*on_heard) (gpointer))
{
    memset (pair, 0, sizeof pair);
    shared = h3_channel_new ();
    for (guint i = 0; i < 2; i++) {
        pair[i].on_heard = on_heard;
        listen_now (&pair[i], shared);
    }
}

static void
end_pair (void)
{
    listener_clear (&pair[0]);
    listener_clear (&pair[1]);
    g_clear_pointer (&shared, h3_channel_unref);
}

START_TEST (subscription_cancelled_in_its_function_ends_behind_it)
{
    begin_pair (cancel_itself);
    say (shared, "a");
    say (shared, "b");
    settle ();
    for (guint i = 0; i < 2; i++) {
        ck_assert_uint_eq (pair[i].n_calls, 1);
        ck_assert_uint_eq (pair[i].n_ended, 0);
        ck_assert_uint_eq (pair[i].n_destroyed, 1);
    }
    ck_assert_uint_eq (count_subscribers (shared), 0);
    end_pair ();
}
END_TEST

START_TEST (subscription_cancelled_by_another_hears_no_more)
{
    begin_pair (cancel_both);
    say (shared, "a");
    settle ();
    ck_assert_uint_eq (pair[0].n_calls + pair[1].n_calls, 1);
    ck_assert_uint_eq (pair[0].n_destroyed + pair[1].n_destroyed, 2);
    end_pair ();
}
END_TEST

/* A third one comes, once. */
static void
add_and_answer (gpointer data)
{
    if (extra.heard != NULL)
        return;
    listen_now (&extra, shared);
    say (shared, "b");
}

START_TEST (subscription_may_subscribe_and_publish_in_its_function)
{
    memset (&extra, 0, sizeof extra);
    begin_pair (add_and_answer);
    say (shared, "a");
    settle ();
    ck_assert_str_eq (pair[0].heard->str, "a b ");
    ck_assert_str_eq (pair[1].heard->str, "a b ");
    ck_assert_str_eq (extra.heard->str, "b ");
    listener_clear (&extra);
    end_pair ();
}
END_TEST

START_TEST (channel_closes_behind_what_was_published)
{
    g_autoptr (GBytes) data = g_bytes_new_static ("c", 1);

    begin_pair (NULL);
    say (shared, "a");
    h3_channel_close (shared);
    ck_assert (!h3_channel_publish (shared, NULL, NULL, data));
    settle ();
    for (guint i = 0; i < 2; i++) {
        ck_assert_str_eq (pair[i].heard->str, "a ");
        ck_assert_uint_eq (pair[i].n_ended, 1);
        ck_assert_int_eq (pair[i].why, H3_CHANNEL_END_CLOSED);
        ck_assert_uint_eq (pair[i].n_destroyed, 1);
    }
    memset (&extra, 0, sizeof extra);
    listen_now (&extra, shared);
    ck_assert_uint_eq (extra.n_ended, 0);
    settle ();
    ck_assert_uint_eq (extra.n_ended, 1);
    listener_clear (&extra);
    end_pair ();
}
END_TEST

START_TEST (channel_that_nobody_holds_closes)
{
    begin_pair (NULL);
    say (shared, "a");
    g_clear_pointer (&shared, h3_channel_unref);
    settle ();
    for (guint i = 0; i < 2; i++) {
        ck_assert_str_eq (pair[i].heard->str, "a ");
        ck_assert_uint_eq (pair[i].n_ended, 1);
        ck_assert_int_eq (pair[i].why, H3_CHANNEL_END_CLOSED);
    }
    end_pair ();
}
END_TEST

START_TEST (subscription_outlived_by_nobody_ends_with_its_worker)
{
    g_autoptr (H3Channel) channel = h3_channel_new ();
    Listener listener = { 0 };
    Listener late = { .heard = g_string_new (NULL) };

    listen_now (&listener, channel);
    say (channel, "a");
    loop_close (loop);
    ck_assert_str_eq (listener.heard->str, "a ");
    ck_assert_uint_eq (listener.n_ended, 1);
    ck_assert_int_eq (listener.why, H3_CHANNEL_END_WORKER);
    ck_assert_uint_eq (listener.n_destroyed, 1);
    ck_assert_ptr_null (
        h3_channel_subscribe (channel, NULL, hear, hear_end, &late, note_destroyed));
    ck_assert_uint_eq (late.n_destroyed, 1);
    say (channel, "b");
    ck_assert_uint_eq (count_subscribers (channel), 0);
    listener_clear (&listener);
    listener_clear (&late);
}
END_TEST

START_TEST (subscription_may_have_data_for_each_of_its_functions)
{
    g_autoptr (H3Channel) channel = h3_channel_new ();
    Listener hearing = { .heard = g_string_new (NULL) };
    Listener ending = { .heard = g_string_new (NULL) };

    hearing.subscription = h3_channel_subscribe_full (channel, NULL, hear, &hearing, note_destroyed,
                                                      hear_end, &ending, note_destroyed);
    say (channel, "a");
    h3_channel_close (channel);
    settle ();
    ck_assert_str_eq (hearing.heard->str, "a ");
    ck_assert_uint_eq (hearing.n_ended, 0);
    ck_assert_str_eq (ending.heard->str, "");
    ck_assert_uint_eq (ending.n_ended, 1);
    ck_assert_uint_eq (hearing.n_destroyed, 1);
    ck_assert_uint_eq (ending.n_destroyed, 1);
    listener_clear (&hearing);
    listener_clear (&ending);
}
END_TEST

START_TEST (channel_refuses_names_of_more_than_a_line)
{
    static const char *const bad[] = { "a\n", "\r", "a\r\nb" };
    g_autoptr (H3Channel) channel = h3_channel_new ();
    g_autoptr (GBytes) data = g_bytes_new_static ("x\ny", 3);
    H3ChannelStatistics now;

    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        ck_assert (!h3_channel_publish (channel, bad[i], NULL, data));
        ck_assert (!h3_channel_publish (channel, NULL, bad[i], data));
    }
    ck_assert (h3_channel_publish (channel, "", "", data));
    h3_channel_get_statistics (channel, &now);
    ck_assert_uint_eq (now.published, 1);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *out = tcase_create ("handing out"), *ends = tcase_create ("ends");

    tcase_add_checked_fixture (out, set_up, tear_down);
    tcase_add_test (out, channel_gives_all_subscribers_what_is_published);
    tcase_add_test (out, channel_wakes_a_worker_once_for_many_messages);
    tcase_add_test (out, channel_hands_out_to_many_over_several_turns);
    tcase_add_test (out, channel_hands_out_only_so_much_at_a_time);
    tcase_add_test (out, channel_refuses_names_of_more_than_a_line);
    suite_add_tcase (suite, out);
    tcase_add_checked_fixture (ends, set_up, tear_down);
    tcase_add_test (ends, channel_drops_the_slow_one_and_no_other);
    tcase_add_test (ends, subscription_cancelled_in_its_function_ends_behind_it);
    tcase_add_test (ends, subscription_cancelled_by_another_hears_no_more);
    tcase_add_test (ends, subscription_may_subscribe_and_publish_in_its_function);
    tcase_add_test (ends, channel_closes_behind_what_was_published);
    tcase_add_test (ends, channel_that_nobody_holds_closes);
    tcase_add_test (ends, subscription_outlived_by_nobody_ends_with_its_worker);
    tcase_add_test (ends, subscription_may_have_data_for_each_of_its_functions);
    suite_add_tcase (suite, ends);
}

int
main (void)
{
    return suite_run ("engine/channel", add);
}
