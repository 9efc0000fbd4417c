/* SPDX-License-Identifier: MIT
 *
 * What has been walked is kept as names, none of them a link when it was passed, and never "..":
 * going up is walking all but the last again, from the root. So a folder that is moved out while it
 * is walked leads nowhere. */

#define _GNU_SOURCE /* O_PATH */

#include "config.h"

#include "beneath-walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    int root;         /* borrowed */
    int folder;       /* owned where it is not `root` */
    GString *walked;  /* owned: the names that lead to it, each with a NUL behind it */
    char *rest;       /* owned: what is still to be walked */
    const char *next; /* borrowed: rest */
    guint n_links;
} Walk;

static void
leave_folder (Walk *walk)
{
    if (walk->folder != walk->root)
        (void) close (walk->folder);
    walk->folder = walk->root;
}

/* A slow file system may be interrupted. */
static int
open_name (int folder, const char *name, int flags)
{
    int fd;

    do
        fd = openat (folder, name, flags | O_NOFOLLOW | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    return fd;
}

static gboolean
enter (Walk *walk, const char *name)
{
    int fd = open_name (walk->folder, name, BENEATH_WALK_FOLDER);

    if (fd < 0)
        return FALSE;
    leave_folder (walk);
    walk->folder = fd;
    return TRUE;
}

static gboolean
go_up (Walk *walk)
{
    gsize length = walk->walked->len;

    if (length == 0) {
        errno = EXDEV;
        return FALSE;
    }
    for (length--; length > 0 && walk->walked->str[length - 1] != '\0';)
        length--;
    g_string_truncate (walk->walked, length);
    leave_folder (walk);
    for (gsize at = 0; at < length; at += strlen (walk->walked->str + at) + 1) {
        if (!enter (walk, walk->walked->str + at))
            return FALSE;
    }
    return TRUE;
}

/* What the link `name` says takes its place in what is still to be walked. FALSE with errno, which
 * stays as it was where `name` is no link. */
static gboolean
follow (Walk *walk, const char *name)
{
    int met_with = errno;
    char target[PATH_MAX];
    gssize length = readlinkat (walk->folder, name, target, sizeof target - 1);
    char *rest;

    errno = met_with;
    if (length < 0)
        return FALSE;
    target[length] = '\0';
    if (++walk->n_links > BENEATH_WALK_MAX_LINKS)
        errno = ELOOP;
    else if (length == 0)
        errno = ENOENT;
    else if (target[0] == '/')
        errno = EXDEV;
    else if ((gsize) length + strlen (walk->next) >= PATH_MAX)
        errno = ENAMETOOLONG;
    else
        errno = 0;
    if (errno != 0)
        return FALSE;
    rest = g_strconcat (target, walk->next, NULL);
    g_free (walk->rest);
    walk->rest = rest;
    walk->next = rest;
    return TRUE;
}

/* The name is in the way: a folder is entered, ".." left. */
static gboolean
pass (Walk *walk, const char *name)
{
    if (strcmp (name, ".") == 0)
        return TRUE;
    if (strcmp (name, "..") == 0)
        return go_up (walk);
    if (enter (walk, name)) {
        g_string_append_len (walk->walked, name, (gssize) strlen (name) + 1);
        return TRUE;
    }
    return (errno == ELOOP || errno == ENOTDIR) && follow (walk, name);
}

/* The name is the last. A descriptor; -1 with errno; WALK_ON where it was a link. */
enum { WALK_ON = -2 };

static int
open_last (Walk *walk, const char *name)
{
    int fd = open_name (walk->folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY);

    if (fd >= 0 || errno != ELOOP)
        return fd;
    return follow (walk, name) ? WALK_ON : -1;
}

/* The next name goes into `name`, "" at the end. FALSE where no name can be so long. */
static gboolean
take_name (Walk *walk, char name[NAME_MAX + 1])
{
    gsize length;

    while (*walk->next == '/')
        walk->next++;
    length = strcspn (walk->next, "/");
    if (length > NAME_MAX) {
        errno = ENAMETOOLONG;
        return FALSE;
    }
    memcpy (name, walk->next, length);
    name[length] = '\0';
    walk->next += length;
    return TRUE;
}

static int
walk_all (Walk *walk)
{
    char name[NAME_MAX + 1];
    int fd = WALK_ON;

    while (fd == WALK_ON) {
        if (!take_name (walk, name))
            return -1;
        if (*name == '\0')
            fd = open_name (walk->folder, ".", O_RDONLY | O_DIRECTORY);
        else if (*walk->next == '\0' && strcmp (name, ".") != 0 && strcmp (name, "..") != 0)
            fd = open_last (walk, name);
        else if (!pass (walk, name))
            return -1;
    }
    return fd;
}

int
beneath_walk_open (int root, const char *path)
{
    Walk walk = { .root = root, .folder = root };
    int fd = -1;

    if (*path == '\0' || *path == '/' || strlen (path) >= PATH_MAX) {
        errno = *path == '\0' ? ENOENT : *path == '/' ? EXDEV : ENAMETOOLONG;
        return -1;
    }
    walk.walked = g_string_new (NULL);
    walk.next = walk.rest = g_strdup (path);
    fd = walk_all (&walk);
    if (walk.folder != root) {
        int problem = errno;

        (void) close (walk.folder);
        errno = problem;
    }
    g_free (walk.rest);
    g_string_free (walk.walked, TRUE);
    return fd;
}
