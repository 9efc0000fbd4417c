/* SPDX-License-Identifier: MIT
 *
 * Files without a name, for what is too large for memory: gone when they are closed, whatever ends
 * the process. All of it may block. Any thread; a descriptor is its owner's. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Opens one in `directory`; NULL: in TMPDIR, else in /var/tmp, for /tmp may be memory. -1 with an
 * error: of H3_HTTP_ERROR 503 where there are no descriptors, 507 where there is no room, else of
 * H3_ERROR, which names the folder. */
int spool_open (const char *directory, GError **error);

/* Writes all of `data` at `offset`. Errors as above. */
gboolean spool_write (int fd, const char *data, gsize length, guint64 offset, GError **error);

/* Gives the first `length` bytes of `fd` (-1: those of `data`) the name `path`, all at once: nobody
 * ever sees less than the whole file there. The file itself, where the system can do that, else a
 * copy. A file that is there already is replaced where `replaces` says so, else an error of
 * H3_ERROR_EXISTS. */
gboolean spool_give_name (int fd, const char *data, guint64 length, const char *path,
                          gboolean replaces, GError **error);

G_END_DECLS
