/* SPDX-License-Identifier: MIT */

#include "service-manager.h"

#include <h3/base/error.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

/* Sockets of one service, at most: beyond that LISTEN_FDS is no number of descriptors. */
#define MAX_SOCKETS 4096

/* Read once, then frozen. */
static struct {
    pthread_mutex_t mutex; /* guards was_read, and what is written with it */
    gboolean was_read;
    int master;               /* borrowed: who is told instead; -1: nobody */
    char *notify;             /* owned: where it is told; NULL: nowhere */
    gint64 watchdog;          /* milliseconds; 0: none */
    GError *watchdog_problem; /* owned: why its variables cannot be read */
    char **sockets;  /* owned: their names, in the order of the descriptors; NULL: see problem */
    GError *problem; /* owned: why the variables cannot be read */
} manager = { .mutex = PTHREAD_MUTEX_INITIALIZER, .master = -1 };

static gboolean
is_for (const char *for_pid, gint64 pid)
{
    guint64 number;

    return for_pid != NULL && h3_view_parse_uint (h3_view_of (for_pid), G_MAXINT32, &number)
           && (gint64) number == pid;
}

static char **
name_all_unknown (guint64 n)
{
    char **names = g_new0 (char *, n + 1);

    for (guint64 i = 0; i < n; i++)
        names[i] = g_strdup ("unknown");
    return names;
}

char **
service_manager_parse_sockets (const char *for_pid, const char *count, const char *names,
                               gint64 pid, GError **error)
{
    g_auto (GStrv) found = NULL;
    guint64 n;

    if (count == NULL || !is_for (for_pid, pid))
        return name_all_unknown (0);
    if (!h3_view_parse_uint (h3_view_of (count), MAX_SOCKETS, &n)) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "LISTEN_FDS is \"%s\", not a number of sockets", count);
        return NULL;
    }
    if (names == NULL || n == 0)
        return name_all_unknown (n);
    found = g_strsplit (names, ":", -1);
    if (g_strv_length (found) == n)
        return g_steal_pointer (&found);
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                 "LISTEN_FDNAMES has %u names, and LISTEN_FDS says %" G_GUINT64_FORMAT " sockets",
                 g_strv_length (found), n);
    return NULL;
}

gboolean
service_manager_parse_watchdog (const char *for_pid, const char *microseconds, gint64 pid,
                                gint64 *out_milliseconds, GError **error)
{
    guint64 number = 0;

    if (microseconds != NULL && (for_pid == NULL || is_for (for_pid, pid))
        && (!h3_view_parse_uint (h3_view_of (microseconds), G_MAXINT64, &number)
            || number < 1000)) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "WATCHDOG_USEC is \"%s\", not a number of microseconds from 1000 on",
                     microseconds);
        return FALSE;
    }
    *out_milliseconds = (gint64) (number / 1000);
    return TRUE;
}

/* Under the mutex. */
static void
read_environment (void)
{
    static const char *const variables[] = { "LISTEN_PID",     "LISTEN_FDS",    "LISTEN_FDNAMES",
                                             "LISTEN_PIDFDID", "NOTIFY_SOCKET", "WATCHDOG_PID",
                                             "WATCHDOG_USEC" };

    manager.sockets =
        service_manager_parse_sockets (g_getenv ("LISTEN_PID"), g_getenv ("LISTEN_FDS"),
                                       g_getenv ("LISTEN_FDNAMES"), getpid (), &manager.problem);
    manager.notify = g_strdup (g_getenv ("NOTIFY_SOCKET"));
    (void) service_manager_parse_watchdog (g_getenv ("WATCHDOG_PID"), g_getenv ("WATCHDOG_USEC"),
                                           getpid (), &manager.watchdog, &manager.watchdog_problem);
    for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
        g_unsetenv (variables[i]);
    /* From here on no child has them. */
    for (guint i = 0; manager.sockets != NULL && manager.sockets[i] != NULL; i++)
        (void) fcntl (SERVICE_FIRST_SOCKET + (int) i, F_SETFD, FD_CLOEXEC);
    manager.was_read = TRUE;
}

static void
ensure_read (void)
{
    pthread_mutex_lock (&manager.mutex);
    if (!manager.was_read)
        read_environment ();
    pthread_mutex_unlock (&manager.mutex);
}

static gboolean
refuse_name (const char *name, GError **error)
{
    g_autofree char *there = g_strjoinv (", ", manager.sockets);

    if (manager.sockets[0] == NULL)
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND,
                     "cannot listen on \"systemd%s%s\": no socket was handed over (LISTEN_FDS is "
                     "not set, or not for this process): start the .socket unit, or try "
                     "systemd-socket-activate -l 8080 and the command",
                     name != NULL ? ":" : "", name != NULL ? name : "");
    else
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND,
                     "cannot listen on \"systemd:%s\": none of the sockets that were handed over "
                     "is called so; there are: %s",
                     name, there);
    return FALSE;
}

/* Two listeners of one socket would share what comes by chance. */
static gboolean
is_there_twice (GPtrArray *groups, const char *name, GError **error)
{
    guint last = groups->len - 1;

    for (guint i = 0; i < last; i++) {
        if (!listen_group_is_same (groups->pdata[i], groups->pdata[last]))
            continue;
        g_set_error (error, H3_ERROR, H3_ERROR_EXISTS,
                     "the socket \"%s\" that was handed over (%s) is listened on twice", name,
                     listen_group_get_text (groups->pdata[last]));
        return TRUE;
    }
    return FALSE;
}

static gboolean
add_group (guint i, GPtrArray *groups, GError **error)
{
    int original = SERVICE_FIRST_SOCKET + (int) i;
    int fd = fcntl (original, F_DUPFD_CLOEXEC, SERVICE_FIRST_SOCKET);
    ListenGroup *group;

    if (fd < 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED,
                     "the socket \"%s\" that was handed over (descriptor %d) cannot be served: %s",
                     manager.sockets[i], original, g_strerror (errno));
        return FALSE;
    }
    group = listen_group_adopt (fd, error);
    if (group == NULL) {
        (void) close (fd);
        g_prefix_error (error, "the socket \"%s\" that was handed over (descriptor %d) ",
                        manager.sockets[i], original);
        return FALSE;
    }
    g_ptr_array_add (groups, group);
    return !is_there_twice (groups, manager.sockets[i], error);
}

gboolean
service_manager_add_groups (const char *name, GPtrArray *groups, GError **error)
{
    gboolean has_any = FALSE;

    ensure_read ();
    if (manager.problem != NULL) {
        g_propagate_error (error, g_error_copy (manager.problem));
        return FALSE;
    }
    for (guint i = 0; manager.sockets[i] != NULL; i++) {
        if (name != NULL && !g_str_equal (name, manager.sockets[i]))
            continue;
        if (!add_group (i, groups, error))
            return FALSE;
        has_any = TRUE;
    }
    return has_any || refuse_name (name, error);
}

void
service_manager_set_master (int fd)
{
    manager.master = fd;
}

static gboolean
open_to_master (ServiceNotices **out_notices, GError **error)
{
    int fd = fcntl (manager.master, F_DUPFD_CLOEXEC, SERVICE_FIRST_SOCKET);

    if (fd >= 0) {
        *out_notices = service_notices_new_for (fd, manager.watchdog);
        return TRUE;
    }
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "the master cannot be told: %s",
                 g_strerror (errno));
    return FALSE;
}

gboolean
service_manager_open_notices (ServiceNotices **out_notices, GError **error)
{
    *out_notices = NULL;
    ensure_read ();
    if (manager.master >= 0)
        return open_to_master (out_notices, error);
    if (manager.notify == NULL)
        return TRUE;
    if (manager.watchdog_problem != NULL) {
        g_propagate_error (error, g_error_copy (manager.watchdog_problem));
        return FALSE;
    }
    *out_notices = service_notices_new (manager.notify, manager.watchdog, error);
    return *out_notices != NULL;
}
