/* SPDX-License-Identifier: MIT
 *
 * Bytes that come in pieces and are wanted whole. Room grows with what has come, never with what
 * was only announced. Zeroed memory is an empty one; one thread at a time. */

#pragma once

#include <h3/base/view.h>

G_BEGIN_DECLS

typedef struct {
    guint8 *data; /* owned; NULL: nothing has come */
    gsize length;
    gsize capacity;
} Gathered;

/* Copies. FALSE where there is no memory, and all is as it was. */
gboolean gathered_append (Gathered *gathered, H3View piece);
/* (transfer full): all of it, without a copy; it is empty then. */
GBytes *gathered_take (Gathered *gathered);
void gathered_clear (Gathered *gathered);

G_END_DECLS
