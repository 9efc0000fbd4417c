/* SPDX-License-Identifier: MIT
 *
 * Whether a text is a URI of any scheme, or a reference (RFC 3986 §3, §4.1). What the library
 * itself asks for is read more strictly: see url.h. Any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

gboolean text_is_uri (H3View text);
gboolean text_is_uri_reference (H3View text);

G_END_DECLS
