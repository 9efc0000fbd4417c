/* SPDX-License-Identifier: MIT
 *
 * What is in a file that somebody named: a regular one alone, since a pipe or a device in its place
 * would have who reads it wait for ever, or never end. Any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More than anything that is read whole: certificates, passwords, plans. */
#define FILE_TEXT_MAX (64 << 20)

/* `*out_text` (transfer full) is NUL-terminated; `out_length` is (nullable), `max` is bytes. FALSE
 * with G_FILE_ERROR, whose message names the file: _NOENT where there is none, _INVAL where it is
 * not regular, _FAILED where it has more than `max`. */
gboolean file_text_read (const char *path, gsize max, char **out_text, gsize *out_length,
                         GError **error);

G_END_DECLS
