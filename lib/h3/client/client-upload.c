/* SPDX-License-Identifier: MIT */

#include "client-upload.h"

#define PIECE ((gsize) 64 * 1024)
#define OWNER "h3-client-upload"

struct _ClientUpload {
    /* Owns this: a read under way holds it too, and lets go of it also where the thread's context
     * ends before the answer. Referenced by the fetch, until it stops. */
    GCancellable *reading;
    GInputStream *stream;     /* ref */
    ClientExchange *exchange; /* borrowed; NULL: stopped, or at its end */
    gint64 left;              /* bytes to come; -1: not known */
    Loop *loop;               /* borrowed: whoever reads ends before it */
    GMainContext *context;    /* ref: hears of the read that is under way; NULL: none is */
    EndingNode ending;        /* of the loop, while a read is under way */
    ClientUploadFailed failed;
    gpointer data; /* borrowed: the fetch */
};

static void
free_upload (gpointer data)
{
    ClientUpload *upload = data;

    g_object_unref (upload->stream);
    g_free (upload);
}

static gboolean
is_ending (Loop *loop)
{
    return loop_get_endings (loop)->has_come[ENDING_CLOSE];
}

/* A read that was cancelled, of a loop that steps its context no more. Unheard, it would keep the
 * context, and the context the read, for ever. */
static void
await_read (ClientUpload *upload)
{
    G_GNUC_UNUSED g_autoptr (GCancellable) held = g_object_ref (upload->reading);
    g_autoptr (GMainContext) context = g_main_context_ref (upload->context);

    while (upload->context != NULL)
        (void) g_main_context_iteration (context, TRUE);
}

/* Whoever is not stopped yet is stopped as the exchanges of the loop end. */
static void
on_loop_ending (EndingNode *node)
{
    ClientUpload *upload =
        (ClientUpload *) (void *) ((char *) node - G_STRUCT_OFFSET (ClientUpload, ending));

    if (upload->exchange == NULL)
        await_read (upload);
}

ClientUpload *
client_upload_new (Loop *loop, GInputStream *stream, gint64 length, ClientExchange *exchange,
                   ClientUploadFailed failed, gpointer data)
{
    ClientUpload *upload = g_new0 (ClientUpload, 1);

    upload->reading = g_cancellable_new ();
    g_object_set_data_full (G_OBJECT (upload->reading), OWNER, upload, free_upload);
    upload->stream = g_object_ref (stream);
    upload->exchange = exchange;
    upload->left = length;
    upload->loop = loop;
    upload->ending.on_ending = on_loop_ending;
    upload->failed = failed;
    upload->data = data;
    return upload;
}

static void
fail (ClientUpload *upload, const char *problem)
{
    upload->exchange = NULL;
    upload->failed (problem, upload->data);
}

/* The stream has ended, or has given all that was promised and is asked if it has more. */
static void
end (ClientUpload *upload)
{
    if (upload->left > 0) {
        fail (upload, "the stream of the body ended before its length");
        return;
    }
    client_exchange_finish (g_steal_pointer (&upload->exchange));
}

static void read_on (ClientUpload *upload);

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
    ClientUpload *upload = user_data;
    /* What follows may end the fetch, which lets go of its own. */
    G_GNUC_UNUSED g_autoptr (GCancellable) held = g_object_ref (upload->reading);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) piece =
        g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
    gsize size = piece != NULL ? g_bytes_get_size (piece) : 0;

    endings_remove (loop_get_endings (upload->loop), &upload->ending);
    g_clear_pointer (&upload->context, g_main_context_unref);
    if (upload->exchange == NULL)
        return;
    if (piece == NULL) {
        g_autofree char *problem =
            g_strdup_printf ("the stream of the body cannot be read: %s", error->message);

        fail (upload, problem);
        return;
    }
    if (size == 0) {
        end (upload);
        return;
    }
    if (upload->left >= 0 && (guint64) size > (guint64) upload->left) {
        fail (upload, "the stream of the body is longer than it should be");
        return;
    }
    if (upload->left > 0)
        upload->left -= (gint64) size;
    if (client_exchange_write_bytes (upload->exchange, piece))
        read_on (upload);
}

static void
read_on (ClientUpload *upload)
{
    upload->context = g_main_context_ref_thread_default ();
    if (!is_ending (upload->loop))
        endings_add (loop_get_endings (upload->loop), ENDING_CLOSE, &upload->ending);
    g_input_stream_read_bytes_async (upload->stream, PIECE, G_PRIORITY_DEFAULT, upload->reading,
                                     on_read, upload);
}

void
client_upload_go_on (ClientUpload *upload)
{
    if (upload->exchange != NULL && upload->context == NULL)
        read_on (upload);
}

gboolean
client_upload_is_whole (const ClientUpload *upload)
{
    return upload->exchange == NULL;
}

void
client_upload_stop (ClientUpload *upload)
{
    if (upload == NULL)
        return;
    upload->exchange = NULL;
    g_cancellable_cancel (upload->reading);
    if (upload->context != NULL && is_ending (upload->loop))
        await_read (upload);
    g_object_unref (upload->reading);
}
