/* SPDX-License-Identifier: MIT */

#include "listen-permissions.h"

#include <h3/base/error.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
find_user (const char *name, uid_t *out_user)
{
    struct passwd entry, *found = NULL;
    char room[16384];
    guint64 number;

    if (h3_view_parse_uint (h3_view_of (name), G_MAXUINT32 - 1, &number)) {
        *out_user = (uid_t) number;
        return TRUE;
    }
    if (getpwnam_r (name, &entry, room, sizeof room, &found) != 0 || found == NULL)
        return FALSE;
    *out_user = entry.pw_uid;
    return TRUE;
}

static gboolean
find_group (const char *name, gid_t *out_group)
{
    struct group entry, *found = NULL;
    char room[16384];
    guint64 number;

    if (h3_view_parse_uint (h3_view_of (name), G_MAXUINT32 - 1, &number)) {
        *out_group = (gid_t) number;
        return TRUE;
    }
    if (getgrnam_r (name, &entry, room, sizeof room, &found) != 0 || found == NULL)
        return FALSE;
    *out_group = entry.gr_gid;
    return TRUE;
}

/* Who became somebody else since the path was made cannot change it, and need not. */
static gboolean
is_so_already (const ListenAddress *address, uid_t owner, gid_t group)
{
    struct stat info;

    return lstat (address->path, &info) == 0 && (owner == (uid_t) -1 || info.st_uid == owner)
           && (group == (gid_t) -1 || info.st_gid == group)
           && (address->mode < 0 || (info.st_mode & 07777) == (mode_t) address->mode);
}

gboolean
listen_permissions_set (const ListenAddress *address, GError **error)
{
    uid_t owner = (uid_t) -1;
    gid_t group = (gid_t) -1;

    if (address->owner != NULL && !find_user (address->owner, &owner)) {
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "unix:%s: there is no user \"%s\"",
                     address->path, address->owner);
        return FALSE;
    }
    if (address->group != NULL && !find_group (address->group, &group)) {
        g_set_error (error, H3_ERROR, H3_ERROR_NOT_FOUND, "unix:%s: there is no group \"%s\"",
                     address->path, address->group);
        return FALSE;
    }
    if (is_so_already (address, owner, group))
        return TRUE;
    if (((owner != (uid_t) -1 || group != (gid_t) -1) && lchown (address->path, owner, group) != 0)
        || (address->mode >= 0 && chmod (address->path, (mode_t) address->mode) != 0)) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED,
                     "unix:%s: cannot set its mode, owner or group: %s", address->path,
                     g_strerror (errno));
        return FALSE;
    }
    return TRUE;
}
