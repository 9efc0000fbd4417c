/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* O_TMPFILE, renameat2 */

#include "config.h"

#include "spool.h"

#include <h3/base/error.h>
#include <h3/base/random.h>
#include <h3/http/failure.h>
#include <h3/loop/descriptors.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_PIECE 65536
/* Descriptors that are left to others: a server takes clients in with some, and GLib ends the
 * process where it wants one and finds none. */
#define RESERVE 32
#define TRIES   16 /* for a name that nobody has: with 64 random bits the first is one */

/* FALSE with an error for errno. */
static gboolean
fail (GError **error, const char *what, const char *path)
{
    int error_number = errno;

    if (error == NULL)
        return FALSE;
    if (error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG)
        *error = h3_http_error_new (507, "There is no room for what was sent.");
    else if (error_number == EMFILE || error_number == ENFILE)
        *error = h3_http_error_new (503, "There are too many files open now.");
    else
        *error = g_error_new (H3_ERROR,
                              error_number == EEXIST   ? H3_ERROR_EXISTS
                              : error_number == ENOENT ? H3_ERROR_NOT_FOUND
                                                       : H3_ERROR_FAILED,
                              "%s %s: %s", what, path, g_strerror (error_number));
    return FALSE;
}

/* (transfer full) (nullable): a path beside which nothing else is called so. */
static char *
make_name (const char *directory)
{
    guint64 number;

    if (!random_fill (&number, sizeof number)) {
        errno = EIO;
        return NULL;
    }
    return g_strdup_printf ("%s/.h3-%016" G_GINT64_MODIFIER "x", directory, number);
}

/* A new file with a name, which `*out_path` is set to (transfer full). -1 with errno. */
static int
open_named (const char *directory, mode_t mode, char **out_path)
{
    int fd = -1;

    for (guint i = 0; i < TRIES && fd < 0; i++) {
        g_autofree char *path = make_name (directory);

        if (path == NULL)
            return -1;
        fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd >= 0)
            *out_path = g_steal_pointer (&path);
        else if (errno != EEXIST && errno != EINTR)
            return -1;
    }
    return fd;
}

static int
open_and_unlink (const char *directory)
{
    g_autofree char *path = NULL;
    int fd = open_named (directory, 0600, &path);

    if (fd >= 0)
        (void) unlink (path);
    return fd;
}

/* Nobody can open it before it has a name, and then it has the permissions of any new file. */
static int
open_nameless (const char *directory)
{
    int fd = -1;

    errno = EOPNOTSUPP;
#if defined(O_TMPFILE) && !defined(H3_PORTABLE)
    do
        fd = open (directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);
#endif
    return fd;
}

static const char *
find_directory (void)
{
    const char *directory = g_getenv ("TMPDIR");

    return directory != NULL && *directory != '\0' ? directory : "/var/tmp";
}

int
spool_open (const char *directory, GError **error)
{
    int fd;

    if (!descriptors_are_left (RESERVE + 1, "files of a form", NULL)) {
        errno = EMFILE;
        (void) fail (error, "cannot make a file in", "any folder");
        return -1;
    }
    if (directory == NULL)
        directory = find_directory ();
    fd = open_nameless (directory);
    /* Some file systems cannot, and say so in several ways (open (2)). */
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
        fd = open_and_unlink (directory);
    if (fd < 0)
        (void) fail (error, "cannot make a file in", directory);
    return fd;
}

/* FALSE with errno. */
static gboolean
write_all (int fd, const char *data, gsize length, guint64 offset)
{
    while (length > 0) {
        gssize n = pwrite (fd, data, length, (off_t) offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            if (n == 0)
                errno = ENOSPC;
            return FALSE;
        }
        data += n;
        length -= (gsize) n;
        offset += (guint64) n;
    }
    return TRUE;
}

gboolean
spool_write (int fd, const char *data, gsize length, guint64 offset, GError **error)
{
    return write_all (fd, data, length, offset) || fail (error, "cannot write", "what was sent");
}

/* FALSE with errno. */
static gboolean
copy (int from, int to, guint64 length)
{
    g_autofree char *piece = g_malloc (COPY_PIECE);

    for (guint64 at = 0; at < length;) {
        gssize n = pread (from, piece, MIN (COPY_PIECE, length - at), (off_t) at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO;
        if (n <= 0 || !write_all (to, piece, (gsize) n, at))
            return FALSE;
        at += (guint64) n;
    }
    return TRUE;
}

/* FALSE with errno. */
static gboolean
link_descriptor (int fd, const char *path)
{
    char link_path[64];

    g_snprintf (link_path, sizeof link_path, "/proc/self/fd/%d", fd);
    return linkat (AT_FDCWD, link_path, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

/* As rename (), but never over another. FALSE with errno. */
static gboolean
rename_to_free (const char *from, const char *to)
{
#if defined(RENAME_NOREPLACE) && !defined(H3_PORTABLE)
    return renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;
#else
    errno = ENOSYS;
    return FALSE;
#endif
}

/* What has the name `from` gets the name `path` instead. FALSE with errno; then it has neither. */
static gboolean
rename_to (const char *from, const char *path, gboolean replaces)
{
    gboolean is_done = replaces ? rename (from, path) == 0 : rename_to_free (from, path);
    int error_number = errno;

    if (is_done)
        return TRUE;
    /* A file system that knows no such flag: a link is never made over a file either. */
    if (!replaces && (error_number == EINVAL || error_number == ENOSYS)) {
        is_done = link (from, path) == 0;
        error_number = errno;
    }
    (void) unlink (from);
    errno = error_number;
    return is_done;
}

/* Only a file that never had a name can be linked, and only on its own file system. FALSE with
 * errno. */
static gboolean
link_itself (int fd, const char *directory, const char *path, gboolean replaces)
{
    g_autofree char *name = NULL;

    if (!replaces)
        return link_descriptor (fd, path);
    name = make_name (directory);
    return name != NULL && link_descriptor (fd, name) && rename_to (name, path, TRUE);
}

/* FALSE with errno. */
static gboolean
copy_to (int fd, const char *data, guint64 length, const char *directory, const char *path,
         gboolean replaces)
{
    g_autofree char *name = NULL;
    int to = open_named (directory, 0666, &name);
    gboolean is_written;
    int error_number;

    if (to < 0)
        return FALSE;
    is_written = fd >= 0 ? copy (fd, to, length) : write_all (to, data, (gsize) length, 0);
    error_number = errno;
    /* Some file systems tell only now that there is no room. */
    if (close (to) != 0 && errno != EINTR && is_written) {
        is_written = FALSE;
        error_number = errno;
    }
    if (is_written)
        return rename_to (name, path, replaces);
    (void) unlink (name);
    errno = error_number;
    return FALSE;
}

gboolean
spool_give_name (int fd, const char *data, guint64 length, const char *path, gboolean replaces,
                 GError **error)
{
    g_autofree char *directory = g_path_get_dirname (path);

    if (fd >= 0) {
        if (link_itself (fd, directory, path, replaces))
            return TRUE;
        if (errno == EEXIST && !replaces)
            return fail (error, "cannot make the file", path);
    }
    return copy_to (fd, data, length, directory, path, replaces)
           || fail (error, "cannot make the file", path);
}
