/* SPDX-License-Identifier: MIT
 *
 * The chunks of cookies, as who sets them must know them. As <h3/format/cookie.h>. */

#pragma once

#include "cookie.h"

G_BEGIN_DECLS

const char *cookie_get_name (const H3Cookie *cookie); /* (transfer none) */

/* How many chunks of the cookie `name` there are, as the first of them says; 0: none. */
guint cookie_count_chunks (H3View header, const char *name);

/* (transfer full): the value of a Set-Cookie field that has the client forget `name`, which was set
 * with the attributes of `cookie`. */
char *cookie_write_end (const H3Cookie *cookie, const char *name);

G_END_DECLS
