/* SPDX-License-Identifier: MIT */

#include "listen-group.h"
#include "listen-sockets.h"

#include <sys/stat.h>

struct _ListenGroup {
    ListenSockets *sockets; /* ref */
    guint first, n;         /* of their descriptors */
    gboolean is_secure;
    H3TrustedProxies *proxies; /* ref; NULL: clients come themselves */
};

/* Takes them. */
static ListenGroup *
new_group (ListenSockets *sockets)
{
    ListenGroup *group = g_new0 (ListenGroup, 1);

    group->sockets = sockets;
    group->n = sockets->fds->len;
    return group;
}

ListenGroup *
listen_group_open (const char *text, guint n_workers, GError **error)
{
    g_auto (ListenAddress) address = { .mode = -1 };
    ListenSockets *sockets;
    ListenGroup *group;

    g_return_val_if_fail (text != NULL && n_workers > 0, NULL);

    if (!listen_address_parse (text, &address, error))
        return NULL;
    g_return_val_if_fail (!address.is_inherited, NULL);
    sockets = listen_sockets_open (text, &address, n_workers, error);
    if (sockets == NULL)
        return NULL;
    group = new_group (sockets);
    listen_group_set_proxies (group, address.proxies);
    return group;
}

ListenGroup *
listen_group_adopt (int fd, GError **error)
{
    ListenSockets *sockets = listen_sockets_adopt (fd, error);

    return sockets != NULL ? new_group (sockets) : NULL;
}

ListenGroup *
listen_group_share (const ListenGroup *group)
{
    return listen_group_share_part (group, 0, 1);
}

ListenGroup *
listen_group_share_part (const ListenGroup *group, guint part, guint n_parts)
{
    ListenGroup *shared = new_group (listen_sockets_ref (group->sockets));
    guint begin = group->n * part / n_parts, end = group->n * (part + 1) / n_parts;

    if (group->n < n_parts)
        begin = 0, end = group->n;
    shared->first = group->first + begin;
    shared->n = end - begin;
    return shared;
}

void
listen_group_close (ListenGroup *group)
{
    if (group == NULL)
        return;
    listen_sockets_unref (group->sockets);
    listen_group_set_proxies (group, NULL);
    g_free (group);
}

gboolean
listen_group_is_same (const ListenGroup *group, const ListenGroup *other)
{
    struct stat one, two;

    return fstat (listen_group_get_fd (group, 0), &one) == 0
           && fstat (listen_group_get_fd (other, 0), &two) == 0 && one.st_dev == two.st_dev
           && one.st_ino == two.st_ino;
}

gboolean
listen_group_is_at (const ListenGroup *group, const ListenAddress *address)
{
    return listen_sockets_are_at (group->sockets, address);
}

gboolean
listen_group_is_shared (const ListenGroup *group)
{
    return listen_sockets_are_shared (group->sockets);
}

void
listen_group_set_proxies (ListenGroup *group, H3TrustedProxies *proxies)
{
    if (proxies != NULL)
        h3_trusted_proxies_ref (proxies);
    g_clear_pointer (&group->proxies, h3_trusted_proxies_unref);
    group->proxies = proxies;
}

const H3TrustedProxies *
listen_group_get_proxies (const ListenGroup *group)
{
    return group->proxies;
}

void
listen_group_set_secure (ListenGroup *group, gboolean is_secure)
{
    group->is_secure = is_secure;
}

gboolean
listen_group_is_secure (const ListenGroup *group)
{
    return group->is_secure;
}

const char *
listen_group_get_text (const ListenGroup *group)
{
    return group->sockets->text;
}

guint
listen_group_get_port (const ListenGroup *group)
{
    return group->sockets->port;
}

guint
listen_group_count (const ListenGroup *group)
{
    return group->n;
}

int
listen_group_get_fd (const ListenGroup *group, guint index)
{
    g_return_val_if_fail (index < group->n, -1);
    return g_array_index (group->sockets->fds, int, group->first + index);
}
