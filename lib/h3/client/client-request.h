/* SPDX-License-Identifier: MIT
 *
 * What a client asks for: method, URL, fields, body, and what holds for this one request. Boxed,
 * reference-counted. One thread fills it; the first fetch freezes it, and from then on any thread
 * may fetch it, as often as it likes, unless its body is a stream. Since: 0.1 */

#pragma once

#include <h3/base/error.h>

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

/**
 * H3ClientRequest:
 *
 * A request of an #H3Client: method, URL, fields, body, and what holds for this one request.
 *
 * Boxed and reference-counted. One thread fills it; the first fetch freezes it, and from then on
 * any thread may fetch it, as often as it likes, unless its body is a stream. A setter called later
 * is a critical.
 *
 * Since: 0.1
 */
typedef struct _H3ClientRequest H3ClientRequest;

#define H3_TYPE_CLIENT_REQUEST (h3_client_request_get_type ())
GType h3_client_request_get_type (void);

/**
 * h3_client_request_new: (constructor)
 * @method: a token, as "GET"; in this case
 * @url: an absolute http or https URL, as h3_url_parse() takes it. `user:password@` becomes an
 *   Authorization field (Basic) and is no part of the URL any more; a fragment is not sent
 * @error: %H3_CLIENT_ERROR_INVALID_URL, which does not tell what the URL is
 *
 * Makes a request without fields and body.
 *
 * CONNECT cannot be asked for: it is a critical, as is a method that is no token.
 *
 * Returns: (transfer full): the request; %NULL with @error set
 *
 * Since: 0.1
 */
H3ClientRequest *h3_client_request_new (const char *method, const char *url,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_client_request_ref:
 * @request: a request
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @request
 *
 * Since: 0.1
 */
H3ClientRequest *h3_client_request_ref (H3ClientRequest *request);

/**
 * h3_client_request_unref:
 * @request: (transfer full) (nullable): a request; %NULL is allowed
 *
 * Drops a reference. Any thread.
 *
 * Since: 0.1
 */
void h3_client_request_unref (H3ClientRequest *request);

/**
 * h3_client_request_get_method:
 * @request: a request
 *
 * Tells the method.
 *
 * Returns: (transfer none): the method, as it was given, as long as the request
 *
 * Since: 0.1
 */
const char *h3_client_request_get_method (const H3ClientRequest *request);

/**
 * h3_client_request_get_url:
 * @request: a request
 *
 * Tells the URL.
 *
 * Returns: (transfer none): the URL, as it was given but for its userinfo, as long as the request
 *
 * Since: 0.1
 */
const char *h3_client_request_get_url (const H3ClientRequest *request);

/**
 * h3_client_request_get_header:
 * @request: a request
 * @name: of the field, in any case
 *
 * Finds the first value of a field that was set.
 *
 * Returns: (transfer none) (nullable): the value, until the field changes; %NULL where there is no
 *   such field
 *
 * Since: 0.1
 */
const char *h3_client_request_get_header (const H3ClientRequest *request, const char *name);

/**
 * h3_client_request_set_header:
 * @request: a request that was not fetched
 * @name: of the field, as of h3_headers_set(); not one that the client writes itself: Host,
 *   Connection, Content-Length, Expect, Keep-Alive, Proxy-Authorization, Proxy-Connection, TE,
 *   Trailer, Transfer-Encoding, Upgrade
 * @value: as of h3_headers_set(); copied
 *
 * Replaces all fields of this name by one. A Cookie, User-Agent, Accept or Accept-Encoding takes
 * the place of the client's own.
 *
 * Returns: %FALSE with a critical, and nothing changed, for what h3_headers_set() refuses, and for
 *   the fields that the client writes itself
 *
 * Since: 0.1
 */
gboolean h3_client_request_set_header (H3ClientRequest *request, const char *name,
                                       const char *value);

/**
 * h3_client_request_add_header:
 * @request: a request that was not fetched
 * @name: of the field, as of h3_client_request_set_header()
 * @value: as of h3_client_request_set_header()
 *
 * Appends a field, beside those of the same name. A Cookie, User-Agent, Accept or Accept-Encoding
 * takes the place of the client's own. A request with two of Content-Type, which is no list (RFC
 * 9110 §5.3), is not sent: its fetch ends with %H3_CLIENT_ERROR_INVALID_URL.
 *
 * Returns: %FALSE as of h3_client_request_set_header()
 *
 * Since: 0.1
 */
gboolean h3_client_request_add_header (H3ClientRequest *request, const char *name,
                                       const char *value);

/**
 * h3_client_request_can_set_header:
 * @name: of a field
 * @value: its value
 *
 * Tells whether h3_client_request_set_header() and h3_client_request_add_header() would take these,
 * without a critical: for names and values that others have chosen. Any thread.
 *
 * Returns: %TRUE where they would
 *
 * Since: 0.1
 */
gboolean h3_client_request_can_set_header (const char *name, const char *value);

/**
 * h3_client_request_set_body_bytes:
 * @request: a request that was not fetched
 * @content_type: (nullable): %NULL leaves Content-Type as it is
 * @bytes: (transfer none): the body; referenced, never copied
 *
 * Replaces the body by these bytes.
 *
 * Since: 0.1
 */
void h3_client_request_set_body_bytes (H3ClientRequest *request, const char *content_type,
                                       GBytes *bytes);

/**
 * h3_client_request_set_body_text:
 * @request: a request that was not fetched
 * @content_type: (nullable): %NULL leaves Content-Type as it is
 * @text: the body; copied
 *
 * Replaces the body by a text.
 *
 * Since: 0.1
 */
void h3_client_request_set_body_text (H3ClientRequest *request, const char *content_type,
                                      const char *text);

/**
 * h3_client_request_set_body_json: (skip)
 * @request: a request that was not fetched
 * @document: (transfer full) (nullable): %NULL, which is what json_pack() gives for texts that are
 *   not UTF-8, is a critical
 *
 * Replaces the body by a document, as application/json. Its twin for bindings is
 * h3_client_request_set_body_text().
 *
 * Since: 0.1
 */
void h3_client_request_set_body_json (H3ClientRequest *request, json_t *document);

/**
 * h3_client_request_add_form_field:
 * @request: a request that was not fetched
 * @name: of the field, in UTF-8
 * @value: its value, in UTF-8
 *
 * Adds a field to a body of application/x-www-form-urlencoded.
 *
 * Since: 0.1
 */
void h3_client_request_add_form_field (H3ClientRequest *request, const char *name,
                                       const char *value);

/**
 * h3_client_request_set_body_stream:
 * @request: a request that was not fetched
 * @content_type: (nullable): %NULL leaves Content-Type as it is
 * @stream: (transfer none): what the body is read from, in pieces, only as fast as the server takes
 *   them. It is read by g_input_stream_read_async() on the thread that runs the fetch, and nobody
 *   else touches it until that has ended; a read under way must end when its cancellable fires
 * @length: how many bytes it has, to the last one; -1 where that is not known: they go in chunks
 *
 * Replaces the body by what a stream gives.
 *
 * Such a request can be fetched once, and a redirect that keeps the body (307, 308) is an error. A
 * stream that fails, or has more or fewer bytes than it should, ends the fetch with that error
 * (%H3_CLIENT_ERROR_CANCELLED says so). It is not closed.
 *
 * Since: 0.1
 */
void h3_client_request_set_body_stream (H3ClientRequest *request, const char *content_type,
                                        GInputStream *stream, gint64 length);

/**
 * h3_client_request_set_expects_continue:
 * @request: a request that was not fetched
 * @expects_continue: %FALSE by default
 *
 * Says whether the server is asked first if it wants the body, for a second at most (Expect:
 * 100-continue, RFC 9110 §10.1.1): so that what would be refused is not sent.
 *
 * Since: 0.1
 */
void h3_client_request_set_expects_continue (H3ClientRequest *request, gboolean expects_continue);

/**
 * h3_client_request_set_connect_timeout:
 * @request: a request that was not fetched
 * @milliseconds: how long; 0: no bound; -1, the default: as of the client
 *
 * Bounds how long it may take to be connected, looking up the name and TLS with it.
 *
 * Since: 0.1
 */
void h3_client_request_set_connect_timeout (H3ClientRequest *request, int milliseconds);

/**
 * h3_client_request_set_first_byte_timeout:
 * @request: a request that was not fetched
 * @milliseconds: how long; 0: no bound; -1, the default: as of the client
 *
 * Bounds the time from the request sent to the first byte of the answer.
 *
 * Since: 0.1
 */
void h3_client_request_set_first_byte_timeout (H3ClientRequest *request, int milliseconds);

/**
 * h3_client_request_set_idle_timeout:
 * @request: a request that was not fetched
 * @milliseconds: how long; 0: no bound; -1, the default: as of the client
 *
 * Bounds the time between bytes of bodies, both ways.
 *
 * Since: 0.1
 */
void h3_client_request_set_idle_timeout (H3ClientRequest *request, int milliseconds);

/**
 * h3_client_request_set_total_timeout:
 * @request: a request that was not fetched
 * @milliseconds: how long; 0: no bound; -1, the default: as of the client
 *
 * Bounds the time of all of it, redirects too.
 *
 * Since: 0.1
 */
void h3_client_request_set_total_timeout (H3ClientRequest *request, int milliseconds);

/**
 * h3_client_request_set_max_redirects:
 * @request: a request that was not fetched
 * @max_redirects: how many; 0: the redirect itself is the answer
 *
 * Sets how many redirects are followed, in place of what the client has.
 *
 * Since: 0.1
 */
void h3_client_request_set_max_redirects (H3ClientRequest *request, guint max_redirects);

/**
 * h3_client_request_set_max_body:
 * @request: a request that was not fetched
 * @max_body: in bytes as they are decoded
 *
 * Sets the longest body that is taken, in place of what the client has; also where the answer is
 * opened as a stream, which has no bound else.
 *
 * Since: 0.1
 */
void h3_client_request_set_max_body (H3ClientRequest *request, guint64 max_body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3ClientRequest, h3_client_request_unref)

G_END_DECLS
