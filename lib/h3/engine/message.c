/* SPDX-License-Identifier: MIT */

#include "message-inside.h"

#include <h3/base/counters.h>

/* Data up to here is copied into its message: that costs less than to hold it. */
#define COPIED_LENGTH 4096

struct _MessageForm {
    MessageForm *next; /* owned */
    MessageEncoder encoder;
    GBytes *bytes; /* owned */
};

G_DEFINE_BOXED_TYPE (H3Message, h3_message, h3_message_ref, h3_message_unref)

gboolean
message_is_name (const char *name)
{
    return name == NULL || strpbrk (name, "\r\n") == NULL;
}

/* With its NUL, to `*to`, which moves behind it. */
static const char *
put_string (char **to, const char *string)
{
    const char *put = *to;
    gsize size;

    if (string == NULL)
        return NULL;
    size = strlen (string) + 1;
    memcpy (*to, string, size);
    *to += size;
    return put;
}

H3Message *
message_new (const char *id, const char *event, GBytes *data)
{
    gsize length;
    const char *bytes = g_bytes_get_data (data, &length);
    gsize copied = length <= COPIED_LENGTH ? length : 0;
    gsize names = (id != NULL ? strlen (id) + 1 : 0) + (event != NULL ? strlen (event) + 1 : 0);
    H3Message *message = g_malloc0 (sizeof *message + names + copied);
    char *text = message->text;

    atomic_init (&message->references, 1);
    message->id = put_string (&text, id);
    message->event = put_string (&text, event);
    if (copied > 0)
        memcpy (text, bytes, copied);
    else if (length > 0)
        message->bytes = g_bytes_ref (data);
    message->data = h3_view (message->bytes != NULL ? bytes : text, length);
    message->is_text = g_utf8_validate_len (message->data.data, length, NULL);
    atomic_init (&message->forms, NULL);
    counters_add (COUNTER_MESSAGES_LIVE, 1);
    return message;
}

H3Message *
h3_message_ref (H3Message *message)
{
    g_return_val_if_fail (message != NULL, NULL);
    atomic_fetch_add_explicit (&message->references, 1, memory_order_relaxed);
    return message;
}

void
h3_message_unref (H3Message *message)
{
    MessageForm *form;

    if (message == NULL
        || atomic_fetch_sub_explicit (&message->references, 1, memory_order_acq_rel) != 1)
        return;
    form = atomic_load_explicit (&message->forms, memory_order_relaxed);
    while (form != NULL) {
        MessageForm *next = form->next;

        g_bytes_unref (form->bytes);
        g_free (form);
        form = next;
    }
    g_clear_pointer (&message->bytes, g_bytes_unref);
    g_free (message);
    counters_add (COUNTER_MESSAGES_LIVE, -1);
}

const char *
h3_message_get_id (const H3Message *message)
{
    g_return_val_if_fail (message != NULL, NULL);
    return message->id;
}

const char *
h3_message_get_event (const H3Message *message)
{
    g_return_val_if_fail (message != NULL, NULL);
    return message->event;
}

H3View
h3_message_get_data (const H3Message *message)
{
    g_return_val_if_fail (message != NULL, H3_VIEW_EMPTY);
    return message->data;
}

gboolean
h3_message_is_text (const H3Message *message)
{
    g_return_val_if_fail (message != NULL, FALSE);
    return message->is_text;
}

GBytes *
message_hold (H3Message *message, H3View part)
{
    return g_bytes_new_with_free_func (part.data, part.length, (GDestroyNotify) h3_message_unref,
                                       h3_message_ref (message));
}

GBytes *
h3_message_dup_bytes (H3Message *message)
{
    g_return_val_if_fail (message != NULL, NULL);
    return message_hold (message, message->data);
}

static H3View
view_form (const MessageForm *form)
{
    gsize length;
    const char *data = g_bytes_get_data (form->bytes, &length);

    return h3_view (data, length);
}

H3View
message_get_form (H3Message *message, MessageEncoder encoder)
{
    MessageForm *first = atomic_load_explicit (&message->forms, memory_order_acquire);
    MessageForm *form = first;

    while (form != NULL && form->encoder != encoder)
        form = form->next;
    if (form == NULL) {
        form = g_new (MessageForm, 1);
        form->encoder = encoder;
        form->bytes = encoder (message);
        form->next = first;
        while (!atomic_compare_exchange_weak_explicit (&message->forms, &form->next, form,
                                                       memory_order_acq_rel, memory_order_acquire))
            continue;
    }
    return view_form (form);
}
