/* SPDX-License-Identifier: MIT
 *
 * A request to the app and its answer, without a socket: for the tests of programs. What happens
 * between them is what happens on a worker: the same reader, hooks, routes, middleware and
 * handlers. Since: 0.1 */

#pragma once

#include <h3/app/app.h>
#include <h3/http/headers.h>

G_BEGIN_DECLS

/**
 * H3Injected:
 *
 * What came of an injected request. Boxed, reference-counted, never changed; any thread.
 *
 * Since: 0.1
 */
typedef struct _H3Injected H3Injected;

#define H3_TYPE_INJECTED (h3_injected_get_type ())
GType h3_injected_get_type (void);

/**
 * h3_injected_ref:
 * @injected: what came of a request
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @injected
 *
 * Since: 0.1
 */
H3Injected *h3_injected_ref (H3Injected *injected);
/**
 * h3_injected_unref:
 * @injected: (nullable) (transfer full): what came of a request
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_injected_unref (H3Injected *injected);

/**
 * h3_app_inject:
 * @app: the app; as h3_app_start() does, the first call freezes it
 * @method: as a client would write it
 * @target: the request target: "/users/7?all=1", "*", "http://localhost/"
 * @headers: (nullable) (transfer none): fields; a Host of "localhost" is added where there is
 *   none, and a Content-Length where there is a body and neither that nor Transfer-Encoding
 * @body: (nullable) (transfer none): what is sent behind the head, as it is: with
 *   "Transfer-Encoding: chunked" these are chunks
 * @error: %H3_ERROR where the app cannot be frozen (as of h3_app_start()) or the system refuses
 *
 * Sends a request of HTTP/1.1 from 127.0.0.1 and waits for the end of the exchange. What the wire
 * refuses is refused here too, with the same status. Handlers run on the calling thread, on a loop,
 * a #GMainContext and a pool of threads made for this one call: what a handler deferred may be
 * answered by another thread, a timer, or GIO. Bounded by the deadlines of handlers: one for the
 * head of the answer (then it is 503), as long again for its body (then it is cut).
 *
 * Not from a handler. Several threads may do it at once when the app is frozen already. A
 * connection cannot be taken over: there is none, and h3_event_take_over() gives %NULL.
 *
 * Returns: (transfer full): what came of it; %NULL with @error
 *
 * Since: 0.1
 */
H3Injected *h3_app_inject (H3App *app, const char *method, const char *target, H3Headers *headers,
                           GBytes *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_app_inject_raw:
 * @app: as of h3_app_inject()
 * @request: (transfer none): head and body, byte for byte; what follows the body is not looked at
 * @error: as of h3_app_inject()
 *
 * Does what h3_app_inject() does, with nothing added: other versions, fields twice, and all that is
 * no HTTP at all. What ends within its head is a client that hung up, and is cut.
 *
 * Returns: (transfer full): what came of it; %NULL with @error
 *
 * Since: 0.1
 */
H3Injected *h3_app_inject_raw (H3App *app, GBytes *request,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_injected_get_status:
 * @injected: what came of a request
 *
 * Gets the status of the answer.
 *
 * Returns: the status; 0 where the exchange was cut before there was one
 *
 * Since: 0.1
 */
guint h3_injected_get_status (const H3Injected *injected);

/**
 * h3_injected_get_headers:
 * @injected: what came of a request
 *
 * Gets the fields as they would have been sent, those of framing too.
 *
 * Returns: (transfer none): the fields, which are not to be changed
 *
 * Since: 0.1
 */
H3Headers *h3_injected_get_headers (const H3Injected *injected);

/**
 * h3_injected_get_header:
 * @injected: what came of a request
 * @name: of a field, in any case
 *
 * Gets the first value of a field.
 *
 * Returns: (transfer none) (nullable): the value; %NULL where there is no such field
 *
 * Since: 0.1
 */
const char *h3_injected_get_header (const H3Injected *injected, const char *name);

/**
 * h3_injected_get_body:
 * @injected: what came of a request
 *
 * Gets the body, without its framing.
 *
 * Returns: (transfer none): the body; empty where there was none
 *
 * Since: 0.1
 */
GBytes *h3_injected_get_body (const H3Injected *injected);

/**
 * h3_injected_get_trailers:
 * @injected: what came of a request
 *
 * Gets the trailer fields behind a chunked body.
 *
 * Returns: (transfer none): the fields, which are not to be changed; empty where there were none
 *
 * Since: 0.1
 */
H3Headers *h3_injected_get_trailers (const H3Injected *injected);

/**
 * h3_injected_get_text:
 * @injected: what came of a request
 *
 * Gets the body with a NUL behind it. Where it may be no UTF-8, or hold a NUL, ask
 * h3_injected_get_body().
 *
 * Returns: (transfer none): the body as text; empty where there was none
 *
 * Since: 0.1
 */
const char *h3_injected_get_text (const H3Injected *injected);

/**
 * h3_injected_is_cut:
 * @injected: what came of a request
 *
 * Says whether a client would have found the answer cut short: failed or late after its head, fewer
 * bytes than promised, or none at all.
 *
 * Returns: whether it was cut
 *
 * Since: 0.1
 */
gboolean h3_injected_is_cut (const H3Injected *injected);

/**
 * h3_injected_count_interim:
 * @injected: what came of a request
 *
 * Counts the interim answers (100, 103).
 *
 * Returns: how many there were
 *
 * Since: 0.1
 */
guint h3_injected_count_interim (const H3Injected *injected);

/**
 * h3_injected_get_interim_status:
 * @injected: what came of a request
 * @index: of an interim answer, from 0, in the order in which they came
 *
 * Gets the status of an interim answer.
 *
 * Returns: the status
 *
 * Since: 0.1
 */
guint h3_injected_get_interim_status (const H3Injected *injected, guint index);

/**
 * h3_injected_get_interim_headers:
 * @injected: what came of a request
 * @index: of an interim answer, from 0, in the order in which they came
 *
 * Gets the fields of an interim answer.
 *
 * Returns: (transfer none): the fields, which are not to be changed
 *
 * Since: 0.1
 */
H3Headers *h3_injected_get_interim_headers (const H3Injected *injected, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Injected, h3_injected_unref)

G_END_DECLS
