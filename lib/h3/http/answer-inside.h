/* SPDX-License-Identifier: MIT
 *
 * What the calls that answer share. Each is for whoever has claimed the event, on that thread. */

#pragma once

#include <h3/http/event-flow.h>

G_BEGIN_DECLS

/* In the place of any other type; a copy; NULL leaves the one that was set. */
void answer_set_type (H3Event *event, const char *type);

/* Whether conditions and ranges count: a 200 to GET or HEAD. */
gboolean answer_has_conditions (const H3Event *event);

/* Whether the request has fields that may be conditions or ranges; where not, nothing needs
 * weighing.
 */
gboolean answer_is_asked_for_less (const H3Event *event);

/* Weighs the request's conditions against the validators that were set. TRUE: answered, 304 or 412.
 */
gboolean answer_weigh (H3Event *event);

/* 412 or 416, which follow from the same fields of the request as what they stand for: Vary says
 * so. */
void answer_fail_condition (H3Event *event, guint status);

/* Whether If-Range lets Range count, by the validators that were set. */
gboolean answer_range_counts (H3Event *event);

/* Answers with `size` bytes of a regular file, or the ranges of them that are asked for. Takes `fd`
 * over. */
void answer_send_file (H3Event *event, int fd, guint64 size);

/* The same with bytes, which are referenced. */
void answer_send_bytes (H3Event *event, GBytes *bytes);

/* The answer where `path` could not be opened: 404 for what is not there, nor may be looked for;
 * 403 where it may not be read; 503 where the system has no more to give; else 500. */
void answer_fail_for_errno (H3Event *event, const char *path, int problem);

G_END_DECLS
