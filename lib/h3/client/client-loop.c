/* SPDX-License-Identifier: MIT */

#include "client-loop.h"

#include "client-loop-inside.h"

#include <h3/loop/offload.h>

/* Names of a loop that has no pool of threads are looked up on so many of its own. */
#define N_THREADS 2

/* Nothing lingers: who asked has had the answer. Who takes too little is told by deadlines. */
static void
set_up (ClientLoop *client, Loop *loop)
{
    ClientContext *context = &client->context;
    TransportSettings settings = { .loop = loop };

    context->loop = loop_ref (loop);
    context->deadlines = deadlines_new (loop);
    context->buffers = buffers_new (loop);
    settings.deadlines = context->deadlines;
    settings.buffers = context->buffers;
    context->shared = transport_shared_new (&settings);
    context->receive =
        transport_shared_get_receive_buffer (context->shared, &context->receive_size);
    answer_tools_init (&context->tools);
    client->pool = client_pool_new (context);
}

/* All that is freed here is found again by nobody: no transport is left, and no exchange. */
static void
free_client (gpointer data)
{
    ClientLoop *client = data;
    ClientContext *context = &client->context;

    client_pool_free (client->pool);
    transport_shared_free (context->shared);
    buffers_free (context->buffers);
    deadlines_free (context->deadlines);
    answer_tools_clear (&context->tools);
    offload_free (client->own_offload);
    loop_unref (context->loop);
    g_free (client);
}

/* Transports and connections that were let go are freed by what was deferred before. */
static void
free_when_empty (ClientLoop *client)
{
    if (client->is_freed || !client_loop_is_ending (client) || client->n_users > 0)
        return;
    client->is_freed = TRUE;
    transport_shared_on_empty (client->context.shared, free_client, client);
}

static void
on_loop_ending (EndingNode *node)
{
    ClientLoop *client =
        (ClientLoop *) (void *) ((char *) node - G_STRUCT_OFFSET (ClientLoop, ending));
    Loop *loop = client->context.loop;

    loop_set_lodger (loop, NULL);
    client_pool_end (client->pool);
    endings_come (&client->endings, ENDING_CLOSE);
    transport_shared_cut_lingering (client->context.shared);
    if (client->lends_deadlines)
        loop_set_deadlines (loop, NULL);
    if (client->own_offload != NULL)
        loop_set_offload (loop, NULL);
    free_when_empty (client);
}

static ClientLoop *
make_client (Loop *loop)
{
    ClientLoop *client = g_new0 (ClientLoop, 1);

    set_up (client, loop);
    if (loop_get_offload (loop) == NULL) {
        client->own_offload = offload_new (N_THREADS);
        loop_set_offload (loop, client->own_offload);
    }
    if (loop_get_deadlines (loop) == NULL) {
        client->lends_deadlines = TRUE;
        loop_set_deadlines (loop, client->context.deadlines);
    }
    client->ending.on_ending = on_loop_ending;
    endings_add (loop_get_endings (loop), ENDING_CLOSE, &client->ending);
    loop_set_lodger (loop, client);
    return client;
}

ClientLoop *
client_loop_get (Loop *loop)
{
    ClientLoop *client = loop_get_lodger (loop);

    if (client != NULL || loop_get_endings (loop)->has_come[ENDING_CLOSE])
        return client;
    return make_client (loop);
}

Loop *
client_loop_get_loop (const ClientLoop *client)
{
    return client->context.loop;
}

void
client_loop_count (const ClientLoop *client, ClientLoopCounts *out)
{
    client_pool_count (client->pool, &out->connections, &out->idle, &out->waiting);
}

void
client_loop_enter (ClientLoop *client)
{
    client->n_users++;
}

void
client_loop_leave (ClientLoop *client)
{
    client->n_users--;
    free_when_empty (client);
}
