/* SPDX-License-Identifier: MIT
 *
 * One file that a client sent in a form. It is held in memory, or on disk in a file without a name:
 * gone with its last reference, unless it was given a name. Reference-counted, any thread; what
 * moves or reads it is for one thread at a time. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3Upload:
 *
 * A file of a form: see `<h3/batteries/form.h>`. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Upload H3Upload;

#define H3_TYPE_UPLOAD (h3_upload_get_type ())
GType h3_upload_get_type (void);

/**
 * h3_upload_ref:
 * @upload: a file of a form
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @upload
 *
 * Since: 0.1
 */
H3Upload *h3_upload_ref (H3Upload *upload);

/**
 * h3_upload_unref:
 * @upload: (nullable) (transfer full): a file of a form
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_upload_unref (H3Upload *upload);

/**
 * h3_upload_get_name:
 * @upload: a file of a form
 *
 * Gets the name of the form's field.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *h3_upload_get_name (const H3Upload *upload);

/**
 * h3_upload_get_filename:
 * @upload: a file of a form
 *
 * Gets what the client calls the file: any text, "../../etc/passwd" too. To be shown, never to be
 * used as a path.
 *
 * Returns: (transfer none): the text
 *
 * Since: 0.1
 */
const char *h3_upload_get_filename (const H3Upload *upload);

/**
 * h3_upload_dup_safe_name:
 * @upload: a file of a form
 *
 * Makes what is left of what the client calls it for a name in a folder of the program's own: the
 * part behind the last slash or backslash, without controls, leading dots and blanks at its ends,
 * 200 bytes at most; "file" where that is nothing. Two uploads may have the same.
 *
 * Returns: (transfer full): the name
 *
 * Since: 0.1
 */
char *h3_upload_dup_safe_name (const H3Upload *upload) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_upload_get_media_type:
 * @upload: a file of a form
 *
 * Gets the media type that the client says it has, parameters and all.
 *
 * Returns: (transfer none): the type; "application/octet-stream" where it says none, or none that
 *   is one
 *
 * Since: 0.1
 */
const char *h3_upload_get_media_type (const H3Upload *upload);

/**
 * h3_upload_get_size:
 * @upload: a file of a form
 *
 * Says how long it is.
 *
 * Returns: how many bytes it has
 *
 * Since: 0.1
 */
guint64 h3_upload_get_size (const H3Upload *upload);

/**
 * h3_upload_is_on_disk:
 * @upload: a file of a form
 *
 * Says where it is.
 *
 * Returns: whether it is on disk rather than in memory
 *
 * Since: 0.1
 */
gboolean h3_upload_is_on_disk (const H3Upload *upload);

/**
 * h3_upload_dup_bytes:
 * @upload: a file of a form
 * @error: (nullable): %H3_ERROR_FAILED where the file cannot be mapped
 *
 * Gets its content: what is in memory, or a mapping of the file, whose pages are read when they are
 * looked at.
 *
 * Returns: (transfer full): its content; %NULL with @error
 *
 * Since: 0.1
 */
GBytes *h3_upload_dup_bytes (H3Upload *upload, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * H3UploadFlags:
 * @H3_UPLOAD_NEW: the path must not be there yet
 * @H3_UPLOAD_REPLACE: a file that is there is replaced
 *
 * How h3_upload_move() deals with what is there.
 *
 * Since: 0.1
 */
typedef enum { H3_UPLOAD_NEW = 0, H3_UPLOAD_REPLACE = 1 << 0 } H3UploadFlags;

/**
 * h3_upload_move:
 * @upload: a file of a form
 * @path: (type filename): where it is to be, of the program's choosing
 * @flags: what becomes of what is there
 * @error: %H3_ERROR_EXISTS, %H3_ERROR_NOT_FOUND for a folder that is not there, %H3_ERROR_FAILED;
 *   %H3_HTTP_ERROR 507 where there is no room
 *
 * Gives it the name @path, at once: nobody sees a part of it there. What is on disk on the same
 * file system is linked; all else is copied beside @path and renamed, which may block:
 * h3_event_store_upload() does it elsewhere. It stays readable through @upload. Moved once only.
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_upload_move (H3Upload *upload, const char *path, H3UploadFlags flags, GError **error);

/**
 * H3UploadStored:
 * @event: (transfer none): the exchange, which has been held
 * @upload: (transfer none): what was to be moved
 * @error: (nullable): why it was not, as of h3_upload_move(); %NULL: it is there
 * @user_data: (nullable) (closure): what was given with it
 *
 * Hears what became of h3_event_store_upload(). Runs on the event's worker.
 *
 * Since: 0.1
 */
typedef void (*H3UploadStored) (H3Event *event, H3Upload *upload, const GError *error,
                                gpointer user_data);

/**
 * h3_event_store_upload:
 * @event: an exchange
 * @upload: a file of its form
 * @path: (type filename): as of h3_upload_move(), copied
 * @flags: as of h3_upload_move()
 * @done: (scope notified) (closure user_data) (destroy destroy): called once, never inline
 * @user_data: (nullable): for @done
 * @destroy: (nullable): for @user_data
 *
 * Does what h3_upload_move() does on the server's pool of threads. The event is held meanwhile.
 * Worker only.
 *
 * Since: 0.1
 */
void h3_event_store_upload (H3Event *event, H3Upload *upload, const char *path, H3UploadFlags flags,
                            H3UploadStored done, gpointer user_data, GDestroyNotify destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Upload, h3_upload_unref)

G_END_DECLS
