/* SPDX-License-Identifier: MIT */

#include "gathered.h"

#include <string.h>

gboolean
gathered_append (Gathered *gathered, H3View piece)
{
    gsize needed = gathered->length + piece.length;

    if (piece.length == 0)
        return TRUE;
    if (needed > gathered->capacity) {
        gsize capacity = MAX (needed, MIN (gathered->capacity * 2, needed * 2));
        guint8 *grown = g_try_realloc (gathered->data, capacity);

        if (grown == NULL)
            return FALSE;
        gathered->data = grown;
        gathered->capacity = capacity;
    }
    memcpy (gathered->data + gathered->length, piece.data, piece.length);
    gathered->length = needed;
    return TRUE;
}

GBytes *
gathered_take (Gathered *gathered)
{
    Gathered taken = *gathered;

    memset (gathered, 0, sizeof *gathered);
    return g_bytes_new_take (taken.data, taken.length);
}

void
gathered_clear (Gathered *gathered)
{
    g_free (gathered->data);
    memset (gathered, 0, sizeof *gathered);
}
