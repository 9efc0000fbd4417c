/* SPDX-License-Identifier: MIT
 *
 * Requests handed on to servers behind this one, and their answers handed back: both bodies as they
 * come, each side slowed down by the other. Set up on one thread before the app starts, then frozen
 * and read by all workers; reference-counted, any thread. docs/proxy.md has the rules. Since: 0.1
 */

#pragma once

#include <h3/batteries/upstreams.h>
#include <h3/route/chain.h>

G_BEGIN_DECLS

/**
 * H3Proxy:
 *
 * Which servers stand behind, and what of a request they see. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Proxy H3Proxy;

#define H3_TYPE_PROXY (h3_proxy_get_type ())
GType h3_proxy_get_type (void);

/**
 * h3_proxy_new:
 * @upstreams: (transfer none): the servers behind, of which a reference is kept
 *
 * Makes a proxy before a set of servers.
 *
 * Returns: (transfer full): a new proxy
 *
 * Since: 0.1
 */
H3Proxy *h3_proxy_new (H3Upstreams *upstreams);

/**
 * h3_proxy_new_for_url:
 * @url: of one server, as of h3_upstreams_add(), but that it may have a path: what is asked for is
 *   then below that
 * @error: %H3_ERROR_INVALID, which names what is wrong
 *
 * Makes a proxy before one server.
 *
 * Returns: (transfer full): a proxy before this server; %NULL with @error
 *
 * Since: 0.1
 */
H3Proxy *h3_proxy_new_for_url (const char *url, GError **error);

/**
 * h3_proxy_ref:
 * @proxy: a proxy
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @proxy
 *
 * Since: 0.1
 */
H3Proxy *h3_proxy_ref (H3Proxy *proxy);

/**
 * h3_proxy_unref:
 * @proxy: (nullable) (transfer full): a proxy
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_proxy_unref (H3Proxy *proxy);

/**
 * h3_proxy_get_upstreams:
 * @proxy: a proxy
 *
 * Gets the servers behind: how they are chosen, checked, waited for.
 *
 * Returns: (transfer none): the servers, which the proxy holds
 *
 * Since: 0.1
 */
H3Upstreams *h3_proxy_get_upstreams (const H3Proxy *proxy);

/**
 * h3_proxy_set_paths:
 * @proxy: a proxy that is not used yet
 * @from: a path without escapes: "/api"; "/" for all
 * @to: a path of the servers behind, escaped where it must be; "/" for their root
 * @error: %H3_ERROR_INVALID where one is no path
 *
 * Has what lies below @from here asked for below @to there, whole segments each; other paths are
 * answered 404. Where it is not called all paths are the same on both sides.
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_proxy_set_paths (H3Proxy *proxy, const char *from, const char *to, GError **error);

/**
 * h3_proxy_set_name:
 * @proxy: a proxy that is not used yet
 * @name: a token
 *
 * Says how the Via field calls this server (RFC 9110 §7.6.3). The default is a random name, so that
 * no two are alike: a request that was here twice before is answered 508.
 *
 * Returns: %FALSE, with nothing changed, for what is no token
 *
 * Since: 0.1
 */
gboolean h3_proxy_set_name (H3Proxy *proxy, const char *name);

/**
 * h3_proxy_set_keep_host:
 * @proxy: a proxy that is not used yet
 * @keep_host: %FALSE, the default: they see their own
 *
 * Says whether servers behind see the client's Host field. It is in X-Forwarded-Host in any case.
 *
 * Since: 0.1
 */
void h3_proxy_set_keep_host (H3Proxy *proxy, gboolean keep_host);

/**
 * h3_proxy_set_rewrite:
 * @proxy: a proxy that is not used yet
 * @rewrite: %TRUE, the default
 *
 * Says whether Location, Content-Location and the Path and Domain of cookies are told as clients
 * see them.
 *
 * Since: 0.1
 */
void h3_proxy_set_rewrite (H3Proxy *proxy, gboolean rewrite);

/**
 * h3_proxy_set_header:
 * @proxy: a proxy that is not used yet
 * @name: of a field
 * @value: (nullable): its value; %NULL: the client's is dropped
 *
 * Sets a field that each request has when it is handed on, in the place of the client's.
 *
 * Returns: %FALSE, with a critical, for what must not be sent, and for what the proxy itself
 *   decides: framing, Host, Via, Forwarded and others
 *
 * Since: 0.1
 */
gboolean h3_proxy_set_header (H3Proxy *proxy, const char *name, const char *value);

/**
 * h3_proxy_set_max_body:
 * @proxy: a proxy that is not used yet
 * @bytes: the largest; more is answered 413
 *
 * Bounds the body that is handed on. There is no bound where it is not called: none is kept whole.
 *
 * Since: 0.1
 */
void h3_proxy_set_max_body (H3Proxy *proxy, guint64 bytes);

/**
 * h3_proxy_set_websocket_idle:
 * @proxy: a proxy that is not used yet
 * @milliseconds: 0: never
 *
 * Ends a WebSocket on which neither side has sent anything for so long: an hour where it is not
 * called.
 *
 * Since: 0.1
 */
void h3_proxy_set_websocket_idle (H3Proxy *proxy, guint milliseconds);

/**
 * h3_proxy_to_middleware:
 * @proxy: a proxy, which is frozen from now on
 *
 * Makes what hands on every request that comes to it: for h3_app_use() at a prefix, where it needs
 * no route, or h3_app_use_for() before the handler of one. It runs before any of a body is read
 * where all before it do.
 *
 * |[
 * h3_app_use (app, "/api", h3_proxy_to_middleware (proxy));
 * ]|
 *
 * Returns: (transfer full): middleware, which holds @proxy
 *
 * Since: 0.1
 */
H3Middleware *h3_proxy_to_middleware (H3Proxy *proxy);

/**
 * h3_proxy_handle:
 * @event: an exchange
 * @proxy: (type H3Proxy): which hands it on
 *
 * Hands a request on: an #H3Handler, for routes; one whose route keeps bodies whole has them so.
 *
 * Since: 0.1
 */
void h3_proxy_handle (H3Event *event, gpointer proxy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Proxy, h3_proxy_unref)

G_END_DECLS
