/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* locks of an open file */

#include "run-store-owner.h"

#include <h3/base/error.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static gboolean
fail (RunOwners *owners, const char *what, GError **error)
{
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "%s: %s: %s", owners->path, what,
                 g_strerror (errno));
    return FALSE;
}

gboolean
run_owners_open (RunOwners *owners, const char *path, GError **error)
{
    owners->path = g_strdup (path);
    owners->fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (owners->fd >= 0)
        return TRUE;
    (void) fail (owners, "the file that tells who runs what cannot be opened", error);
    g_clear_pointer (&owners->path, g_free);
    return FALSE;
}

void
run_owners_close (RunOwners *owners)
{
    if (owners->path == NULL)
        return;
    (void) close (owners->fd);
    g_clear_pointer (&owners->path, g_free);
}

/* Locks of the open file, not of the process: another store in this process is another owner. */
static int
lock (RunOwners *owners, int what, short kind, gint64 at)
{
    struct flock range = { .l_type = kind, .l_whence = SEEK_SET, .l_start = at, .l_len = 1 };
    int result;

    do
        result = fcntl (owners->fd, what, &range);
    while (result < 0 && errno == EINTR);
    return result < 0 ? -1 : range.l_type;
}

gboolean
run_owners_enter (RunOwners *owners, GError **error)
{
    if (lock (owners, F_OFD_SETLKW, F_WRLCK, 0) < 0)
        return fail (owners, "cannot be locked", error);
    return TRUE;
}

void
run_owners_leave (RunOwners *owners)
{
    (void) lock (owners, F_OFD_SETLK, F_UNLCK, 0);
}

gboolean
run_owners_hold (RunOwners *owners, gint64 number, GError **error)
{
    if (lock (owners, F_OFD_SETLK, F_WRLCK, number) < 0)
        return fail (owners, "cannot be locked", error);
    return TRUE;
}

gboolean
run_owners_is_held (RunOwners *owners, gint64 number)
{
    return lock (owners, F_OFD_GETLK, F_WRLCK, number) != F_UNLCK;
}
