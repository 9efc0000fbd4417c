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
 * A table of users. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Passwords H3Passwords;

#define H3_TYPE_PASSWORDS (h3_passwords_get_type ())
GType h3_passwords_get_type (void);

/**
 * h3_passwords_new:
 *
 * Makes a table without users.
 *
 * Returns: (transfer full): a new table
 *
 * Since: 0.1
 */
H3Passwords *h3_passwords_new (void);

/**
 * h3_passwords_ref:
 * @passwords: a table of users
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @passwords
 *
 * Since: 0.1
 */
H3Passwords *h3_passwords_ref (H3Passwords *passwords);

/**
 * h3_passwords_unref:
 * @passwords: (nullable) (transfer full): a table of users
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_passwords_unref (H3Passwords *passwords);

/**
 * h3_passwords_set_user:
 * @passwords: a table of users
 * @user: UTF-8 without controls and colons
 * @hash: of h3_password_hash()
 * @scopes: (nullable) (array zero-terminated=1): what the user may do
 * @error: %H3_ERROR_INVALID where @user cannot be, or @hash is none
 *
 * Adds a user, or gives one another password; what was remembered ends.
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_passwords_set_user (H3Passwords *passwords, const char *user, const char *hash,
                                const char *const *scopes, GError **error);

/**
 * h3_passwords_remove_user:
 * @passwords: a table of users
 * @user: by name
 *
 * Takes a user out of a table; what was remembered ends.
 *
 * Returns: whether there was one
 *
 * Since: 0.1
 */
gboolean h3_passwords_remove_user (H3Passwords *passwords, const char *user);

/**
 * h3_passwords_has_user:
 * @passwords: a table of users
 * @user: by name
 *
 * Says whether there is such a user.
 *
 * Returns: whether there is one
 *
 * Since: 0.1
 */
gboolean h3_passwords_has_user (H3Passwords *passwords, const char *user);

/**
 * h3_passwords_get_size:
 * @passwords: a table of users
 *
 * Counts the users.
 *
 * Returns: how many there are
 *
 * Since: 0.1
 */
guint h3_passwords_get_size (H3Passwords *passwords);

/**
 * h3_passwords_load:
 * @passwords: a table of users
 * @path: (type filename): a file in UTF-8: a user a line, `name:hash` or `name:hash:scope scope`;
 *   empty lines and those that begin with # are passed over
 * @error: an %H3_ERROR that names the line
 *
 * Replaces all users by those of a file, all at once. It reads a file: not on a worker.
 *
 * Returns: %FALSE, with @error set and nothing changed, where it cannot be read
 *
 * Since: 0.1
 */
gboolean h3_passwords_load (H3Passwords *passwords, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Passwords, h3_passwords_unref)

G_END_DECLS
