/* SPDX-License-Identifier: MIT
 *
 * What verifies passwords asks of a table of them. */

#pragma once

#include <h3/batteries/passwords.h>

G_BEGIN_DECLS

/* Another one after each change. */
guint64 passwords_get_generation (H3Passwords *passwords);

/* What to verify a password of `user` against: `*out_hash` (transfer full) (nullable). Where there
 * is no such user it is FALSE, and another's hash, or none, so that it takes as long. `*out_scopes`
 * (transfer full) (nullable). */
gboolean passwords_look_up (H3Passwords *passwords, const char *user, char **out_hash,
                            GStrv *out_scopes);

G_END_DECLS
