/* SPDX-License-Identifier: MIT
 *
 * What the tests of the connector share: a loop, whoever is told, servers, and a name server's
 * words for "many.test", which are the test's own. Included by one source each, which defines
 * _GNU_SOURCE (RTLD_NEXT, accept4); main thread only. */

#pragma once

#include "h3/base/error.h"
#include "h3/loop/clock.h"
#include "h3/loop/offload.h"
#include "h3/net/connector.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

typedef int (*Lookup) (const char *, const char *, const struct addrinfo *, struct addrinfo **);
typedef int (*Socket) (int, int, int);

static LiveSnapshot before;
static Loop *loop;
static Offload *offload;
static Connector *connector;
static guint told;
static int connected;
static gint64 resolved_at;
static GError *why;

static const char *const *answer; /* the addresses of "many.test" */

/* Takes the C library's place: nobody else is asked in a test. */
int
getaddrinfo (const char *host, const char *service, const struct addrinfo *hints,
             struct addrinfo **out)
{
    Lookup look_up = (Lookup) dlsym (RTLD_NEXT, "getaddrinfo");
    struct addrinfo **end = out;

    if (g_strcmp0 (host, "many.test") != 0 || (hints->ai_flags & AI_NUMERICHOST) != 0)
        return look_up (host, service, hints, out);
    for (const char *const *address = answer; *address != NULL; address++) {
        int result = look_up (*address, service, hints, end);

        if (result != 0)
            return result;
        end = &(*end)->ai_next;
    }
    return 0;
}

static guint16 asks_from; /* the port that sockets have; 0: any */

/* As the system might choose. */
int
socket (int family, int kind, int protocol)
{
    struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons (asks_from) };
    Socket open_socket = (Socket) dlsym (RTLD_NEXT, "socket");
    int fd = open_socket (family, kind, protocol);

    own.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    if (asks_from != 0)
        ck_assert_int_eq (bind (fd, (struct sockaddr *) &own, sizeof own), 0);
    return fd;
}

static void
on_done (gpointer data, int fd, gint64 resolved, const GError *error)
{
    ck_assert_ptr_eq (data, &told);
    told++;
    connector = NULL;
    connected = fd;
    resolved_at = resolved;
    ck_assert_int_eq (fd < 0, error != NULL);
    g_clear_error (&why);
    if (error != NULL)
        why = g_error_copy (error);
}

static inline void
set_up (void)
{
    before = live_snapshot_take ();
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    offload = offload_new (1);
    loop_set_offload (loop, offload);
    told = 0;
    connected = -1;
    asks_from = 0;
}

static inline void
tear_down (void)
{
    if (connected >= 0)
        ck_assert_int_eq (close (connected), 0);
    g_clear_error (&why);
    loop_close (loop);
    loop_unref (loop);
    offload_free (offload);
    assert_nothing_left (&before);
}

static inline void
start (const char *host, guint16 port)
{
    ConnectorTarget target = { .host = host, .port = port };

    connector = connector_start (loop, &target, on_done, &told);
    ck_assert_ptr_nonnull (connector);
    ck_assert_uint_eq (told, 0);
}

static inline void
start_unix (const char *path)
{
    ConnectorTarget target = { .unix_path = path };

    connector = connector_start (loop, &target, on_done, &told);
    ck_assert_uint_eq (told, 0);
}

static inline void
wait_told (void)
{
    while (told == 0)
        ck_assert (loop_step (loop, TRUE));
    ck_assert_uint_eq (told, 1);
}

/* What there is to do without waiting. */
static inline void
turn (guint n)
{
    for (guint i = 0; i < n; i++)
        ck_assert (loop_step (loop, FALSE));
}

/* A socket with an address; nobody is let in before it listens. `*port` 0: any. -1: it is taken. */
static inline int
hold (const char *address, guint16 *port)
{
    g_autofree char *service = g_strdup_printf ("%u", *port);
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
    struct addrinfo *native;
    struct sockaddr_storage own;
    socklen_t length = sizeof own;
    int fd;

    ck_assert_int_eq (getaddrinfo (address, service, &hints, &native), 0);
    fd = socket (native->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge (fd, 0);
    if (bind (fd, native->ai_addr, native->ai_addrlen) != 0) {
        ck_assert_int_eq (errno, EADDRINUSE);
        (void) close (fd);
        fd = -1;
    } else {
        ck_assert_int_eq (getsockname (fd, (struct sockaddr *) &own, &length), 0);
        *port = ntohs (((struct sockaddr_in *) &own)->sin_port);
    }
    freeaddrinfo (native);
    return fd;
}

/* The same port of both. */
static inline guint16
hold_both (const char *first, const char *second, int *out_first, int *out_second)
{
    for (;;) {
        guint16 port = 0;

        *out_first = hold (first, &port);
        ck_assert_int_ge (*out_first, 0);
        *out_second = hold (second, &port);
        if (*out_second >= 0)
            return port;
        (void) close (*out_first);
    }
}

static inline void
take_in (int listener)
{
    int fd = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);

    ck_assert_int_ge (fd, 0);
    ck_assert_int_ge (connected, 0);
    ck_assert_int_eq (send (connected, "a", 1, MSG_NOSIGNAL), 1);
    ck_assert_int_eq (recv (fd, (char[1]){ 0 }, 1, 0), 1);
    ck_assert_int_eq (fcntl (connected, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    ck_assert_int_eq (fcntl (connected, F_GETFD), FD_CLOEXEC);
    (void) close (fd);
}

static const char *const loopbacks[] = { "127.0.0.1", "::1", NULL };

static inline void
assert_told (H3ClientError code, const char *text)
{
    wait_told ();
    ck_assert_int_eq (connected, -1);
    ck_assert (g_error_matches (why, H3_CLIENT_ERROR, (int) code));
    ck_assert_str_eq (why->message, text);
}
