/* SPDX-License-Identifier: MIT
 *
 * What outlives a reload: things with what they remember, under names that say how they were set
 * up. A new configuration takes those of the one before whose names it has too. Owned by its
 * configuration, each thing by all that keep it; the main thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConfigKept ConfigKept;

/* `before` (nullable): where things are taken from; it is not kept, and only looked at here. */
ConfigKept *config_kept_new (const ConfigKept *before);
/* NULL is allowed. */
void config_kept_free (ConfigKept *kept);

/* (transfer none) (nullable): what there is under this name, which is kept from now on. */
gpointer config_kept_find (ConfigKept *kept, const char *name);
/* Keeps a thing (transfer full) under a name that is not taken. Returns it (transfer none). */
gpointer config_kept_add (ConfigKept *kept, const char *name, gpointer thing,
                          GDestroyNotify destroy);
/* What was taken over and not asked for goes. */
void config_kept_settle (ConfigKept *kept);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConfigKept, config_kept_free)

G_END_DECLS
