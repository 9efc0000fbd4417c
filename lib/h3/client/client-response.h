/* SPDX-License-Identifier: MIT
 *
 * What came of a fetch: status, fields, body. Boxed, reference-counted, never changed; any thread.
 * What the getters return is borrowed from it, unless they say otherwise. Since: 0.1 */

#pragma once

#include <h3/http/headers.h>

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * H3ClientResponse:
 *
 * What came of a fetch: status, fields, body. Any status is an answer: 404 and 500 are no errors.
 *
 * Boxed, reference-counted, never changed; any thread. What the getters return is borrowed from it,
 * unless they say otherwise.
 *
 * Since: 0.1
 */
typedef struct _H3ClientResponse H3ClientResponse;

#define H3_TYPE_CLIENT_RESPONSE (h3_client_response_get_type ())
GType h3_client_response_get_type (void);

/**
 * h3_client_response_ref:
 * @response: an answer
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @response
 *
 * Since: 0.1
 */
H3ClientResponse *h3_client_response_ref (H3ClientResponse *response);

/**
 * h3_client_response_unref:
 * @response: (transfer full) (nullable): an answer; %NULL is allowed
 *
 * Drops a reference. Any thread.
 *
 * Since: 0.1
 */
void h3_client_response_unref (H3ClientResponse *response);

/**
 * h3_client_response_get_status:
 * @response: an answer
 *
 * Tells the status (RFC 9110 §15).
 *
 * Returns: the status
 *
 * Since: 0.1
 */
guint h3_client_response_get_status (const H3ClientResponse *response);

/**
 * h3_client_response_get_reason:
 * @response: an answer
 *
 * Tells what the server wrote behind the status.
 *
 * Returns: (transfer none): the reason phrase; "" where it wrote nothing
 *
 * Since: 0.1
 */
const char *h3_client_response_get_reason (const H3ClientResponse *response);

/**
 * h3_client_response_get_url:
 * @response: an answer
 *
 * Tells the URL that answered: the last one, behind all redirects.
 *
 * Returns: (transfer none): the URL, without userinfo
 *
 * Since: 0.1
 */
const char *h3_client_response_get_url (const H3ClientResponse *response);

/**
 * h3_client_response_get_redirects:
 * @response: an answer
 *
 * Counts the redirects that were followed.
 *
 * Returns: how many there were
 *
 * Since: 0.1
 */
guint h3_client_response_get_redirects (const H3ClientResponse *response);

/**
 * h3_client_response_get_header:
 * @response: an answer
 * @name: of the field, in any case
 *
 * Finds the first value of a field. Of a body that was decoded there is no Content-Encoding and no
 * Content-Length.
 *
 * Returns: (transfer none) (nullable): the value; %NULL where there is no such field
 *
 * Since: 0.1
 */
const char *h3_client_response_get_header (const H3ClientResponse *response, const char *name);

/**
 * h3_client_response_get_headers:
 * @response: an answer
 *
 * Gives all fields.
 *
 * Returns: (transfer none): the fields; not to be changed
 *
 * Since: 0.1
 */
H3Headers *h3_client_response_get_headers (const H3ClientResponse *response);

/**
 * h3_client_response_get_trailer:
 * @response: an answer
 * @name: of the field, in any case
 *
 * Finds a field behind a chunked body (RFC 9110 §6.5): never one of framing, routing,
 * authentication or control; none of an answer that was opened as a stream.
 *
 * Returns: (transfer none) (nullable): the value; %NULL where there is no such field
 *
 * Since: 0.1
 */
const char *h3_client_response_get_trailer (const H3ClientResponse *response, const char *name);

/**
 * h3_client_response_get_body:
 * @response: an answer
 *
 * Gives the whole body, decoded.
 *
 * Returns: (transfer none): the body; empty where there is none, and where the answer was opened as
 *   a stream
 *
 * Since: 0.1
 */
GBytes *h3_client_response_get_body (const H3ClientResponse *response);

/**
 * h3_client_response_get_text:
 * @response: an answer
 *
 * Gives the body as it stands, with a NUL behind it, nothing copied.
 *
 * Returns: (transfer none) (nullable): the text; %NULL where it is not UTF-8 or has a NUL in it
 *
 * Since: 0.1
 */
const char *h3_client_response_get_text (H3ClientResponse *response);

/**
 * h3_client_response_dup_text:
 * @response: an answer
 *
 * Copies the body as a text.
 *
 * Returns: (transfer full) (nullable): the text, to be freed with g_free(); %NULL where it is not
 *   UTF-8 or has a NUL in it
 *
 * Since: 0.1
 */
char *h3_client_response_dup_text (H3ClientResponse *response) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_client_response_parse_json: (skip)
 * @response: an answer
 * @error: %H3_ERROR_SYNTAX with line and column
 *
 * Reads the body as JSON, whatever Content-Type says. Depth is bounded as in h3_json_parse().
 * Bindings read h3_client_response_get_text().
 *
 * Returns: (transfer full): the body as a document; %NULL with @error set
 *
 * Since: 0.1
 */
json_t *h3_client_response_parse_json (const H3ClientResponse *response,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_client_response_get_stream:
 * @response: an answer
 *
 * Gives the body as it comes, decoded, of an answer from h3_client_open(): one reader at a time,
 * any thread.
 *
 * Reading waits; asynchronous reading does not, and is for loops' threads. Only what is read is
 * asked of the server. Errors are of %H3_CLIENT_ERROR, but for %G_IO_ERROR_CANCELLED by the
 * cancellable of the call. Closing it, or dropping the last reference, cancels what has not come.
 *
 * Returns: (transfer none) (nullable): the stream; %NULL of an answer that was fetched whole
 *
 * Since: 0.1
 */
GInputStream *h3_client_response_get_stream (const H3ClientResponse *response);

/**
 * H3ClientTiming:
 * @name: looking the host up
 * @connect: connecting
 * @tls: the handshake
 * @first_byte: from the request sent to the first byte of the answer
 * @total: from the fetch's beginning, redirects and all, until the body was whole; of an answer
 *   that was opened as a stream, until its head was
 * @is_reused: a kept connection was used: the first three are 0
 *
 * How long it took, in microseconds. The first four are of the last request, where there were
 * redirects; what did not happen is 0.
 *
 * Since: 0.1
 */
typedef struct {
    gint64 name;
    gint64 connect;
    gint64 tls;
    gint64 first_byte;
    gint64 total;
    gboolean is_reused;
} H3ClientTiming;

/**
 * h3_client_response_get_timing:
 * @response: an answer
 * @out_timing: (out caller-allocates): how long it took
 *
 * Tells how long it took.
 *
 * Since: 0.1
 */
void h3_client_response_get_timing (const H3ClientResponse *response, H3ClientTiming *out_timing);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3ClientResponse, h3_client_response_unref)

G_END_DECLS
