/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* pipe2 */

#include "fault-server.h"

#include "h3/h3.h"

#include <h3/batteries/static-files-inside.h>

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>

char *
fault_server_make_text (gsize length)
{
    char *text = g_malloc (length + 1);

    for (gsize i = 0; i < length; i++)
        text[i] = (char) ('a' + (i / 7 + i / 1009) % 26);
    text[length] = '\0';
    return text;
}

static void
send_plain (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "plain");
}

static void
send_back (H3Event *event, gpointer user_data)
{
    h3_event_send_bytes (event, "text/plain", h3_request_get_body (h3_event_get_request (event)));
}

static void
go_on_reading (H3Event *event, gpointer user_data)
{
    h3_event_resume_body (event);
}

static void
stream_piece_back (H3Event *event, const char *data, gsize length, const GError *error,
                   gpointer user_data)
{
    if (error != NULL)
        return;
    if (data == NULL) {
        h3_event_finish (event);
    } else if (!h3_event_write (event, data, length)) {
        h3_event_pause_body (event);
        h3_event_on_drain (event, go_on_reading, NULL, NULL);
    }
}

static void
stream_back (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, stream_piece_back, NULL, NULL);
    h3_event_start_stream (event, -1);
}

/* What the client has put behind its body stands behind the answer, too. */
static void
take_signed (H3Event *event, const char *data, gsize length, const GError *error,
             gpointer user_data)
{
    const char *trailer = h3_request_get_trailer (h3_event_get_request (event), "X-Sum");

    if (data == NULL && error == NULL && trailer != NULL)
        (void) h3_event_set_trailer (event, "X-Sum", trailer);
    stream_piece_back (event, data, length, error, user_data);
}

static void
send_signed_back (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Headers) hints = h3_headers_new ();

    (void) h3_headers_add (hints, "Link", "</a>");
    h3_event_send_early_hints (event, hints);
    (void) h3_event_declare_trailer (event, "X-Sum");
    h3_event_read_body (event, take_signed, NULL, NULL);
    h3_event_start_stream (event, -1);
}

typedef struct {
    char *text; /* owned */
    guint n;    /* pieces that have been given */
} Pieces;

static Pieces *
new_pieces (void)
{
    Pieces *pieces = g_new0 (Pieces, 1);

    pieces->text = fault_server_make_text (FAULT_PIECES * FAULT_PIECE_LENGTH);
    return pieces;
}

static void
free_pieces (gpointer data)
{
    Pieces *pieces = data;

    g_free (pieces->text);
    g_free (pieces);
}

static GBytes *
give_piece (gpointer user_data, GError **error)
{
    Pieces *pieces = user_data;

    if (pieces->n == FAULT_PIECES)
        return NULL;
    return g_bytes_new (pieces->text + FAULT_PIECE_LENGTH * pieces->n++, FAULT_PIECE_LENGTH);
}

static void
generate (H3Event *event, gpointer user_data)
{
    h3_event_send_generator (event, -1, give_piece, new_pieces (), free_pieces);
}

/* After each piece the client has to have taken all. */
static void
write_piece (H3Event *event, gpointer user_data)
{
    Pieces *pieces = h3_event_get_data (event, "pieces");

    if (pieces->n == FAULT_PIECES) {
        h3_event_finish (event);
        return;
    }
    h3_event_on_drain (event, write_piece, NULL, NULL);
    (void) h3_event_write (event, pieces->text + FAULT_PIECE_LENGTH * pieces->n++,
                           FAULT_PIECE_LENGTH);
}

static void
write_pieces (H3Event *event, gpointer user_data)
{
    h3_event_set_data (event, "pieces", new_pieces (), free_pieces);
    h3_event_start_stream (event, FAULT_PIECES * FAULT_PIECE_LENGTH);
    write_piece (event, NULL);
}

static void
send_file (H3Event *event, gpointer user_data)
{
    h3_event_send_file (event, user_data);
}

static void
code (H3Event *event, gpointer user_data)
{
    h3_event_force_coding (event, "gzip");
    h3_event_next (event);
}

static void
send_large (H3Event *event, gpointer user_data)
{
    h3_event_send_bytes (event, "text/plain", user_data);
}

static void
do_work (gpointer data, GCancellable *cancellable)
{
}

static void
answer_work (H3Event *event, gpointer data)
{
    h3_event_send_text (event, "worked");
}

static void
offload (H3Event *event, gpointer user_data)
{
    h3_event_offload (event, do_work, answer_work, NULL, NULL);
}

static void
answer_timer (H3Timer *timer, gpointer user_data)
{
    h3_event_send_text (user_data, "in time");
}

static void
wait_for_timer (H3Event *event, gpointer user_data)
{
    G_GNUC_UNUSED g_autoptr (H3Timer) timer = h3_timer_start (
        1, FALSE, answer_timer, h3_event_defer (event), (GDestroyNotify) h3_event_unref);
}

static gboolean
answer_source (gint fd, GIOCondition condition, gpointer user_data)
{
    (void) close (fd);
    h3_event_send_text (user_data, "heard");
    return G_SOURCE_REMOVE;
}

/* Over the worker's own main context, which has to watch a descriptor for it. */
static void
wait_for_source (H3Event *event, gpointer user_data)
{
    g_autoptr (GSource) source = NULL;
    int ends[2];

    if (pipe2 (ends, O_CLOEXEC) != 0) {
        h3_event_fail (event, g_error_new (G_FILE_ERROR, g_file_error_from_errno (errno),
                                           "no pipe: %s", g_strerror (errno)));
        return;
    }
    (void) close (ends[1]);
    source = g_unix_fd_source_new (ends[0], G_IO_IN | G_IO_HUP);
    g_source_set_callback (source, G_SOURCE_FUNC (answer_source), h3_event_defer (event),
                           (GDestroyNotify) h3_event_unref);
    g_source_attach (source, g_main_context_get_thread_default ());
}

static void
echo_stream (H3Stream *stream, const char *data, gsize length, const GError *error,
             gpointer user_data)
{
    if (data != NULL)
        (void) h3_stream_write (stream, data, length);
    else
        h3_stream_close (stream);
}

static void
take_over (H3Event *event, gpointer user_data)
{
    H3Response *response = h3_event_get_response (event);
    H3Stream *stream;

    h3_response_set_status (response, 101);
    h3_response_set_header (response, "Upgrade", "echo");
    stream = h3_event_take_over (event);
    if (stream == NULL)
        return;
    h3_stream_read (stream, echo_stream, stream, (GDestroyNotify) h3_stream_unref);
}

static void
send_upload_back (H3Event *event, H3Upload *upload, const GError *error, gpointer user_data)
{
    g_autoptr (GError) problem = error != NULL ? g_error_copy (error) : NULL;
    g_autoptr (GBytes) bytes = error == NULL ? h3_upload_dup_bytes (upload, &problem) : NULL;

    if (bytes != NULL)
        h3_event_send_bytes (event, "text/plain", bytes);
    else
        h3_event_fail (event, g_steal_pointer (&problem));
}

static void
store_upload (H3Event *event, gpointer user_data)
{
    h3_event_store_upload (event, h3_form_get_file_at (h3_event_get_form (event, NULL), 0),
                           user_data, H3_UPLOAD_REPLACE, send_upload_back, NULL, NULL);
}

/* On disk from the first byte, beside where it is stored. */
static void
take_upload (H3Event *event, gpointer user_data)
{
    g_autofree char *folder = g_path_get_dirname (user_data);
    H3FormOptions options = H3_FORM_OPTIONS_INIT;

    options.directory = folder;
    options.memory = 0;
    h3_event_read_form (event, &options, store_upload, user_data, NULL);
}

/* The file at `path` is the index of its directory. Where that cannot be served, nothing is. */
static void
add_files (H3App *app, const char *pattern, const char *path, BeneathWay way)
{
    g_autofree char *folder = g_path_get_dirname (path);
    g_autofree char *name = g_path_get_basename (path);
    H3StaticFiles *files = static_files_new (folder, way, NULL);

    if (files == NULL)
        return;
    (void) h3_static_files_set_index (files, name);
    h3_app_route (app, "GET", pattern, h3_static_files_handle, files,
                  (GDestroyNotify) h3_static_files_unref);
}

/* As many as a channel hands out in several parts, and then the end. */
static void
send_events (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Channel) channel = h3_channel_new ();
    g_autofree char *text = fault_server_make_text (FAULT_PIECE_LENGTH);
    g_autoptr (H3Sse) sse = h3_sse_start (event);

    if (sse == NULL)
        return;
    h3_channel_set_replay (channel, FAULT_EVENTS,
                           FAULT_EVENTS * (FAULT_PIECE_LENGTH + strlen ("piece")));
    for (guint i = 0; i < FAULT_EVENTS; i++)
        h3_channel_publish_text (channel, "piece", text);
    h3_sse_subscribe (sse, channel, "");
}

static void
echo_message (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
              gpointer user_data)
{
    (void) h3_websocket_send (websocket, kind, data, length, NULL);
}

static void
accept_websocket (H3Event *event, gpointer user_data)
{
    g_autoptr (H3WebSocket) websocket = h3_event_accept_websocket (event, NULL);

    if (websocket != NULL)
        h3_websocket_on_message (websocket, echo_message, NULL, NULL);
}

void
fault_server_add_routes (H3App *app, const char *path)
{
    char *stored = g_strconcat (path, FAULT_STORED, NULL);
    GBytes *large =
        g_bytes_new_take (fault_server_make_text (FAULT_LARGE_LENGTH), FAULT_LARGE_LENGTH);

    h3_app_get (app, "/plain", send_plain, NULL);
    h3_app_post (app, "/back", send_back, NULL);
    h3_route_set_body (h3_app_post (app, "/stream-back", stream_back, NULL), H3_BODY_STREAMED, 0);
    h3_route_set_body (h3_app_post (app, "/signed-back", send_signed_back, NULL), H3_BODY_STREAMED,
                       0);
    h3_route_set_body (h3_app_route (app, "POST", "/upload", take_upload, stored, g_free),
                       H3_BODY_STREAMED, 0);
    h3_app_get (app, "/generated", generate, NULL);
    h3_app_get (app, "/written", write_pieces, NULL);
    h3_app_route (app, "GET", "/file", send_file, g_strdup (path), g_free);
    add_files (app, "/static/**", path, BENEATH_BEST);
    add_files (app, "/walked/**", path, BENEATH_BY_STEPS);
    h3_app_route (app, "GET", "/large", send_large, large, (GDestroyNotify) g_bytes_unref);
    h3_app_use (app, "/coded", h3_middleware_new (code, NULL, NULL));
    h3_app_use (app, "/decoded", h3_decoding_new ());
    h3_app_route (app, "GET", "/coded/file", send_file, g_strdup (path), g_free);
    h3_app_get (app, "/coded/written", write_pieces, NULL);
    h3_route_set_body (h3_app_post (app, "/decoded/back", stream_back, NULL), H3_BODY_STREAMED, 0);
    h3_app_get (app, "/work", offload, NULL);
    h3_app_get (app, "/timer", wait_for_timer, NULL);
    h3_app_get (app, "/events", send_events, NULL);
    h3_app_get (app, "/source", wait_for_source, NULL);
    h3_app_get (app, "/stream", take_over, NULL);
    h3_app_get (app, "/websocket", accept_websocket, NULL);
}
