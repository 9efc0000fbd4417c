/* SPDX-License-Identifier: MIT */

#include "file-facts.h"

#include <h3/format/date.h>
#include <h3/format/mime.h>
#include <h3/http/conditional.h>

#define N_TYPES 64

/* All that `headers` follows from. */
typedef struct {
    guint64 owner;
    guint64 device, inode, size;
    gint64 modified; /* nanoseconds since 1970 */
    const char *coding;
    gboolean varies;
} Key;

typedef struct {
    Key key;
    H3Headers *headers; /* ref; NULL: nothing is kept here */
} Kept;

typedef struct {
    Kept kept[FILE_FACTS_MAX];
    struct {
        const char *type; /* a literal; NULL: nothing is kept here */
        gboolean is_compressible;
    } types[N_TYPES];
    H3Headers *last; /* ref: what was given and is not kept */
} Memory;

static void
free_memory (gpointer data)
{
    Memory *memory = data;

    for (guint i = 0; i < FILE_FACTS_MAX; i++)
        h3_headers_unref (memory->kept[i].headers);
    h3_headers_unref (memory->last);
    g_free (memory);
}

static GPrivate own = G_PRIVATE_INIT (free_memory);

static Memory *
get_memory (void)
{
    static __thread Memory *memory; /* borrowed: `own`, which frees it with the thread */

    if (G_UNLIKELY (memory == NULL)) {
        memory = g_new0 (Memory, 1);
        g_private_set (&own, memory);
    }
    return memory;
}

static gboolean
keys_equal (const Key *a, const Key *b)
{
    return a->owner == b->owner && a->device == b->device && a->inode == b->inode
           && a->size == b->size && a->modified == b->modified && a->coding == b->coding
           && a->varies == b->varies;
}

/* Multiplied by 2^64 over the golden ratio: the bits of a number that differ reach the top. */
static guint
find_place (const Key *key)
{
    guint64 mixed = (key->inode ^ key->size << 20 ^ (guint64) key->modified ^ key->owner << 40)
                    * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

    return (guint) (mixed >> 32) % FILE_FACTS_MAX;
}

/* A date that lies ahead must not be sent (RFC 9110 §8.8.2.1). */
static H3Headers *
write_headers (const FileFacts *facts, const char *etag, gint64 now)
{
    H3Headers *headers = h3_headers_new ();
    char date[H3_DATE_SIZE];

    h3_date_write (CLAMP ((gint64) facts->info->st_mtim.tv_sec, 0, now / G_USEC_PER_SEC), date);
    h3_headers_add (headers, "ETag", etag);
    h3_headers_add (headers, "Last-Modified", date);
    h3_headers_add (headers, "Accept-Ranges", "bytes");
    if (facts->coding != NULL)
        h3_headers_add (headers, "Content-Encoding", facts->coding);
    if (facts->varies)
        h3_headers_add (headers, "Vary", "Accept-Encoding");
    if (facts->cache_control != NULL)
        h3_headers_add (headers, "Cache-Control", facts->cache_control);
    h3_headers_add (headers, "X-Content-Type-Options", "nosniff");
    return headers;
}

H3Headers *
file_facts_get_headers (const FileFacts *facts)
{
    const struct stat *info = facts->info;
    Memory *memory = get_memory ();
    Key key = { .owner = facts->owner,
                .device = info->st_dev,
                .inode = info->st_ino,
                .size = (guint64) info->st_size,
                .modified = (gint64) info->st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000)
                            + info->st_mtim.tv_nsec,
                .coding = facts->coding,
                .varies = facts->varies };
    Kept *kept = &memory->kept[find_place (&key)];
    g_autofree char *etag = NULL;
    gint64 now;

    if (kept->headers != NULL && keys_equal (&kept->key, &key))
        return kept->headers;
    now = g_get_real_time ();
    etag = h3_etag_for_file (key.size, key.modified, key.inode, now * 1000);
    h3_headers_unref (memory->last);
    memory->last = write_headers (facts, etag, now);
    /* A tag that is weak as yet will be another, and the date of what lies ahead as well. */
    if (etag[0] == '"') {
        H3Headers *old = kept->headers;

        *kept = (Kept){ key, g_steal_pointer (&memory->last) };
        h3_headers_unref (old);
        return kept->headers;
    }
    return memory->last;
}

gboolean
file_facts_is_compressible (const char *type)
{
    Memory *memory = get_memory ();
    guint place =
        (guint) (((guintptr) type * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 32) % N_TYPES;

    if (memory->types[place].type != type) {
        memory->types[place].type = type;
        memory->types[place].is_compressible = h3_mime_is_compressible (type);
    }
    return memory->types[place].is_compressible;
}
