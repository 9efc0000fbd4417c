/* SPDX-License-Identifier: MIT
 *
 * What a connection has received and not yet read: in the loop's receive buffer during a turn, in a
 * buffer of its own beyond it. */

#include "client-connection-private.h"

#define LEAST_ROOM 1024

H3View
client_connection_get_unread (const ClientConnection *connection)
{
    const Buffer *input = connection->input;

    return input != NULL ? h3_view (input->data + input->start, input->end - input->start)
                         : H3_VIEW_EMPTY;
}

/* Behind what is kept already; what was read is moved away first. */
static gboolean
make_room (ClientConnection *connection)
{
    Buffer *old = connection->input, *input;
    gsize length = old->end - old->start;

    if (old->capacity - old->end >= LEAST_ROOM)
        return TRUE;
    if (old->capacity - length >= LEAST_ROOM) {
        memmove (old->data, old->data + old->start, length);
        old->start = 0;
        old->end = (guint32) length;
        return TRUE;
    }
    input = buffers_take (connection->context->buffers, length + MAX (length, LEAST_ROOM));
    if (input == NULL)
        return FALSE;
    memcpy (input->data, old->data + old->start, length);
    input->end = (guint32) length;
    connection->input = input;
    buffers_give (connection->context->buffers, old);
    return TRUE;
}

gssize
client_connection_receive (ClientConnection *connection, H3View *out_input)
{
    ClientContext *context = connection->context;
    Buffer *input = connection->input;
    gssize n;

    if (input == NULL) {
        n = transport_receive (connection->transport, context->receive, context->receive_size);
        *out_input = h3_view (context->receive, n > 0 ? (gsize) n : 0);
        return n;
    }
    *out_input = client_connection_get_unread (connection);
    if (!make_room (connection))
        return RECEIVE_FAILED;
    input = connection->input;
    n = transport_receive (connection->transport, input->data + input->end,
                           input->capacity - input->end);
    if (n > 0)
        input->end += (guint32) n;
    *out_input = client_connection_get_unread (connection);
    return n;
}

gboolean
client_connection_keep (ClientConnection *connection, H3View rest)
{
    Buffers *buffers = connection->context->buffers;
    Buffer *input = connection->input;

    if (input != NULL) {
        input->start = input->end - (guint32) rest.length;
        if (rest.length == 0)
            buffers_give (buffers, g_steal_pointer (&connection->input));
        return TRUE;
    }
    if (rest.length == 0)
        return TRUE;
    input = buffers_take (buffers, rest.length);
    if (input == NULL)
        return FALSE;
    memcpy (input->data, rest.data, rest.length);
    input->end = (guint32) rest.length;
    connection->input = input;
    return TRUE;
}
