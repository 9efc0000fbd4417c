/* SPDX-License-Identifier: MIT
 *
 * What is counted: live objects by kind, bytes held, and what happened how often. Each thread
 * writes numbers of its own (relaxed atomics, no lock); a reader adds them up. What a thread
 * counted stays counted after the thread has ended. Any thread. */

#pragma once

#include <glib.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/* X (identifier, "name in reports", what it is) */
#define COUNTERS(X)                                                                                \
    /* Live objects and bytes held: must return to where they started. */                          \
    X (EVENTS_LIVE, "events", "events out of their pool")                                          \
    X (EVENTS_POOLED, "events_pooled", "events resting in a pool")                                 \
    X (ARENA_BYTES, "arena_bytes", "bytes in blocks of arenas")                                    \
    X (HEADERS_LIVE, "header_tables", "tables of header fields")                                   \
    X (WORKERS_LIVE, "workers", "threads that serve")                                              \
    X (CONNECTIONS_LIVE, "connections", "accepted clients")                                        \
    X (TRANSPORTS_LIVE, "transports", "sockets, those that linger too")                            \
    X (STREAMS_LIVE, "streams", "connections taken over")                                          \
    X (WEBSOCKETS_LIVE, "websockets", "WebSockets not freed")                                      \
    X (CLIENT_CONNECTIONS_LIVE, "client_connections", "connections to other servers")              \
    X (CLIENT_EXCHANGES_LIVE, "client_exchanges", "requests to other servers, not answered yet")   \
    X (BUFFER_BYTES, "buffer_bytes", "bytes in buffers, in use and resting")                       \
    X (QUEUE_BYTES, "queue_bytes", "bytes and file segments waiting for a socket")                 \
    X (TIMERS_LIVE, "timers", "timers not freed")                                                  \
    X (JOBS_LIVE, "jobs", "functions handed to the pool of threads and not yet answered")          \
    X (POSTS_LIVE, "posts", "functions posted to a loop and not yet run")                          \
    X (MESSAGES_LIVE, "messages", "messages of channels not freed")                                \
    X (SSE_LIVE, "event_streams", "event streams not freed")                                       \
    X (SUBSCRIPTIONS_LIVE, "subscriptions", "subscriptions to channels not freed")                 \
    X (UPLOADS_LIVE, "uploads", "files of forms, in memory and on disk")                           \
    X (SESSIONS_LIVE, "sessions", "sessions of requests under way")                                \
    X (MAP_ENTRIES, "map_entries", "entries of bounded maps")                                      \
    X (STORE_ENTRIES, "store_entries", "keys in memory stores")                                    \
    X (STORE_BYTES, "store_bytes", "bytes of keys, values and their tables in memory stores")      \
    /* What happened, ever growing. */                                                             \
    X (EVENTS_ACQUIRED, "events_acquired", "events taken from a pool")                             \
    X (EVENTS_REUSED, "events_reused", "of those, how many were there already")                    \
    X (REQUESTS, "requests", "requests answered")                                                  \
    X (ACCEPTED, "connections_accepted", "connections accepted")                                   \
    X (REFUSED, "connections_refused", "connections refused for a bound")                          \
    X (MADE_ROOM, "connections_made_room", "connections closed to make room for others")           \
    X (SHED_MEMORY, "requests_shed_memory", "requests refused while memory is short")              \
    X (SHED_DELAY, "requests_shed_delay", "requests refused while a worker is late")               \
    X (SHED_POOL, "requests_shed_pool", "requests refused while the pool of threads is late")      \
    X (WEBSOCKETS_RECEIVED, "websocket_messages_received", "messages received on WebSockets")      \
    X (WEBSOCKETS_SENT, "websocket_messages_sent", "messages sent on WebSockets")                  \
    X (ROUTE_CACHE_HITS, "route_cache_hits", "routes found in a route cache")                      \
    X (ROUTE_CACHE_MISSES, "route_cache_misses", "routes looked for and not found in a cache")     \
    X (ROUTE_CACHE_EVICTIONS, "route_cache_evictions", "entries a route cache gave up")            \
    X (STORE_HITS, "store_hits", "keys read from a memory store")                                  \
    X (STORE_MISSES, "store_misses", "keys that were not in a memory store")                       \
    X (STORE_EVICTIONS, "store_evictions", "keys of memory stores that made room")                 \
    X (STORE_EXPIRED, "store_expired", "keys of memory stores whose time was up")

typedef enum {
#define X(identifier, name, what) COUNTER_##identifier,
    COUNTERS (X)
#undef X
        N_COUNTERS
} Counter;

#define FIRST_GROWING_COUNTER COUNTER_EVENTS_ACQUIRED

/* One thread's numbers. Only that thread writes them, so an update is a load and a store. */
typedef struct {
    _Atomic gint64 values[N_COUNTERS];
    _Atomic gint64 peaks[N_COUNTERS];
} CounterSet;

/* This thread's; NULL until it counts for the first time. Kept in the static block of thread-local
 * storage, one instruction away, and written by counters.c only. */
extern __thread CounterSet *counters_own
    __attribute__ ((tls_model ("initial-exec"), visibility ("hidden"))); /* owned: the registry */

/* Makes this thread's set. For counters_add (). */
CounterSet *counters_join (void);

/* This thread's set, for who counts several things at once. */
static inline CounterSet *
counters_get_own (void)
{
    return G_LIKELY (counters_own != NULL) ? counters_own : counters_join ();
}

static inline void
counters_add_to (CounterSet *own, Counter counter, gint64 delta)
{
    gint64 value = atomic_load_explicit (&own->values[counter], memory_order_relaxed) + delta;

    atomic_store_explicit (&own->values[counter], value, memory_order_relaxed);
    /* What only grows is its own peak. */
    if (delta > 0 && counter < FIRST_GROWING_COUNTER
        && value > atomic_load_explicit (&own->peaks[counter], memory_order_relaxed))
        atomic_store_explicit (&own->peaks[counter], value, memory_order_relaxed);
}

/* Adds to this thread's number. */
static inline void
counters_add (Counter counter, gint64 delta)
{
    counters_add_to (counters_get_own (), counter, delta);
}

/* The sum over all threads, those ended too. */
gint64 counters_read (Counter counter);

/* The sum of each thread's highest value: the peak where one thread counts, and never below it.
 * What only grows is its own peak. */
gint64 counters_read_peak (Counter counter);

/* The name and the explanation above. */
const char *counters_get_name (Counter counter);
const char *counters_get_description (Counter counter);

G_END_DECLS
