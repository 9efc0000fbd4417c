/* SPDX-License-Identifier: MIT
 *
 * What waits for a slow reader outlives its event, which others use meanwhile. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <string.h>
#include <unistd.h>

#define SIZE      (100 << 20)
#define BLOCK     65536
#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static TestServer server;
static char *pattern; /* owned: what the slow reader must get */
static Latch bytes_freed = LATCH_INIT;
static char *file_path; /* owned */

/* No two blocks are alike. */
static void
fill (void)
{
    guint32 value = 1;

    pattern = g_malloc (SIZE);
    for (gsize i = 0; i < SIZE; i += sizeof value) {
        value = value * 1664525 + 1013904223;
        memcpy (pattern + i, &value, sizeof value);
    }
}

static void
note_freed (gpointer data)
{
    latch_raise (data);
}

static void
send_bytes (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (pattern, SIZE, note_freed, &bytes_freed);

    h3_event_set_header (event, "X-Id", "slow");
    h3_event_send_bytes (event, "application/octet-stream", bytes);
}

static void
send_file (H3Event *event, gpointer user_data)
{
    h3_event_send_file (event, file_path);
}

static void
answer_id (H3Event *event, gpointer user_data)
{
    g_autofree char *text = g_strdup_printf ("%s of the others", h3_event_get_param (event, "id"));

    memset (h3_arena_alloc (h3_event_get_arena (event), 4096), '#', 4096);
    h3_event_set_header (event, "X-Id", text);
    h3_event_send_text (event, text);
}

static void
start (gboolean pooled)
{
    H3Limits *limits;

    fill ();
    test_server_init (&server);
    h3_app_get (server.app, "/bytes", send_bytes, NULL);
    h3_app_get (server.app, "/file", send_file, NULL);
    h3_app_get (server.app, "/id/:id", answer_id, NULL);
    limits = h3_server_get_limits (h3_app_get_server (server.app));
    limits->requests = 0;
    if (!pooled)
        h3_server_set_pooled_events (h3_app_get_server (server.app), 0);
    test_server_start (&server);
}

static void
use_event (guint n)
{
    RawClient *client = test_server_connect (&server);

    for (guint i = 0; i < n; i++) {
        g_autofree char *request = g_strdup_printf ("GET /id/%u HTTP/1.1\r\nHost: a\r\n\r\n", i);
        g_autofree char *body = g_strdup_printf ("%u of the others", i);

        raw_client_expect (client, request, 200, body);
    }
    raw_client_free (client);
}

static void
expect_pattern (RawClient *client, gsize from, gsize to)
{
    char *block = g_malloc (BLOCK);

    while (from < to) {
        gsize n = raw_client_receive (client, block, MIN (BLOCK, to - from));

        ck_assert_msg (n > 0, "the end came at %" G_GSIZE_FORMAT, from);
        ck_assert_msg (memcmp (block, pattern + from, n) == 0,
                       "wrong bytes around %" G_GSIZE_FORMAT, from);
        from += n;
    }
    g_free (block);
}

/* What the library itself holds: the bytes are borrowed, the file is on the disk. */
static gint64
get_held (void)
{
    return counters_read (COUNTER_ARENA_BYTES) + counters_read (COUNTER_BUFFER_BYTES);
}

/* (transfer full): a slow client that has read the head and has the next request in its pipeline.
 */
static RawClient *
connect_slow (const char *request)
{
    RawClient *slow = raw_client_new_small (server.address);
    g_autofree char *length = g_strdup_printf ("%d", SIZE);
    g_autoptr (RawAnswer) head = NULL;

    ck_assert (raw_client_send (slow, request));
    head = raw_client_read_head (slow);
    ck_assert_ptr_nonnull (head);
    ck_assert_uint_eq (head->status, 200);
    raw_answer_expect_header (head, "Content-Length", length);
    return slow;
}

static void
check_slow_reader (const char *request)
{
    RawClient *slow = connect_slow (request);
    gint64 waiting = counters_read (COUNTER_QUEUE_BYTES);
    gint64 held = get_held ();

    ck_assert_int_gt (waiting, SIZE / 2);
    use_event (500);
    expect_pattern (slow, 0, SIZE / 4);
    use_event (500);
    ck_assert_msg (get_held () <= held + (1 << 20),
                   "%" G_GINT64_FORMAT " bytes were %" G_GINT64_FORMAT, get_held (), held);
    ck_assert_int_lt (get_held (), 4 << 20);
    ck_assert_int_gt (counters_read (COUNTER_QUEUE_BYTES), 0);
    expect_pattern (slow, SIZE / 4, SIZE);
    raw_client_expect_answer (slow, 200, "last of the others");
    raw_client_free (slow);
}

static void
end (void)
{
    test_server_end (&server);
    g_clear_pointer (&pattern, g_free);
}

/* _i: whether events are pooled. */
START_TEST (bytes_of_a_slow_reader_outlive_the_event)
{
    start (_i);
    check_slow_reader (GET ("/bytes") GET ("/id/last"));
    latch_wait (&bytes_freed, 1, "the bytes");
    if (_i)
        ck_assert_int_gt (counters_read (COUNTER_EVENTS_REUSED), 900);
    end ();
    ck_assert_uint_eq (latch_get (&bytes_freed), 1);
}
END_TEST

START_TEST (file_of_a_slow_reader_outlives_the_event)
{
    g_autoptr (GError) error = NULL;
    int fd = g_file_open_tmp ("h3-e2e-XXXXXX", &file_path, &error);

    ck_assert_int_ge (fd, 0);
    (void) close (fd);
    start (_i);
    ck_assert (
        g_file_set_contents_full (file_path, pattern, SIZE, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    check_slow_reader (GET ("/file") GET ("/id/last"));
    (void) unlink (file_path);
    g_clear_pointer (&file_path, g_free);
    end ();
}
END_TEST

/* Gone with most of it unread: the reference is dropped. */
START_TEST (reset_lets_waiting_bytes_go)
{
    RawClient *slow;

    start (_i);
    slow = connect_slow (GET ("/bytes"));
    ck_assert_uint_eq (latch_get (&bytes_freed), 0);
    raw_client_reset (slow);
    raw_client_free (slow);
    latch_wait (&bytes_freed, 1, "the bytes");
    use_event (100);
    end ();
}
END_TEST

/* A drain waits for the slow reader; its last byte arrives. */
START_TEST (drain_waits_for_a_slow_reader)
{
    RawClient *slow;

    start (_i);
    h3_server_get_limits (h3_app_get_server (server.app))->drain_time = 60000;
    slow = connect_slow (GET ("/bytes"));
    h3_app_stop (server.app);
    expect_pattern (slow, 0, SIZE);
    raw_client_expect_end (slow);
    raw_client_free (slow);
    test_server_end_stopped (&server, TRUE);
    g_clear_pointer (&pattern, g_free);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("slow reader");

    tcase_set_timeout (tcase, 120);
    tcase_add_loop_test (tcase, bytes_of_a_slow_reader_outlive_the_event, 0, 2);
    tcase_add_loop_test (tcase, file_of_a_slow_reader_outlives_the_event, 0, 2);
    tcase_add_loop_test (tcase, reset_lets_waiting_bytes_go, 0, 2);
    tcase_add_loop_test (tcase, drain_waits_for_a_slow_reader, 0, 2);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/lifetimes-output", add_cases);
}
