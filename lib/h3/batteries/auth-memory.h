/* SPDX-License-Identifier: MIT
 *
 * Credentials that were accepted a while ago, by a keyed digest of them: nobody who reads the
 * memory has them. Owned by an H3Auth; all workers, its mutex guards it. */

#pragma once

#include <h3/batteries/principal.h>

G_BEGIN_DECLS

typedef struct {
    guint8 digest[32];
} AuthMemoryKey;

typedef struct _AuthMemory AuthMemory;

/* (nullable): NULL where there are no random bytes for its key: then nothing is remembered. */
AuthMemory *auth_memory_new (guint max_entries, guint milliseconds);
/* NULL is allowed. */
void auth_memory_free (AuthMemory *memory);

/* The key of credentials as a client sends them. FALSE where the system gives no digest. */
gboolean auth_memory_make_key (const AuthMemory *memory, const char *scheme, H3View credentials,
                               AuthMemoryKey *out_key);

/* (transfer full) (nullable): whose they are. `generation` is that of the table which would verify
 * them now: what another one has accepted does not count. */
H3Principal *auth_memory_get (AuthMemory *memory, const AuthMemoryKey *key, guint64 generation);
void auth_memory_put (AuthMemory *memory, const AuthMemoryKey *key, guint64 generation,
                      H3Principal *principal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AuthMemory, auth_memory_free)

G_END_DECLS
