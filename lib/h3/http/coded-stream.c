/* SPDX-License-Identifier: MIT */

#include "coded-stream.h"

#include <h3/http/event-flow.h>

/* What comes out of the coder in one go. */
#define ROOM 16384

struct _CodedStream {
    Coder *coder;      /* owned */
    gint64 left;       /* of what was promised; -1: nothing was */
    guint64 unflushed; /* bytes taken since the last flush */
    gboolean flush_is_due;
};

CodedStream *
coded_stream_new (Coder *coder, gint64 length)
{
    CodedStream *stream = g_new0 (CodedStream, 1);

    stream->coder = coder;
    stream->left = length;
    return stream;
}

void
coded_stream_free (CodedStream *stream)
{
    if (stream == NULL)
        return;
    coder_free (stream->coder);
    g_free (stream);
}

/* The carrier may cut the event within a write. */
static void
code (CodedStream *stream, H3Event *event, H3View piece, CoderAim aim)
{
    CoderResult result = CODER_FULL;
    char room[ROOM];
    gsize length;

    while (result == CODER_FULL && event->carrier != NULL) {
        result = coder_step (stream->coder, &piece, aim, room, sizeof room, &length);
        if (length > 0)
            event->carrier->functions->write (event->carrier, event, NULL, room, length);
    }
}

/* The next turn: whoever wrote has nothing more to write for now. */
static void
flush_posted (gpointer data)
{
    H3Event *event = data;
    CodedStream *stream = coded_stream_of (event);

    if (event->is_streaming && event->carrier != NULL && stream != NULL) {
        stream->flush_is_due = FALSE;
        stream->unflushed = 0;
        code (stream, event, H3_VIEW_EMPTY, CODER_FLUSH);
        if (event->carrier != NULL && event->wants_drain)
            event_want_drained (event);
    }
    h3_event_unref (event);
}

/* By the mailbox, not at the end of this turn: others are to have a turn between two pieces of a
 * long answer that comes to few bytes. */
static void
schedule_flush (CodedStream *stream, H3Event *event)
{
    if (stream->flush_is_due)
        return;
    stream->flush_is_due = TRUE;
    loop_post (event->loop, flush_posted, h3_event_ref (event), (GDestroyNotify) h3_event_unref);
}

void
coded_stream_write (CodedStream *stream, H3Event *event, H3View piece)
{
    if (stream->left >= 0 && (guint64) stream->left < piece.length) {
        g_warning ("an answer gives more bytes than it promised: the connection is cut");
        event->carrier->functions->cancel (event->carrier, event);
        return;
    }
    if (stream->left >= 0)
        stream->left -= (gint64) piece.length;
    stream->unflushed += piece.length;
    code (stream, event, piece, CODER_FEED);
    if (event->carrier != NULL)
        schedule_flush (stream, event);
}

gboolean
coded_stream_finish (CodedStream *stream, H3Event *event)
{
    if (stream->left > 0) {
        g_warning ("an answer gives fewer bytes than it promised: the connection is cut");
        event->carrier->functions->cancel (event->carrier, event);
        return FALSE;
    }
    code (stream, event, H3_VIEW_EMPTY, CODER_FINISH);
    return event->carrier != NULL;
}

gboolean
coded_stream_is_full (const CodedStream *stream, const H3Event *event)
{
    return stream->unflushed > (guint64) event->limits->output;
}
