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
 */
typedef struct _H3TrustedProxies H3TrustedProxies;

#define H3_TYPE_TRUSTED_PROXIES (h3_trusted_proxies_get_type ())
GType h3_trusted_proxies_get_type (void);

/**
 * H3ForwardedFields:
 * @H3_FORWARDED_STANDARD: Forwarded
 * @H3_FORWARDED_X: X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host
 */
typedef enum {
    H3_FORWARDED_STANDARD = 1 << 0,
    H3_FORWARDED_X = 1 << 1,
} H3ForwardedFields;

/* Returns: (transfer full): a list that trusts nobody, and reads both kinds of fields. */
H3TrustedProxies *h3_trusted_proxies_new (void);
H3TrustedProxies *h3_trusted_proxies_ref (H3TrustedProxies *proxies);
void h3_trusted_proxies_unref (H3TrustedProxies *proxies);

/**
 * h3_trusted_proxies_add:
 * @prefix: an address, a block ("10.0.0.0/8", "fd00::/8"), or "unix" for peers on Unix sockets
 *
 * Returns: %FALSE with H3_ERROR_INVALID where it is none of them.
 */
gboolean h3_trusted_proxies_add (H3TrustedProxies *proxies, const char *prefix, GError **error);

/* Which fields count. A proxy passes on what it does not write itself: where yours write one kind
 * only, say so, or clients write the other. */
void h3_trusted_proxies_set_fields (H3TrustedProxies *proxies, H3ForwardedFields fields);

gboolean h3_trusted_proxies_has (const H3TrustedProxies *proxies, const H3Address *address);

/* How many entries are read, from the nearest proxy on; what stands farther does not count. */
#define H3_FORWARDED_MAX 32

/**
 * H3Forwarded: (skip)
 * @client: an IPv4 address never stands here as a v4-mapped one
 * @scheme: "http" or "https", static, where a proxy told; else the caller's
 * @host: with its port where it has one; its data is %NULL where there is none
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
 * As long as the one who speaks is trusted, the entry it wrote is believed, from right to left, and
 * the one named there speaks next. The first who is not trusted is the client. A malformed or
 * obfuscated entry ends the walk at the last address that is known; names and ports that cannot
 * be count for nothing. Where Forwarded is there, X-Forwarded-* give nothing. Allocates nothing.
 *
 * Returns: %FALSE when both kinds are there and name different clients: one of them is the
 * client's own. `*out` then has the peer, and the request is best answered with 400.
 */
gboolean h3_forwarded_resolve (const H3TrustedProxies *proxies, const H3Address *peer,
                               H3View scheme, H3View host, H3View forwarded, H3View x_forwarded_for,
                               H3View x_forwarded_proto, H3View x_forwarded_host, H3Forwarded *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3TrustedProxies, h3_trusted_proxies_unref)

G_END_DECLS
