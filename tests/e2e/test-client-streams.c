/* SPDX-License-Identifier: MIT
 *
 * Answers of any length: read as they come, on any thread and in handlers, with memory that stays
 * flat, and slowed down by whoever is slower. */

#include "tests/e2e/fetch-fixture.h"
#include "tests/e2e/pattern-body.h"

#include "tests/support/gio-threads.h"

static FetchFixture fixture;
static H3Client *inner; /* ref: the handlers' */
static Latch gone = LATCH_INIT;

/* A body of so many bytes. */
typedef struct {
    guint64 at, length;
} Pattern;

/* As fast as the client takes it. */
static void
write_on (H3Event *event, gpointer user_data)
{
    Pattern *written = user_data;
    gboolean has_room = TRUE;

    while (has_room && written->at < written->length) {
        gsize length = (gsize) MIN (PIECE, written->length - written->at);

        has_room = h3_event_write (event, pattern_at (written->at), length);
        written->at += length;
    }
    if (written->at == written->length)
        h3_event_finish (event);
    else
        h3_event_on_drain (event, write_on, written, NULL);
}

static void
on_disposed (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    if (outcome != H3_OUTCOME_SENT)
        latch_raise (&gone);
}

static void
send_pattern (H3Event *event, gpointer user_data)
{
    Pattern *written = g_new0 (Pattern, 1);

    written->length = g_ascii_strtoull (h3_event_get_param (event, "length"), NULL, 10);
    h3_event_on_dispose (event, on_disposed, NULL, NULL);
    h3_event_set_data (event, "written", written, g_free);
    write_on (event, written);
}

static void
set_up (void)
{
    pattern_init ();
    fetch_fixture_init (&fixture);
    inner = h3_client_new ();
    (void) h3_app_get (fixture.server.app, "/pattern/:length", send_pattern, NULL);
}

static void
tear_down (void)
{
    g_clear_object (&inner);
    fetch_fixture_end (&fixture);
}

/* (transfer full) */
static H3ClientResponse *
open_pattern (guint64 length, GCancellable *cancellable)
{
    g_autofree char *path = g_strdup_printf ("/pattern/%" G_GUINT64_FORMAT, length);
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (&fixture, "GET", path);
    g_autoptr (GError) error = NULL;
    H3ClientResponse *response = h3_client_open (fixture.client, request, cancellable, &error);

    ck_assert_msg (response != NULL, "%s", error != NULL ? error->message : "");
    ck_assert_uint_eq (h3_client_response_get_status (response), 200);
    ck_assert_uint_eq (g_bytes_get_size (h3_client_response_get_body (response)), 0);
    return response;
}

START_TEST (stream_is_read_with_flat_memory)
{
    guint64 before, at = 0, length = get_length ();
    g_autoptr (H3ClientResponse) response = NULL;
    g_autofree char *room = g_malloc (PIECE);
    GInputStream *stream;
    gssize size;

    test_server_start (&fixture.server);
    before = get_peak ();
    response = open_pattern (length, NULL);
    stream = h3_client_response_get_stream (response);
    while ((size = g_input_stream_read (stream, room, PIECE, NULL, NULL)) > 0) {
        ck_assert_mem_eq (room, pattern_at (at), (gsize) size);
        at += (guint64) size;
    }
    ck_assert_int_eq (size, 0);
    ck_assert_uint_eq (at, length);
    ck_assert (is_watched () || get_peak () - before < MOST_HELD);
}
END_TEST

typedef struct {
    GInputStream *stream; /* borrowed */
    char room[PIECE];
    guint64 at;
    gboolean is_over;
    GError *error; /* owned */
} Reading;

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
    Reading *reading = user_data;
    gssize size = g_input_stream_read_finish (reading->stream, result, &reading->error);

    if (size <= 0) {
        reading->is_over = TRUE;
        return;
    }
    ck_assert_mem_eq (reading->room, pattern_at (reading->at), (gsize) size);
    reading->at += (guint64) size;
    g_input_stream_read_async (reading->stream, reading->room, PIECE, 0, NULL, on_read, reading);
}

START_TEST (stream_is_read_asynchronously)
{
    g_autoptr (H3ClientResponse) response = NULL;
    g_autofree Reading *reading = g_new0 (Reading, 1);

    test_server_start (&fixture.server);
    response = open_pattern (3 * MIB, NULL);
    reading->stream = h3_client_response_get_stream (response);
    g_input_stream_read_async (reading->stream, reading->room, PIECE, 0, NULL, on_read, reading);
    ck_assert (!reading->is_over);
    while (!reading->is_over)
        (void) g_main_context_iteration (NULL, TRUE);
    ck_assert_ptr_null (reading->error);
    ck_assert_uint_eq (reading->at, 3 * MIB);
}
END_TEST

START_TEST (stream_that_is_closed_ends_what_has_not_come)
{
    g_autoptr (H3ClientResponse) response = NULL;
    g_autoptr (H3ClientResponse) dropped = NULL;
    char room[10];

    test_server_start (&fixture.server);
    response = open_pattern (G_MAXINT64, NULL);
    ck_assert_int_eq (
        g_input_stream_read (h3_client_response_get_stream (response), room, 10, NULL, NULL), 10);
    ck_assert (g_input_stream_close (h3_client_response_get_stream (response), NULL, NULL));
    latch_wait (&gone, 1, "the end of the answer");
    dropped = open_pattern (G_MAXINT64, NULL);
    h3_client_response_unref (g_steal_pointer (&dropped));
    latch_wait (&gone, 2, "the end of the other");
}
END_TEST

START_TEST (stream_outlives_its_client)
{
    g_autoptr (H3ClientResponse) response = NULL;
    g_autoptr (GInputStream) stream = NULL;
    g_autofree char *room = g_malloc (3 * MIB);
    gsize length;

    test_server_start (&fixture.server);
    response = open_pattern (3 * MIB, NULL);
    stream = g_object_ref (h3_client_response_get_stream (response));
    g_clear_pointer (&response, h3_client_response_unref);
    g_clear_object (&fixture.client);
    ck_assert (g_input_stream_read_all (stream, room, 3 * MIB, &length, NULL, NULL));
    ck_assert_uint_eq (length, 3 * MIB);
    g_clear_object (&stream);
    fixture.client = h3_client_new ();
}
END_TEST

START_TEST (stream_ends_with_its_cancellable)
{
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (H3ClientResponse) response = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *room = g_malloc (PIECE);
    GInputStream *stream;

    test_server_start (&fixture.server);
    response = open_pattern (G_MAXINT64, cancellable);
    stream = h3_client_response_get_stream (response);
    g_cancellable_cancel (cancellable);
    while (g_input_stream_read (stream, room, PIECE, NULL, &error) > 0)
        continue;
    ck_assert (g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CANCELLED));
    latch_wait (&gone, 1, "the end of the answer");
}
END_TEST

static void
finish_late (H3Event *event, gpointer user_data)
{
    h3_event_finish (event);
}

static void
hold (H3Event *event, gpointer user_data)
{
    h3_event_write (event, "x", 1);
    h3_event_after (event, 600000, finish_late, NULL, NULL);
}

static void
on_held_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
    GError **error = user_data;

    ck_assert_int_eq (g_input_stream_read_finish (G_INPUT_STREAM (source), result, error), -1);
}

START_TEST (stream_is_no_longer_waited_for_where_the_read_is_cancelled)
{
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (H3ClientRequest) request = NULL;
    g_autoptr (H3ClientResponse) response = NULL;
    g_autoptr (GError) error = NULL;
    GInputStream *stream;
    char room[10];

    (void) h3_app_get (fixture.server.app, "/held", hold, NULL);
    test_server_start (&fixture.server);
    request = fetch_fixture_request (&fixture, "GET", "/held");
    response = h3_client_open (fixture.client, request, NULL, NULL);
    stream = h3_client_response_get_stream (response);
    ck_assert_int_eq (g_input_stream_read (stream, room, 10, NULL, NULL), 1);
    g_input_stream_read_async (stream, room, 10, 0, cancellable, on_held_read, &error);
    g_cancellable_cancel (cancellable);
    while (error == NULL)
        (void) g_main_context_iteration (NULL, TRUE);
    ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
END_TEST

/* A stream whose answer is a body that is read in the same handler, as it comes. */
typedef struct {
    H3Event *event;             /* ref */
    H3ClientResponse *response; /* ref; NULL: not opened yet */
    gboolean has_drained;
    char room[PIECE];
} Copying;

static void
end_copying (Copying *copying)
{
    h3_client_response_unref (copying->response);
    h3_event_unref (copying->event);
    g_free (copying);
}

static void copy_on (Copying *copying);

static void
on_drained (H3Event *event, gpointer user_data)
{
    ((Copying *) user_data)->has_drained = TRUE;
}

/* Behind it; alone where the exchange has ended. */
static void
on_drain_over (gpointer user_data)
{
    Copying *copying = user_data;

    if (copying->has_drained)
        copy_on (copying);
    else
        end_copying (copying);
}

static void
on_copied (GObject *source, GAsyncResult *result, gpointer user_data)
{
    Copying *copying = user_data;
    gssize size = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

    if (size <= 0) {
        if (size == 0)
            h3_event_finish (copying->event);
        end_copying (copying);
        return;
    }
    copying->has_drained = FALSE;
    if (h3_event_write (copying->event, copying->room, (gsize) size))
        copy_on (copying);
    else
        h3_event_on_drain (copying->event, on_drained, copying, on_drain_over);
}

static void
copy_on (Copying *copying)
{
    g_input_stream_read_async (h3_client_response_get_stream (copying->response), copying->room,
                               PIECE, 0, h3_event_get_cancellable (copying->event), on_copied,
                               copying);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
    Copying *copying = user_data;

    copying->response = h3_client_open_finish (H3_CLIENT (source), result, NULL);
    if (copying->response != NULL) {
        copy_on (copying);
        return;
    }
    h3_event_fail_status (copying->event, 502, NULL);
    end_copying (copying);
}

static void
copy_pattern (H3Event *event, gpointer user_data)
{
    g_autofree char *path = g_strconcat ("/pattern/", h3_event_get_param (event, "length"), NULL);
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (&fixture, "GET", path);
    Copying *copying = g_new0 (Copying, 1);

    copying->event = h3_event_defer (event);
    h3_client_open_async (inner, request, h3_event_get_cancellable (event), on_opened, copying);
}

START_TEST (stream_is_read_on_a_workers_loop)
{
    g_autofree char *path = g_strdup_printf ("/copy/%" G_GUINT64_FORMAT, get_length ());
    g_autoptr (H3ClientRequest) request = NULL;
    g_autoptr (H3ClientResponse) response = NULL;
    g_autofree char *room = g_malloc (PIECE);
    guint64 at = 0, before;
    gssize size;

    (void) h3_app_get (fixture.server.app, "/copy/:length", copy_pattern, NULL);
    test_server_start (&fixture.server);
    before = get_peak ();
    request = fetch_fixture_request (&fixture, "GET", path);
    response = h3_client_open (fixture.client, request, NULL, NULL);
    while ((size = g_input_stream_read (h3_client_response_get_stream (response), room, PIECE, NULL,
                                        NULL))
           > 0) {
        ck_assert_mem_eq (room, pattern_at (at), (gsize) size);
        at += (guint64) size;
    }
    ck_assert_uint_eq (at, get_length ());
    ck_assert (is_watched () || get_peak () - before < MOST_HELD);
}
END_TEST

START_TEST (stream_on_a_workers_loop_ends_with_the_client_it_is_for)
{
    RawClient *client;

    (void) h3_app_get (fixture.server.app, "/copy/:length", copy_pattern, NULL);
    test_server_start (&fixture.server);
    client = test_server_connect (&fixture.server);
    raw_client_send (client, "GET /copy/9223372036854775807 HTTP/1.1\r\nHost: a\r\n\r\n");
    raw_client_free (client);
    latch_wait (&gone, 1, "the end of the answer that was copied");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *down = tcase_create ("down"), *handlers = tcase_create ("handlers");

    tcase_add_checked_fixture (down, set_up, tear_down);
    tcase_add_test (down, stream_is_read_with_flat_memory);
    tcase_add_test (down, stream_is_read_asynchronously);
    tcase_add_test (down, stream_that_is_closed_ends_what_has_not_come);
    tcase_add_test (down, stream_outlives_its_client);
    tcase_add_test (down, stream_ends_with_its_cancellable);
    tcase_add_test (down, stream_is_no_longer_waited_for_where_the_read_is_cancelled);
    suite_add_tcase (suite, down);
    tcase_add_checked_fixture (handlers, set_up, tear_down);
    tcase_add_test (handlers, stream_is_read_on_a_workers_loop);
    tcase_add_test (handlers, stream_on_a_workers_loop_ends_with_the_client_it_is_for);
    suite_add_tcase (suite, handlers);
}

int
main (void)
{
    return suite_run ("e2e/client-streams", add_tests);
}
