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

/**
 * H3Store:
 *
 * Where a service keeps what outlives an exchange: sessions, counters, buckets, each under a key,
 * each with an end. One face for the memory of this process (h3_memory_store_new()) and for a
 * Redis server that several machines share (h3_redis_store_new()).
 *
 * Asking never waits; the answer comes later, once. Any thread may ask. The answer comes on the
 * asking worker's loop, in the thread-default #GMainContext of a thread that runs none; never
 * inline. What is asked holds the store until then.
 *
 * A key is of one kind, that of what made it: bytes (put, compare-and-set), a counter (add) or a
 * bucket (fill). One that is empty, or longer than %H3_STORE_MAX_KEY, is answered with
 * %H3_STORE_FAILED.
 *
 * Its class is for the library's own stores only.
 *
 * Since: 0.1
 */
G_DECLARE_DERIVABLE_TYPE (H3Store, h3_store, H3, STORE, GObject)

#define H3_TYPE_STORE (h3_store_get_type ())

/**
 * H3_STORE_MAX_KEY:
 *
 * The longest key, in bytes; a key has at least one.
 *
 * Since: 0.1
 */
#define H3_STORE_MAX_KEY 512

/**
 * H3_STORE_MAX_NUMBER:
 *
 * The largest amount and bound of a counter, and product of a bucket's capacity and period.
 *
 * Since: 0.1
 */
#define H3_STORE_MAX_NUMBER (G_GINT64_CONSTANT (1) << 50)

/**
 * H3_STORE_MAX_TTL:
 *
 * The longest time to live, in milliseconds: some 34 years.
 *
 * Since: 0.1
 */
#define H3_STORE_MAX_TTL (G_GINT64_CONSTANT (1) << 40)

/**
 * H3StoreOutcome:
 * @H3_STORE_DONE: as asked
 * @H3_STORE_ABSENT: there is no such key, or no more
 * @H3_STORE_CHANGED: compare-and-set: what is there is not what was expected
 * @H3_STORE_REFUSED: add, fill: it would go above the bound; nothing was added
 * @H3_STORE_FAILED: the store cannot be reached, was too slow, has no room: `error` says it. What
 *   was asked may have been done nevertheless.
 *
 * How a question to a store went.
 *
 * Since: 0.1
 */
typedef enum {
    H3_STORE_DONE,
    H3_STORE_ABSENT,
    H3_STORE_CHANGED,
    H3_STORE_REFUSED,
    H3_STORE_FAILED,
} H3StoreOutcome;

/**
 * H3StoreAnswer:
 * @outcome: how it went
 * @error: (nullable): why, where it failed
 * @value: (nullable): get: the bytes; compare-and-set: the bytes that are there now, where they
 *   are others; to be kept only with g_bytes_ref()
 * @number: add: what is there now; fill: the level now, in thousandths of a unit; count: how many
 *   keys
 * @expires_in: milliseconds until the key ends, or the bucket is empty; of a refused fill: until
 *   the amount would fit, -1: it never will
 *
 * What a store answers.
 *
 * It and what it points at are the store's, while the function that is told runs. Boxed, copied: a
 * copy has its own.
 *
 * Since: 0.1
 */
typedef struct {
    H3StoreOutcome outcome;
    const GError *error; /* borrowed: while the function runs, as `value` */
    GBytes *value;
    gint64 number;
    gint64 expires_in;
} H3StoreAnswer;

#define H3_TYPE_STORE_ANSWER (h3_store_answer_get_type ())
GType h3_store_answer_get_type (void);

/**
 * H3StoreAnswered:
 * @store: (transfer none): who was asked
 * @answer: (transfer none): until the function returns
 * @user_data: what was given with the question
 *
 * Told the answer of a store.
 *
 * Since: 0.1
 */
typedef void (*H3StoreAnswered) (H3Store *store, const H3StoreAnswer *answer, gpointer user_data);

/**
 * h3_store_new_from_url:
 * @url: `memory:`, `memory:?max-entries=100000&max-bytes=64M`, `redis://host/0`,
 *   `redis+unix:/run/redis.sock`; docs/stores.md has the rest
 * @error: an #H3Error that tells no part of a password
 *
 * Makes a store of the kind that a URL names. Any thread.
 *
 * Returns: (transfer full): the store; %NULL with @error set
 *
 * Since: 0.1
 */
H3Store *h3_store_new_from_url (const char *url, GError **error);

/**
 * h3_store_is_well:
 * @store: a store
 *
 * Tells whether the store can be expected to answer: for monitoring; it asks nobody. Any thread.
 *
 * Returns: %FALSE from when a connection to its server could not be made until it is made
 *
 * Since: 0.1
 */
gboolean h3_store_is_well (H3Store *store);

/**
 * h3_store_get:
 * @store: a store
 * @key: a key, copied
 * @answered: (scope async) (closure user_data) (nullable): told the answer: %H3_STORE_DONE or
 *   %H3_STORE_ABSENT; %NULL: nobody wants to know
 * @user_data: for @answered
 *
 * Asks for the bytes of a key, and how long it has still. Any thread.
 *
 * Since: 0.1
 */
void h3_store_get (H3Store *store, const char *key, H3StoreAnswered answered, gpointer user_data);

/**
 * h3_store_put:
 * @store: a store
 * @key: a key, copied
 * @value: the bytes, copied
 * @ttl: how long they are kept, in milliseconds, 1 to %H3_STORE_MAX_TTL
 * @answered: (scope async) (closure user_data) (nullable): told the answer: %H3_STORE_DONE; %NULL:
 *   nobody wants to know
 * @user_data: for @answered
 *
 * Puts bytes in place of whatever the key had. Any thread.
 *
 * Since: 0.1
 */
void h3_store_put (H3Store *store, const char *key, GBytes *value, gint64 ttl,
                   H3StoreAnswered answered, gpointer user_data);

/**
 * h3_store_remove:
 * @store: a store
 * @key: a key, copied
 * @answered: (scope async) (closure user_data) (nullable): told the answer: %H3_STORE_DONE, or
 *   %H3_STORE_ABSENT where there was none; %NULL: nobody wants to know
 * @user_data: for @answered
 *
 * Removes a key. Any thread.
 *
 * Since: 0.1
 */
void h3_store_remove (H3Store *store, const char *key, H3StoreAnswered answered,
                      gpointer user_data);

/**
 * h3_store_touch:
 * @store: a store
 * @key: a key, copied
 * @ttl: how long it is kept from now on, in milliseconds, 1 to %H3_STORE_MAX_TTL
 * @answered: (scope async) (closure user_data) (nullable): told the answer: %H3_STORE_DONE or
 *   %H3_STORE_ABSENT; %NULL: nobody wants to know
 * @user_data: for @answered
 *
 * Gives a key a new end. Any thread.
 *
 * Since: 0.1
 */
void h3_store_touch (H3Store *store, const char *key, gint64 ttl, H3StoreAnswered answered,
                     gpointer user_data);

/**
 * h3_store_compare_and_set:
 * @store: a store
 * @key: a key, copied
 * @expected: (nullable): the bytes that it must have, copied; %NULL: only where there is no such
 *   key
 * @value: (nullable): the bytes that it gets, copied; %NULL: the key is removed. One of both must
 *   be there
 * @ttl: how long they are kept, in milliseconds, 1 to %H3_STORE_MAX_TTL; any number where @value
 *   is %NULL
 * @answered: (scope async) (closure user_data) (nullable): told the answer: %H3_STORE_DONE; where
 *   there should be one and is none, %H3_STORE_ABSENT; where there is another, %H3_STORE_CHANGED;
 *   %NULL: nobody wants to know
 * @user_data: for @answered
 *
 * Gives a key other bytes where it has those that are expected, in one step. Any thread.
 *
 * Since: 0.1
 */
void h3_store_compare_and_set (H3Store *store, const char *key, GBytes *expected, GBytes *value,
                               gint64 ttl, H3StoreAnswered answered, gpointer user_data);

/**
 * h3_store_add:
 * @store: a store
 * @key: a key, copied
 * @amount: what is added, from -%H3_STORE_MAX_NUMBER to %H3_STORE_MAX_NUMBER. Less than nothing
 *   may be added at any time, and leaves no less than 0
 * @bound: what the sum may be at most, 0 to %H3_STORE_MAX_NUMBER
 * @ttl: how long the counter is kept after it was begun, in milliseconds, 1 to %H3_STORE_MAX_TTL
 * @answered: (scope async) (closure user_data) (nullable): told the answer: %H3_STORE_DONE or
 *   %H3_STORE_REFUSED; %NULL: nobody wants to know
 * @user_data: for @answered
 *
 * Adds to a counter, which begins at 0, unless the sum would be above a bound. Any thread.
 *
 * Since: 0.1
 */
void h3_store_add (H3Store *store, const char *key, gint64 amount, gint64 bound, gint64 ttl,
                   H3StoreAnswered answered, gpointer user_data);

/**
 * h3_store_fill:
 * @store: a store
 * @key: a key, copied
 * @amount: what is added, from -@capacity on. Less than nothing may be added at any time, and
 *   leaves no less than nothing
 * @capacity: how many units the bucket holds, at least 1; its product with @period is at most
 *   %H3_STORE_MAX_NUMBER
 * @period: in how many milliseconds as much runs out, evenly, 1 to %H3_STORE_MAX_TTL
 * @answered: (scope async) (closure user_data) (nullable): told the answer: %H3_STORE_DONE or
 *   %H3_STORE_REFUSED; %NULL: nobody wants to know
 * @user_data: for @answered
 *
 * Fills a bucket, out of which its content runs evenly, unless it would run over. Any thread.
 *
 * Since: 0.1
 */
void h3_store_fill (H3Store *store, const char *key, gint64 amount, gint64 capacity, gint64 period,
                    H3StoreAnswered answered, gpointer user_data);

/**
 * h3_store_count:
 * @store: a store
 * @answered: (scope async) (closure user_data) (nullable): told the answer; %NULL: nobody wants to
 *   know
 * @user_data: for @answered
 *
 * Counts the keys: for monitoring. Any thread.
 *
 * Those count too whose time is up and whose room was not yet needed; in a Redis server, all of
 * its database.
 *
 * Since: 0.1
 */
void h3_store_count (H3Store *store, H3StoreAnswered answered, gpointer user_data);

G_END_DECLS
