/* SPDX-License-Identifier: MIT */

#include "client-stream.h"

/* Its name is the one of its type, which is every program's. */
typedef struct {
    GInputStream parent_instance;
    ClientPipe *pipe;     /* ref */
    ClientThread *thread; /* ref; NULL: a loop that is somebody else's */
} H3ClientStream;

typedef GInputStreamClass H3ClientStreamClass;

G_DEFINE_TYPE (H3ClientStream, client_stream, G_TYPE_INPUT_STREAM)

/* A reader that waits in its GMainContext. */
typedef struct {
    GTask *task; /* ref */
    char *room;  /* borrowed: the reader's */
    gsize size;
    gulong handler; /* of the task's cancellable; 0: none */
} Reading;

static void
finalize (GObject *object)
{
    H3ClientStream *stream = (H3ClientStream *) object;

    client_pipe_close (stream->pipe);
    client_pipe_unref (stream->pipe);
    client_thread_unref (stream->thread);
    G_OBJECT_CLASS (client_stream_parent_class)->finalize (object);
}

/* What is there is given on any thread. A loop's must not wait: what it waits for may be its own to
 * bring. */
static gssize
read_now (GInputStream *input, void *room, gsize size, GCancellable *cancellable, GError **error)
{
    H3ClientStream *stream = (H3ClientStream *) input;
    g_autoptr (GError) problem = NULL;
    gssize length;

    if (loop_get_current () == NULL)
        return client_pipe_read (stream->pipe, room, size, cancellable, error);
    length = client_pipe_take (stream->pipe, room, size, &problem);
    if (length < 0 && problem == NULL) {
        g_critical ("a body was to be waited for on a loop's thread: read it asynchronously there");
        g_set_error (&problem, H3_ERROR, H3_ERROR_INVALID, "a loop's thread does not wait");
    }
    if (problem != NULL)
        g_propagate_error (error, g_steal_pointer (&problem));
    return length;
}

static void
free_reading (Reading *reading)
{
    g_object_unref (reading->task);
    g_free (reading);
}

static void wait_on (Reading *reading);

/* g_cancellable_disconnect () would wait for who is being told, which may be whoever calls this. */
static void
stop_listening (Reading *reading)
{
    if (reading->handler != 0)
        g_signal_handler_disconnect (g_task_get_cancellable (reading->task), reading->handler);
    reading->handler = 0;
}

static void
on_delivered (gboolean is_rung, gpointer data)
{
    Reading *reading = data;
    H3ClientStream *stream = g_task_get_source_object (reading->task);
    g_autoptr (GError) error = NULL;
    gssize length = -1;

    stop_listening (reading);
    if (!g_cancellable_set_error_if_cancelled (g_task_get_cancellable (reading->task), &error))
        length = client_pipe_take (stream->pipe, reading->room, reading->size, &error);
    if (length < 0 && error == NULL && is_rung) {
        wait_on (reading);
        return;
    }
    if (length < 0 && error == NULL)
        g_set_error (&error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CANCELLED,
                     "the thread that reads comes to its end");
    if (error != NULL)
        g_task_return_error (reading->task, g_steal_pointer (&error));
    else
        g_task_return_int (reading->task, length);
    free_reading (reading);
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
    client_pipe_wake (data);
}

/* On a loop that ends the reader may be told, and the reading be gone, before a call of this has
 * returned. */
static void
wait_on (Reading *reading)
{
    H3ClientStream *stream = g_task_get_source_object (reading->task);
    GCancellable *cancellable = g_task_get_cancellable (reading->task);
    g_autoptr (GCancellable) held = cancellable != NULL ? g_object_ref (cancellable) : NULL;
    ClientPipe *pipe = client_pipe_ref (stream->pipe);

    if (held != NULL)
        reading->handler =
            g_cancellable_connect (held, G_CALLBACK (on_cancelled), client_pipe_ref (pipe),
                                   (GDestroyNotify) client_pipe_unref);
    client_pipe_await (pipe, client_delivery_new (on_delivered, reading));
    /* Perhaps between the two. */
    if (held != NULL && g_cancellable_is_cancelled (held))
        client_pipe_wake (pipe);
    client_pipe_unref (pipe);
}

static void
read_async (GInputStream *input, void *room, gsize size, int priority, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
    H3ClientStream *stream = (H3ClientStream *) input;
    GTask *task = g_task_new (input, cancellable, callback, user_data);
    g_autoptr (GError) error = NULL;
    Reading *reading;
    gssize length;

    g_task_set_priority (task, priority);
    /* What was taken out of the pipe is told, whatever happens then. */
    g_task_set_check_cancellable (task, FALSE);
    length = client_pipe_take (stream->pipe, room, size, &error);
    if (length >= 0 || error != NULL) {
        if (error != NULL)
            g_task_return_error (task, g_steal_pointer (&error));
        else
            g_task_return_int (task, length);
        g_object_unref (task);
        return;
    }
    reading = g_new0 (Reading, 1);
    reading->task = task;
    reading->room = room;
    reading->size = size;
    wait_on (reading);
}

static gssize
read_finish (GInputStream *input, GAsyncResult *result, GError **error)
{
    return g_task_propagate_int (G_TASK (result), error);
}

static gboolean
close_now (GInputStream *input, GCancellable *cancellable, GError **error)
{
    client_pipe_close (((H3ClientStream *) input)->pipe);
    return TRUE;
}

/* It never waits, so it needs no thread. */
static void
close_async (GInputStream *input, int priority, GCancellable *cancellable,
             GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr (GTask) task = g_task_new (input, NULL, callback, user_data);

    g_task_set_priority (task, priority);
    g_task_return_boolean (task, close_now (input, NULL, NULL));
}

static gboolean
close_finish (GInputStream *input, GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean (G_TASK (result), error);
}

static void
client_stream_class_init (H3ClientStreamClass *class)
{
    G_OBJECT_CLASS (class)->finalize = finalize;
    class->read_fn = read_now;
    class->read_async = read_async;
    class->read_finish = read_finish;
    class->close_fn = close_now;
    class->close_async = close_async;
    class->close_finish = close_finish;
}

static void
client_stream_init (H3ClientStream *stream)
{
}

GInputStream *
client_stream_new (ClientPipe *pipe, ClientThread *thread)
{
    H3ClientStream *stream = g_object_new (client_stream_get_type (), NULL);

    stream->pipe = pipe;
    stream->thread = thread != NULL ? client_thread_ref (thread) : NULL;
    return G_INPUT_STREAM (stream);
}
