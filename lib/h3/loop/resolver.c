/* SPDX-License-Identifier: MIT */

#include "resolver.h"

#include <errno.h>
#include <stdatomic.h>

/* Referenced by the job, which a loop that closes has dropped on any thread, and by whoever waits,
 * until it is over or cancelled. */
struct _Resolver {
    atomic_uint references;
    char *host; /* owned */
    guint16 port;
    struct addrinfo *addresses; /* owned: what the pool's thread found */
    const char *reason;         /* static; why it found none */
    ResolverDone done;          /* the loop's thread; NULL: cancelled */
    gpointer data;              /* borrowed: whoever waits, and cancels before it goes */
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
    Resolver *resolver = data;
    int result = look_up (resolver->host, resolver->port, 0, &resolver->addresses);

    if (result != 0)
        resolver->reason = result == EAI_SYSTEM ? g_strerror (errno) : gai_strerror (result);
}

static void
unref (gpointer data)
{
    Resolver *resolver = data;

    if (atomic_fetch_sub_explicit (&resolver->references, 1, memory_order_acq_rel) != 1)
        return;
    if (resolver->addresses != NULL)
        freeaddrinfo (resolver->addresses);
    g_free (resolver->host);
    g_free (resolver);
}

static void
finish (gpointer data)
{
    Resolver *resolver = data;

    if (resolver->done == NULL)
        return;
    resolver->done (resolver->data, g_steal_pointer (&resolver->addresses), resolver->reason);
    unref (resolver);
}

Resolver *
resolver_start (Loop *loop, Offload *offload, const char *host, guint16 port, ResolverDone done,
                gpointer data)
{
    Resolver *resolver = g_new0 (Resolver, 1);

    atomic_init (&resolver->references, 2);
    resolver->host = g_strdup (host);
    resolver->port = port;
    resolver->done = done;
    resolver->data = data;
    offload_run (offload, loop, run, finish, resolver, unref);
    return resolver;
}

void
resolver_cancel (Resolver *resolver)
{
    if (resolver == NULL)
        return;
    resolver->done = NULL;
    unref (resolver);
}

struct addrinfo *
resolver_numeric (const char *host, guint16 port)
{
    struct addrinfo *addresses;

    return look_up (host, port, AI_NUMERICHOST, &addresses) == 0 ? addresses : NULL;
}
