/* SPDX-License-Identifier: MIT */

#include "upload-inside.h"

#include <h3/base/character.h>
#include <h3/base/counters.h>
#include <h3/base/error.h>
#include <h3/batteries/spool.h>
#include <h3/format/mime.h>
#include <h3/http/work.h>

#include <stdatomic.h>
#include <unistd.h>

#define MAX_SAFE_NAME 200

struct _H3Upload {
    atomic_int refs;
    char *name;       /* owned */
    char *filename;   /* owned */
    char *media_type; /* owned */
    GBytes *bytes;    /* ref; NULL: none yet, or on disk */
    guint64 size;
    int fd; /* owned; -1: in memory */
    gboolean is_moved;
};

G_DEFINE_BOXED_TYPE (H3Upload, h3_upload, h3_upload_ref, h3_upload_unref)

/* Whether programs can tell others of it: a field may have bytes that are no UTF-8. */
static gboolean
is_media_type (const char *text)
{
    H3MediaType type;

    return text != NULL && h3_media_type_parse_string (text, &type)
           && character_all_text (text, strlen (text));
}

H3Upload *
upload_new (const H3MultipartPart *part)
{
    H3Upload *upload = g_new0 (H3Upload, 1);

    atomic_init (&upload->refs, 1);
    upload->name = g_strdup (part->name);
    upload->filename = g_strdup (part->filename);
    upload->media_type =
        g_strdup (is_media_type (part->type) ? part->type : "application/octet-stream");
    upload->fd = -1;
    counters_add (COUNTER_UPLOADS_LIVE, 1);
    return upload;
}

H3Upload *
h3_upload_ref (H3Upload *upload)
{
    g_return_val_if_fail (upload != NULL, NULL);
    atomic_fetch_add_explicit (&upload->refs, 1, memory_order_relaxed);
    return upload;
}

void
h3_upload_unref (H3Upload *upload)
{
    if (upload == NULL || atomic_fetch_sub_explicit (&upload->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (upload->fd >= 0)
        (void) close (upload->fd);
    if (upload->bytes != NULL)
        g_bytes_unref (upload->bytes);
    g_free (upload->name);
    g_free (upload->filename);
    g_free (upload->media_type);
    g_free (upload);
    counters_add (COUNTER_UPLOADS_LIVE, -1);
}

void
upload_take_bytes (H3Upload *upload, GBytes *bytes)
{
    g_assert (upload->bytes == NULL && upload->fd < 0);
    upload->bytes = bytes;
    upload->size = g_bytes_get_size (bytes);
}

gboolean
upload_write (H3Upload *upload, const char *data, gsize length, const char *directory,
              GError **error)
{
    g_assert (upload->bytes == NULL);
    if (upload->fd < 0)
        upload->fd = spool_open (directory, error);
    if (upload->fd < 0 || !spool_write (upload->fd, data, length, upload->size, error))
        return FALSE;
    upload->size += length;
    return TRUE;
}

const char *
h3_upload_get_name (const H3Upload *upload)
{
    g_return_val_if_fail (upload != NULL, NULL);
    return upload->name;
}

const char *
h3_upload_get_filename (const H3Upload *upload)
{
    g_return_val_if_fail (upload != NULL, NULL);
    return upload->filename;
}

/* A text that is UTF-8 stays UTF-8. */
static gsize
cut (const char *text, gsize most)
{
    gsize length = strlen (text);

    if (length <= most)
        return length;
    return (gsize) (g_utf8_find_prev_char (text, text + most + 1) - text);
}

char *
h3_upload_dup_safe_name (const H3Upload *upload)
{
    g_autofree char *name = NULL;
    const char *start;
    char *to;

    g_return_val_if_fail (upload != NULL, NULL);
    start = upload->filename;
    for (const char *at = start; *at != '\0'; at++) {
        if (*at == '/' || *at == '\\')
            start = at + 1;
    }
    while (*start == '.' || (guchar) *start <= ' ' || *start == 0x7f) {
        if (*start++ == '\0')
            return g_strdup ("file");
    }
    name = to = g_strdup (start);
    for (const char *at = start; *at != '\0'; at++) {
        if ((guchar) *at >= ' ' && *at != 0x7f)
            *to++ = *at;
    }
    *to = '\0';
    name[cut (name, MAX_SAFE_NAME)] = '\0';
    g_strchomp (name);
    return g_steal_pointer (&name);
}

const char *
h3_upload_get_media_type (const H3Upload *upload)
{
    g_return_val_if_fail (upload != NULL, NULL);
    return upload->media_type;
}

guint64
h3_upload_get_size (const H3Upload *upload)
{
    g_return_val_if_fail (upload != NULL, 0);
    return upload->size;
}

gboolean
h3_upload_is_on_disk (const H3Upload *upload)
{
    g_return_val_if_fail (upload != NULL, FALSE);
    return upload->fd >= 0;
}

GBytes *
h3_upload_dup_bytes (H3Upload *upload, GError **error)
{
    g_autoptr (GMappedFile) file = NULL;
    g_autoptr (GError) problem = NULL;

    g_return_val_if_fail (upload != NULL, NULL);
    if (upload->bytes != NULL)
        return g_bytes_ref (upload->bytes);
    file = g_mapped_file_new_from_fd (upload->fd, FALSE, &problem);
    if (file != NULL)
        return g_mapped_file_get_bytes (file);
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "an upload cannot be mapped: %s",
                 problem->message);
    return NULL;
}

gboolean
h3_upload_move (H3Upload *upload, const char *path, H3UploadFlags flags, GError **error)
{
    const char *data = NULL;

    g_return_val_if_fail (upload != NULL && path != NULL, FALSE);
    if (upload->is_moved) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "this upload has been moved already");
        return FALSE;
    }
    if (upload->bytes != NULL)
        data = g_bytes_get_data (upload->bytes, NULL);
    upload->is_moved = spool_give_name (upload->fd, data, upload->size, path,
                                        (flags & H3_UPLOAD_REPLACE) != 0, error);
    return upload->is_moved;
}

typedef struct {
    H3Upload *upload; /* ref */
    char *path;       /* owned */
    H3UploadFlags flags;
    H3UploadStored done;
    gpointer user_data; /* owned where destroy says so */
    GDestroyNotify destroy;
    GError *error; /* owned */
} Storing;

static void
free_storing (gpointer data)
{
    Storing *storing = data;

    if (storing->destroy != NULL)
        storing->destroy (storing->user_data);
    h3_upload_unref (storing->upload);
    g_clear_error (&storing->error);
    g_free (storing->path);
    g_free (storing);
}

static void
store (gpointer data, GCancellable *cancellable)
{
    Storing *storing = data;

    (void) h3_upload_move (storing->upload, storing->path, storing->flags, &storing->error);
}

static void
tell_stored (H3Event *event, gpointer data)
{
    Storing *storing = data;

    storing->done (event, storing->upload, storing->error, storing->user_data);
}

void
h3_event_store_upload (H3Event *event, H3Upload *upload, const char *path, H3UploadFlags flags,
                       H3UploadStored done, gpointer user_data, GDestroyNotify destroy)
{
    Storing *storing;

    g_return_if_fail (event != NULL && upload != NULL && path != NULL && done != NULL);
    storing = g_new0 (Storing, 1);
    storing->upload = h3_upload_ref (upload);
    storing->path = g_strdup (path);
    storing->flags = flags;
    storing->done = done;
    storing->user_data = user_data;
    storing->destroy = destroy;
    h3_event_offload (event, store, tell_stored, storing, free_storing);
}
