/* SPDX-License-Identifier: MIT
 *
 * One line of an access log from what is known of an exchange. Whatever a peer chose is escaped, so
 * that no text can end its line, its quotes or its JSON string, nor speak to a terminal. Any
 * thread. */

#pragma once

#include <h3/base/view.h>

G_BEGIN_DECLS

typedef enum { LINE_COMMON, LINE_COMBINED, LINE_JSON, LINE_TRACED } AccessLogLineFormat;

/* All views are borrowed for the call; those without data are absent. */
typedef struct {
    H3View client, user, method, target, referer, user_agent, route, request_id, trace_id, span_id;
    const char *outcome; /* a literal */
    gint64 started;      /* seconds since 1970 */
    gint64 duration;     /* microseconds */
    guint64 bytes;       /* of the body */
    guint status;
    guint minor; /* HTTP/1.minor */
} AccessLogRecord;

/* Texts are cut here, so that a line has a bound: a line is at most some 100 KiB. */
#define ACCESS_LOG_MAX_TARGET 8192
#define ACCESS_LOG_MAX_TEXT   2048

/* Room that is enough for access_log_line_write (). */
gsize access_log_line_measure (const AccessLogRecord *record);

/* Writes the line with its LF into `out`; returns its length. */
gsize access_log_line_write (AccessLogLineFormat format, const AccessLogRecord *record, char *out);

G_END_DECLS
