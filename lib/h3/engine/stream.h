/* SPDX-License-Identifier: MIT
 *
 * A connection taken over with h3_event_take_over (): bytes both ways, with back-pressure; never a
 * descriptor. Reference-counted; belongs to the worker it was taken on, whose thread alone may
 * touch it, but for ref and unref. Since: 0.1 */

#pragma once

#include <h3/http/body.h>

#include <glib-object.h>

G_BEGIN_DECLS

#define H3_TYPE_STREAM (h3_stream_get_type ())
GType h3_stream_get_type (void);

/* What waits for the client beyond this is too much. */
#define H3_STREAM_OUTPUT_MARK (256 * 1024)

/**
 * H3StreamFunction:
 * @data: (nullable) (array length=length): bytes received, borrowed for the call; %NULL at the end
 * @error: (nullable): at the end, why, where it was not the peer's orderly end
 *
 * Called on the stream's worker, never inside the call that asked.
 */
typedef void (*H3StreamFunction) (H3Stream *stream, const char *data, gsize length,
                                  const GError *error, gpointer user_data);

typedef void (*H3StreamDrained) (H3Stream *stream, gpointer user_data);

H3Stream *h3_stream_ref (H3Stream *stream);
/* Dropping the last reference closes the stream. */
void h3_stream_unref (H3Stream *stream);

/* Calls `function` (scope notified) for what is received, what came behind the head first, then
 * once for the end; then `destroy`. Once a stream. The stream is held until the end has been told.
 * After the peer's orderly end (@error %NULL) the peer may still be written to. A stream closed
 * here ends with H3_ERROR_CANCELLED, one that the peer reset or the server ended with
 * H3_ERROR_CLOSED, one whose peer takes too little with H3_ERROR_TIMEOUT. */
void h3_stream_read (H3Stream *stream, H3StreamFunction function, gpointer user_data,
                     GDestroyNotify destroy);

/* Reading rests, and the peer is slowed down, until resumed. */
void h3_stream_pause (H3Stream *stream);
void h3_stream_resume (H3Stream *stream);

/* `data` is copied, `bytes` referenced. FALSE when more than H3_STREAM_OUTPUT_MARK waits: nothing
 * is lost, but write on only when h3_stream_on_drain () says so; and when the stream has ended.
 * What is written in one turn of the loop leaves together. */
gboolean h3_stream_write (H3Stream *stream, const char *data, gsize length);
gboolean h3_stream_write_bytes (H3Stream *stream, GBytes *bytes);

/* Calls `function` (scope notified) each time the peer has taken enough of what was written since
 * the last call; NULL: nobody. It takes the place of the one before, whose `destroy` is called; so
 * does the end of the stream. */
void h3_stream_on_drain (H3Stream *stream, H3StreamDrained function, gpointer user_data,
                         GDestroyNotify destroy);

/* What was written is sent, then the connection closed. What was received and not yet read is
 * dropped. After that reads and writes are errors without harm. */
void h3_stream_close (H3Stream *stream);

gboolean h3_stream_is_open (const H3Stream *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Stream, h3_stream_unref)

G_END_DECLS
