/* SPDX-License-Identifier: MIT
 *
 * Tables of fields that several answers have in common, also those of several threads: never
 * changed, but copied by who wants to. */

#pragma once

#include <h3/http/headers.h>

G_BEGIN_DECLS

/* In the place of a table that others hold too, a copy that nobody else does. */
void headers_own (H3Headers **headers);

G_END_DECLS
