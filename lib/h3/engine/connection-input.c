/* SPDX-License-Identifier: MIT
 *
 * What a connection has received and not yet read: in the worker's receive buffer during a turn,
 * in a buffer of its own beyond it. */

#include "connection-private.h"
#include "connection-rest.h"

/* Keeps what a turn has left unread. */
void
connection_stash_pending (Connection *connection)
{
    ConnectionContext *context = connection->context;
    Activity *activity = connection->activity;
    H3View rest = activity->pending;
    Buffer *input = activity->input;

    activity->pending = H3_VIEW_EMPTY;
    if (input != NULL) {
        input->start = input->end - (guint32) rest.length;
        if (rest.length > 0)
            return;
        activity->input = NULL;
        buffers_give (context->buffers, input);
        return;
    }
    if (rest.length == 0 || connection->state >= CONNECTION_DRAINING)
        return;
    input = buffers_take (context->buffers, rest.length);
    if (input == NULL) {
        connection_cut (connection);
        return;
    }
    memcpy (input->data, rest.data, rest.length);
    input->end = (guint32) rest.length;
    activity->input = input;
}

/* Room behind what is kept already; what was read is moved away first. */
static gboolean
make_room (Connection *connection)
{
    Activity *activity = connection->activity;
    Buffer *old = activity->input;
    gsize length = old->end - old->start;
    Buffer *input;

    if (old->capacity - old->end >= 1024 || (old->end < old->capacity && old->start == 0))
        return TRUE;
    if (old->start > 0 && old->capacity - length >= 1024) {
        memmove (old->data, old->data + old->start, length);
        old->start = 0;
        old->end = (guint32) length;
        return TRUE;
    }
    input = buffers_take (connection->context->buffers, length + MAX (length, 1024));
    if (input == NULL)
        return FALSE;
    memcpy (input->data, old->data + old->start, length);
    input->end = (guint32) length;
    activity->input = input;
    buffers_give (connection->context->buffers, old);
    return TRUE;
}

/* Receives into the worker's buffer where nothing is kept, else behind what is. */
gssize
connection_receive (Connection *connection)
{
    ConnectionContext *context = connection->context;
    Activity *activity = connection_begin_activity (connection);
    Buffer *input = activity->input;
    gssize n;

    if (input == NULL) {
        n = transport_receive (connection->transport, context->receive, context->receive_size);
        activity->pending = h3_view (context->receive, n > 0 ? (gsize) n : 0);
        return n;
    }
    if (!make_room (connection))
        return RECEIVE_FAILED;
    input = activity->input;
    n = transport_receive (connection->transport, input->data + input->end,
                           input->capacity - input->end);
    if (n > 0)
        input->end += (guint32) n;
    return n;
}
