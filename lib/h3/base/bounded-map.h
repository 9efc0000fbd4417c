/* SPDX-License-Identifier: MIT
 *
 * A map from bytes to pointers that holds no more than it was told to: the entry used longest ago
 * makes room, entries end after a while, and their memory comes back a little at each sweep, also
 * without traffic. It owns its keys and values. Owned by whoever made it; one thread at a time
 * (stores lock, the route cache is a thread's own). Times are milliseconds of any clock that never
 * goes back, the same for all calls. The destroy function is called when the map is whole again,
 * and may use it. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BoundedMap BoundedMap;

/* `max_entries`: at least 1. `ttl`: milliseconds from putting an entry to its end; 0: none.
 * `destroy_value` may be NULL. */
BoundedMap *bounded_map_new (guint max_entries, gint64 ttl, GDestroyNotify destroy_value);
/* NULL is allowed. */
void bounded_map_free (BoundedMap *map);

/* Entries held, those too whose time is up and that no one has looked at since. */
guint bounded_map_get_size (const BoundedMap *map);
guint bounded_map_get_max (const BoundedMap *map);
/* How many entries had to make room so far. */
guint64 bounded_map_get_evictions (const BoundedMap *map);

/* (transfer none) (nullable): the value, until the map is changed; its entry is now the one used
 * last. NULL: none, or its time is up. */
gpointer bounded_map_get (BoundedMap *map, H3View key, gint64 now);

/* Takes `value` (transfer full), not NULL, in place of what `key` had; the key is copied. */
void bounded_map_put (BoundedMap *map, H3View key, gpointer value, gint64 now);
/* The same with an end of its own, in place of the map's ttl; G_MAXINT64: never. */
void bounded_map_put_until (BoundedMap *map, H3View key, gpointer value, gint64 end);

/* Whether there was one, its time up or not. */
gboolean bounded_map_remove (BoundedMap *map, H3View key);
void bounded_map_clear (BoundedMap *map);

/* Entries above a new bound go at once, those used longest ago first. */
void bounded_map_set_max (BoundedMap *map, guint max_entries);

/* Looks at the next `max_steps` places for entries whose time is up, and removes them. Called
 * again and again it comes round to all. Returns how many it removed. */
guint bounded_map_sweep (BoundedMap *map, gint64 now, guint max_steps);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoundedMap, bounded_map_free)

G_END_DECLS
