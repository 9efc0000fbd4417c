/* SPDX-License-Identifier: MIT
 *
 * A streamed answer on its way through a coder. Owned by its response; the event's worker only. */

#pragma once

#include <h3/format/coder.h>
#include <h3/http/event-inside.h>

G_BEGIN_DECLS

/* Takes the coder over. `length`: how much is going to be written, -1 where that is not known. */
CodedStream *coded_stream_new (Coder *coder, gint64 length);
void coded_stream_free (CodedStream *stream);

/* What takes the pieces of an answer; NULL: they go out as they are. */
static inline CodedStream *
coded_stream_of (const H3Event *event)
{
    return event->response.body_kind == BODY_STREAM ? event->response.body.stream.coded : NULL;
}

/* What comes of a piece is written now, or at the end of the turn at the latest, so that whoever
 * waits behind it waits for nothing that is here. May end the event. */
void coded_stream_write (CodedStream *stream, H3Event *event, H3View piece);
/* Writes what is left. FALSE: fewer bytes came than were promised, and the event was cut. */
gboolean coded_stream_finish (CodedStream *stream, H3Event *event);

/* Whether the producer is to wait though the client does not: a turn is to take no more. It is told
 * by event_drained (). */
gboolean coded_stream_is_full (const CodedStream *stream, const H3Event *event);

G_END_DECLS
