/* SPDX-License-Identifier: MIT
 *
 * Whom the process becomes once it has bound what only root may bind. A value; the main thread,
 * before there is another. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConfigUser ConfigUser;

/* `user`, `group` (nullable: the user's) and `groups` (nullable: those the user is in) are names or
 * numbers. NULL with H3_ERROR_NOT_FOUND. */
ConfigUser *config_user_new (const char *user, const char *group, const char *const *groups,
                             GError **error);
/* NULL is allowed. */
void config_user_free (ConfigUser *user);

/* Whether both (nullable) were meant to be the same. */
gboolean config_user_is_same (const ConfigUser *user, const ConfigUser *other);

/* Whether the process is the user already, or may become anyone. FALSE with H3_ERROR_INVALID. */
gboolean config_user_check (const ConfigUser *user, GError **error);

/* Becomes the user for good: real, effective and saved. Nothing where it is that already. FALSE
 * with H3_ERROR_FAILED: what the process is then is not known, and it should end. */
gboolean config_user_become (const ConfigUser *user, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConfigUser, config_user_free)

G_END_DECLS
