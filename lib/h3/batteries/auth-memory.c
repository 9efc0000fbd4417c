/* SPDX-License-Identifier: MIT */

#include "auth-memory.h"

#include <h3/base/bounded-map.h>
#include <h3/crypto/digest.h>
#include <h3/loop/clock.h>

#include <pthread.h>

/* How many places are looked at for what has ended, each time something is put. */
#define SWEPT 4

struct _AuthMemory {
    guint8 secret[32];
    pthread_mutex_t mutex; /* guards the map */
    BoundedMap *map;       /* owned */
};

typedef struct {
    H3Principal *principal; /* ref */
    guint64 generation;
} Entry;

static void
free_entry (gpointer data)
{
    Entry *entry = data;

    h3_principal_unref (entry->principal);
    g_free (entry);
}

AuthMemory *
auth_memory_new (guint max_entries, guint milliseconds)
{
    AuthMemory *memory = g_new0 (AuthMemory, 1);

    pthread_mutex_init (&memory->mutex, NULL);
    memory->map = bounded_map_new (max_entries, milliseconds, free_entry);
    if (h3_digest_fill_random (memory->secret, sizeof memory->secret, NULL))
        return memory;
    auth_memory_free (memory);
    return NULL;
}

void
auth_memory_free (AuthMemory *memory)
{
    if (memory == NULL)
        return;
    bounded_map_free (memory->map);
    pthread_mutex_destroy (&memory->mutex);
    h3_digest_wipe (memory->secret, sizeof memory->secret);
    g_free (memory);
}

gboolean
auth_memory_make_key (const AuthMemory *memory, const char *scheme, H3View credentials,
                      AuthMemoryKey *out_key)
{
    g_autoptr (H3Digest) digest =
        h3_digest_new_hmac (H3_DIGEST_SHA256, memory->secret, sizeof memory->secret, NULL);

    if (digest == NULL)
        return FALSE;
    h3_digest_update (digest, scheme, strlen (scheme) + 1);
    h3_digest_update (digest, credentials.data, credentials.length);
    return h3_digest_finish (digest, out_key->digest, NULL);
}

static H3View
view_key (const AuthMemoryKey *key)
{
    return h3_view ((const char *) key->digest, sizeof key->digest);
}

H3Principal *
auth_memory_get (AuthMemory *memory, const AuthMemoryKey *key, guint64 generation)
{
    H3Principal *principal = NULL;
    const Entry *entry;

    pthread_mutex_lock (&memory->mutex);
    entry = bounded_map_get (memory->map, view_key (key), clock_get_now ());
    if (entry != NULL && entry->generation == generation)
        principal = h3_principal_ref (entry->principal);
    pthread_mutex_unlock (&memory->mutex);
    return principal;
}

void
auth_memory_put (AuthMemory *memory, const AuthMemoryKey *key, guint64 generation,
                 H3Principal *principal)
{
    gint64 now = clock_get_now ();
    Entry *entry = g_new (Entry, 1);

    entry->principal = h3_principal_ref (principal);
    entry->generation = generation;
    pthread_mutex_lock (&memory->mutex);
    bounded_map_put (memory->map, view_key (key), entry, now);
    (void) bounded_map_sweep (memory->map, now, SWEPT);
    pthread_mutex_unlock (&memory->mutex);
}
