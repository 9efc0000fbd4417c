/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* setresuid, getgrouplist */

#include "config-user.h"

#include <h3/base/error.h>
#include <h3/base/view.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

struct _ConfigUser {
    char *name; /* owned: as it was given */
    uid_t user;
    gid_t group;
    GArray *groups;          /* owned: gid_t */
    gboolean are_groups_own; /* they were not given */
};

/* What the system's tables may need for one row. */
#define MAX_ROW (1 << 20)

static gboolean
read_number (const char *text, guint64 *out_number)
{
    /* The greatest means nobody to the calls that set it. */
    return h3_view_parse_uint (h3_view_of (text), G_MAXUINT32 - 1, out_number);
}

static gboolean
tell_missing (const char *what, const char *name, int reason, GError **error)
{
    if (reason != 0)
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "the %s '%s' cannot be looked up: %s", what,
                     name, g_strerror (reason));
    else
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "there is no %s '%s'", what, name);
    return FALSE;
}

/* A number that no user has is one, too: without a group of its own. */
static gboolean
find_user (ConfigUser *user, GError **error)
{
    g_autofree char *room = g_malloc (MAX_ROW);
    struct passwd row, *found = NULL;
    guint64 number = 0;
    gboolean is_number = read_number (user->name, &number);
    int reason = is_number ? getpwuid_r ((uid_t) number, &row, room, MAX_ROW, &found)
                           : getpwnam_r (user->name, &row, room, MAX_ROW, &found);

    if (found == NULL && !is_number)
        return tell_missing ("user", user->name, reason, error);
    user->user = found != NULL ? found->pw_uid : (uid_t) number;
    user->group = found != NULL ? found->pw_gid : (gid_t) number;
    if (found != NULL) {
        g_free (user->name);
        user->name = g_strdup (found->pw_name);
    }
    return TRUE;
}

static gboolean
find_group (const char *name, gid_t *out_group, GError **error)
{
    g_autofree char *room = g_malloc (MAX_ROW);
    struct group row, *found = NULL;
    guint64 number;
    int reason;

    if (read_number (name, &number)) {
        *out_group = (gid_t) number;
        return TRUE;
    }
    reason = getgrnam_r (name, &row, room, MAX_ROW, &found);
    if (found == NULL)
        return tell_missing ("group", name, reason, error);
    *out_group = found->gr_gid;
    return TRUE;
}

/* Those that the system's tables have the user in. */
static void
find_own_groups (ConfigUser *user)
{
    int n = 64;

    g_array_set_size (user->groups, (guint) n);
    while (getgrouplist (user->name, user->group, (gid_t *) (void *) user->groups->data, &n) < 0)
        g_array_set_size (user->groups, (guint) n);
    g_array_set_size (user->groups, (guint) n);
}

ConfigUser *
config_user_new (const char *name, const char *group, const char *const *groups, GError **error)
{
    g_autoptr (ConfigUser) user = g_new0 (ConfigUser, 1);

    user->name = g_strdup (name);
    user->groups = g_array_new (FALSE, TRUE, sizeof (gid_t));
    if (!find_user (user, error) || (group != NULL && !find_group (group, &user->group, error)))
        return NULL;
    user->are_groups_own = groups == NULL;
    if (groups == NULL)
        find_own_groups (user);
    for (guint i = 0; groups != NULL && groups[i] != NULL; i++) {
        gid_t other;

        if (!find_group (groups[i], &other, error))
            return NULL;
        g_array_append_val (user->groups, other);
    }
    return g_steal_pointer (&user);
}

void
config_user_free (ConfigUser *user)
{
    if (user == NULL)
        return;
    g_clear_pointer (&user->groups, g_array_unref);
    g_free (user->name);
    g_free (user);
}

static gboolean
is_already (const ConfigUser *user)
{
    uid_t users[3];
    gid_t groups[3];

    if (getresuid (&users[0], &users[1], &users[2]) != 0
        || getresgid (&groups[0], &groups[1], &groups[2]) != 0)
        return FALSE;
    for (guint i = 0; i < 3; i++) {
        if (users[i] != user->user || groups[i] != user->group)
            return FALSE;
    }
    return TRUE;
}

gboolean
config_user_check (const ConfigUser *user, GError **error)
{
    if (geteuid () == 0 || is_already (user))
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                 "only root becomes %s, and this process is not: start it as root, or leave user "
                 "out",
                 user->name);
    return FALSE;
}

/* What the system's tables say of a user may change meanwhile: that is no other wish. */
static gboolean
have_same_groups (const ConfigUser *user, const ConfigUser *other)
{
    if (user->are_groups_own || other->are_groups_own)
        return user->are_groups_own == other->are_groups_own;
    if (user->groups->len != other->groups->len)
        return FALSE;
    for (guint i = 0; i < user->groups->len; i++) {
        if (g_array_index (user->groups, gid_t, i) != g_array_index (other->groups, gid_t, i))
            return FALSE;
    }
    return TRUE;
}

gboolean
config_user_is_same (const ConfigUser *user, const ConfigUser *other)
{
    if (user == NULL || other == NULL)
        return user == other;
    return user->user == other->user && user->group == other->group
           && have_same_groups (user, other);
}

static gboolean
tell_failed (const ConfigUser *user, const char *what, GError **error)
{
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "cannot become %s: %s: %s", user->name, what,
                 g_strerror (errno));
    return FALSE;
}

gboolean
config_user_become (const ConfigUser *user, GError **error)
{
    if (geteuid () != 0 && is_already (user))
        return TRUE;
    if (setgroups (user->groups->len, (const gid_t *) (const void *) user->groups->data) != 0)
        return tell_failed (user, "setgroups", error);
    if (setresgid (user->group, user->group, user->group) != 0)
        return tell_failed (user, "setresgid", error);
    if (setresuid (user->user, user->user, user->user) != 0)
        return tell_failed (user, "setresuid", error);
    errno = EPERM;
    if (!is_already (user) || (user->user != 0 && setuid (0) == 0))
        return tell_failed (user, "the way back is open", error);
    return TRUE;
}
