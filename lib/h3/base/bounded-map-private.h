/* SPDX-License-Identifier: MIT
 *
 * The inside of a bounded map, for it and for the test that checks what must always hold:
 * - an entry is in the chain of its hash and, at the same time, in the ring of uses;
 * - both hold `size` entries, never more than `max_entries`;
 * - there are a power of two chains. */

#pragma once

#include <h3/base/bounded-map.h>

G_BEGIN_DECLS

typedef struct _MapUse MapUse;
struct _MapUse {
    MapUse *newer, *older; /* borrowed: the ring; the map's own stands between newest and oldest */
};

typedef struct _MapEntry MapEntry;
struct _MapEntry {
    MapUse use;     /* first: a use is an entry */
    MapEntry *next; /* owned by the map: the chain */
    gpointer value; /* owned */
    gint64 end;     /* milliseconds; G_MAXINT64: never */
    guint hash;
    gsize key_length;
    char key[];
};

struct _BoundedMap {
    MapEntry **chains; /* owned, and all entries with it */
    guint mask;        /* the number of chains - 1 */
    guint size;
    guint max_entries;
    guint cursor; /* the chain that the next sweep begins with */
    gint64 ttl;
    GDestroyNotify destroy_value;
    guint64 evictions;
    MapUse ring; /* newer: the oldest; older: the newest */
};

G_END_DECLS
