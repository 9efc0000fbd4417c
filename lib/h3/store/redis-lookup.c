/* SPDX-License-Identifier: MIT */

#include "redis-lookup.h"

/* The job's, as long as it is under way; whoever waits points at it. */
struct _RedisLookup {
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
finish (gpointer data)
{
    RedisLookup *lookup = data;

    if (lookup->looked_up != NULL)
        lookup->looked_up (lookup->data, g_steal_pointer (&lookup->addresses), lookup->result);
}

static void
free_lookup (gpointer data)
{
    RedisLookup *lookup = data;

    if (lookup->addresses != NULL)
        freeaddrinfo (lookup->addresses);
    g_free (lookup->host);
    g_free (lookup);
}

RedisLookup *
redis_lookup_start (Loop *loop, Offload *offload, const char *host, guint16 port,
                    RedisLookedUp looked_up, gpointer data)
{
    RedisLookup *lookup = g_new0 (RedisLookup, 1);

    lookup->host = g_strdup (host);
    lookup->port = port;
    lookup->looked_up = looked_up;
    lookup->data = data;
    offload_run (offload, loop, run, finish, lookup, free_lookup);
    return lookup;
}

void
redis_lookup_cancel (RedisLookup *lookup)
{
    if (lookup != NULL)
        lookup->looked_up = NULL;
}

struct addrinfo *
redis_lookup_numeric (const char *host, guint16 port)
{
    struct addrinfo *addresses;

    return look_up (host, port, AI_NUMERICHOST, &addresses) == 0 ? addresses : NULL;
}
