/* SPDX-License-Identifier: MIT */

#include "passwords-inside.h"

#include <h3/base/error.h>
#include <h3/base/file-text.h>
#include <h3/base/view.h>
#include <h3/crypto/password.h>

#include <pthread.h>
#include <stdatomic.h>

typedef struct {
    char *hash;   /* owned */
    GStrv scopes; /* owned */
} User;

struct _H3Passwords {
    atomic_uint references;
    pthread_mutex_t mutex; /* guards what follows */
    GHashTable *users;     /* owned: names to users */
    guint64 generation;
};

G_DEFINE_BOXED_TYPE (H3Passwords, h3_passwords, h3_passwords_ref, h3_passwords_unref)

static void
free_user (gpointer data)
{
    User *user = data;

    g_free (user->hash);
    g_strfreev (user->scopes);
    g_free (user);
}

/* (transfer full): clients choose what is looked for in it. */
static GHashTable *
new_table (void)
{
    return g_hash_table_new_full (h3_string_hash, g_str_equal, g_free, free_user);
}

H3Passwords *
h3_passwords_new (void)
{
    H3Passwords *passwords = g_new0 (H3Passwords, 1);

    atomic_init (&passwords->references, 1);
    pthread_mutex_init (&passwords->mutex, NULL);
    passwords->users = new_table ();
    return passwords;
}

H3Passwords *
h3_passwords_ref (H3Passwords *passwords)
{
    g_return_val_if_fail (passwords != NULL, NULL);
    atomic_fetch_add_explicit (&passwords->references, 1, memory_order_relaxed);
    return passwords;
}

void
h3_passwords_unref (H3Passwords *passwords)
{
    if (passwords == NULL
        || atomic_fetch_sub_explicit (&passwords->references, 1, memory_order_acq_rel) != 1)
        return;
    g_hash_table_unref (passwords->users);
    pthread_mutex_destroy (&passwords->mutex);
    g_free (passwords);
}

static gboolean
fail (GError **error, const char *message)
{
    g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, message);
    return FALSE;
}

/* What cannot come by Basic would never match. */
static gboolean
check_user (const char *user, const char *hash, GError **error)
{
    if (!g_utf8_validate (user, -1, NULL))
        return fail (error, "the name of a user is UTF-8");
    for (const char *at = user; *at != '\0'; at++)
        if (g_ascii_iscntrl (*at) || *at == ':')
            return fail (error, "the name of a user has no colons and no controls");
    if (!h3_password_is_hash (hash))
        return fail (error, "the password of a user is one of h3_password_hash ()");
    return TRUE;
}

/* (transfer full) */
static User *
new_user (const char *hash, const char *const *scopes)
{
    User *user = g_new (User, 1);

    user->hash = g_strdup (hash);
    user->scopes = g_strdupv ((GStrv) scopes);
    return user;
}

gboolean
h3_passwords_set_user (H3Passwords *passwords, const char *user, const char *hash,
                       const char *const *scopes, GError **error)
{
    g_return_val_if_fail (passwords != NULL && user != NULL && hash != NULL, FALSE);
    if (!check_user (user, hash, error))
        return FALSE;
    pthread_mutex_lock (&passwords->mutex);
    g_hash_table_replace (passwords->users, g_strdup (user), new_user (hash, scopes));
    passwords->generation++;
    pthread_mutex_unlock (&passwords->mutex);
    return TRUE;
}

gboolean
h3_passwords_remove_user (H3Passwords *passwords, const char *user)
{
    gboolean was_there;

    g_return_val_if_fail (passwords != NULL && user != NULL, FALSE);
    pthread_mutex_lock (&passwords->mutex);
    was_there = g_hash_table_remove (passwords->users, user);
    passwords->generation++;
    pthread_mutex_unlock (&passwords->mutex);
    return was_there;
}

gboolean
h3_passwords_has_user (H3Passwords *passwords, const char *user)
{
    gboolean is_there;

    g_return_val_if_fail (passwords != NULL && user != NULL, FALSE);
    pthread_mutex_lock (&passwords->mutex);
    is_there = g_hash_table_contains (passwords->users, user);
    pthread_mutex_unlock (&passwords->mutex);
    return is_there;
}

guint
h3_passwords_get_size (H3Passwords *passwords)
{
    guint size;

    g_return_val_if_fail (passwords != NULL, 0);
    pthread_mutex_lock (&passwords->mutex);
    size = g_hash_table_size (passwords->users);
    pthread_mutex_unlock (&passwords->mutex);
    return size;
}

/* `name:hash` or `name:hash:scope scope`. */
static gboolean
read_line (GHashTable *users, const char *line, GError **error)
{
    g_auto (GStrv) parts = g_strsplit (line, ":", 3);
    guint n = g_strv_length (parts);
    g_auto (GStrv) scopes = NULL;

    if (n < 2)
        return fail (error, "it is name:hash or name:hash:scopes");
    if (!check_user (parts[0], parts[1], error))
        return FALSE;
    if (g_hash_table_contains (users, parts[0]))
        return fail (error, "that user was there before");
    if (n == 3)
        scopes = g_strsplit (parts[2], " ", -1);
    g_hash_table_insert (users, g_strdup (parts[0]),
                         new_user (parts[1], (const char *const *) scopes));
    return TRUE;
}

/* (transfer full) (nullable) */
static GHashTable *
read_users (const char *text, const char *path, GError **error)
{
    g_autoptr (GHashTable) users = new_table ();
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = g_strchomp (lines[i]);

        if (*line == '\0' || *line == '#' || read_line (users, line, error))
            continue;
        g_prefix_error (error, "%s, line %u: ", path, i + 1);
        return NULL;
    }
    return g_steal_pointer (&users);
}

gboolean
h3_passwords_load (H3Passwords *passwords, const char *path, GError **error)
{
    g_autoptr (GError) reason = NULL;
    g_autofree char *text = NULL;
    GHashTable *users, *old;

    g_return_val_if_fail (passwords != NULL && path != NULL, FALSE);
    if (!file_text_read (path, FILE_TEXT_MAX, &text, NULL, &reason)) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED, reason->message);
        return FALSE;
    }
    users = read_users (text, path, error);
    if (users == NULL)
        return FALSE;
    pthread_mutex_lock (&passwords->mutex);
    old = passwords->users;
    passwords->users = users;
    passwords->generation++;
    pthread_mutex_unlock (&passwords->mutex);
    g_hash_table_unref (old);
    return TRUE;
}

guint64
passwords_get_generation (H3Passwords *passwords)
{
    guint64 generation;

    pthread_mutex_lock (&passwords->mutex);
    generation = passwords->generation;
    pthread_mutex_unlock (&passwords->mutex);
    return generation;
}

/* Any user, whose hash costs what those of this table cost; NULL where there is none. */
static const User *
first_user (const H3Passwords *passwords)
{
    GHashTableIter iter;
    gpointer user = NULL;

    g_hash_table_iter_init (&iter, passwords->users);
    (void) g_hash_table_iter_next (&iter, NULL, &user);
    return user;
}

gboolean
passwords_look_up (H3Passwords *passwords, const char *user, char **out_hash, GStrv *out_scopes)
{
    const User *found, *known;

    pthread_mutex_lock (&passwords->mutex);
    known = g_hash_table_lookup (passwords->users, user);
    found = known != NULL ? known : first_user (passwords);
    *out_hash = found != NULL ? g_strdup (found->hash) : NULL;
    *out_scopes = found != NULL ? g_strdupv (found->scopes) : NULL;
    pthread_mutex_unlock (&passwords->mutex);
    return known != NULL;
}
