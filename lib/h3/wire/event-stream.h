/* SPDX-License-Identifier: MIT
 *
 * text/event-stream, as the HTML standard has it (§9.2, server-sent events): events and comments
 * to bytes, and bytes to events, in whatever pieces they come. Any thread; a reader, one at a
 * time. */

#pragma once

#include <h3/base/view.h>

G_BEGIN_DECLS

/* What an event is made of; all of it is borrowed. */
typedef struct {
    const char *id;     /* NULL: none; the client keeps the one it has */
    const char *event;  /* NULL or "": "message" */
    const H3View *data; /* NULL: none, and the client's program hears nothing of it */
    gint64 retry;       /* milliseconds until the client comes back; -1: not said */
} StreamEvent;

/* Whether it may be an id or an event's name: one line. NULL may. */
gboolean event_stream_is_name (const char *name);

/* The length of what comes before the first CR or LF. */
gsize event_stream_find_end (const char *data, gsize length);

/* What write () writes at most, its names having been looked at. Data goes line by line, whichever
 * of CR, LF and CRLF ends its lines; the client puts LFs between them. Returns the length. */
gsize event_stream_measure (const StreamEvent *event);
gsize event_stream_write (const StreamEvent *event, char *out);

/* The same for a comment, of any number of lines. */
gsize event_stream_measure_comment (H3View text);
gsize event_stream_write_comment (H3View text, char *out);

typedef struct _EventStreamReader EventStreamReader;

typedef struct {
    /* An event; `id` is the last that was given, "" where there was none. All is borrowed. */
    void (*on_event) (gpointer user_data, H3View event, H3View data, const char *id);
    /* NULL: nobody asks. */
    void (*on_retry) (gpointer user_data, gint64 milliseconds);
} EventStreamFunctions;

/* A reader that keeps `max_event` bytes of one event at most. What is not UTF-8 stays as it is. */
EventStreamReader *event_stream_reader_new (const EventStreamFunctions *functions,
                                            gpointer user_data, gsize max_event);
void event_stream_reader_free (EventStreamReader *reader);

/* FALSE, from then on: an event, a line or an id was too long. What the stream ends with and no
 * blank line closes is no event: who reads no more has nothing to say here. */
gboolean event_stream_reader_feed (EventStreamReader *reader, const char *data, gsize length);

/* Borrowed, until the next feed: what a client that comes back sends as Last-Event-ID; "" where
 * there was none. */
const char *event_stream_reader_get_last_id (const EventStreamReader *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EventStreamReader, event_stream_reader_free)

G_END_DECLS
