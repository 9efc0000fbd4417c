/* SPDX-License-Identifier: MIT
 *
 * The access log: one line for each exchange, written when it is over. What a client chose is
 * escaped, so that it cannot forge a line. Lines are gathered in memory and written by a thread of
 * the log's own: a slow or full disk costs lines (counted, and told in the log), never service.
 * docs/access-log.md has the formats. Since: 0.1 */

#pragma once

#include <h3/route/chain.h>

G_BEGIN_DECLS

/**
 * H3AccessLogFormat:
 * @H3_ACCESS_LOG_COMMON: Apache's common format
 * @H3_ACCESS_LOG_COMBINED: the same with Referer and User-Agent
 * @H3_ACCESS_LOG_JSON: a JSON object a line, which also has duration, route, request id and trace
 * @H3_ACCESS_LOG_TRACED: the combined format with request id and trace id behind it
 *
 * What a line of an access log looks like.
 *
 * Since: 0.1
 */
typedef enum {
    H3_ACCESS_LOG_COMMON,
    H3_ACCESS_LOG_COMBINED,
    H3_ACCESS_LOG_JSON,
    H3_ACCESS_LOG_TRACED
} H3AccessLogFormat;

/**
 * h3_access_log_new:
 * @format: of the lines
 *
 * Logs to the standard output. To be used before other middleware, so that their time counts and
 * their answers are seen. The middleware's end writes what is still in memory.
 *
 * Returns: (transfer full): middleware for h3_app_use()
 *
 * Since: 0.1
 */
H3Middleware *h3_access_log_new (H3AccessLogFormat format);

/**
 * h3_access_log_new_full:
 * @format: of the lines
 * @path: (type filename): a file to append to; made, readable by owner and group, where there is
 *   none
 * @error: return location for an %H3_ERROR_FAILED that names the path
 *
 * Logs to a file, else as h3_access_log_new().
 *
 * Returns: (transfer full): middleware that logs to a file; %NULL with @error
 *
 * Since: 0.1
 */
H3Middleware *h3_access_log_new_full (H3AccessLogFormat format, const char *path, GError **error);

/**
 * h3_access_log_new_for_fd:
 * @format: of the lines
 * @fd: a descriptor open for writing, which is duplicated
 * @error: return location for an %H3_ERROR_FAILED
 *
 * Logs to a descriptor, else as h3_access_log_new().
 *
 * Returns: (transfer full): middleware that logs there; %NULL with @error
 *
 * Since: 0.1
 */
H3Middleware *h3_access_log_new_for_fd (H3AccessLogFormat format, int fd, GError **error);

/**
 * h3_access_log_reopen_all:
 *
 * Has all logs that have a path open it anew before they write again: for SIGUSR1, after the file
 * was moved away. Where that fails they go on with the old file. Any thread, and signal handlers.
 *
 * Since: 0.1
 */
void h3_access_log_reopen_all (void);

G_END_DECLS
