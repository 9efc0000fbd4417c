/* SPDX-License-Identifier: MIT */

#include "transport-private.h"

/* What is due at the end of a turn: bytes that somebody forgot to flush, the end of the last. */
static void
settle (gpointer data)
{
    TransportShared *shared = data;
    LoopFunction on_empty = shared->on_empty;

    shared->watching = FALSE;
    if (shared->freed) {
        g_free (shared);
        return;
    }
    if (shared->holder != NULL)
        transport_flush (shared->holder);
    if (shared->count > 0 || on_empty == NULL)
        return;
    shared->on_empty = NULL;
    on_empty (shared->on_empty_data);
}

void
transport_shared_watch (TransportShared *shared)
{
    if (shared->watching)
        return;
    shared->watching = TRUE;
    loop_defer (shared->settings.loop, settle, shared);
}

void
transport_shared_add (TransportShared *shared)
{
    shared->count++;
}

void
transport_shared_remove (TransportShared *shared)
{
    LoopFunction on_empty = shared->on_empty;

    shared->count--;
    if (shared->count > 0 || on_empty == NULL)
        return;
    shared->on_empty = NULL;
    on_empty (shared->on_empty_data);
}

void
transport_shared_hold (TransportShared *shared, const Transport *transport)
{
    shared->held = transport;
}

TransportShared *
transport_shared_new (const TransportSettings *settings)
{
    TransportShared *shared = g_new0 (TransportShared, 1);
    Deadlines *deadlines = settings->deadlines;

    shared->settings = *settings;
    shared->output_buffer = buffers_take (settings->buffers, TRANSPORT_BUFFER_SIZE);
    shared->receive_buffer = buffers_take (settings->buffers, TRANSPORT_BUFFER_SIZE);
    if (shared->output_buffer == NULL || shared->receive_buffer == NULL)
        g_error ("no memory for the buffers of a loop");
    shared->output = shared->output_buffer->data;
    shared->writing =
        deadlines_add_list (deadlines, settings->write_grace_milliseconds, transport_on_write_due);
    shared->lingering =
        deadlines_add_list (deadlines, settings->linger_milliseconds, transport_on_linger_due);
    return shared;
}

void
transport_shared_free (TransportShared *shared)
{
    if (shared == NULL)
        return;
    g_assert (shared->count == 0);
    g_clear_pointer (&shared->peers, g_hash_table_unref);
    buffers_give (shared->settings.buffers, shared->output_buffer);
    buffers_give (shared->settings.buffers, shared->receive_buffer);
    if (shared->watching)
        shared->freed = TRUE;
    else
        g_free (shared);
}

guint
transport_shared_count (const TransportShared *shared)
{
    return shared->count;
}

char *
transport_shared_get_receive_buffer (TransportShared *shared, gsize *out_size)
{
    *out_size = shared->receive_buffer->capacity;
    return shared->receive_buffer->data;
}

void
transport_shared_on_empty (TransportShared *shared, LoopFunction on_empty, gpointer data)
{
    shared->on_empty = on_empty;
    shared->on_empty_data = data;
    if (shared->count == 0)
        transport_shared_watch (shared);
}

void
transport_shared_cut_lingering (TransportShared *shared)
{
    while (shared->ending != NULL)
        transport_end (shared->ending->transport);
}
