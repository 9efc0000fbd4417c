/* SPDX-License-Identifier: MIT
 *
 * What stands before the `@` of a URL, as credentials of Basic (RFC 7617). Holds nothing; any
 * thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): "Basic …" for the userinfo of `url`. NULL, with `*out_is_wrong` set
 * where it has one that cannot be told so: no UTF-8, a control, or a colon in the user's name. */
char *client_userinfo_dup_basic (GUri *url, gboolean *out_is_wrong);

G_END_DECLS
