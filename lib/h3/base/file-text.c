/* SPDX-License-Identifier: MIT */

#include "file-text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read at a time, beyond what the file says of its size. */
#define PIECE 4096

static gboolean
fail (GError **error, const char *path, int reason)
{
    g_autofree char *name = g_filename_display_name (path);

    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (reason), "'%s' cannot be read: %s",
                 name, g_strerror (reason));
    return FALSE;
}

static gboolean
refuse (GError **error, GFileError code, const char *path, const char *why)
{
    g_autofree char *name = g_filename_display_name (path);

    g_set_error (error, G_FILE_ERROR, code, "'%s' %s", name, why);
    return FALSE;
}

/* What it held must not be left behind where it may be a key. */
static void
wipe (GByteArray *bytes)
{
    explicit_bzero (bytes->data, bytes->len);
    g_byte_array_unref (bytes);
}

static gboolean
read_all (int fd, const char *path, gsize size, gsize max, GByteArray **bytes, GError **error)
{
    gsize used = 0;
    gssize n;

    /* Made once, where the size is true: a larger array leaves a copy behind. */
    *bytes = g_byte_array_sized_new ((guint) (size + PIECE));
    do {
        g_byte_array_set_size (*bytes, (guint) (used + PIECE));
        n = read (fd, (*bytes)->data + used, PIECE);
        if (n > 0)
            used += (gsize) n;
        if (used > max)
            return refuse (error, G_FILE_ERROR_FAILED, path, "is too long for what it is to be");
    } while (n > 0 || (n < 0 && errno == EINTR));
    if (n < 0)
        return fail (error, path, errno);
    (*bytes)->data[used] = '\0';
    g_byte_array_set_size (*bytes, (guint) used);
    return TRUE;
}

static gboolean
read_file (int fd, const char *path, gsize max, char **out_text, gsize *out_length, GError **error)
{
    struct stat found;
    GByteArray *bytes = NULL;

    if (fstat (fd, &found) != 0)
        return fail (error, path, errno);
    if (!S_ISREG (found.st_mode))
        return refuse (error, G_FILE_ERROR_INVAL, path, "cannot be read: it is no regular file");
    if (!read_all (fd, path, MIN ((gsize) found.st_size, max), max, &bytes, error)) {
        wipe (bytes);
        return FALSE;
    }
    if (out_length != NULL)
        *out_length = bytes->len;
    *out_text = (char *) g_byte_array_free (bytes, FALSE);
    return TRUE;
}

gboolean
file_text_read (const char *path, gsize max, char **out_text, gsize *out_length, GError **error)
{
    int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    gboolean is_read;

    if (fd < 0)
        return fail (error, path, errno);
    is_read = read_file (fd, path, max, out_text, out_length, error);
    (void) close (fd);
    return is_read;
}
