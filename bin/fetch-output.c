/* SPDX-License-Identifier: MIT */

#include "fetch-output.h"

#include "fetch-status.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail (GError **error, const FetchOutput *output, const char *what)
{
    int reason = errno;

    g_set_error (error, FETCH_ERROR, FETCH_WRITE, "cannot %s %s: %s", what,
                 output->path != NULL ? output->path : "to the standard output",
                 g_strerror (reason));
    return FALSE;
}

/* A new file is written beside its place, and so is what takes the place of a file; what is no
 * file, as /dev/null, is written itself. */
static gboolean
open_file (FetchOutput *output, GError **error)
{
    struct stat status;

    if (lstat (output->path, &status) == 0 && !S_ISREG (status.st_mode)) {
        output->fd = open (output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_TRUNC);
        return output->fd >= 0 || fail (error, output, "write");
    }
    output->temporary = g_strconcat (output->path, ".XXXXXX", NULL);
    output->fd = g_mkstemp_full (output->temporary, O_WRONLY | O_CLOEXEC, 0666);
    if (output->fd >= 0)
        return TRUE;
    g_clear_pointer (&output->temporary, g_free);
    return fail (error, output, "write");
}

gboolean
fetch_output_open (FetchOutput *output, const char *path, GError **error)
{
    struct stat status;

    *output = (FetchOutput){ .fd = STDOUT_FILENO };
    if (path != NULL && strcmp (path, "-") != 0) {
        output->path = g_strdup (path);
        if (!open_file (output, error))
            return FALSE;
    }
    output->is_terminal = isatty (output->fd);
    output->most =
        fstat (output->fd, &status) == 0 && S_ISREG (status.st_mode) ? SSIZE_MAX : PIPE_BUF;
    return TRUE;
}

/* A descriptor that is ready takes PIPE_BUF bytes without waiting. */
gssize
fetch_output_write (FetchOutput *output, const char *data, gsize length, GError **error)
{
    struct pollfd ready = { output->fd, POLLOUT, 0 };
    gssize n;

    if (poll (&ready, 1, 0) == 0)
        return 0;
    n = write (output->fd, data, MIN (length, output->most));
    if (n > 0)
        return n;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n == 0)
        errno = ENOSPC;
    (void) fail (error, output, "write");
    return -1;
}

gboolean
fetch_output_finish (FetchOutput *output, GError **error)
{
    int fd = output->fd;

    if (output->path == NULL)
        return TRUE;
    output->fd = -1;
    if (close (fd) != 0)
        return fail (error, output, "write");
    if (output->temporary != NULL && rename (output->temporary, output->path) != 0)
        return fail (error, output, "write");
    g_clear_pointer (&output->temporary, g_free);
    return TRUE;
}

void
fetch_output_clear (FetchOutput *output)
{
    if (output->path != NULL && output->fd >= 0)
        (void) close (output->fd);
    output->fd = -1;
    if (output->temporary != NULL)
        (void) unlink (output->temporary);
    g_clear_pointer (&output->temporary, g_free);
    g_clear_pointer (&output->path, g_free);
}
