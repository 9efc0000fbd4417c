/* SPDX-License-Identifier: MIT */

#include "main-context.h"

#include <errno.h>
#include <event2/event.h>
#include <sys/epoll.h>
#include <unistd.h>

/* GLib's descriptors are watched by an epoll of their own, and libevent watches that one. Sources
 * may close a descriptor and open another of the same number at any time; libevent, which goes by
 * numbers, would then miss the new one, and mistake it for the old when a connection gets it. */
struct _MainContext {
    Loop *loop;             /* ref */
    GMainContext *context;  /* ref; pushed as this thread's default */
    GArray *polled;         /* owned; of GPollFD: what the context asked to be polled last */
    gint max_priority;      /* of what the context found ready last */
    int epoll_fd;           /* owned */
    struct event *readable; /* owned: of epoll_fd */
    struct event *timeout;  /* owned */
    guint64 n_steps;
};

static guint32
to_epoll (gushort events)
{
    return ((events & G_IO_IN) != 0 ? EPOLLIN : 0) | ((events & G_IO_OUT) != 0 ? EPOLLOUT : 0)
           | ((events & G_IO_PRI) != 0 ? EPOLLPRI : 0);
}

/* FALSE: `polled` cannot be waited for (a file of a disk, which is always ready). */
static gboolean
watch_one (MainContext *self, const GPollFD *polled)
{
    struct epoll_event event = { .events = to_epoll (polled->events), .data.fd = polled->fd };

    if (epoll_ctl (self->epoll_fd, EPOLL_CTL_MOD, polled->fd, &event) == 0)
        return TRUE;
    return epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, polled->fd, &event) == 0 || errno == EBADF;
}

static gboolean
has_fd (const GArray *polled, int fd)
{
    for (guint i = 0; i < polled->len; i++) {
        if (g_array_index (polled, GPollFD, i).fd == fd)
            return TRUE;
    }
    return FALSE;
}

/* Takes out of the epoll what is not asked for any more. FALSE: one was closed before; where it
 * has a duplicate the epoll would report that for ever. */
static gboolean
forget (MainContext *self, const GArray *before)
{
    gboolean is_clean = TRUE;

    for (guint i = 0; i < before->len; i++) {
        int fd = g_array_index (before, GPollFD, i).fd;

        if (!has_fd (self->polled, fd) && epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, fd, NULL) != 0)
            is_clean = FALSE;
    }
    return is_clean;
}

static void on_ready (evutil_socket_t fd, short what, void *data);

static gboolean
open_epoll (MainContext *self)
{
    int epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
    struct event *readable;

    if (epoll_fd < 0)
        return FALSE;
    readable =
        event_new (loop_get_base (self->loop), epoll_fd, EV_READ | EV_PERSIST, on_ready, self);
    if (readable == NULL || event_add (readable, NULL) != 0) {
        if (readable != NULL)
            event_free (readable);
        (void) close (epoll_fd);
        return FALSE;
    }
    self->epoll_fd = epoll_fd;
    self->readable = readable;
    return TRUE;
}

static void
close_epoll (MainContext *self)
{
    if (self->readable == NULL)
        return;
    event_free (self->readable);
    self->readable = NULL;
    (void) close (self->epoll_fd);
    self->epoll_fd = -1;
}

/* Asks the context what to wait for, and waits for that. */
static void
arm (MainContext *self)
{
    g_autoptr (GArray) before = self->polled;
    struct timeval time;
    gint timeout, count;

    self->polled = g_array_sized_new (FALSE, TRUE, sizeof (GPollFD), before->len + 4);
    (void) g_main_context_prepare (self->context, &self->max_priority);
    g_array_set_size (self->polled, before->len + 4);
    while ((count = g_main_context_query (self->context, self->max_priority, &timeout,
                                          (GPollFD *) (void *) self->polled->data,
                                          (gint) self->polled->len))
           > (gint) self->polled->len)
        g_array_set_size (self->polled, (guint) count);
    g_array_set_size (self->polled, (guint) count);
    if (self->epoll_fd < 0 || !forget (self, before)) {
        close_epoll (self);
        if (!open_epoll (self))
            timeout = timeout < 0 ? 10 : MIN (timeout, 10); /* no descriptor: asked by the clock */
    }
    for (gint i = 0; i < count && self->epoll_fd >= 0; i++) {
        if (!watch_one (self, &g_array_index (self->polled, GPollFD, i)))
            timeout = 0;
    }
    if (timeout < 0) {
        (void) evtimer_del (self->timeout);
        return;
    }
    time.tv_sec = timeout / 1000;
    time.tv_usec = timeout % 1000 * 1000;
    (void) evtimer_add (self->timeout, &time);
}

/* One turn of the context: what is ready by now is dispatched. */
static void
step (MainContext *self)
{
    GPollFD *polled = (GPollFD *) (void *) self->polled->data;
    gint count = (gint) self->polled->len;

    self->n_steps++;
    while (g_poll (polled, (guint) count, 0) < 0 && errno == EINTR)
        ;
    if (g_main_context_check (self->context, self->max_priority, polled, count))
        g_main_context_dispatch (self->context);
    arm (self);
}

static void
on_ready (evutil_socket_t fd, short what, void *data)
{
    step (data);
}

MainContext *
main_context_new (Loop *loop)
{
    MainContext *self = g_new0 (MainContext, 1);

    self->loop = loop_ref (loop);
    /* Without the flag a source attached on this thread would wake nobody. */
    self->context = g_main_context_new_with_flags (G_MAIN_CONTEXT_FLAGS_OWNERLESS_POLLING);
    self->polled = g_array_new (FALSE, TRUE, sizeof (GPollFD));
    self->epoll_fd = -1;
    self->timeout = evtimer_new (loop_get_base (loop), on_ready, self);
    if (self->timeout == NULL || !open_epoll (self)) {
        g_critical ("cannot watch a main context: %s", g_strerror (errno));
        if (self->timeout != NULL)
            event_free (self->timeout);
        g_array_unref (self->polled);
        g_main_context_unref (self->context);
        loop_unref (self->loop);
        g_free (self);
        return NULL;
    }
    g_main_context_push_thread_default (self->context);
    arm (self);
    return self;
}

GMainContext *
main_context_get_context (MainContext *main_context)
{
    return main_context->context;
}

guint64
main_context_count_steps (const MainContext *main_context)
{
    return main_context->n_steps;
}

void
main_context_free (MainContext *main_context)
{
    if (main_context == NULL)
        return;
    close_epoll (main_context);
    event_free (main_context->timeout);
    g_main_context_pop_thread_default (main_context->context);
    g_main_context_unref (main_context->context);
    g_array_unref (main_context->polled);
    loop_unref (main_context->loop);
    g_free (main_context);
}
