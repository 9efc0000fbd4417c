/* SPDX-License-Identifier: MIT
 *
 * Where things are on either side of a proxy: the paths that clients see, and those of the server
 * behind. Pure functions: any thread. */

#pragma once

#include <h3/base/view.h>

G_BEGIN_DECLS

/* What lies below `from` here lies below `to` there. Both begin with a slash and do not end with
 * one, or are empty; `from` as a canonical path, `to` escaped. */
typedef struct {
    H3View from, to;
} ProxyPaths;

/* Where an answer comes from: `scheme` and `host` as they were sent to. */
typedef struct {
    ProxyPaths paths;
    H3View scheme, host;
} ProxyPlace;

/* Whether every reader finds the same segments in a canonical path: none that becomes a dot segment
 * when it is decoded again, read as Windows does, or stripped of what stands behind a ";". */
gboolean proxy_target_is_sound (H3View path);

/* The target for a canonical path and a query (its data NULL: none), each byte escaped that cannot
 * stand for itself. FALSE, with nothing written, where `path` is not below `from`. */
gboolean proxy_target_write (const ProxyPaths *paths, H3View path, H3View query, GString *out);

/* (transfer full) (nullable): what Location says to who sees the paths here: of what lies at the
 * server behind, its path here. NULL: what it says as it is. */
char *proxy_target_map_location (const ProxyPlace *place, H3View location);

/* (transfer full) (nullable): the same for the Path and the Domain of a cookie. */
char *proxy_target_map_cookie (const ProxyPlace *place, H3View cookie);

G_END_DECLS
