/* SPDX-License-Identifier: MIT
 *
 * Users with the hashes of their passwords and what they may do. Counted; any thread, at any time,
 * several at once. Since: 0.1 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3Passwords:
 *
 * A table of users.
 */
typedef struct _H3Passwords H3Passwords;

#define H3_TYPE_PASSWORDS (h3_passwords_get_type ())
GType h3_passwords_get_type (void);

/* Returns: (transfer full): without users. */
H3Passwords *h3_passwords_new (void);
H3Passwords *h3_passwords_ref (H3Passwords *passwords);
/* NULL is allowed. */
void h3_passwords_unref (H3Passwords *passwords);

/**
 * h3_passwords_set_user:
 * @user: UTF-8 without controls and colons
 * @hash: of h3_password_hash()
 * @scopes: (nullable) (array zero-terminated=1): what the user may do
 *
 * Adds a user, or gives one another password; what was remembered ends.
 *
 * Returns: %FALSE with @error set: %H3_ERROR_INVALID where @user cannot be, or @hash is none
 */
gboolean h3_passwords_set_user (H3Passwords *passwords, const char *user, const char *hash,
                                const char *const *scopes, GError **error);

/* Whether there was one. */
gboolean h3_passwords_remove_user (H3Passwords *passwords, const char *user);
gboolean h3_passwords_has_user (H3Passwords *passwords, const char *user);
guint h3_passwords_get_size (H3Passwords *passwords);

/**
 * h3_passwords_load:
 * @path: a file in UTF-8: a user a line, `name:hash` or `name:hash:scope scope`; empty lines and
 * those that begin with # are passed over
 *
 * Replaces all users, all at once. It reads a file: not on a worker.
 *
 * Returns: %FALSE, with @error set that names the line and nothing changed, where it cannot be read
 */
gboolean h3_passwords_load (H3Passwords *passwords, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Passwords, h3_passwords_unref)

G_END_DECLS
