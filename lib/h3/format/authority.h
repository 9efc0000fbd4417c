/* SPDX-License-Identifier: MIT
 *
 * The authority of a request: what Host and :authority carry (RFC 9110 §7.2, RFC 3986 §3.2), read
 * strictly. Holds nothing; any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/* The longest host that is taken: what DNS can hold, and a dot behind it. */
#define H3_AUTHORITY_MAX_HOST 254

/**
 * h3_authority_parse: (skip)
 * @text: a host, with or without a port
 * @out_host: (out): the host as it stands, in any case; an IPv6 address without its brackets
 * @out_port: (out): 0 to 65535; -1 where there is none
 *
 * A host is an IPv6 address in brackets, or letters, digits and `-._~!$&'()*+;=` (a reg-name
 * without escapes and without the comma that a list would have).
 *
 * Returns: %FALSE, with both results untouched, on anything else: empty, userinfo, a path, a list,
 *   a zone, `host:` without a port. It is the peer's fault: 400
 */
gboolean h3_authority_parse (H3View text, H3View *out_host, int *out_port);

/**
 * h3_authority_parse_string:
 * @text: a host, with or without a port
 * @out_host: (out) (transfer full): the host
 * @out_port: (out): the port, or -1
 *
 * Returns: %FALSE, with both results untouched, where h3_authority_parse() refuses
 */
gboolean h3_authority_parse_string (const char *text, char **out_host, int *out_port);

G_END_DECLS
