/* SPDX-License-Identifier: MIT
 *
 * What is published on a channel: data, perhaps a name and an id. One for all subscribers, never
 * changed, reference-counted. Any thread. Since: 0.1 */

#pragma once

#include <h3/base/view.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3Message:
 *
 * What is published on a channel: data, perhaps a name and an id.
 *
 * One for all subscribers, never changed, boxed and reference-counted. Any thread.
 *
 * Since: 0.1
 */
typedef struct _H3Message H3Message;

#define H3_TYPE_MESSAGE (h3_message_get_type ())
GType h3_message_get_type (void);

/**
 * h3_message_ref:
 * @message: a message
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @message
 *
 * Since: 0.1
 */
H3Message *h3_message_ref (H3Message *message);

/**
 * h3_message_unref:
 * @message: (transfer full) (nullable): a message; %NULL is allowed
 *
 * Drops a reference. Any thread.
 *
 * Since: 0.1
 */
void h3_message_unref (H3Message *message);

/**
 * h3_message_get_id:
 * @message: a message
 *
 * Tells what a client that comes back names as the last it has had.
 *
 * Returns: (transfer none) (nullable): the id, as long as the message; %NULL where it has none
 *
 * Since: 0.1
 */
const char *h3_message_get_id (const H3Message *message);

/**
 * h3_message_get_event:
 * @message: a message
 *
 * Tells what kind of event this is.
 *
 * Returns: (transfer none) (nullable): the kind, as long as the message; %NULL where that was not
 *   said
 *
 * Since: 0.1
 */
const char *h3_message_get_event (const H3Message *message);

/**
 * h3_message_get_data: (skip)
 * @message: a message
 *
 * Gives the data. Its twin for bindings is h3_message_dup_bytes().
 *
 * Returns: the data, borrowed: as long as the message
 *
 * Since: 0.1
 */
H3View h3_message_get_data (const H3Message *message);

/**
 * h3_message_dup_bytes:
 * @message: a message
 *
 * Gives the data, which is never copied.
 *
 * Returns: (transfer full): the data
 *
 * Since: 0.1
 */
GBytes *h3_message_dup_bytes (H3Message *message) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_message_is_text:
 * @message: a message
 *
 * Tells whether the data is UTF-8.
 *
 * Returns: %TRUE where it is
 *
 * Since: 0.1
 */
gboolean h3_message_is_text (const H3Message *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Message, h3_message_unref)

G_END_DECLS
