/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* O_PATH, by beneath-walk.h */

#include "config.h"

#include "beneath-root.h"

#include <h3/base/error.h>
#include <h3/batteries/beneath-walk.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(SYS_openat2) && defined(HAVE_LINUX_OPENAT2_H)
#include <linux/openat2.h>
#define KERNEL_STAYS_BENEATH 1
#endif

/* The kernel says EAGAIN where something was renamed while it went up: it has to be asked again,
 * which somebody who renames all the time must not make endless. */
#define MAX_TRIES 4

struct _BeneathRoot {
    int fd; /* owned */
    gboolean by_steps;
};

#ifdef KERNEL_STAYS_BENEATH
/* -1 with EAGAIN where the steps have to decide. */
static int
open_by_kernel (int root, const char *path)
{
    struct open_how how = {
        .flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };
    int fd = -1;

    errno = EAGAIN;
    for (int i = 0; i < MAX_TRIES && fd < 0 && (errno == EAGAIN || errno == EINTR); i++)
        fd = (int) syscall (SYS_openat2, root, path, &how, sizeof how);
    return fd;
}

/* Older kernels have no such call; a sandbox may forbid it, and says then that it is not permitted.
 * No file has an empty name: where the call is there it says so, and opens nothing. */
static gboolean
kernel_can (int root)
{
    (void) open_by_kernel (root, "");
    return errno == ENOENT;
}
#else
static int
open_by_kernel (int root, const char *path)
{
    errno = EAGAIN;
    return -1;
}

static gboolean
kernel_can (int root)
{
    return FALSE;
}
#endif

static void
tell (const char *path, int problem, GError **error)
{
    if (problem == ENOTDIR)
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "'%s' is no directory: name the directory that the files are in", path);
    else if (problem == ENOENT)
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND,
                     "there is no directory '%s': make it, or name another", path);
    else
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "the directory '%s' cannot be opened: %s",
                     path, g_strerror (problem));
}

BeneathRoot *
beneath_root_new (const char *path, BeneathWay way, GError **error)
{
    int fd = open (path, BENEATH_WALK_FOLDER | O_CLOEXEC);
    BeneathRoot *root;

    if (fd < 0) {
        tell (path, errno, error);
        return NULL;
    }
    root = g_new (BeneathRoot, 1);
    root->fd = fd;
    root->by_steps = way == BENEATH_BY_STEPS || !kernel_can (fd);
    return root;
}

void
beneath_root_free (BeneathRoot *root)
{
    if (root == NULL)
        return;
    (void) close (root->fd);
    g_free (root);
}

gboolean
beneath_root_is_by_steps (const BeneathRoot *root)
{
    return root->by_steps;
}

int
beneath_root_open (const BeneathRoot *root, const char *path)
{
    if (!root->by_steps) {
        int fd = open_by_kernel (root->fd, path);

        if (fd >= 0 || errno != EAGAIN)
            return fd;
    }
    return beneath_walk_open (root->fd, path);
}

int
beneath_root_open_file (const BeneathRoot *root, const char *path, struct stat *out_info)
{
    int fd = beneath_root_open (root, path);
    int problem;

    if (fd < 0)
        return -1;
    if (fstat (fd, out_info) != 0)
        problem = errno;
    else if (S_ISREG (out_info->st_mode))
        return fd;
    else
        problem = S_ISDIR (out_info->st_mode) ? EISDIR : ENOENT;
    (void) close (fd);
    errno = problem;
    return -1;
}
