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

/**
 * H3_STREAM_OUTPUT_MARK:
 *
 * Bytes that may wait for the client; what is beyond is too much.
 *
 * Since: 0.1
 */
#define H3_STREAM_OUTPUT_MARK (256 * 1024)

/**
 * H3StreamFunction:
 * @stream: (transfer none): the stream
 * @data: (nullable) (array length=length) (element-type guint8): bytes received, borrowed for the
 *   call; %NULL at the end
 * @length: of @data, in bytes
 * @error: (nullable): at the end, why, where it was not the peer's orderly end
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is given what a stream receives.
 *
 * Called on the stream's worker, never inside the call that asked.
 *
 * Since: 0.1
 */
typedef void (*H3StreamFunction) (H3Stream *stream, const char *data, gsize length,
                                  const GError *error, gpointer user_data);

/**
 * H3StreamDrained:
 * @stream: (transfer none): the stream
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is told that the peer has taken enough of what was written, on the stream's worker.
 *
 * Since: 0.1
 */
typedef void (*H3StreamDrained) (H3Stream *stream, gpointer user_data);

/**
 * h3_stream_ref:
 * @stream: a stream
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @stream
 *
 * Since: 0.1
 */
H3Stream *h3_stream_ref (H3Stream *stream);

/**
 * h3_stream_unref:
 * @stream: (transfer full) (nullable): a stream; %NULL is allowed
 *
 * Drops a reference. Dropping the last one closes the stream. Any thread.
 *
 * Since: 0.1
 */
void h3_stream_unref (H3Stream *stream);

/**
 * h3_stream_read:
 * @stream: a stream, which is held until the end has been told
 * @function: (scope notified) (closure user_data) (destroy destroy): for what is received, and once
 *   for the end
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, behind the last call
 *
 * Has @function called for what is received, what came behind the head first, then once for the
 * end. Once a stream; its worker only.
 *
 * After the peer's orderly end (the error is %NULL) the peer may still be written to. A stream
 * closed here ends with %H3_ERROR_CANCELLED, one that the peer reset or the server ended with
 * %H3_ERROR_CLOSED, one whose peer takes too little with %H3_ERROR_TIMEOUT.
 *
 * Since: 0.1
 */
void h3_stream_read (H3Stream *stream, H3StreamFunction function, gpointer user_data,
                     GDestroyNotify destroy);

/**
 * h3_stream_pause:
 * @stream: a stream
 *
 * Has reading rest until resumed: the peer is slowed down. Its worker only.
 *
 * Since: 0.1
 */
void h3_stream_pause (H3Stream *stream);

/**
 * h3_stream_resume:
 * @stream: a stream
 *
 * Goes on reading after h3_stream_pause(). Its worker only.
 *
 * Since: 0.1
 */
void h3_stream_resume (H3Stream *stream);

/**
 * h3_stream_write:
 * @stream: a stream
 * @data: (nullable) (array length=length) (element-type guint8): what to write; copied. %NULL where
 *   @length is 0
 * @length: of @data, in bytes
 *
 * Writes to the peer. What is written in one turn of the loop leaves together. Its worker only.
 *
 * Returns: %FALSE when more than %H3_STREAM_OUTPUT_MARK waits: nothing is lost, but write on only
 *   when h3_stream_on_drain() says so; and when the stream has ended
 *
 * Since: 0.1
 */
gboolean h3_stream_write (H3Stream *stream, const char *data, gsize length);

/**
 * h3_stream_write_bytes:
 * @stream: a stream
 * @bytes: (transfer none): what to write; referenced
 *
 * Writes to the peer, as h3_stream_write() does. Its worker only.
 *
 * Returns: %FALSE as of h3_stream_write()
 *
 * Since: 0.1
 */
gboolean h3_stream_write_bytes (H3Stream *stream, GBytes *bytes);

/**
 * h3_stream_on_drain:
 * @stream: a stream
 * @function: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call;
 *   %NULL: nobody
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when another takes its place or the stream ends
 *
 * Has @function called each time the peer has taken enough of what was written since the last call.
 * It takes the place of the one before. Its worker only.
 *
 * Since: 0.1
 */
void h3_stream_on_drain (H3Stream *stream, H3StreamDrained function, gpointer user_data,
                         GDestroyNotify destroy);

/**
 * h3_stream_close:
 * @stream: a stream
 *
 * Sends what was written, then closes the connection. What was received and not yet read is
 * dropped. After that reads and writes are errors without harm. Its worker only.
 *
 * Since: 0.1
 */
void h3_stream_close (H3Stream *stream);

/**
 * h3_stream_is_open:
 * @stream: a stream
 *
 * Tells whether the stream can be written to. Its worker only.
 *
 * Returns: %FALSE where it was closed, or has ended
 *
 * Since: 0.1
 */
gboolean h3_stream_is_open (const H3Stream *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Stream, h3_stream_unref)

G_END_DECLS
