/* SPDX-License-Identifier: MIT
 *
 * Has a function called in the GMainContext of a thread that waits, once another thread says so; in
 * an order that ThreadSanitizer sees. Shared by the context and by who rings. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ClientDelivery ClientDelivery;

/* `is_rung`: FALSE where nobody has rung: the loop of the thread comes to its end, and steps its
 * context no more; or somebody has destroyed the sources of the context. */
typedef void (*ClientDelivered) (gboolean is_rung, gpointer data);

/* (transfer full): waits in the thread-default context of this thread, and calls the function there
 * once. */
ClientDelivery *client_delivery_new (ClientDelivered delivered, gpointer data);

/* Any thread; takes the reference (transfer full). Nothing where the function was called already.
 */
void client_delivery_ring (ClientDelivery *delivery);

G_END_DECLS
