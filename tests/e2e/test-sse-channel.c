/* SPDX-License-Identifier: MIT
 *
 * Channels whose messages go to event streams over real sockets, on two workers. */

#include "sse-fixture.h"

#define N_CLIENTS 16

static H3Channel *channel;

static void
subscribe (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Sse) sse = h3_sse_start (event);

    ck_assert_ptr_nonnull (sse);
    h3_sse_set_heartbeat (sse, 0);
    h3_sse_on_end (sse, note_end, NULL, NULL);
    ck_assert_ptr_nonnull (h3_sse_subscribe (sse, channel, h3_event_get_last_event_id (event)));
    latch_raise (&started);
}

/* Of which more may wait than of a channel. */
static void
subscribe_generously (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Sse) sse = h3_sse_start (event);

    ck_assert_ptr_nonnull (sse);
    h3_sse_set_bound (sse, 64 * 1024 * 1024);
    h3_sse_set_heartbeat (sse, 0);
    h3_sse_on_end (sse, note_end, NULL, NULL);
    ck_assert_ptr_nonnull (h3_sse_subscribe (sse, channel, h3_event_get_last_event_id (event)));
    latch_raise (&started);
}

static void
begin (void)
{
    begin_server (2);
    channel = h3_channel_new ();
    h3_app_get (server.app, "/news", subscribe, NULL);
    h3_app_get (server.app, "/generous", subscribe_generously, NULL);
    test_server_start (&server);
}

static void
end (void)
{
    g_clear_pointer (&channel, h3_channel_unref);
    test_server_end (&server);
}

/* The text stays until the server has ended: ThreadSanitizer does not see that GLib counts who has
 * the bytes, and would take it for a race where they are freed here after a worker has read them.
 */
static void
publish (const char *id, const char *name, const char *text)
{
    g_autoptr (GBytes) data = g_bytes_new_static (text, strlen (text));

    ck_assert (h3_channel_publish (channel, id, name, data));
}

START_TEST (channel_reaches_the_clients_of_all_workers)
{
    RawClient *clients[N_CLIENTS];

    begin ();
    for (guint i = 0; i < N_CLIENTS; i++)
        clients[i] = listen_to (GET ("/news"), 200);
    latch_wait (&started, N_CLIENTS, "subscribers");
    for (guint i = 0; i < 100; i++)
        publish ("7", "line", "one\rtwo");
    publish (NULL, NULL, "last");
    for (guint i = 0; i < N_CLIENTS; i++) {
        for (guint j = 0; j < 100; j++)
            expect_text (clients[i], "id: 7\nevent: line\ndata: one\ndata: two\n\n");
        expect_text (clients[i], "data: last\n\n");
    }
    /* The channel closes, and with it the streams. */
    g_clear_pointer (&channel, h3_channel_unref);
    for (guint i = 0; i < N_CLIENTS; i++) {
        raw_client_expect_end (clients[i]);
        raw_client_free (clients[i]);
    }
    latch_wait (&ended, N_CLIENTS, "ends");
    ck_assert_int_eq (atomic_load (&why), H3_SSE_END_CHANNEL);
    end ();
}
END_TEST

START_TEST (channel_sends_what_is_large_without_a_copy_of_each)
{
    RawClient *clients[N_CLIENTS];
    g_autofree char *data = g_strnfill (40000, 'x');
    g_autofree char *expected = g_strdup_printf ("data: %s\n\n", data);

    begin ();
    for (guint i = 0; i < N_CLIENTS; i++)
        clients[i] = listen_to (GET ("/news"), 200);
    latch_wait (&started, N_CLIENTS, "subscribers");
    for (guint i = 0; i < 3; i++) {
        publish (NULL, NULL, data);
        for (guint j = 0; j < N_CLIENTS; j++)
            expect_text (clients[j], expected);
    }
    for (guint i = 0; i < N_CLIENTS; i++)
        raw_client_free (clients[i]);
    latch_wait (&ended, N_CLIENTS, "ends");
    end ();
}
END_TEST

START_TEST (channel_client_that_comes_back_misses_nothing)
{
    g_autoptr (GString) expected = g_string_new (NULL);
    RawClient *client;

    begin ();
    h3_channel_set_replay (channel, 1000, 1024 * 1024);
    for (guint i = 0; i < 300; i++) {
        char text[16];

        (void) g_snprintf (text, sizeof text, "%u", i);
        publish (text, NULL, text);
        if (i > 100)
            g_string_append_printf (expected, "id: %u\ndata: %u\n\n", i, i);
    }
    client = listen_to ("GET /news HTTP/1.0\r\nLast-Event-ID: 100\r\n\r\n", 200);
    expect_text (client, expected->str);
    publish ("new", NULL, "new");
    expect_text (client, "id: new\ndata: new\n\n");
    raw_client_free (client);
    latch_wait (&ended, 1, "an end");
    end ();
}
END_TEST

/* More is kept than may wait: it comes at the client's pace. _i: though its stream could bear it.
 */
START_TEST (channel_client_that_comes_back_is_not_too_slow_for_what_was_kept)
{
    static const char *const paths[] = { "/news", "/generous" };
    g_autofree char *request =
        g_strdup_printf ("GET %s HTTP/1.0\r\nLast-Event-ID: first\r\n\r\n", paths[_i]);
    const guint n = 200, size = 20000;
    g_autofree char *data = g_strnfill (size, 'x');
    g_autoptr (GString) text = g_string_new (NULL);
    RawClient *client;

    begin ();
    h3_channel_set_replay (channel, n, (gsize) n * size);
    publish ("first", NULL, "first");
    for (guint i = 1; i < n; i++)
        publish (NULL, NULL, data);
    client = raw_client_new_small (server.address);
    ck_assert (raw_client_send (client, request));
    latch_wait (&started, 1, "a subscriber");
    publish ("last", NULL, "last");
    raw_answer_free (raw_client_read_head (client));
    ck_assert (read_until (client, text, "id: last\ndata: last\n\n"));
    ck_assert_uint_gt (text->len, (n - 1) * size);
    ck_assert_uint_eq (latch_get (&ended), 0);
    raw_client_free (client);
    latch_wait (&ended, 1, "an end");
    end ();
}
END_TEST

/* Publishes until the one that reads nothing is dropped, the other reading all of it. */
START_TEST (channel_drops_the_client_that_does_not_read)
{
    g_autofree char *data = g_strnfill (8000, 'x');
    g_autofree char *expected = g_strdup_printf ("data: %s\n\n", data);
    g_autoptr (GString) text = g_string_new (NULL);
    H3ChannelStatistics now;
    RawClient *slow, *quick;

    begin ();
    slow = raw_client_new_small (server.address);
    ck_assert (raw_client_send (slow, GET ("/news")));
    quick = listen_to (GET ("/news"), 200);
    latch_wait (&started, 2, "subscribers");
    while (latch_get (&ended) == 0) {
        publish (NULL, NULL, data);
        expect_text (quick, expected);
    }
    ck_assert_int_eq (atomic_load (&why), H3_SSE_END_SLOW);
    h3_channel_get_statistics (channel, &now);
    ck_assert_uint_eq (now.dropped, 1);
    ck_assert_uint_eq (now.subscribers, 1);
    /* It is told when it reads on, and its stream ends. */
    raw_answer_free (raw_client_read_head (slow));
    ck_assert (!read_until (slow, text, "never"));
    ck_assert (g_str_has_suffix (text->str, "\n\n: too slow\n\n"));
    raw_client_free (slow);
    raw_client_free (quick);
    latch_wait (&ended, 2, "ends");
    end ();
}
END_TEST

static void
add (Suite *suite)
{
    TCase *tcase = tcase_create ("what was kept");

    tcase_add_loop_test (tcase, channel_client_that_comes_back_is_not_too_slow_for_what_was_kept, 0,
                         2);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
    suite_add_case (suite, "channel", channel_reaches_the_clients_of_all_workers,
                    channel_sends_what_is_large_without_a_copy_of_each,
                    channel_client_that_comes_back_misses_nothing,
                    channel_drops_the_client_that_does_not_read, NULL);
}

int
main (void)
{
    return suite_run ("e2e/sse-channel", add);
}
