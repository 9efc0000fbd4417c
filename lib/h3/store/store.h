/* SPDX-License-Identifier: MIT
 *
 * Where a service keeps what outlives an exchange: sessions, counters, buckets, each under a key,
 * each with an end. One face for the memory of this process (memory-store.h) and for a Redis server
 * that several machines share (redis-store.h). Asking never waits; the answer comes later, once.
 *
 * Any thread may ask. The answer comes on the asking worker's loop, in the thread-default
 * GMainContext of a thread that runs none; never inline. A key is of one kind, that of what made
 * it: bytes (put, compare-and-set), a counter (add) or a bucket (fill). Since: 0.1 */

#pragma once

#include <h3/store/store-error.h>

#include <glib-object.h>

G_BEGIN_DECLS

#define H3_TYPE_STORE (h3_store_get_type ())
/**
 * H3Store:
 *
 * A store. Its class is for the library's own stores only.
 */
G_DECLARE_DERIVABLE_TYPE (H3Store, h3_store, H3, STORE, GObject)

/* A key has at least one byte, and at most so many. */
#define H3_STORE_MAX_KEY 512
/* The largest amount and bound of a counter, and product of a bucket's capacity and period. */
#define H3_STORE_MAX_NUMBER (G_GINT64_CONSTANT (1) << 50)
/* The longest time to live, in milliseconds: some 34 years. */
#define H3_STORE_MAX_TTL (G_GINT64_CONSTANT (1) << 40)

/**
 * H3StoreOutcome:
 * @H3_STORE_DONE: as asked
 * @H3_STORE_ABSENT: there is no such key, or no more
 * @H3_STORE_CHANGED: compare-and-set: what is there is not what was expected
 * @H3_STORE_REFUSED: add, fill: it would go above the bound; nothing was added
 * @H3_STORE_FAILED: the store cannot be reached, was too slow, has no room: `error` says it. What
 *   was asked may have been done nevertheless.
 */
typedef enum {
    H3_STORE_DONE,
    H3_STORE_ABSENT,
    H3_STORE_CHANGED,
    H3_STORE_REFUSED,
    H3_STORE_FAILED,
} H3StoreOutcome;

/**
 * H3StoreAnswer: (skip)
 * @outcome: how it went
 * @error: (nullable): why, where it failed
 * @value: (nullable): get: the bytes; compare-and-set: the bytes that are there now, where they are
 *   others; to be kept only with g_bytes_ref()
 * @number: add: what is there now; fill: the level now, in thousandths of a unit; count: how many
 *   keys
 * @expires_in: milliseconds until the key ends, or the bucket is empty; of a refused fill: until
 *   the amount would fit, -1: it never will
 */
typedef struct {
    H3StoreOutcome outcome;
    const GError *error; /* borrowed: while the function runs, as `value` */
    GBytes *value;
    gint64 number;
    gint64 expires_in;
} H3StoreAnswer;

/**
 * H3StoreAnswered:
 * @store: (transfer none): who was asked
 * @answer: (transfer none): until the function returns
 * @user_data: what was given with the question
 */
typedef void (*H3StoreAnswered) (H3Store *store, const H3StoreAnswer *answer, gpointer user_data);

/**
 * h3_store_new_from_url:
 * @url: "memory:", "memory:?max-entries=100000&max-bytes=64M", "redis://host/0",
 *   "redis+unix:/run/redis.sock"; docs/stores.md has the rest
 * @error: an #H3_ERROR that tells no part of a password
 *
 * Returns: (transfer full) (nullable): the store
 */
H3Store *h3_store_new_from_url (const char *url, GError **error);

/* Whether the store can be expected to answer: FALSE from when a connection to its server could not
 * be made until it is made. For monitoring; it asks nobody. */
gboolean h3_store_is_well (H3Store *store);

/* In all of these `answered` is (scope async) (nullable), NULL: nobody wants to know; `key` is
 * copied, bytes are. What is asked holds the store. `ttl` is in milliseconds, 1 to
 * H3_STORE_MAX_TTL. A key that is too long, or empty, is answered with FAILED. */

/* The bytes of a key, and how long it has still. */
void h3_store_get (H3Store *store, const char *key, H3StoreAnswered answered, gpointer user_data);

/* Bytes in place of whatever the key had. */
void h3_store_put (H3Store *store, const char *key, GBytes *value, gint64 ttl,
                   H3StoreAnswered answered, gpointer user_data);

/* ABSENT where there was none. */
void h3_store_remove (H3Store *store, const char *key, H3StoreAnswered answered,
                      gpointer user_data);

/* A new end, `ttl` from now; the answer is DONE or ABSENT. */
void h3_store_touch (H3Store *store, const char *key, gint64 ttl, H3StoreAnswered answered,
                     gpointer user_data);

/* In one step: where the key has these bytes, it gets others. `expected` is (nullable), NULL: only
 * where there is no such key; `value` is (nullable), NULL: the key is removed. Where there should
 * be one and is none the answer is ABSENT, where there is another CHANGED. */
void h3_store_compare_and_set (H3Store *store, const char *key, GBytes *expected, GBytes *value,
                               gint64 ttl, H3StoreAnswered answered, gpointer user_data);

/* A counter, which begins at 0: adds `amount` unless the sum would be above `bound`. Less than
 * nothing may be added at any time, and leaves no less than 0. The counter ends `ttl` after it was
 * begun. */
void h3_store_add (H3Store *store, const char *key, gint64 amount, gint64 bound, gint64 ttl,
                   H3StoreAnswered answered, gpointer user_data);

/* A bucket that holds `capacity` units, and of which as much runs out in `period` milliseconds,
 * evenly: adds `amount` unless it would run over. Less than nothing, down to -`capacity`, may be
 * added at any time, and leaves no less than nothing. */
void h3_store_fill (H3Store *store, const char *key, gint64 amount, gint64 capacity, gint64 period,
                    H3StoreAnswered answered, gpointer user_data);

/* How many keys there are, those too whose time is up and whose room was not yet needed; in a Redis
 * server, all of its database. For monitoring. */
void h3_store_count (H3Store *store, H3StoreAnswered answered, gpointer user_data);

G_END_DECLS
