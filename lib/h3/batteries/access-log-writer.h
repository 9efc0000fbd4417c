/* SPDX-License-Identifier: MIT
 *
 * Lines on their way to a file: whoever adds one copies it into a bounded buffer; a thread of the
 * writer's own takes it from there. A file that takes none, or not fast enough, costs lines, which
 * are counted and told in the file when it takes lines again; it never holds up who adds. Owned by
 * its access log; adding is for any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AccessLogWriter AccessLogWriter;

/* How lost lines are told: a line of `before`, their number, and `after`. */
typedef struct {
    const char *before; /* a literal */
    const char *after;  /* a literal, with its LF */
} AccessLogLoss;

#define ACCESS_LOG_WRITER_CAPACITY (1024 * 1024)

/* Writes to `fd`, which it owns where `owns_fd`. `path` (nullable, copied) is opened anew when that
 * is asked for. The thread begins with the first line, so that a program may fork before. */
AccessLogWriter *access_log_writer_new (int fd, gboolean owns_fd, const char *path, gsize capacity,
                                        AccessLogLoss loss);
/* Writes what is there, but waits no longer than a second for a reader that takes nothing. */
void access_log_writer_free (AccessLogWriter *writer);

/* FALSE with H3_ERROR_FAILED, naming the path. */
gboolean access_log_writer_open (const char *path, int *out_fd, GError **error);

/* `line` with its LF. */
void access_log_writer_add (AccessLogWriter *writer, const char *line, gsize length);

/* Those with a path open it anew before they write their next line. From signal handlers too. */
void access_log_writer_reopen_all (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AccessLogWriter, access_log_writer_free)

G_END_DECLS
