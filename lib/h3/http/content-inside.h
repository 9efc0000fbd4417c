/* SPDX-License-Identifier: MIT
 *
 * What the app and other rooms of http ask of a request's content. As <h3/http/content.h>. */

#pragma once

#include <h3/http/content.h>

G_BEGIN_DECLS

/* For the app, when a head is complete. Returns: (transfer full) (nullable): a 400, because the
 * query cannot be read, or because proxies tell of two clients. Worker only. */
GError *content_find_fault (H3Event *event);

/* The host that the client asked, as far as this thread may tell: off the worker, where nobody has
 * asked on it before, the Host field. */
const char *content_get_host (H3Event *event);

/* All Cookie fields as one; data is NULL where there is none. */
H3View content_get_cookie_field (H3Event *event);

G_END_DECLS
