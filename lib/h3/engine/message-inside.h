/* SPDX-License-Identifier: MIT
 *
 * How channels make messages, and what those who send them keep in them. */

#pragma once

#include <h3/engine/message.h>

#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct _MessageForm MessageForm;

struct _H3Message {
    atomic_int references;
    guint64 sequence;  /* in its channel, from 1; set with made_id before others see it */
    H3Message *next;   /* owned: what a replay gives up, until it is freed */
    const char *id;    /* borrowed: text, or made_id; NULL: none */
    const char *event; /* borrowed: text; NULL: none */
    H3View data;       /* in text, or in bytes */
    GBytes *bytes;     /* owned; NULL: copied into text */
    _Atomic (MessageForm *) forms; /* owned */
    gboolean is_text;
    char made_id[32]; /* of its channel's making */
    char text[];
};

/* Whether it may be an id or the name of an event: no CR, no LF. NULL may. */
gboolean message_is_name (const char *name);

/* Small data is copied, large referenced. */
H3Message *message_new (const char *id, const char *event, GBytes *data);

/* What a message is for some wire, the same for all who take it: made by the first who asks. A
 * (transfer full) result of the function is kept as long as the message. Any thread; where two ask
 * at once, both may make it. */
typedef GBytes *(*MessageEncoder) (const H3Message *message);
H3View message_get_form (H3Message *message, MessageEncoder encoder);

/* Returns: (transfer full): bytes that hold the message, in which `part` is: data, or a form. They
 * belong to one thread, which is what sends large ones without copying them. */
GBytes *message_hold (H3Message *message, H3View part);

G_END_DECLS
