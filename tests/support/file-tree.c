/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* nftw */

#include "file-tree.h"

#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

void
file_tree_init (FileTree *tree)
{
    g_autoptr (GError) error = NULL;

    tree->base = g_dir_make_tmp ("h3-files-XXXXXX", &error);
    ck_assert_msg (tree->base != NULL, "no temporary directory: %s",
                   error != NULL ? error->message : "");
    tree->root = g_build_filename (tree->base, "root", NULL);
    ck_assert_int_eq (mkdir (tree->root, 0755), 0);
    file_tree_write (tree, "../secret.txt", "secret");
}

static int
remove_one (const char *path, const struct stat *info, int kind, struct FTW *where)
{
    return remove (path);
}

void
file_tree_clear (FileTree *tree)
{
    ck_assert_int_eq (nftw (tree->base, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    g_clear_pointer (&tree->root, g_free);
    g_clear_pointer (&tree->base, g_free);
}

char *
file_tree_path (const FileTree *tree, const char *name)
{
    return g_strconcat (tree->root, "/", name, NULL);
}

/* (transfer full): the path, whose directory is there. */
static char *
prepare (const FileTree *tree, const char *name)
{
    char *path = file_tree_path (tree, name);
    g_autofree char *folder = g_path_get_dirname (path);

    ck_assert_int_eq (g_mkdir_with_parents (folder, 0755), 0);
    return path;
}

void
file_tree_write_data (const FileTree *tree, const char *name, const char *data, gsize length)
{
    g_autofree char *path = prepare (tree, name);
    int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    ck_assert_msg (fd >= 0, "%s: %s", path, g_strerror (errno));
    while (length > 0) {
        gssize written = write (fd, data, length);

        ck_assert_msg (written > 0, "%s: %s", path, g_strerror (errno));
        data += written;
        length -= (gsize) written;
    }
    ck_assert_int_eq (close (fd), 0);
}

void
file_tree_write (const FileTree *tree, const char *name, const char *text)
{
    file_tree_write_data (tree, name, text, strlen (text));
}

void
file_tree_make_folder (const FileTree *tree, const char *name)
{
    g_autofree char *path = file_tree_path (tree, name);

    ck_assert_int_eq (g_mkdir_with_parents (path, 0755), 0);
}

void
file_tree_link (const FileTree *tree, const char *name, const char *target)
{
    g_autofree char *path = prepare (tree, name);

    ck_assert_msg (symlink (target, path) == 0, "%s: %s", path, g_strerror (errno));
}

void
file_tree_make_fifo (const FileTree *tree, const char *name)
{
    g_autofree char *path = prepare (tree, name);

    ck_assert_int_eq (mkfifo (path, 0644), 0);
}

void
file_tree_make_socket (const FileTree *tree, const char *name)
{
    g_autofree char *path = prepare (tree, name);
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_uint_lt (strlen (path), sizeof address.sun_path);
    memcpy (address.sun_path, path, strlen (path));
    ck_assert_int_eq (bind (fd, (const struct sockaddr *) &address, sizeof address), 0);
    ck_assert_int_eq (close (fd), 0);
}

void
file_tree_set_time (const FileTree *tree, const char *name, gint64 seconds)
{
    g_autofree char *path = file_tree_path (tree, name);
    struct timespec times[2] = { { seconds, 0 }, { seconds, 0 } };

    ck_assert_int_eq (utimensat (AT_FDCWD, path, times, 0), 0);
}
