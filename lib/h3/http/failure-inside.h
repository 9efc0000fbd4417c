/* SPDX-License-Identifier: MIT
 *
 * The default answer to an error. */

#pragma once

#include <h3/http/failure.h>
#include <h3/http/response-inside.h>

G_BEGIN_DECLS

/* Status, Content-Type and body of `response` for `error`; the body lies in `arena`. `members` are
 * more of the problem's (RFC 9457 §3.2), `"name":value,…`; may be empty. */
void failure_fill (H3Response *response, H3Arena *arena, const GError *error, H3View members);

/* Such members for a failure of that status, which lie in the event's arena. */
void failure_set_members (H3Event *event, guint status, H3View members);
H3View failure_get_members (const H3Event *event, const GError *error);

G_END_DECLS
