/* SPDX-License-Identifier: MIT
 *
 * Requests to other servers. A client is made once and kept: connections, TLS sessions and cookies
 * are shared by all that it fetches. Any thread may fetch, several at once; settings are made on
 * one thread before the first fetch, and are a critical after it.
 *
 * Outside a worker's thread a client runs on one thread of its own, which is started when it is
 * first needed and ends with the client. On a worker's (in a handler) it runs on that worker's
 * loop, with connections of that worker's, and nothing may wait: see h3_event_fetch ().
 * Since: 0.1 */

#pragma once

#include <h3/client/client-request.h>
#include <h3/client/client-response.h>
#include <h3/net/client-tls.h>

G_BEGIN_DECLS

#define H3_TYPE_CLIENT (h3_client_get_type ())

/**
 * H3Client:tls:
 *
 * How TLS is spoken; %NULL, the default, as h3_client_tls_new() has it.
 *
 * Since: 0.1
 */

/**
 * H3Client:proxy:
 *
 * The proxy that requests go through, as h3_client_set_proxy() takes it; %NULL, the default: none.
 * One that cannot be is a critical.
 *
 * Since: 0.1
 */

/**
 * H3Client:unix-socket:
 *
 * Where all requests go; %NULL, the default, for TCP.
 *
 * Since: 0.1
 */

/**
 * H3Client:cookies:
 *
 * Whether cookies are kept and given back; %FALSE by default.
 *
 * Since: 0.1
 */

/**
 * H3Client:decode:
 *
 * Whether bodies may come coded, and are decoded; %TRUE by default.
 *
 * Since: 0.1
 */

/**
 * H3Client:user-agent:
 *
 * The User-Agent field; by default "h3-glib/" and its version.
 *
 * Since: 0.1
 */

/**
 * H3Client:max-redirects:
 *
 * How many redirects are followed (10); 0: none.
 *
 * Since: 0.1
 */

/**
 * H3Client:max-body:
 *
 * The longest body that is kept whole, in bytes, decoded (16 MiB).
 *
 * Since: 0.1
 */

/**
 * H3Client:max-connections:
 *
 * Connections to one server on one thread (64).
 *
 * Since: 0.1
 */

/**
 * H3Client:connect-timeout:
 *
 * Until connected, in milliseconds (10,000); 0 is none.
 *
 * Since: 0.1
 */

/**
 * H3Client:first-byte-timeout:
 *
 * From the request sent to the answer's first byte, in milliseconds (30,000); 0 is none.
 *
 * Since: 0.1
 */

/**
 * H3Client:idle-timeout:
 *
 * Between bytes of bodies, in milliseconds (30,000); 0 is none.
 *
 * Since: 0.1
 */

/**
 * H3Client:total-timeout:
 *
 * For all of it, redirects too, in milliseconds (0: none).
 *
 * Since: 0.1
 */

/**
 * H3Client:
 *
 * Requests to other servers. A client is made once and kept: connections, TLS sessions and cookies
 * are shared by all that it fetches.
 *
 * Any thread may fetch, several at once; settings are made on one thread before the first fetch,
 * and are a critical after it. Outside a worker's thread a client runs on one thread of its own,
 * which is started when it is first needed and ends with the client. On a worker's (in a handler)
 * it runs on that worker's loop, with connections of that worker's, and nothing may wait: see
 * h3_event_fetch().
 *
 * The settings are properties, too, of the same names.
 *
 * Since: 0.1
 */
G_DECLARE_FINAL_TYPE (H3Client, h3_client, H3, CLIENT, GObject)

/**
 * h3_client_new: (constructor)
 *
 * Makes a client with the default settings.
 *
 * Returns: (transfer full): the client, to be freed with g_object_unref()
 *
 * Since: 0.1
 */
H3Client *h3_client_new (void);

/**
 * h3_client_set_tls:
 * @client: a client that has not fetched
 * @tls: (nullable) (transfer none): copied; %NULL, the default: as h3_client_tls_new() has it
 *
 * Says how TLS is spoken.
 *
 * Since: 0.1
 */
void h3_client_set_tls (H3Client *client, const H3ClientTls *tls);

/**
 * h3_client_set_proxy:
 * @client: a client that has not fetched
 * @proxy: (nullable): "http://user:password@host:port" for all requests; "environment" for what
 *   http_proxy, https_proxy, all_proxy and no_proxy say at the first fetch (HTTP_PROXY is not
 *   looked at, for a server's environment may have a client's field in it); %NULL, the default, for
 *   none
 * @error: %H3_CLIENT_ERROR_INVALID_URL
 *
 * Says through which proxy requests go.
 *
 * http goes to the proxy as it stands, https through a tunnel. The password is told to the proxy
 * alone.
 *
 * Returns: %FALSE where it cannot be; nothing is changed then
 *
 * Since: 0.1
 */
gboolean h3_client_set_proxy (H3Client *client, const char *proxy, GError **error);

/**
 * h3_client_set_unix_socket:
 * @client: a client that has not fetched
 * @path: (nullable) (type filename): of the socket; "@" in front: an abstract one; %NULL, the
 *   default: none
 *
 * Has all requests go to this Unix socket, whatever host their URLs have. Not together with a
 * proxy: no fetch succeeds then.
 *
 * Since: 0.1
 */
void h3_client_set_unix_socket (H3Client *client, const char *path);

/**
 * h3_client_set_cookies:
 * @client: a client that has not fetched
 * @cookies: %FALSE by default
 *
 * Says whether cookies are kept and given back (RFC 6265 §5), 1,000 at most and 50 of a domain, for
 * as long as the client lives.
 *
 * It knows no list of public suffixes: a client is for one purpose at a time, not for many users.
 *
 * Since: 0.1
 */
void h3_client_set_cookies (H3Client *client, gboolean cookies);

/**
 * h3_client_set_decode:
 * @client: a client that has not fetched
 * @decode: %TRUE by default
 *
 * Says whether bodies may come coded (zstd, br, gzip, deflate) and are decoded.
 *
 * Since: 0.1
 */
void h3_client_set_decode (H3Client *client, gboolean decode);

/**
 * h3_client_set_user_agent:
 * @client: a client that has not fetched
 * @user_agent: (nullable): by default "h3-glib/" and its version; %NULL: none
 *
 * Sets the User-Agent field of requests (RFC 9110 §10.1.5).
 *
 * Since: 0.1
 */
void h3_client_set_user_agent (H3Client *client, const char *user_agent);

/**
 * h3_client_set_max_redirects:
 * @client: a client that has not fetched
 * @max_redirects: how many (10); 0: the redirect itself is the answer
 *
 * Sets how many redirects are followed (RFC 9110 §15.4).
 *
 * Since: 0.1
 */
void h3_client_set_max_redirects (H3Client *client, guint max_redirects);

/**
 * h3_client_set_max_body:
 * @client: a client that has not fetched
 * @max_body: in bytes as it is decoded (16 MiB)
 *
 * Sets the longest body that is kept whole.
 *
 * A coded one may have at most a hundred times as many bytes as were sent (and 64 KiB), also where
 * it is opened as a stream.
 *
 * Since: 0.1
 */
void h3_client_set_max_body (H3Client *client, guint64 max_body);

/**
 * h3_client_set_max_connections:
 * @client: a client that has not fetched
 * @max_connections: how many (64), at least 1
 *
 * Sets how many connections there are to one server, on one thread. More requests wait in line.
 *
 * Since: 0.1
 */
void h3_client_set_max_connections (H3Client *client, guint max_connections);

/**
 * h3_client_set_connect_timeout:
 * @client: a client that has not fetched
 * @milliseconds: how long (10,000); 0: no bound
 *
 * Bounds how long it may take to be connected, looking up the name and TLS with it.
 *
 * Since: 0.1
 */
void h3_client_set_connect_timeout (H3Client *client, guint milliseconds);

/**
 * h3_client_set_first_byte_timeout:
 * @client: a client that has not fetched
 * @milliseconds: how long (30,000); 0: no bound
 *
 * Bounds the time from the request sent to the first byte of the answer.
 *
 * Since: 0.1
 */
void h3_client_set_first_byte_timeout (H3Client *client, guint milliseconds);

/**
 * h3_client_set_idle_timeout:
 * @client: a client that has not fetched
 * @milliseconds: how long (30,000); 0: no bound
 *
 * Bounds the time between bytes of bodies, both ways.
 *
 * Since: 0.1
 */
void h3_client_set_idle_timeout (H3Client *client, guint milliseconds);

/**
 * h3_client_set_total_timeout:
 * @client: a client that has not fetched
 * @milliseconds: how long (0); 0: no bound
 *
 * Bounds the time of all of it, redirects too.
 *
 * Since: 0.1
 */
void h3_client_set_total_timeout (H3Client *client, guint milliseconds);

/**
 * h3_client_fetch:
 * @client: a client
 * @request: (transfer none): what to ask for
 * @cancellable: (nullable): may fire on any thread
 * @error: %H3_CLIENT_ERROR, whose messages name scheme, host and port, never more of a URL
 *
 * Fetches: waits until the whole answer is there. Not on a loop's thread, as in a handler: a
 * critical, and %H3_ERROR_INVALID.
 *
 * Returns: (transfer full): the answer; %NULL with @error set
 *
 * Since: 0.1
 */
H3ClientResponse *h3_client_fetch (H3Client *client, H3ClientRequest *request,
                                   GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_client_fetch_async:
 * @client: a client
 * @request: (transfer none): what to ask for
 * @cancellable: (nullable): may fire on any thread
 * @callback: (nullable) (scope async) (closure user_data): called on the #GMainContext that is the
 *   thread-default one now, never inline
 * @user_data: (nullable): for @callback
 *
 * Fetches without waiting: @callback asks h3_client_fetch_finish() for the answer. In a handler,
 * the worker's own context is the thread-default one.
 *
 * Since: 0.1
 */
void h3_client_fetch_async (H3Client *client, H3ClientRequest *request, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);

/**
 * h3_client_fetch_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: %H3_CLIENT_ERROR, as of h3_client_fetch()
 *
 * Gives what came of h3_client_fetch_async(). Where its cancellable has been cancelled by now, this
 * is %H3_CLIENT_ERROR_CANCELLED, whatever had come.
 *
 * Returns: (transfer full): the answer; %NULL with @error set
 *
 * Since: 0.1
 */
H3ClientResponse *h3_client_fetch_finish (H3Client *client, GAsyncResult *result,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_client_open:
 * @client: a client
 * @request: (transfer none): what to ask for
 * @cancellable: (nullable): may fire on any thread, as long as the body has not ended
 * @error: %H3_CLIENT_ERROR, as of h3_client_fetch()
 *
 * Fetches the head of an answer: waits as h3_client_fetch() does, but only until the head is there.
 * The body is read from h3_client_response_get_stream(), and is of any length.
 *
 * Returns: (transfer full): the answer; %NULL with @error set
 *
 * Since: 0.1
 */
H3ClientResponse *h3_client_open (H3Client *client, H3ClientRequest *request,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * h3_client_open_async:
 * @client: a client
 * @request: (transfer none): what to ask for
 * @cancellable: (nullable): may fire on any thread, as long as the body has not ended
 * @callback: (nullable) (scope async) (closure user_data): called on the #GMainContext that is the
 *   thread-default one now, never inline
 * @user_data: (nullable): for @callback
 *
 * Fetches the head of an answer without waiting: @callback asks h3_client_open_finish() for it. The
 * body is read from h3_client_response_get_stream().
 *
 * Since: 0.1
 */
void h3_client_open_async (H3Client *client, H3ClientRequest *request, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);

/**
 * h3_client_open_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: %H3_CLIENT_ERROR, as of h3_client_fetch()
 *
 * Gives what came of h3_client_open_async(). Where its cancellable has been cancelled by now, this
 * is %H3_CLIENT_ERROR_CANCELLED, whatever had come.
 *
 * Returns: (transfer full): the answer, whose body comes; %NULL with @error set
 *
 * Since: 0.1
 */
H3ClientResponse *h3_client_open_finish (H3Client *client, GAsyncResult *result,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
