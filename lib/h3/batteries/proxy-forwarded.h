/* SPDX-License-Identifier: MIT
 *
 * What Forwarded (RFC 7239) and X-Forwarded-For say of who was here before. Pure functions: any
 * thread. */

#pragma once

#include <h3/format/address.h>

G_BEGIN_DECLS

/* Whether a list has no element that could swallow what is put behind it: pairs of tokens and
 * tokens or quoted strings (RFC 7239 §4). */
gboolean proxy_forwarded_is_sound (H3View list);

/* Appends an element, quoted where it must be. A host of no bytes is left out. */
void proxy_forwarded_append (GString *out, const H3Address *peer, H3View host, H3View scheme);

G_END_DECLS
