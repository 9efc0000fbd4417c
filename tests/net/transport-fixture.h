/* SPDX-License-Identifier: MIT
 *
 * What the tests of transport share: a loop, a pair of sockets, and an owner that counts its calls.
 * Included by one source each; main thread only. */

#pragma once

#include "h3/base/counters.h"
#include "h3/loop/clock.h"
#include "h3/net/transport-tls.h"
#include "tests/support/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

typedef enum { DO_NOTHING, DO_RECEIVE, DO_CLOSE, DO_RESET } Reaction;

static Loop *loop;
static Buffers *buffers;
static Deadlines *deadlines;
static TransportShared *shared;
static Transport *transport; /* NULL when closed */
static int peer;
static int own; /* borrowed: the transport's */
static guint descriptors;

/* What the owner has heard, and what it does about it. */
static guint readable, drained, failed;
static int last_error;
static gssize last_received;
static Reaction on_readable_do, on_drained_do, on_failed_do;
static void (*on_drained_call) (void);

static gboolean speaks_tls; /* or will: before set_up () */

static void
react (Reaction reaction)
{
    gsize size;
    char *room = transport_shared_get_receive_buffer (shared, &size);

    if (reaction == DO_RECEIVE)
        last_received = transport_receive (transport, room, size);
    else if (reaction == DO_CLOSE)
        transport_close (g_steal_pointer (&transport));
    else if (reaction == DO_RESET)
        transport_reset (g_steal_pointer (&transport));
}

static void
on_readable (gpointer owner)
{
    ck_assert_ptr_eq (owner, &peer);
    ck_assert_ptr_nonnull (transport);
    readable++;
    react (on_readable_do);
}

static void
on_drained (gpointer owner)
{
    ck_assert_ptr_nonnull (transport);
    drained++;
    if (on_drained_call != NULL)
        on_drained_call ();
    react (on_drained_do);
}

static void
on_failed (gpointer owner, int error_number)
{
    ck_assert_ptr_nonnull (transport);
    failed++;
    last_error = error_number;
    react (on_failed_do);
}

static const TransportOwner owner_functions = { on_readable, on_drained, on_failed };

static inline void
make_tcp_pair (int ends[2])
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;
    int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    ck_assert_int_eq (bind (listener, (struct sockaddr *) &address, length), 0);
    ck_assert_int_eq (listen (listener, 1), 0);
    ck_assert_int_eq (getsockname (listener, (struct sockaddr *) &address, &length), 0);
    ends[1] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq (connect (ends[1], (struct sockaddr *) &address, length), 0);
    ends[0] = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    ck_assert_int_ge (ends[0], 0);
    ck_assert_int_eq (fcntl (ends[1], F_SETFL, O_NONBLOCK), 0);
    (void) close (listener);
}

static inline void
set_up (gboolean tcp)
{
    TransportSettings settings = { .linger_milliseconds = 5000,
                                   .write_grace_milliseconds = 5000,
                                   .write_bytes_per_second = 240 };
    int ends[2];

    (void) signal (SIGPIPE, SIG_IGN);
    clock_take_control ();
    readable = drained = failed = 0;
    on_readable_do = DO_RECEIVE;
    on_drained_do = on_failed_do = DO_NOTHING;
    on_drained_call = NULL;
    descriptors = suite_count_descriptors ();
    loop = loop_new (NULL);
    buffers = buffers_new (loop);
    deadlines = deadlines_new (loop);
    settings.loop = loop;
    settings.buffers = buffers;
    settings.deadlines = deadlines;
    shared = transport_shared_new (&settings);
    if (tcp)
        make_tcp_pair (ends);
    else
        ck_assert_int_eq (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    transport = (speaks_tls ? transport_new_for_tls : transport_new) (shared, ends[0],
                                                                      &owner_functions, &peer);
    ck_assert_ptr_nonnull (transport);
    own = ends[0];
    peer = ends[1];
}

static inline void
set_up_tcp (void)
{
    set_up (TRUE);
}

static inline void
set_up_unix (void)
{
    set_up (FALSE);
}

static inline void
step (guint turns)
{
    while (turns-- > 0)
        (void) loop_step (loop, FALSE);
}

/* All has gone, nothing is left: not a descriptor, not a byte. */
static inline void
tear_down (void)
{
    if (transport != NULL)
        transport_reset (g_steal_pointer (&transport));
    transport_shared_cut_lingering (shared);
    step (3);
    ck_assert_uint_eq (transport_shared_count (shared), 0);
    ck_assert_int_eq (counters_read (COUNTER_TRANSPORTS_LIVE), 0);
    ck_assert_int_eq (counters_read (COUNTER_QUEUE_BYTES), 0);
    transport_shared_free (shared);
    deadlines_free (deadlines);
    buffers_free (buffers);
    ck_assert_int_eq (counters_read (COUNTER_BUFFER_BYTES), 0);
    loop_close (loop);
    loop_unref (loop);
    if (peer >= 0)
        (void) close (peer);
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
}

/* Reads what is there at the peer; -1 and errno as recv (). */
static inline gssize
peer_read (GByteArray *received, gsize limit)
{
    static char data[65536];
    gssize length = recv (peer, data, MIN (limit, sizeof data), 0);

    if (length > 0 && received != NULL)
        g_byte_array_append (received, (guint8 *) data, (guint) length);
    return length;
}

/* Makes the kernel refuse: so many bytes are queued then. */
static inline void
fill (gsize length)
{
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (length), length);

    transport_write_bytes (transport, bytes, 0, length);
    transport_flush (transport);
    ck_assert_uint_gt (transport_get_waiting (transport), 0);
}
