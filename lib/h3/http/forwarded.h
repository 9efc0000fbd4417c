/* SPDX-License-Identifier: MIT
 *
 * Who the client is when proxies stand between (RFC 7239, X-Forwarded-*): told only by proxies that
 * are trusted, read from the nearest to the farthest. The list of proxies is reference-counted and
 * filled before the server starts; then any thread may read it. */

#pragma once

#include <h3/base/view.h>
#include <h3/format/address.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3TrustedProxies:
 *
 * The addresses of proxies whose word counts, and which fields they write.
 *
 * Boxed and reference-counted (any thread). Filled on one thread before the server starts; then any
 * thread may read it.
 *
 * Since: 0.1
 */
typedef struct _H3TrustedProxies H3TrustedProxies;

#define H3_TYPE_TRUSTED_PROXIES (h3_trusted_proxies_get_type ())
GType h3_trusted_proxies_get_type (void);

/**
 * H3ForwardedFields:
 * @H3_FORWARDED_STANDARD: Forwarded (RFC 7239)
 * @H3_FORWARDED_X: X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host
 *
 * Which fields of proxies count.
 *
 * Since: 0.1
 */
typedef enum {
    H3_FORWARDED_STANDARD = 1 << 0,
    H3_FORWARDED_X = 1 << 1,
} H3ForwardedFields;

/**
 * h3_trusted_proxies_new: (constructor)
 *
 * Makes a list that trusts nobody, and reads both kinds of fields.
 *
 * Returns: (transfer full): the list
 *
 * Since: 0.1
 */
H3TrustedProxies *h3_trusted_proxies_new (void);

/**
 * h3_trusted_proxies_ref:
 * @proxies: a list
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @proxies
 *
 * Since: 0.1
 */
H3TrustedProxies *h3_trusted_proxies_ref (H3TrustedProxies *proxies);

/**
 * h3_trusted_proxies_unref:
 * @proxies: (transfer full) (nullable): a list; %NULL is allowed
 *
 * Drops a reference. Any thread.
 *
 * Since: 0.1
 */
void h3_trusted_proxies_unref (H3TrustedProxies *proxies);

/**
 * h3_trusted_proxies_add:
 * @proxies: a list
 * @prefix: an address, a block ("10.0.0.0/8", "fd00::/8"), or "unix" for peers on Unix sockets
 * @error: %H3_ERROR_INVALID
 *
 * Has the proxies at these addresses trusted, beside those there are.
 *
 * Returns: %FALSE with %H3_ERROR_INVALID where @prefix is none of them
 *
 * Since: 0.1
 */
gboolean h3_trusted_proxies_add (H3TrustedProxies *proxies, const char *prefix, GError **error);

/**
 * h3_trusted_proxies_set_fields:
 * @proxies: a list
 * @fields: those that the proxies write
 *
 * Sets which fields count. A proxy passes on what it does not write itself: where yours write one
 * kind only, say so, or clients write the other.
 *
 * Since: 0.1
 */
void h3_trusted_proxies_set_fields (H3TrustedProxies *proxies, H3ForwardedFields fields);

/**
 * h3_trusted_proxies_get_fields:
 * @proxies: a list
 *
 * Tells which fields count.
 *
 * Returns: the fields; both kinds where nothing was set
 *
 * Since: 0.1
 */
H3ForwardedFields h3_trusted_proxies_get_fields (const H3TrustedProxies *proxies);

/**
 * h3_trusted_proxies_has:
 * @proxies: a list
 * @address: of a peer
 *
 * Tells whether the proxy at this address is trusted.
 *
 * Returns: %TRUE where it is
 *
 * Since: 0.1
 */
gboolean h3_trusted_proxies_has (const H3TrustedProxies *proxies, const H3Address *address);

/**
 * H3_FORWARDED_MAX:
 *
 * How many entries are read, from the nearest proxy on; what stands farther does not count.
 *
 * Since: 0.1
 */
#define H3_FORWARDED_MAX 32

/**
 * H3Forwarded: (skip)
 * @client: an IPv4 address never stands here as a v4-mapped one
 * @scheme: "http" or "https", static, where a proxy told; else the caller's
 * @host: with its port where it has one; its data is %NULL where there is none
 *
 * Who asks, in which scheme, for which host. Bindings have h3_event_get_client_address(),
 * h3_event_get_scheme() and h3_event_get_host().
 *
 * Since: 0.1
 */
typedef struct {
    H3Address client;
    H3View scheme; /* borrowed: static, or the caller's */
    H3View host;   /* borrowed: the field it came from */
} H3Forwarded;

/**
 * h3_forwarded_resolve: (skip)
 * @proxies: (nullable): %NULL trusts nobody
 * @peer: who is at the other end of the socket
 * @scheme: of the connection
 * @host: of the request
 * @forwarded: the field's value, repeats joined by ", "; its data is %NULL where it is absent
 * @x_forwarded_for: likewise
 * @x_forwarded_proto: likewise; only its last value counts, which the peer wrote
 * @x_forwarded_host: likewise
 * @out: (out): always set
 *
 * Finds out who the client is when proxies stand between. For an event: h3_event_get_client().
 *
 * As long as the one who speaks is trusted, the entry it wrote is believed, from right to left, and
 * the one named there speaks next. The first who is not trusted is the client. A malformed or
 * obfuscated entry ends the walk at the last address that is known; names and ports that cannot be
 * count for nothing. Where Forwarded is there, X-Forwarded-* give nothing. Allocates nothing.
 *
 * Returns: %FALSE where both kinds are there and name different clients: one of them is the
 *   client's own. @out then has the peer, and the request is best answered with 400
 *
 * Since: 0.1
 */
gboolean h3_forwarded_resolve (const H3TrustedProxies *proxies, const H3Address *peer,
                               H3View scheme, H3View host, H3View forwarded, H3View x_forwarded_for,
                               H3View x_forwarded_proto, H3View x_forwarded_host, H3Forwarded *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3TrustedProxies, h3_trusted_proxies_unref)

G_END_DECLS
