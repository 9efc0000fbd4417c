/* SPDX-License-Identifier: MIT */

#include "fetch.h"

#include "fetch-body.h"
#include "fetch-options.h"
#include "fetch-output.h"
#include "fetch-status.h"
#include "fetch-tell.h"

#include <glib-unix.h>
#include <signal.h>
#include <string.h>

#define PIECE_SIZE (64 * 1024)

/* One fetch from its beginning to its end: opened, then read and written in turn. */
typedef struct {
    FetchOptions options;
    GMainLoop *loop;            /* owned */
    GCancellable *cancellable;  /* owned */
    H3Client *client;           /* owned */
    H3ClientRequest *request;   /* owned */
    H3ClientResponse *response; /* owned; NULL: not there yet */
    GInputStream *stream;       /* borrowed: the response */
    FetchOutput output;
    FetchProgress progress;
    GBytes *piece; /* owned; NULL: nothing is being written */
    gsize written; /* of the piece */
    guint waiting; /* the source that waits for the output; 0: none */
    gint64 began;
    gboolean has_body; /* some of it was read */
    GError *error;     /* owned; NULL: it went well */
} Fetch;

static void write_on (Fetch *fetch);

/* Nothing is under way any more. `error`: (transfer full) (nullable) */
static void
end (Fetch *fetch, GError *error)
{
    if (error != NULL && g_cancellable_is_cancelled (fetch->cancellable)) {
        g_clear_error (&error);
        error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "interrupted");
    }
    fetch->error = error;
    g_main_loop_quit (fetch->loop);
}

static void
succeed (Fetch *fetch)
{
    GError *error = NULL;

    (void) fetch_output_finish (&fetch->output, &error);
    end (fetch, error);
}

/* A terminal would take the bytes for commands. */
static gboolean
may_be_shown (Fetch *fetch, GBytes *piece)
{
    gsize length;
    const char *data = g_bytes_get_data (piece, &length);

    return fetch->has_body || !fetch->output.is_terminal || fetch->options.output != NULL
           || memchr (data, '\0', length) == NULL;
}

static void
on_read (GObject *stream, GAsyncResult *result, gpointer data)
{
    Fetch *fetch = data;
    GError *error = NULL;
    g_autoptr (GBytes) piece =
        g_input_stream_read_bytes_finish (G_INPUT_STREAM (stream), result, &error);

    if (piece == NULL) {
        end (fetch, error);
    } else if (g_bytes_get_size (piece) == 0) {
        succeed (fetch);
    } else if (!may_be_shown (fetch, piece)) {
        end (fetch, g_error_new (FETCH_ERROR, FETCH_WRITE,
                                 "the body is binary, which would upset the terminal: write it "
                                 "with --output FILE, or with --output - all the same"));
    } else {
        fetch->has_body = TRUE;
        fetch_progress_add (&fetch->progress, g_bytes_get_size (piece));
        fetch->piece = g_steal_pointer (&piece);
        write_on (fetch);
    }
}

static void
read_on (Fetch *fetch)
{
    g_clear_pointer (&fetch->piece, g_bytes_unref);
    fetch->written = 0;
    g_input_stream_read_bytes_async (fetch->stream, PIECE_SIZE, G_PRIORITY_DEFAULT,
                                     fetch->cancellable, on_read, fetch);
}

static gboolean
on_writable (int fd, GIOCondition condition, gpointer data)
{
    Fetch *fetch = data;

    fetch->waiting = 0;
    write_on (fetch);
    return G_SOURCE_REMOVE;
}

static void
write_on (Fetch *fetch)
{
    gsize length;
    const char *bytes = g_bytes_get_data (fetch->piece, &length);
    GError *error = NULL;

    while (fetch->written < length) {
        gssize n = fetch_output_write (&fetch->output, bytes + fetch->written,
                                       length - fetch->written, &error);

        if (n < 0) {
            end (fetch, error);
            return;
        }
        if (n == 0) {
            fetch->waiting = g_unix_fd_add (fetch->output.fd, G_IO_OUT, on_writable, fetch);
            return;
        }
        fetch->written += (gsize) n;
    }
    read_on (fetch);
}

/* What of the answer is told before its body. */
static void
begin_output (Fetch *fetch)
{
    const char *length = h3_client_response_get_header (fetch->response, "Content-Length");
    GError *error = NULL;

    if (!fetch_output_open (&fetch->output, fetch->options.output, &error)) {
        end (fetch, error);
        return;
    }
    if (!fetch->output.is_terminal)
        fetch_progress_begin (&fetch->progress,
                              length != NULL ? g_ascii_strtoull (length, NULL, 10) : 0);
    if (fetch->options.is_head || fetch->options.shows_head) {
        fetch->piece = g_string_free_to_bytes (fetch_tell_dup_head (fetch->response));
        write_on (fetch);
    } else {
        read_on (fetch);
    }
}

static void
on_open (GObject *client, GAsyncResult *result, gpointer data)
{
    Fetch *fetch = data;
    GError *error = NULL;
    guint status;

    fetch->response = h3_client_open_finish (H3_CLIENT (client), result, &error);
    if (fetch->response == NULL) {
        end (fetch, error);
        return;
    }
    fetch->stream = h3_client_response_get_stream (fetch->response);
    if (fetch->options.is_verbose)
        fetch_tell_response (fetch->response);
    status = h3_client_response_get_status (fetch->response);
    if (fetch->options.fails && status >= 400)
        end (fetch, g_error_new (FETCH_ERROR, FETCH_REFUSED, "the server answered %u %s", status,
                                 h3_client_response_get_reason (fetch->response)));
    else
        begin_output (fetch);
}

/* What is under way ends with an error, but for a wait for the output. The second time ends the
 * program as ever. */
static gboolean
on_interrupt (gpointer data)
{
    Fetch *fetch = data;

    g_cancellable_cancel (fetch->cancellable);
    if (fetch->waiting != 0) {
        g_source_remove (fetch->waiting);
        fetch->waiting = 0;
        end (fetch, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "interrupted"));
    }
    return G_SOURCE_REMOVE;
}

/* One that is ignored already, as by nohup, stays so. */
static void
watch_signal (Fetch *fetch, int number)
{
    struct sigaction before;

    if (sigaction (number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        g_unix_signal_add (number, on_interrupt, fetch);
}

static gboolean
set_up (Fetch *fetch, int argc, char **argv, GError **error)
{
    if (!fetch_options_read (&fetch->options, argc, argv, error))
        return FALSE;
    fetch->client = fetch_options_make_client (&fetch->options, error);
    if (fetch->client == NULL)
        return FALSE;
    fetch->request = fetch_options_make_request (&fetch->options, error);
    return fetch->request != NULL && fetch_body_set (fetch->request, &fetch->options, error);
}

static void
run (Fetch *fetch)
{
    fetch->loop = g_main_loop_new (NULL, FALSE);
    fetch->cancellable = g_cancellable_new ();
    fetch->began = g_get_monotonic_time ();
    (void) signal (SIGPIPE, SIG_IGN);
    watch_signal (fetch, SIGINT);
    watch_signal (fetch, SIGTERM);
    watch_signal (fetch, SIGHUP);
    if (fetch->options.is_verbose)
        fetch_tell_request (fetch->request, fetch->options.headers);
    h3_client_open_async (fetch->client, fetch->request, fetch->cancellable, on_open, fetch);
    g_main_loop_run (fetch->loop);
    fetch_progress_end (&fetch->progress);
    if (fetch->options.shows_timing && fetch->response != NULL)
        fetch_tell_timing (fetch->response, g_get_monotonic_time () - fetch->began);
}

static void
clear (Fetch *fetch)
{
    fetch_output_clear (&fetch->output);
    g_clear_pointer (&fetch->piece, g_bytes_unref);
    g_clear_pointer (&fetch->response, h3_client_response_unref);
    g_clear_pointer (&fetch->request, h3_client_request_unref);
    g_clear_object (&fetch->client);
    g_clear_object (&fetch->cancellable);
    g_clear_pointer (&fetch->loop, g_main_loop_unref);
    fetch_options_clear (&fetch->options);
}

int
fetch_run (int argc, char **argv)
{
    Fetch fetch = { .output.fd = -1 };
    int status = FETCH_DONE;

    g_set_prgname ("h3d fetch");
    if (set_up (&fetch, argc, argv, &fetch.error))
        run (&fetch);
    if (fetch.error != NULL) {
        status = fetch_status_of (fetch.error);
        fetch_status_tell (fetch.error);
    }
    g_clear_error (&fetch.error);
    clear (&fetch);
    return status;
}
