/* SPDX-License-Identifier: MIT */

#include "redis-lookup.h"

#include <stdatomic.h>

/* Referenced by the job, which a loop that closes has dropped on any thread, and by whoever waits,
 * until it is over or cancelled. */
struct _RedisLookup {
    atomic_uint references;
    char *host; /* owned */
    guint16 port;
    struct addrinfo *addresses; /* owned: what the pool's thread found */
    int result;
    RedisLookedUp looked_up; /* the loop's thread; NULL: cancelled */
    gpointer data;           /* borrowed: whoever waits, and cancels before it goes */
};

static int
look_up (const char *host, guint16 port, int flags, struct addrinfo **out_addresses)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    char service[8];

    hints.ai_flags = AI_NUMERICSERV | flags;
    g_snprintf (service, sizeof service, "%u", port);
    *out_addresses = NULL;
    return getaddrinfo (host, service, &hints, out_addresses);
}

static void
run (gpointer data)
{
    RedisLookup *lookup = data;

    lookup->result = look_up (lookup->host, lookup->port, 0, &lookup->addresses);
}

static void
unref (gpointer data)
{
    RedisLookup *lookup = data;

    if (atomic_fetch_sub_explicit (&lookup->references, 1, memory_order_acq_rel) != 1)
        return;
    if (lookup->addresses != NULL)
        freeaddrinfo (lookup->addresses);
    g_free (lookup->host);
    g_free (lookup);
}

static void
finish (gpointer data)
{
    RedisLookup *lookup = data;

    if (lookup->looked_up == NULL)
        return;
    lookup->looked_up (lookup->data, g_steal_pointer (&lookup->addresses), lookup->result);
    unref (lookup);
}

RedisLookup *
redis_lookup_start (Loop *loop, Offload *offload, const char *host, guint16 port,
                    RedisLookedUp looked_up, gpointer data)
{
    RedisLookup *lookup = g_new0 (RedisLookup, 1);

    atomic_init (&lookup->references, 2);
    lookup->host = g_strdup (host);
    lookup->port = port;
    lookup->looked_up = looked_up;
    lookup->data = data;
    offload_run (offload, loop, run, finish, lookup, unref);
    return lookup;
}

void
redis_lookup_cancel (RedisLookup *lookup)
{
    if (lookup == NULL)
        return;
    lookup->looked_up = NULL;
    unref (lookup);
}

struct addrinfo *
redis_lookup_numeric (const char *host, guint16 port)
{
    struct addrinfo *addresses;

    return look_up (host, port, AI_NUMERICHOST, &addresses) == 0 ? addresses : NULL;
}
