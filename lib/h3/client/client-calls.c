/* SPDX-License-Identifier: MIT
 *
 * How a program asks: waiting, or to be told in its GMainContext. Either way the fetch runs on a
 * loop, and its end comes back as one hand-over. */

#include "client-delivery.h"
#include "client-fetch.h"
#include "client-pipe.h"
#include "client-private.h"
#include "client-stream.h"

/* Referenced by who asks and by the loop, until each has done its part. */
typedef struct {
    atomic_int references;
    ClientFetchOrder order; /* refs */
    Loop *loop;             /* ref */
    ClientThread *thread;   /* borrowed: the client, which who asks holds; NULL: not its own */
    ClientFetch *fetch;     /* borrowed; the loop's: until its end */
    /* Handed over. */
    H3ClientResponse *response; /* ref; NULL: there is an error */
    GError *error;              /* owned */
    /* Who is told. */
    GTask *task;              /* ref; the asking thread's; NULL: it waits */
    ClientDelivery *delivery; /* ref; the loop's */
    pthread_mutex_t lock;
    pthread_cond_t done;
    gboolean is_done; /* under the lock */
} Operation;

static void
unref_operation (Operation *operation)
{
    if (atomic_fetch_sub_explicit (&operation->references, 1, memory_order_acq_rel) != 1)
        return;
    pthread_cond_destroy (&operation->done);
    pthread_mutex_destroy (&operation->lock);
    g_clear_error (&operation->error);
    h3_client_response_unref (operation->response);
    client_settings_unref (operation->order.settings);
    h3_client_request_unref (operation->order.request);
    g_clear_object (&operation->order.cancellable);
    loop_unref (operation->loop);
    g_free (operation);
}

/* The loop's part is done. */
static void
hand_over (Operation *operation, H3ClientResponse *response, const GError *error)
{
    ClientDelivery *delivery = operation->delivery;

    operation->fetch = NULL;
    operation->response = response != NULL ? h3_client_response_ref (response) : NULL;
    operation->error = error != NULL ? g_error_copy (error) : NULL;
    pthread_mutex_lock (&operation->lock);
    operation->is_done = TRUE;
    pthread_cond_signal (&operation->done);
    pthread_mutex_unlock (&operation->lock);
    if (delivery != NULL)
        client_delivery_ring (delivery);
    unref_operation (operation);
}

static void
on_head (ClientFetch *fetch, H3ClientResponse *response, gpointer data)
{
    Operation *operation = data;

    client_response_take_stream (
        response, client_stream_new (client_pipe_new (operation->loop, fetch), operation->thread));
    hand_over (operation, response, NULL);
}

static void
on_end (ClientFetch *fetch, H3ClientResponse *response, const GError *error, gpointer data)
{
    hand_over (data, response, error);
}

static const ClientFetchListener listener = { on_head, NULL, on_end };

static void
start (gpointer data)
{
    Operation *operation = data;

    operation->fetch =
        client_fetch_start (operation->loop, &operation->order, &listener, operation);
}

static void
drop (gpointer data)
{
    g_autoptr (GError) error = g_error_new_literal (H3_CLIENT_ERROR, H3_CLIENT_ERROR_CANCELLED,
                                                    "the client comes to its end");

    hand_over (data, NULL, error);
}

/* (transfer full) (nullable): on the loop that this thread runs, else on the client's own. */
static Operation *
new_operation (H3Client *client, const ClientFetchOrder *order, GError **error)
{
    Loop *loop = loop_get_current ();
    ClientThread *thread = NULL;
    Operation *operation;

    if (loop == NULL) {
        thread = client_get_thread (client, error);
        if (thread == NULL)
            return NULL;
        loop = client_thread_get_loop (thread);
    }
    operation = g_new0 (Operation, 1);
    atomic_init (&operation->references, 2);
    operation->order = *order;
    operation->order.settings = client_settings_ref (client_get_settings (client));
    operation->order.request = h3_client_request_ref (order->request);
    if (order->cancellable != NULL)
        operation->order.cancellable = g_object_ref (order->cancellable);
    operation->loop = loop_ref (loop);
    operation->thread = thread;
    pthread_mutex_init (&operation->lock, NULL);
    pthread_cond_init (&operation->done, NULL);
    return operation;
}

static H3ClientResponse *
wait_for (Operation *operation, GError **error)
{
    H3ClientResponse *response;

    loop_post (operation->loop, start, operation, drop);
    pthread_mutex_lock (&operation->lock);
    while (!operation->is_done)
        pthread_cond_wait (&operation->done, &operation->lock);
    pthread_mutex_unlock (&operation->lock);
    response = g_steal_pointer (&operation->response);
    if (response == NULL)
        g_propagate_error (error, g_steal_pointer (&operation->error));
    unref_operation (operation);
    return response;
}

static H3ClientResponse *
call (H3Client *client, const ClientFetchOrder *order, GError **error)
{
    Operation *operation;

    if (loop_get_current () != NULL) {
        g_critical ("a fetch was to be waited for on a loop's thread: h3_event_fetch () and "
                    "h3_client_fetch_async () do not wait");
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "a loop's thread does not wait");
        return NULL;
    }
    operation = new_operation (client, order, error);
    return operation != NULL ? wait_for (operation, error) : NULL;
}

static void
unref_response (gpointer data)
{
    h3_client_response_unref (data);
}

/* Nobody hears of it any more. */
static void
cancel (gpointer data)
{
    Operation *operation = data;

    if (operation->fetch != NULL) {
        client_fetch_cancel (operation->fetch);
        drop (operation);
    }
    unref_operation (operation);
}

static void
forget (gpointer data)
{
    unref_operation (data);
}

/* The context of who asked. Where that ends before, so does what was asked. */
static void
on_delivered (gboolean is_rung, gpointer data)
{
    Operation *operation = data;
    g_autoptr (GTask) task = g_steal_pointer (&operation->task);

    if (!is_rung) {
        g_task_return_new_error (task, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CANCELLED,
                                 "the thread that asked comes to its end");
        loop_post (operation->loop, cancel, operation, forget);
        return;
    }
    if (operation->response != NULL)
        g_task_return_pointer (task, g_steal_pointer (&operation->response), unref_response);
    else
        g_task_return_error (task, g_steal_pointer (&operation->error));
    unref_operation (operation);
}

static void
call_async (H3Client *client, const ClientFetchOrder *order, gpointer tag,
            GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr (GTask) task = g_task_new (client, order->cancellable, callback, user_data);
    g_autoptr (GError) error = NULL;
    Operation *operation = new_operation (client, order, &error);

    g_task_set_source_tag (task, tag);
    g_task_set_check_cancellable (task, FALSE); /* its error would be GIO's */
    if (operation == NULL) {
        g_task_return_error (task, g_steal_pointer (&error));
        return;
    }
    operation->task = g_steal_pointer (&task);
    operation->delivery = client_delivery_new (on_delivered, operation);
    if (operation->thread == NULL)
        start (operation);
    else
        loop_post (operation->loop, start, operation, drop);
}

/* Who has cancelled is told so, whatever came before that and was not yet told. */
static H3ClientResponse *
finish (H3Client *client, GAsyncResult *result, gpointer tag, GError **error)
{
    g_autoptr (H3ClientResponse) response = NULL;
    g_autoptr (GError) problem = NULL;

    g_return_val_if_fail (H3_IS_CLIENT (client) && g_task_is_valid (result, client), NULL);
    g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == tag, NULL);
    response = g_task_propagate_pointer (G_TASK (result), &problem);
    if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result)))
        && !g_error_matches (problem, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CANCELLED)) {
        g_clear_error (&problem);
        problem = g_error_new_literal (H3_CLIENT_ERROR, H3_CLIENT_ERROR_CANCELLED,
                                       "cancelled before its end was told");
    }
    if (problem == NULL)
        return g_steal_pointer (&response);
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
}

H3ClientResponse *
h3_client_fetch (H3Client *client, H3ClientRequest *request, GCancellable *cancellable,
                 GError **error)
{
    ClientFetchOrder order = { .request = request, .cancellable = cancellable };

    g_return_val_if_fail (H3_IS_CLIENT (client) && request != NULL, NULL);
    return call (client, &order, error);
}

void
h3_client_fetch_async (H3Client *client, H3ClientRequest *request, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
    ClientFetchOrder order = { .request = request, .cancellable = cancellable };

    g_return_if_fail (H3_IS_CLIENT (client) && request != NULL);
    call_async (client, &order, h3_client_fetch_async, callback, user_data);
}

H3ClientResponse *
h3_client_fetch_finish (H3Client *client, GAsyncResult *result, GError **error)
{
    return finish (client, result, h3_client_fetch_async, error);
}

H3ClientResponse *
h3_client_open (H3Client *client, H3ClientRequest *request, GCancellable *cancellable,
                GError **error)
{
    ClientFetchOrder order = { .request = request, .cancellable = cancellable, .opens = TRUE };

    g_return_val_if_fail (H3_IS_CLIENT (client) && request != NULL, NULL);
    return call (client, &order, error);
}

void
h3_client_open_async (H3Client *client, H3ClientRequest *request, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
    ClientFetchOrder order = { .request = request, .cancellable = cancellable, .opens = TRUE };

    g_return_if_fail (H3_IS_CLIENT (client) && request != NULL);
    call_async (client, &order, h3_client_open_async, callback, user_data);
}

H3ClientResponse *
h3_client_open_finish (H3Client *client, GAsyncResult *result, GError **error)
{
    return finish (client, result, h3_client_open_async, error);
}
