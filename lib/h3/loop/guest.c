/* SPDX-License-Identifier: MIT */

#include "guest.h"

#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define N_LOOPS 2

/* What the context waits for, for a loop. */
typedef struct {
    int fd;
    GIOCondition wanted;
    gpointer tag; /* the source's */
} Polled;

typedef struct {
    Loop *loop;         /* ref */
    GArray *polled;     /* owned; of Polled, by descriptor */
    gboolean has_epoll; /* that is one, which tells of all others */
} Lodger;

struct _Guest {
    GSource source;
    Lodger lodgers[N_LOOPS];
    LoopFunction stopped;
    gpointer data; /* its function's */
};

static int
compare (gconstpointer a, gconstpointer b)
{
    return ((const Polled *) a)->fd - ((const Polled *) b)->fd;
}

static int
add_event (const struct event_base *base, const struct event *event, void *data)
{
    short events = event_get_events (event);
    Polled polled = { (int) event_get_fd (event), 0, NULL };

    if (polled.fd < 0 || (events & EV_SIGNAL) != 0)
        return 0;
    polled.wanted =
        ((events & EV_READ) != 0 ? G_IO_IN : 0) | ((events & EV_WRITE) != 0 ? G_IO_OUT : 0);
    g_array_append_val ((GArray *) data, polled);
    return 0;
}

/* (transfer full): what libevent waits for, each descriptor once. */
static GArray *
list_descriptors (Loop *loop)
{
    GArray *list = g_array_new (FALSE, FALSE, sizeof (Polled));
    guint n = 0;

    (void) event_base_foreach_event (loop_get_base (loop), add_event, list);
    g_array_sort (list, compare);
    for (guint i = 0; i < list->len; i++) {
        Polled *last = n > 0 ? &g_array_index (list, Polled, n - 1) : NULL;
        Polled *next = &g_array_index (list, Polled, i);

        if (last != NULL && last->fd == next->fd)
            last->wanted |= next->wanted;
        else
            g_array_index (list, Polled, n++) = *next;
    }
    g_array_set_size (list, n);
    return list;
}

/* Whether `text`, which the kernel writes of an epoll, has all of them. */
static gboolean
watches_all (const char *text, const GArray *descriptors)
{
    for (guint i = 0; i < descriptors->len; i++) {
        const char *line = text;
        int fd = -1;

        while ((line = strstr (line, "tfd:")) != NULL
               && (sscanf (line += strlen ("tfd:"), "%d", &fd) != 1
                   || fd != g_array_index (descriptors, Polled, i).fd))
            ;
        if (line == NULL)
            return FALSE;
    }
    return TRUE;
}

/* Libevent 2.1 does not tell the descriptor of its epoll. It is the one that watches the loop's own
 * wake-up, which nobody else does. -1: there is none, or the system does not say. */
static int
find_epoll (Loop *loop)
{
    g_autoptr (GDir) folder = NULL;
    g_autoptr (GArray) descriptors = NULL;
    const char *name;
    int found = -1;

    if (strcmp (event_base_get_method (loop_get_base (loop)), "epoll") != 0)
        return -1;
    folder = g_dir_open ("/proc/self/fdinfo", 0, NULL);
    descriptors = list_descriptors (loop);
    while (folder != NULL && found < 0 && (name = g_dir_read_name (folder)) != NULL) {
        g_autofree char *path = g_strconcat ("/proc/self/fdinfo/", name, NULL);
        g_autofree char *text = NULL;

        if (g_file_get_contents (path, &text, NULL, NULL) && watches_all (text, descriptors))
            found = (int) g_ascii_strtoll (name, NULL, 10);
    }
    return found;
}

static void
add_polled (Guest *guest, Polled *polled)
{
    polled->tag = g_source_add_unix_fd (&guest->source, polled->fd, polled->wanted);
}

static void
take_lodger (Guest *guest, Lodger *lodger, Loop *loop)
{
    Polled epoll = { find_epoll (loop), G_IO_IN, NULL };

    lodger->loop = loop_ref (loop);
    lodger->polled = g_array_new (FALSE, FALSE, sizeof (Polled));
    lodger->has_epoll = epoll.fd >= 0;
    if (!lodger->has_epoll)
        return;
    add_polled (guest, &epoll);
    g_array_append_val (lodger->polled, epoll);
}

static gint
next_fd (const GArray *list, guint at)
{
    return at < list->len ? g_array_index (list, Polled, at).fd : G_MAXINT;
}

/* Without an epoll libevent goes through all descriptors at each turn, and so does this. */
static void
poll_anew (Guest *guest, Lodger *lodger)
{
    GArray *before = lodger->polled, *after = list_descriptors (lodger->loop);
    guint i = 0, j = 0;

    while (i < before->len || j < after->len) {
        Polled *old = &g_array_index (before, Polled, i), *new = &g_array_index (after, Polled, j);
        gint old_fd = next_fd (before, i), new_fd = next_fd (after, j);

        if (old_fd < new_fd) {
            g_source_remove_unix_fd (&guest->source, old->tag);
        } else if (old_fd > new_fd) {
            add_polled (guest, new);
        } else {
            new->tag = old->tag;
            if (new->wanted != old->wanted)
                g_source_modify_unix_fd (&guest->source, new->tag, new->wanted);
        }
        i += old_fd <= new_fd;
        j += new_fd <= old_fd;
    }
    lodger->polled = after;
    g_array_unref (before);
}

static gboolean
prepare (GSource *source, gint *timeout)
{
    Guest *guest = (Guest *) source;
    gboolean is_due = FALSE;

    *timeout = -1;
    for (guint i = 0; i < N_LOOPS; i++) {
        Lodger *lodger = &guest->lodgers[i];
        gint wait;

        if (!lodger->has_epoll)
            poll_anew (guest, lodger);
        is_due = is_due || loop_is_due (lodger->loop);
        wait = loop_get_timeout (lodger->loop);
        if (wait >= 0 && (*timeout < 0 || wait < *timeout))
            *timeout = wait;
    }
    return is_due;
}

static gboolean
is_ready (Guest *guest, const Lodger *lodger)
{
    for (guint i = 0; i < lodger->polled->len; i++) {
        if (g_source_query_unix_fd (&guest->source, g_array_index (lodger->polled, Polled, i).tag)
            != 0)
            return TRUE;
    }
    return loop_is_due (lodger->loop) || loop_get_timeout (lodger->loop) == 0;
}

static gboolean
check (GSource *source)
{
    Guest *guest = (Guest *) source;

    return is_ready (guest, &guest->lodgers[0]) || is_ready (guest, &guest->lodgers[1]);
}

static gboolean
dispatch (GSource *source, GSourceFunc function, gpointer data)
{
    Guest *guest = (Guest *) source;
    Lodger *first = &guest->lodgers[0], *second = &guest->lodgers[1];

    if (is_ready (guest, second))
        (void) loop_step (second->loop, FALSE);
    if (!is_ready (guest, first) || loop_step (first->loop, FALSE))
        return G_SOURCE_CONTINUE;
    guest->stopped (guest->data);
    return G_SOURCE_REMOVE;
}

static void
finalize (GSource *source)
{
    Guest *guest = (Guest *) source;

    for (guint i = 0; i < N_LOOPS; i++) {
        g_array_unref (guest->lodgers[i].polled);
        loop_unref (guest->lodgers[i].loop);
    }
}

Guest *
guest_new (GMainContext *context, Loop *first, Loop *second, LoopFunction stopped, gpointer data)
{
    static GSourceFuncs functions = { prepare, check, dispatch, finalize, NULL, NULL };
    GSource *source = g_source_new (&functions, sizeof (Guest));
    Guest *guest = (Guest *) source;

    guest->stopped = stopped;
    guest->data = data;
    take_lodger (guest, &guest->lodgers[0], first);
    take_lodger (guest, &guest->lodgers[1], second);
    g_source_set_static_name (source, "h3 loops");
    (void) g_source_attach (source, context);
    return guest;
}

void
guest_free (Guest *guest)
{
    if (guest == NULL)
        return;
    g_source_destroy (&guest->source);
    g_source_unref (&guest->source);
}
