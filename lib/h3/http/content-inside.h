/* SPDX-License-Identifier: MIT
 *
 * What the app and other rooms of http ask of a request's content. As <h3/http/content.h>. */

#pragma once

#include <h3/http/content.h>

G_BEGIN_DECLS

/* For the app, when a head is complete. FALSE: the event has been answered 400, because its query
 * cannot be read (`content_check_query`), or because proxies tell of two clients
 * (`content_check_client`; worker only). */
gboolean content_check_query (H3Event *event);
gboolean content_check_client (H3Event *event);

/* The host that the client asked, as far as this thread may tell: off the worker, where nobody has
 * asked on it before, the Host field. */
const char *content_get_host (H3Event *event);

/* All Cookie fields as one; data is NULL where there is none. */
H3View content_get_cookie_field (H3Event *event);

G_END_DECLS
