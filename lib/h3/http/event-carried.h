/* SPDX-License-Identifier: MIT
 *
 * What a carrier tells the event it carries. The worker's thread. */

#pragma once

#include <h3/http/event-inside.h>

G_BEGIN_DECLS

/* The carrier's: a fresh exchange begins; the carrier holds the one reference. */
void event_begin (H3Event *event, Carrier *carrier, const H3Limits *limits);
/* The carrier has let go: hooks run, the cancellable fires unless SENT; its reference goes. */
void event_finish (H3Event *event, H3Outcome outcome);
/* The client seems gone (half-closed), or the server stops waiting: the cancellable fires. */
void event_cancel (H3Event *event);
/* Whoever holds the event: it is answered so, unless an answer is on its way; the cancellable
 * fires. The error handler is not asked, for the response may be in the hands of another thread. */
void event_overrule (H3Event *event, guint status, const char *detail);
void event_expire (H3Event *event); /* with 503: the deadline passed */
/* Answers with problem+json, without asking anyone; `detail` may be NULL. */
void event_refuse (H3Event *event, guint status, const char *detail);
void event_body_data (H3Event *event, const char *data, gsize length);
void event_body_end (H3Event *event);
void event_body_failed (H3Event *event, guint status, const char *detail);
void event_drained (H3Event *event); /* what waited for the client fell below the mark */

/* Whether somebody may read the head when the answer has left. */
gboolean event_needs_head (H3Event *event);

static inline gboolean
event_has_dispose_hooks (const H3Event *event)
{
    return event->dispose_hooks != NULL;
}

G_END_DECLS
