/* SPDX-License-Identifier: MIT
 *
 * Where a loop ends while what it fetches goes on: each read is answered, also by streams that hear
 * of it in the loop's GMainContext, and nothing is left. */

#include "tests/e2e/fetch-fixture.h"

#include "tests/support/gio-threads.h"

#include "h3/loop/main-context.h"

#include <gio/gunixinputstream.h>
#include <unistd.h>

static FetchFixture fixture;
static Latch arrived = LATCH_INIT; /* requests whose bodies do not come */

static void
let_go (H3Event *event, H3Outcome outcome, gpointer held)
{
    h3_event_unref (held);
}

/* A head, and nothing behind it. */
static void
send_head (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (event, let_go, h3_event_defer (event), NULL);
    h3_event_start_stream (event, -1);
}

static void
read_nothing (H3Event *event, const char *data, gsize length, const GError *error,
              gpointer user_data)
{
}

/* Until its client goes. */
static void
hold (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (event, let_go, h3_event_defer (event), NULL);
    h3_event_read_body (event, read_nothing, NULL, NULL);
    latch_raise (&arrived);
}

static void
set_up (void)
{
    fetch_fixture_init (&fixture);
    (void) h3_app_get (fixture.server.app, "/head", send_head, NULL);
    h3_route_set_body (h3_app_post (fixture.server.app, "/hold", hold, NULL), H3_BODY_STREAMED, 0);
    test_server_start (&fixture.server);
}

static void
tear_down (void)
{
    fetch_fixture_end (&fixture);
}

/* Who reads on a loop while that ends. */
typedef struct {
    EndingNode ending;
    H3ClientResponse *response; /* ref; NULL: not there yet */
    GCancellable *cancellable;  /* ref */
    char room[8];
    guint n_told;
} LateReader;

static void
on_response (GObject *source, GAsyncResult *result, gpointer user_data)
{
    LateReader *reader = user_data;

    reader->response = h3_client_open_finish (H3_CLIENT (source), result, NULL);
    ck_assert_ptr_nonnull (reader->response);
}

static void
on_late_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    LateReader *reader = user_data;

    ck_assert_int_eq (g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error), -1);
    ck_assert_ptr_nonnull (error);
    reader->n_told++;
}

static void
read_late (LateReader *reader)
{
    g_input_stream_read_async (h3_client_response_get_stream (reader->response), reader->room,
                               sizeof reader->room, 0, reader->cancellable, on_late_read, reader);
}

/* The body has not ended yet. */
static void
read_what_is_cancelled (EndingNode *node)
{
    LateReader *reader =
        (LateReader *) (void *) ((char *) node - G_STRUCT_OFFSET (LateReader, ending));

    g_cancellable_cancel (reader->cancellable);
    read_late (reader);
}

static void
cancel_what_is_read (EndingNode *node)
{
    LateReader *reader =
        (LateReader *) (void *) ((char *) node - G_STRUCT_OFFSET (LateReader, ending));

    read_late (reader);
    g_cancellable_cancel (reader->cancellable);
}

static void
read_while_the_loop_ends (void (*on_ending) (EndingNode *node))
{
    Loop *loop = loop_new (NULL);
    MainContext *context = main_context_new (loop, NULL);
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (&fixture, "GET", "/head");
    LateReader reader = { .ending.on_ending = on_ending, .cancellable = g_cancellable_new () };

    loop_enter (loop);
    main_context_enter (context);
    h3_client_open_async (fixture.client, request, NULL, on_response, &reader);
    while (reader.response == NULL)
        (void) loop_step (loop, TRUE);
    endings_add (loop_get_endings (loop), ENDING_CLOSE, &reader.ending);
    main_context_free (context);
    loop_close (loop);
    test_server_run_context ();
    ck_assert_uint_eq (reader.n_told, 1);
    h3_client_response_unref (reader.response);
    g_object_unref (reader.cancellable);
    loop_leave (loop);
    loop_unref (loop);
}

START_TEST (stream_may_be_read_and_cancelled_while_its_loop_ends)
{
    read_while_the_loop_ends (read_what_is_cancelled);
    read_while_the_loop_ends (cancel_what_is_read);
}
END_TEST

static void
note_cancelled (GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    gboolean *was_told = user_data;

    ck_assert_ptr_null (h3_client_fetch_finish (H3_CLIENT (source), result, &error));
    ck_assert (g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CANCELLED));
    *was_told = TRUE;
}

/* The loop's context is stepped no more once its end has begun. */
static void
end_loop_within_upload (GInputStream *stream, GCancellable *cancellable)
{
    Loop *loop = loop_new (NULL);
    MainContext *context = main_context_new (loop, NULL);
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (&fixture, "POST", "/hold");
    guint before = latch_get (&arrived);
    gboolean was_told = FALSE;

    h3_client_request_set_body_stream (request, "text/plain", stream, 5);
    loop_enter (loop);
    main_context_enter (context);
    h3_client_fetch_async (fixture.client, request, cancellable, note_cancelled, &was_told);
    while (latch_get (&arrived) == before)
        (void) loop_step (loop, FALSE);
    g_cancellable_cancel (cancellable);
    main_context_free (context);
    loop_close (loop);
    loop_leave (loop);
    loop_unref (loop);
    ck_assert (was_told);
}

/* Nothing is left of it: neither the context's descriptor nor the stream. */
START_TEST (upload_is_read_no_more_once_its_loop_has_ended)
{
    g_autoptr (GCancellable) cancelled = g_cancellable_new ();
    g_autoptr (GInputStream) stream = NULL;
    int silent[2];

    ck_assert_int_eq (pipe (silent), 0);
    stream = g_unix_input_stream_new (silent[0], FALSE);
    end_loop_within_upload (stream, NULL);
    end_loop_within_upload (stream, cancelled);
    ck_assert_uint_eq (G_OBJECT (stream)->ref_count, 1);
    (void) close (silent[0]);
    (void) close (silent[1]);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *loops = tcase_create ("loops");

    tcase_add_checked_fixture (loops, set_up, tear_down);
    tcase_add_test (loops, stream_may_be_read_and_cancelled_while_its_loop_ends);
    tcase_add_test (loops, upload_is_read_no_more_once_its_loop_has_ended);
    suite_add_tcase (suite, loops);
}

int
main (void)
{
    return suite_run ("e2e/client-loop-ends", add_tests);
}
