/* SPDX-License-Identifier: MIT */

#include "replay.h"

static H3Message *
get_at (const Replay *replay, guint i)
{
    return replay->messages[(replay->first + i) & (replay->capacity - 1)];
}

/* Names count as well: of messages that are nothing else any number would fit. What the channel
 * gave as an id is part of the message, as its other fields are. */
static gsize
measure (const H3Message *message)
{
    gsize length = message->data.length;

    if (message->id != NULL && message->id != message->made_id)
        length += strlen (message->id);
    if (message->event != NULL)
        length += strlen (message->event);
    return length;
}

static H3Message *
give_up_first (Replay *replay, H3Message *given_up)
{
    H3Message *message = get_at (replay, 0);

    replay->bytes -= measure (message);
    replay->first = (replay->first + 1) & (replay->capacity - 1);
    replay->length--;
    message->next = given_up;
    return message;
}

static H3Message *
make_fit (Replay *replay, guint n, gsize bytes, H3Message *given_up)
{
    while (replay->length > 0
           && (replay->length + n > replay->max_messages || bytes > replay->max_bytes
               || replay->bytes > replay->max_bytes - bytes))
        given_up = give_up_first (replay, given_up);
    return given_up;
}

static void
grow (Replay *replay)
{
    guint capacity = MAX (16, replay->capacity * 2);
    H3Message **messages = g_new (H3Message *, capacity);

    for (guint i = 0; i < replay->length; i++)
        messages[i] = get_at (replay, i);
    g_free (replay->messages);
    replay->messages = messages;
    replay->capacity = capacity;
    replay->first = 0;
}

H3Message *
replay_set_bounds (Replay *replay, guint max_messages, gsize max_bytes, H3Message *given_up)
{
    replay->max_messages = max_messages;
    replay->max_bytes = max_bytes;
    return make_fit (replay, 0, 0, given_up);
}

H3Message *
replay_push (Replay *replay, H3Message *message, H3Message *given_up)
{
    gsize bytes = measure (message);

    given_up = make_fit (replay, 1, bytes, given_up);
    if (replay->max_messages == 0 || bytes > replay->max_bytes)
        return given_up;
    if (replay->length == replay->capacity)
        grow (replay);
    replay->messages[(replay->first + replay->length++) & (replay->capacity - 1)] =
        h3_message_ref (message);
    replay->bytes += bytes;
    return given_up;
}

void
replay_clear (Replay *replay)
{
    replay_free_chain (replay_set_bounds (replay, 0, 0, NULL));
    g_clear_pointer (&replay->messages, g_free);
    replay->capacity = 0;
}

H3Message *
replay_find (const Replay *replay, const char *id)
{
    for (guint i = replay->length; i > 0; i--) {
        H3Message *message = get_at (replay, i - 1);

        if (message->id != NULL && strcmp (message->id, id) == 0)
            return message;
    }
    return NULL;
}

H3Message *
replay_get (const Replay *replay, guint64 sequence)
{
    guint64 i;

    if (replay->length == 0 || sequence < get_at (replay, 0)->sequence)
        return NULL;
    i = sequence - get_at (replay, 0)->sequence;
    return i < replay->length ? get_at (replay, (guint) i) : NULL;
}

H3Message *
replay_get_first (const Replay *replay)
{
    return replay->length > 0 ? get_at (replay, 0) : NULL;
}

void
replay_free_chain (H3Message *given_up)
{
    while (given_up != NULL) {
        H3Message *message = given_up;

        given_up = message->next;
        h3_message_unref (message);
    }
}
