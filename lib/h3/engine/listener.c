/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* accept4 */

#include "config.h"

#include "listener.h"

#include <h3/base/counters.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define SPARE_DESCRIPTORS 64   /* for files, timers, other sockets */
#define LISTENER_QUEUE    4096 /* more can hardly wait: who still comes is too late */

typedef enum {
    LISTENER_ACCEPTING,
    LISTENER_RESTING, /* until the alarm */
    LISTENER_STOPPED,
} ListenerState;

struct _Listener {
    Alarm alarm; /* first: the alarm is the listener */
    ListenerState state;
    Loop *loop; /* ref */
    int fd;     /* borrowed: the listen group */
    int spare;  /* owned: given up to tell a client that there is no room; -1: none to be had */
    ListenerAccepted accepted;
    gpointer data; /* borrowed: the worker */
    guint64 n_accepts;
    gboolean in_turn; /* its function is on the stack */
    gboolean freed;   /* … and frees it at the turn's end */
    struct event event;
};

static void
set_state (Listener *listener, ListenerState state)
{
    static const char *const names[] = { "accepting", "resting", "stopped" };

    g_debug ("listener %d: %s to %s", listener->fd, names[listener->state], names[state]);
    listener->state = state;
}

static void
rest (Listener *listener)
{
    (void) event_del (&listener->event);
    set_state (listener, LISTENER_RESTING);
    alarms_set (loop_get_alarms (listener->loop), &listener->alarm,
                clock_get_now () + LISTENER_REST_MILLISECONDS);
}

static void
start (Listener *listener)
{
    set_state (listener, LISTENER_ACCEPTING);
    if (event_add (&listener->event, NULL) != 0)
        rest (listener);
}

static void
on_rested (Alarm *alarm)
{
    start ((Listener *) alarm);
}

/* In two steps, between which a program that another thread starts would get it. */
static int
accept_slowly (int listening)
{
    int fd = accept (listening, NULL, NULL);
    int error_number;

    if (fd < 0 || (fcntl (fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl (fd, F_SETFL, O_NONBLOCK) == 0))
        return fd;
    error_number = errno;
    (void) close (fd);
    errno = error_number;
    return -1;
}

static int
accept_one (Listener *listener)
{
    listener->n_accepts++;
#ifdef HAVE_ACCEPT4
    {
        int fd = accept4 (listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0 || errno != ENOSYS)
            return fd;
    }
#endif
    return accept_slowly (listener->fd);
}

static int
open_spare (void)
{
    return open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* The client that waits longest sees an end instead of nothing. */
static void
refuse_one (Listener *listener)
{
    int fd;

    if (listener->spare < 0)
        return;
    (void) close (listener->spare);
    fd = accept_one (listener);
    if (fd >= 0) {
        (void) close (fd);
        counters_add (COUNTER_REFUSED, 1);
    }
    listener->spare = open_spare ();
}

/* One client failed before it was accepted, or the network did to it (accept (2)): the next may
 * not. */
static gboolean
is_client_s (int error_number)
{
    switch (error_number) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case EPERM:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETUNREACH:
        return TRUE;
    default:
        return FALSE;
    }
}

/* FALSE: nothing more in this turn. */
static gboolean
accept_step (Listener *listener)
{
    int fd = accept_one (listener);

    if (fd >= 0) {
        listener->accepted (listener->data, fd);
        return TRUE;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return FALSE;
    if (is_client_s (errno))
        return TRUE;
    if (errno == EMFILE || errno == ENFILE)
        refuse_one (listener);
    rest (listener);
    return FALSE;
}

static void
free_now (Listener *listener)
{
    if (listener->spare >= 0)
        (void) close (listener->spare);
    loop_unref (listener->loop);
    g_free (listener);
}

static void
on_readable (evutil_socket_t fd, short what, void *data)
{
    Listener *listener = data;

    if (listener->spare < 0)
        listener->spare = open_spare ();
    listener->in_turn = TRUE;
    for (guint i = 0; i < LISTENER_BATCH && listener->state == LISTENER_ACCEPTING; i++)
        if (!accept_step (listener))
            break;
    listener->in_turn = FALSE;
    if (listener->freed)
        free_now (listener);
}

Listener *
listener_new (Loop *loop, int fd, ListenerAccepted accepted, gpointer data)
{
    Listener *listener;

    g_return_val_if_fail (loop != NULL && fd >= 0 && accepted != NULL, NULL);

    listener = g_new0 (Listener, 1);
    listener->alarm.on_due = on_rested;
    listener->loop = loop_ref (loop);
    listener->fd = fd;
    listener->spare = open_spare ();
    listener->accepted = accepted;
    listener->data = data;
    if (event_assign (&listener->event, loop_get_base (loop), fd, EV_READ | EV_PERSIST, on_readable,
                      listener)
        != 0)
        g_error ("libevent takes no event");
    start (listener);
    return listener;
}

void
listener_accept_rest (Listener *listener)
{
    for (guint i = 0; i < LISTENER_QUEUE && listener->state == LISTENER_ACCEPTING; i++)
        if (!accept_step (listener))
            break;
}

void
listener_stop (Listener *listener)
{
    if (listener->state == LISTENER_STOPPED)
        return;
    (void) event_del (&listener->event);
    alarms_clear (loop_get_alarms (listener->loop), &listener->alarm);
    set_state (listener, LISTENER_STOPPED);
}

void
listener_free (Listener *listener)
{
    if (listener == NULL)
        return;
    listener_stop (listener);
    if (listener->in_turn)
        listener->freed = TRUE;
    else
        free_now (listener);
}

guint64
listener_count_accepts (const Listener *listener)
{
    return listener->n_accepts;
}

/* How many descriptors the process may have: `wanted`, or the most there can be where it is 0. */
static rlim_t
raise_limit (rlim_t wanted)
{
    struct rlimit limit, raised;

    if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
        return 1024;
    raised = limit;
    raised.rlim_cur = wanted == 0 ? limit.rlim_max : MIN (wanted, limit.rlim_max);
    if (raised.rlim_cur > limit.rlim_cur && setrlimit (RLIMIT_NOFILE, &raised) == 0)
        return raised.rlim_cur;
    return limit.rlim_cur;
}

guint
listener_max_connections (guint configured)
{
    rlim_t bound = loop_get_descriptor_bound ();
    rlim_t wanted = configured == 0 ? bound : MIN ((rlim_t) configured + SPARE_DESCRIPTORS, bound);
    rlim_t limit = raise_limit (wanted == G_MAXUINT ? 0 : wanted);
    rlim_t most = limit > 2 * SPARE_DESCRIPTORS ? limit - SPARE_DESCRIPTORS : limit / 2;

    if (configured == 0)
        configured = G_MAXUINT;
    return (guint) MIN (most, (rlim_t) configured);
}
