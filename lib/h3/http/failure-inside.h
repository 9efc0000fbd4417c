/* SPDX-License-Identifier: MIT
 *
 * The default answer to an error. */

#pragma once

#include <h3/http/failure.h>
#include <h3/http/response-inside.h>

G_BEGIN_DECLS

/* Status, Content-Type and body of `response` for `error`; the body lies in `arena`. */
void failure_fill (H3Response *response, H3Arena *arena, const GError *error);

G_END_DECLS
