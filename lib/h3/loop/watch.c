/* SPDX-License-Identifier: MIT */

#include "watch.h"

#include <h3/base/error.h>

#include <errno.h>
#include <event2/event.h>

struct _Watch {
    struct event *event; /* owned */
    WatchFunction function;
    gpointer data; /* its function's */
    WatchFlags flags;
};

static short
to_event_flags (WatchFlags flags)
{
    return (short) (EV_PERSIST | ((flags & WATCH_READ) != 0 ? EV_READ : 0)
                    | ((flags & WATCH_WRITE) != 0 ? EV_WRITE : 0));
}

static void
on_ready (evutil_socket_t fd, short what, void *data)
{
    Watch *watch = data;

    watch->function (watch,
                     ((what & EV_READ) != 0 ? WATCH_READ : 0)
                         | ((what & EV_WRITE) != 0 ? WATCH_WRITE : 0),
                     watch->data);
}

static gboolean
begin (Watch *watch, WatchFlags flags)
{
    if (flags != 0 && event_add (watch->event, NULL) != 0)
        return FALSE;
    watch->flags = flags;
    return TRUE;
}

void
watch_free (Watch *watch)
{
    if (watch == NULL)
        return;
    if (watch->event != NULL)
        event_free (watch->event);
    g_free (watch);
}

Watch *
watch_new (Loop *loop, int fd, WatchFlags flags, WatchFunction function, gpointer data,
           GError **error)
{
    g_autoptr (Watch) watch = g_new0 (Watch, 1);

    watch->function = function;
    watch->data = data;
    watch->event = event_new (loop_get_base (loop), fd, to_event_flags (flags), on_ready, watch);
    if (watch->event != NULL && begin (watch, flags))
        return g_steal_pointer (&watch);
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "cannot watch a descriptor: %s",
                 g_strerror (errno));
    return NULL;
}

gboolean
watch_set (Watch *watch, WatchFlags flags)
{
    struct event *event = watch->event;

    if (flags == watch->flags)
        return TRUE;
    (void) event_del (event);
    watch->flags = 0;
    return event_assign (event, event_get_base (event), event_get_fd (event),
                         to_event_flags (flags), on_ready, watch)
               == 0
           && begin (watch, flags);
}
