/* SPDX-License-Identifier: MIT
 *
 * Origins (RFC 6454) as a text of one spelling, and patterns of them. Values; any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/* The longest scheme that is taken, and room for it with "://", a host in brackets or of 254
 * characters, a colon, a port and a NUL. */
#define ORIGIN_MAX_SCHEME 32
#define ORIGIN_ROOM       (ORIGIN_MAX_SCHEME + 3 + 254 + 2 + 6 + 1)

/* Offsets into `text`, which is the origin serialized: scheme and host in lower case, an IPv6
 * address as RFC 5952 has it, no port where it is the scheme's own. "null" has no host. */
typedef struct {
    char text[ORIGIN_ROOM];
    guint16 length;
    guint16 scheme_length;
    guint16 host, host_length; /* an address with its brackets */
} Origin;

/* Reads `scheme://host[:port]` or `null`, and nothing else: no blank, path, list or userinfo.
 * FALSE: `*out` is then unspecified. */
gboolean origin_parse (H3View text, Origin *out);

/* `https://` and a `*` in the place of one label or more at the front of the host, or `:*` in the
 * place of any port, or both. */
typedef struct _OriginPattern OriginPattern;

/* Whether `text` has the form of a pattern. */
gboolean origin_pattern_is (const char *text);

/* Returns: (transfer full): NULL with H3_ERROR_INVALID, which names `text`. */
OriginPattern *origin_pattern_new (const char *text, GError **error);
void origin_pattern_free (OriginPattern *pattern);

gboolean origin_pattern_fits (const OriginPattern *pattern, const Origin *origin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OriginPattern, origin_pattern_free)

G_END_DECLS
