/* SPDX-License-Identifier: MIT */

#include "service-notices.h"

#include <h3/base/error.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>

#include <errno.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* How long a service manager that takes nothing may hold the steward up. */
#define PATIENCE_SECONDS 1
/* While it drains it asks for so much time, each time a third of it is over. */
#define EXTENSION_MILLISECONDS 30000

struct _ServiceNotices {
    int fd; /* owned */
    struct sockaddr_un address;
    socklen_t length;
    gint64 interval; /* milliseconds between two questions; 0: there is no watchdog */
    Loop *loop;      /* borrowed: the steward's; NULL: not started */
    guint n_workers;
    guint n_awaited; /* of them have been asked and have not answered */
    ServiceAsk ask;
    gpointer data; /* borrowed: the server */
    Alarm watchdog, extension;
};

static gboolean
refuse (const char *socket, GError **error)
{
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                 "NOTIFY_SOCKET is \"%s\": neither the path of a Unix socket nor an abstract one",
                 socket);
    return FALSE;
}

static gboolean
set_address (ServiceNotices *notices, const char *socket, GError **error)
{
    gsize length = strlen (socket);

    if (length < 2 || length >= sizeof notices->address.sun_path
        || (socket[0] != '/' && socket[0] != '@'))
        return refuse (socket, error);
    notices->address.sun_family = AF_UNIX;
    memcpy (notices->address.sun_path, socket, length);
    if (socket[0] == '@')
        notices->address.sun_path[0] = '\0';
    notices->length = (socklen_t) (G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + length);
    return TRUE;
}

/* It is kept open: when descriptors run out, the watchdog is told all the same. */
static gboolean
open_socket (ServiceNotices *notices, GError **error)
{
    const struct timeval patience = { .tv_sec = PATIENCE_SECONDS };

    notices->fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (notices->fd >= 0
        && setsockopt (notices->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "no socket to tell the service manager by: %s",
                 g_strerror (errno));
    return FALSE;
}

ServiceNotices *
service_notices_new (const char *socket, gint64 watchdog, GError **error)
{
    g_autoptr (ServiceNotices) notices = g_new0 (ServiceNotices, 1);

    notices->fd = -1;
    notices->interval = watchdog > 0 ? MAX (watchdog / 2, 1) : 0;
    if (!set_address (notices, socket, error) || !open_socket (notices, error))
        return NULL;
    return g_steal_pointer (&notices);
}

ServiceNotices *
service_notices_new_for (int fd, gint64 watchdog)
{
    ServiceNotices *notices = g_new0 (ServiceNotices, 1);

    notices->fd = fd;
    notices->interval = watchdog > 0 ? MAX (watchdog / 2, 1) : 0;
    return notices;
}

void
service_notices_free (ServiceNotices *notices)
{
    if (notices == NULL)
        return;
    if (notices->loop != NULL) {
        alarms_clear (loop_get_alarms (notices->loop), &notices->watchdog);
        alarms_clear (loop_get_alarms (notices->loop), &notices->extension);
    }
    if (notices->fd >= 0)
        (void) close (notices->fd);
    g_free (notices);
}

static void tell (ServiceNotices *notices, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
tell (ServiceNotices *notices, const char *format, ...)
{
    g_autofree char *text = NULL;
    ssize_t n;
    va_list values;

    va_start (values, format);
    text = g_strdup_vprintf (format, values);
    va_end (values);
    do
        n = sendto (notices->fd, text, strlen (text), MSG_NOSIGNAL,
                    notices->length > 0 ? (const struct sockaddr *) &notices->address : NULL,
                    notices->length);
    while (n < 0 && errno == EINTR);
    /* A service goes on without somebody who hears it. */
    if (n < 0)
        g_message ("the service manager could not be told \"%s\": %s", text, g_strerror (errno));
}

void
service_notices_pass (ServiceNotices *notices, const char *message)
{
    if (notices != NULL)
        tell (notices, "%s", message);
}

static void
set_alarm (ServiceNotices *notices, Alarm *alarm, gint64 milliseconds)
{
    alarms_set (loop_get_alarms (notices->loop), alarm, clock_get_now () + milliseconds);
}

static void
on_watchdog_due (Alarm *alarm)
{
    ServiceNotices *notices =
        (ServiceNotices *) ((char *) alarm - G_STRUCT_OFFSET (ServiceNotices, watchdog));

    set_alarm (notices, alarm, notices->interval);
    if (notices->n_awaited > 0)
        return;
    notices->n_awaited = notices->n_workers;
    notices->ask (notices->data);
}

static void
on_extension_due (Alarm *alarm)
{
    ServiceNotices *notices =
        (ServiceNotices *) ((char *) alarm - G_STRUCT_OFFSET (ServiceNotices, extension));

    tell (notices, "EXTEND_TIMEOUT_USEC=%d", EXTENSION_MILLISECONDS * 1000);
    set_alarm (notices, alarm, EXTENSION_MILLISECONDS / 3);
}

void
service_notices_start (ServiceNotices *notices, Loop *loop, const char *status, guint n_workers,
                       ServiceAsk ask, gpointer data)
{
    if (notices == NULL)
        return;
    notices->loop = loop;
    notices->n_workers = n_workers;
    notices->ask = ask;
    notices->data = data;
    notices->watchdog.on_due = on_watchdog_due;
    notices->extension.on_due = on_extension_due;
    if (notices->interval > 0)
        set_alarm (notices, &notices->watchdog, notices->interval);
    tell (notices, "READY=1\nMAINPID=%d\nSTATUS=%s", (int) getpid (), status);
}

void
service_notices_note_turn (ServiceNotices *notices)
{
    if (notices != NULL && --notices->n_awaited == 0)
        tell (notices, "WATCHDOG=1");
}

void
service_notices_begin_reload (ServiceNotices *notices)
{
    if (notices != NULL)
        tell (notices, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());
}

void
service_notices_end_reload (ServiceNotices *notices)
{
    if (notices != NULL)
        tell (notices, "READY=1");
}

void
service_notices_stop (ServiceNotices *notices)
{
    if (notices == NULL)
        return;
    tell (notices, "STOPPING=1\nSTATUS=Lets what runs end");
    on_extension_due (&notices->extension);
}
