/* SPDX-License-Identifier: MIT
 *
 * The authority of a request: what Host and :authority carry (RFC 9110 §7.2, RFC 3986 §3.2), read
 * strictly. Holds nothing; any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3_AUTHORITY_MAX_HOST:
 *
 * The longest host that is taken, in bytes: what DNS can hold, and a dot behind it.
 *
 * Since: 0.1
 */
#define H3_AUTHORITY_MAX_HOST 254

/**
 * h3_authority_parse: (skip)
 * @text: a host, with or without a port
 * @out_host: (out): the host as it stands, in any case; an IPv6 address without its brackets
 * @out_port: (out): 0 to 65535; -1 where there is none
 *
 * Reads a host and a port (RFC 9110 §7.2, RFC 3986 §3.2). Any thread. For bindings there is
 * h3_authority_parse_string().
 *
 * A host is an IPv6 address in brackets, or letters, digits and `-._~!$&'()*+;=` (a reg-name
 * without escapes and without the comma that a list would have).
 *
 * Returns: %FALSE, with both results untouched, on anything else: empty, userinfo, a path, a list,
 *   a zone, `host:` without a port. It is the peer's fault: 400
 *
 * Since: 0.1
 */
gboolean h3_authority_parse (H3View text, H3View *out_host, int *out_port);

/**
 * h3_authority_parse_string:
 * @text: a host, with or without a port
 * @out_host: (out) (transfer full): the host as it stands; an IPv6 address without its brackets
 * @out_port: (out): the port, 0 to 65535; -1 where there is none
 *
 * Reads a host and a port from a string, as h3_authority_parse() does. Any thread.
 *
 * Returns: %FALSE, with both results untouched, where that refuses
 *
 * Since: 0.1
 */
gboolean h3_authority_parse_string (const char *text, char **out_host, int *out_port);

G_END_DECLS
