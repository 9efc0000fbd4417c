/* SPDX-License-Identifier: MIT
 *
 * What is published on a channel: data, perhaps a name and an id. One for all subscribers, never
 * changed, reference-counted. Any thread. Since: 0.1 */

#pragma once

#include <h3/base/view.h>

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _H3Message H3Message;

#define H3_TYPE_MESSAGE (h3_message_get_type ())
GType h3_message_get_type (void);

H3Message *h3_message_ref (H3Message *message);
void h3_message_unref (H3Message *message);

/* Returns: (nullable): what a client that comes back names as the last it has had. */
const char *h3_message_get_id (const H3Message *message);

/* Returns: (nullable): what kind of event this is. */
const char *h3_message_get_event (const H3Message *message);

/* (skip): the data, borrowed: as long as the message. */
H3View h3_message_get_data (const H3Message *message);

/* Returns: (transfer full): the data, never copied. */
GBytes *h3_message_dup_bytes (H3Message *message) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the data is UTF-8. */
gboolean h3_message_is_text (const H3Message *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Message, h3_message_unref)

G_END_DECLS
