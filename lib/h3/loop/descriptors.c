/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "descriptors.h"

#include <h3/base/error.h>

#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef HAVE_EVENTFD
#include <sys/eventfd.h>
#endif

/* Any that costs little. */
static int
open_one (void)
{
#ifdef HAVE_EVENTFD
    int fd = eventfd (0, EFD_CLOEXEC);

    if (fd >= 0 || errno != ENOSYS)
        return fd;
#endif
    return socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static gboolean
open_pipe (int *out_read, int *out_write)
{
    int ends[2], error_number;

    if (!g_unix_open_pipe (ends, FD_CLOEXEC, NULL))
        return FALSE;
    if (g_unix_set_fd_nonblocking (ends[0], TRUE, NULL)
        && g_unix_set_fd_nonblocking (ends[1], TRUE, NULL)) {
        *out_read = ends[0];
        *out_write = ends[1];
        return TRUE;
    }
    error_number = errno;
    (void) close (ends[0]);
    (void) close (ends[1]);
    errno = error_number;
    return FALSE;
}

gboolean
descriptors_open_wake (int *out_read, int *out_write)
{
#ifdef HAVE_EVENTFD
    int fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);

    if (fd >= 0)
        *out_read = *out_write = fd;
    if (fd >= 0 || errno != ENOSYS)
        return fd >= 0;
#endif
    return open_pipe (out_read, out_write);
}

gboolean
descriptors_are_left (guint n, const char *what, GError **error)
{
    g_autofree int *fds = g_new (int, n);
    int error_number = 0;
    guint opened = 0;

    while (opened < n && error_number == 0) {
        fds[opened] = open_one ();
        if (fds[opened] >= 0)
            opened++;
        else
            error_number = errno;
    }
    while (opened > 0)
        (void) close (fds[--opened]);
    if (error_number == 0)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "there are no %u descriptors for %s: %s%s", n,
                 what, g_strerror (error_number),
                 error_number == EMFILE ? " (raise ulimit -n, or start fewer --workers)" : "");
    return FALSE;
}
