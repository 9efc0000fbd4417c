/* SPDX-License-Identifier: MIT
 *
 * An upload as it is made by who reads the form. Its content is added by one thread at a time. */

#pragma once

#include "upload.h"

#include <h3/format/multipart.h>

G_BEGIN_DECLS

/* (transfer full): without content; the part has a filename. */
H3Upload *upload_new (const H3MultipartPart *part);

/* Its content, in memory (transfer full). */
void upload_take_bytes (H3Upload *upload, GBytes *bytes);

/* Adds to its content, on disk: the first piece makes the file, in `directory` (nullable). Blocks.
 * Errors as of spool_open (). */
gboolean upload_write (H3Upload *upload, const char *data, gsize length, const char *directory,
                       GError **error);

G_END_DECLS
