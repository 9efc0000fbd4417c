/* SPDX-License-Identifier: MIT
 *
 * Bodies of requests out of streams: of any length, as fast as the server takes them, with memory
 * that stays flat; and those that are not as they were promised. */

#include "tests/e2e/fetch-fixture.h"
#include "tests/e2e/pattern-body.h"

#include "tests/support/backend.h"
#include "tests/support/gio-threads.h"

#include "h3/loop/loop.h"

static FetchFixture fixture;
static Latch failed = LATCH_INIT;

typedef struct {
    guint64 at;
    gboolean differs;
} Received;

static void
take_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    Received *received = user_data;
    g_autofree char *text = NULL;

    for (gsize done = 0; done < length;) {
        gsize size = MIN (length - done, PIECE);

        received->differs =
            received->differs || memcmp (data + done, pattern_at (received->at), size) != 0;
        received->at += size;
        done += size;
    }
    if (data != NULL)
        return;
    if (error != NULL) {
        latch_raise (&failed);
        return;
    }
    text = g_strdup_printf ("%" G_GUINT64_FORMAT "%s", received->at,
                            received->differs ? ", but others" : "");
    h3_event_send_text (event, text);
}

static void
receive (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, take_piece, g_new0 (Received, 1), g_free);
}

static void
send_five (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "five.");
}

static void
redirect (H3Event *event, gpointer user_data)
{
    h3_event_set_status (event, (guint) atoi (h3_event_get_query (event, "status")));
    h3_event_set_header (event, "Location", "/five");
    h3_event_send_text (event, "");
}

static void
let_go (H3Event *event, H3Outcome outcome, gpointer held)
{
    h3_event_unref (held);
}

/* An answer that has no end, before any of the body was read. */
static void
redirect_without_end (H3Event *event, gpointer user_data)
{
    h3_event_on_dispose (event, let_go, h3_event_defer (event), NULL);
    h3_event_set_status (event, 303);
    h3_event_set_header (event, "Location", "/five");
    h3_event_start_stream (event, -1);
    (void) h3_event_write (event, "x", 1);
}

static void
set_up (void)
{
    pattern_init ();
    fetch_fixture_init (&fixture);
    h3_route_set_body (h3_app_post (fixture.server.app, "/receive", receive, NULL),
                       H3_BODY_STREAMED, 0);
    (void) h3_app_post (fixture.server.app, "/redirect", redirect, NULL);
    h3_route_set_body (
        h3_app_post (fixture.server.app, "/redirect-without-end", redirect_without_end, NULL),
        H3_BODY_STREAMED, 0);
    (void) h3_app_get (fixture.server.app, "/five", send_five, NULL);
}

static void
tear_down (void)
{
    fetch_fixture_end (&fixture);
}

/* A body that is made as it is read. */
typedef struct {
    GInputStream parent_instance;
    guint64 at, length;
    guint64 breaks_at;
} Source;
typedef GInputStreamClass SourceClass;
static GType source_get_type (void);
G_DEFINE_TYPE (Source, source, G_TYPE_INPUT_STREAM)

static gssize
read_source (GInputStream *input, void *room, gsize size, GCancellable *cancellable, GError **error)
{
    Source *source = (Source *) input;
    gsize length = (gsize) MIN (MIN (size, PIECE), source->length - source->at);

    if (source->breaks_at > 0 && source->at >= source->breaks_at) {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "a scratch");
        return -1;
    }
    memcpy (room, pattern_at (source->at), length);
    source->at += length;
    return (gssize) length;
}

static void
read_source_async (GInputStream *input, void *room, gsize size, int priority,
                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr (GTask) task = g_task_new (input, cancellable, callback, user_data);
    GError *error = NULL;
    gssize length = read_source (input, room, size, cancellable, &error);

    ck_assert_ptr_nonnull (loop_get_current ());
    if (length >= 0)
        g_task_return_int (task, length);
    else
        g_task_return_error (task, error);
}

static gssize
finish_source (GInputStream *input, GAsyncResult *result, GError **error)
{
    return g_task_propagate_int (G_TASK (result), error);
}

static void
source_class_init (SourceClass *class)
{
    class->read_fn = read_source;
    class->read_async = read_source_async;
    class->read_finish = finish_source;
}

static void
source_init (Source *source)
{
}

/* (transfer full): a POST of `length` bytes, of which it says there are `promised`. */
static H3ClientRequest *
post_source (const char *path, guint64 length, gint64 promised, guint64 breaks_at)
{
    H3ClientRequest *request = fetch_fixture_request (&fixture, "POST", path);
    g_autoptr (GInputStream) stream = g_object_new (source_get_type (), NULL);

    ((Source *) stream)->length = length;
    ((Source *) stream)->breaks_at = breaks_at;
    h3_client_request_set_body_stream (request, "text/plain", stream, promised);
    return request;
}

static void
expect_received (H3ClientRequest *request, guint64 length)
{
    g_autoptr (H3ClientResponse) response = fetch_fixture_fetch (&fixture, request);
    g_autofree char *expected = g_strdup_printf ("%" G_GUINT64_FORMAT, length);

    ck_assert_str_eq (h3_client_response_get_text (response), expected);
}

START_TEST (upload_is_sent_with_flat_memory)
{
    guint64 length = get_length (), before;
    g_autoptr (H3ClientRequest) counted = NULL, chunked = NULL, empty = NULL, asked = NULL;

    test_server_start (&fixture.server);
    before = get_peak ();
    counted = post_source ("/receive", length, (gint64) length, 0);
    expect_received (counted, length);
    chunked = post_source ("/receive", length, -1, 0);
    expect_received (chunked, length);
    empty = post_source ("/receive", 0, -1, 0);
    expect_received (empty, 0);
    asked = post_source ("/receive", 100000, 100000, 0);
    h3_client_request_set_expects_continue (asked, TRUE);
    expect_received (asked, 100000);
    ck_assert (is_watched () || get_peak () - before < MOST_HELD);
}
END_TEST

static void
expect_upload_failure (H3ClientRequest *request, const char *problem)
{
    g_autofree char *message = fetch_fixture_fail (&fixture, request, H3_CLIENT_ERROR_CANCELLED);

    ck_assert_msg (strstr (message, problem) != NULL, "%s", message);
}

START_TEST (upload_that_is_not_as_promised_ends_the_fetch)
{
    g_autoptr (H3ClientRequest) shorter = NULL, longer = NULL, broken = NULL;

    test_server_start (&fixture.server);
    shorter = post_source ("/receive", 99999, 100000, 0);
    expect_upload_failure (shorter, "ended before its length");
    latch_wait (&failed, 1, "the server's end of it");
    longer = post_source ("/receive", 100001, 100000, 0);
    expect_upload_failure (longer, "longer than it should be");
    latch_wait (&failed, 2, "the server's end of it");
    broken = post_source ("/receive", 100000, -1, 70000);
    expect_upload_failure (broken, "a scratch");
    latch_wait (&failed, 3, "the server's end of it");
    expect_upload_failure (broken, "was sent before");
}
END_TEST

START_TEST (upload_is_not_sent_again_where_it_is_redirected)
{
    g_autoptr (H3ClientRequest) seen = NULL, kept = NULL;
    g_autoptr (H3ClientResponse) response = NULL;
    g_autofree char *message = NULL;

    test_server_start (&fixture.server);
    kept = post_source ("/redirect?status=307", 1000, 1000, 0);
    message = fetch_fixture_fail (&fixture, kept, H3_CLIENT_ERROR_INVALID_URL);
    ck_assert_ptr_nonnull (strstr (message, "cannot be sent again"));
    seen = post_source ("/redirect?status=303", 1000, 1000, 0);
    response = fetch_fixture_fetch (&fixture, seen);
    ck_assert_uint_eq (g_bytes_get_size (h3_client_response_get_body (response)), 5);
}
END_TEST

/* What is left of the body is sent no more, so the server may wait for it for ever. */
START_TEST (redirect_that_comes_before_the_body_is_followed_at_once)
{
    g_autoptr (H3ClientRequest) request = NULL;
    g_autoptr (H3ClientResponse) response = NULL;

    test_server_start (&fixture.server);
    if (!backend_is_epoll ())
        return;
    h3_client_set_idle_timeout (fixture.client, 0);
    request = post_source ("/redirect-without-end", G_MAXINT64, -1, 0);
    response = fetch_fixture_fetch (&fixture, request);
    ck_assert_str_eq (h3_client_response_get_text (response), "five.");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *uploads = tcase_create ("uploads");

    tcase_add_checked_fixture (uploads, set_up, tear_down);
    tcase_add_test (uploads, upload_is_sent_with_flat_memory);
    tcase_add_test (uploads, upload_that_is_not_as_promised_ends_the_fetch);
    tcase_add_test (uploads, upload_is_not_sent_again_where_it_is_redirected);
    tcase_add_test (uploads, redirect_that_comes_before_the_body_is_followed_at_once);
    suite_add_tcase (suite, uploads);
}

int
main (void)
{
    return suite_run ("e2e/client-uploads", add_tests);
}
