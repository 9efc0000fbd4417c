/* SPDX-License-Identifier: MIT */

#include "redis-proxy.h"

#include "suite.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_PAIRS 16

/* A client and its connection to the server; -1: the pair is free. */
typedef struct {
    int client, server;
} Pair;

static void
end_pair (Pair *pair)
{
    (void) close (pair->client);
    (void) close (pair->server);
    pair->client = pair->server = -1;
}

static void
accept_pair (RedisProxy *proxy, Pair *pairs)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int client = accept (proxy->listener, NULL, NULL);
    int server = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_strlcpy (address.sun_path, proxy->socket, sizeof address.sun_path);
    if (client < 0 || server < 0
        || connect (server, (struct sockaddr *) &address, sizeof address) != 0) {
        (void) close (client);
        (void) close (server);
        return;
    }
    for (guint i = 0; i < MAX_PAIRS; i++) {
        if (pairs[i].client < 0) {
            pairs[i] = (Pair){ client, server };
            return;
        }
    }
    ck_abort_msg ("too many connections for the proxy");
}

static gboolean
pass_on (int to, const char *data, gsize length, gsize at_once)
{
    while (length > 0) {
        ssize_t n = send (to, data, MIN (length, at_once), MSG_NOSIGNAL);

        if (n <= 0)
            return FALSE;
        data += n;
        length -= (gsize) n;
    }
    return TRUE;
}

/* FALSE: the pair has come to its end. */
static gboolean
carry (int from, int to, ProxyMode mode)
{
    static const char lie[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    char data[65536];
    ssize_t n = recv (from, data, sizeof data, 0);

    if (n <= 0)
        return FALSE;
    switch (mode) {
    case PROXY_CUTS_HALF:
        (void) pass_on (to, data, (gsize) n / 2, sizeof data);
        return FALSE;
    case PROXY_LIES:
        (void) pass_on (to, lie, sizeof lie - 1, sizeof lie);
        return TRUE;
    default:
        return pass_on (to, data, (gsize) n, mode == PROXY_TRICKLES ? 1 : sizeof data);
    }
}

/* What is done once is done. */
static ProxyMode
take_mode (RedisProxy *proxy)
{
    ProxyMode mode;

    pthread_mutex_lock (&proxy->lock);
    mode = proxy->mode;
    if (mode == PROXY_CUTS_HALF || mode == PROXY_LIES)
        proxy->mode = PROXY_PASSES;
    pthread_mutex_unlock (&proxy->lock);
    return mode;
}

static ProxyMode
get_mode (RedisProxy *proxy)
{
    ProxyMode mode;

    pthread_mutex_lock (&proxy->lock);
    mode = proxy->mode;
    pthread_mutex_unlock (&proxy->lock);
    return mode;
}

/* FALSE: all is over. */
static gboolean
take_orders (RedisProxy *proxy, Pair *pairs)
{
    gboolean is_cutting, is_ending;

    pthread_mutex_lock (&proxy->lock);
    is_cutting = proxy->is_cutting || proxy->is_ending;
    proxy->is_cutting = FALSE;
    is_ending = proxy->is_ending;
    pthread_mutex_unlock (&proxy->lock);
    for (guint i = 0; i < MAX_PAIRS && is_cutting; i++) {
        if (pairs[i].client >= 0)
            end_pair (&pairs[i]);
    }
    return !is_ending;
}

static void
serve_pair (RedisProxy *proxy, Pair *pair, const struct pollfd *client, const struct pollfd *server)
{
    /* Of what poll () was asked; a pair taken since has its turn later. */
    if (pair->client < 0 || client->fd != pair->client)
        return;
    if (client->revents != 0 && !carry (pair->client, pair->server, PROXY_PASSES)) {
        end_pair (pair);
        return;
    }
    if (server->revents != 0 && get_mode (proxy) != PROXY_HOLDS
        && !carry (pair->server, pair->client, take_mode (proxy)))
        end_pair (pair);
}

static void *
run (void *data)
{
    RedisProxy *proxy = data;
    Pair pairs[MAX_PAIRS];
    struct pollfd polled[2 + 2 * MAX_PAIRS];
    char byte;

    for (guint i = 0; i < MAX_PAIRS; i++)
        pairs[i] = (Pair){ -1, -1 };
    do {
        gboolean holds = get_mode (proxy) == PROXY_HOLDS;

        polled[0] = (struct pollfd){ proxy->wake[0], POLLIN, 0 };
        polled[1] = (struct pollfd){ proxy->listener, POLLIN, 0 };
        for (guint i = 0; i < MAX_PAIRS; i++) {
            polled[2 + 2 * i] = (struct pollfd){ pairs[i].client, POLLIN, 0 };
            polled[3 + 2 * i] = (struct pollfd){ holds ? -1 : pairs[i].server, POLLIN, 0 };
        }
        if (poll (polled, G_N_ELEMENTS (polled), -1) < 0)
            continue;
        for (guint i = 0; i < MAX_PAIRS; i++)
            serve_pair (proxy, &pairs[i], &polled[2 + 2 * i], &polled[3 + 2 * i]);
        if (polled[1].revents != 0)
            accept_pair (proxy, pairs);
        if (polled[0].revents != 0 && read (proxy->wake[0], &byte, 1) < 0)
            break;
    } while (take_orders (proxy, pairs));
    return NULL;
}

void
redis_proxy_start (RedisProxy *proxy, const char *socket_path)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;

    *proxy = (RedisProxy){ .socket = g_strdup (socket_path) };
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    proxy->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq (bind (proxy->listener, (struct sockaddr *) &address, sizeof address), 0);
    ck_assert_int_eq (listen (proxy->listener, 16), 0);
    ck_assert_int_eq (getsockname (proxy->listener, (struct sockaddr *) &address, &length), 0);
    proxy->port = ntohs (address.sin_port);
    ck_assert_int_eq (pipe (proxy->wake), 0);
    pthread_mutex_init (&proxy->lock, NULL);
    ck_assert_int_eq (pthread_create (&proxy->thread, NULL, run, proxy), 0);
}

char *
redis_proxy_dup_url (const RedisProxy *proxy, const char *host, const char *rest)
{
    return g_strdup_printf ("redis://%s:%u/%s", host, proxy->port, rest);
}

static void
wake (RedisProxy *proxy)
{
    ck_assert_int_eq (write (proxy->wake[1], "x", 1), 1);
}

void
redis_proxy_set_mode (RedisProxy *proxy, ProxyMode mode)
{
    pthread_mutex_lock (&proxy->lock);
    proxy->mode = mode;
    pthread_mutex_unlock (&proxy->lock);
    wake (proxy);
}

void
redis_proxy_cut (RedisProxy *proxy)
{
    pthread_mutex_lock (&proxy->lock);
    proxy->is_cutting = TRUE;
    pthread_mutex_unlock (&proxy->lock);
    wake (proxy);
}

void
redis_proxy_stop (RedisProxy *proxy)
{
    pthread_mutex_lock (&proxy->lock);
    proxy->is_ending = TRUE;
    pthread_mutex_unlock (&proxy->lock);
    wake (proxy);
    pthread_join (proxy->thread, NULL);
    (void) close (proxy->listener);
    (void) close (proxy->wake[0]);
    (void) close (proxy->wake[1]);
    pthread_mutex_destroy (&proxy->lock);
    g_free (proxy->socket);
    *proxy = (RedisProxy){ 0 };
}
