/* SPDX-License-Identifier: MIT */

#include "listen-group.h"

#include <h3/base/error.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The kernel cuts it to net.core.somaxconn. */
#define BACKLOG 4096

struct _ListenGroup {
    GArray *fds; /* owned; of int */
    char *text;  /* owned */
    guint port;
    gboolean is_shared;
    gboolean is_secure;
    H3TrustedProxies *proxies; /* ref; NULL: clients come themselves */
    char *made;   /* owned: the absolute path of a socket that was made here; NULL: none */
    dev_t device; /* … and what it was, so that nobody else's is removed */
    ino_t inode;
};

static ListenGroup *
new_group (void)
{
    ListenGroup *group = g_new0 (ListenGroup, 1);

    group->fds = g_array_new (FALSE, FALSE, sizeof (int));
    return group;
}

void
listen_group_set_proxies (ListenGroup *group, H3TrustedProxies *proxies)
{
    if (proxies != NULL)
        h3_trusted_proxies_ref (proxies);
    g_clear_pointer (&group->proxies, h3_trusted_proxies_unref);
    group->proxies = proxies;
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

const H3TrustedProxies *
listen_group_get_proxies (const ListenGroup *group)
{
    return group->proxies;
}

void
listen_group_close (ListenGroup *group)
{
    struct stat found;

    if (group == NULL)
        return;
    /* First the path: who finds it finds somebody listening. */
    if (group->made != NULL && lstat (group->made, &found) == 0 && found.st_dev == group->device
        && found.st_ino == group->inode)
        (void) unlink (group->made);
    for (guint i = 0; i < group->fds->len; i++)
        (void) close (g_array_index (group->fds, int, i));
    g_array_unref (group->fds);
    listen_group_set_proxies (group, NULL);
    g_free (group->made);
    g_free (group->text);
    g_free (group);
}

static gboolean
fail (GError **error, const char *text, int error_number)
{
    const char *advice = "";

    if (error_number == EADDRINUSE) {
        g_set_error (error, H3_ERROR, H3_ERROR_EXISTS,
                     "%s is in use: stop what listens there, or choose another with --listen",
                     text);
        return FALSE;
    }
    if (error_number == EACCES)
        advice = " (a port below 1024 needs CAP_NET_BIND_SERVICE, a path a folder to write to)";
    else if (error_number == EADDRNOTAVAIL)
        advice = " (it is none of this machine's addresses)";
    else if (error_number == EMFILE)
        advice = " (raise ulimit -n, or start fewer --workers)";
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "cannot listen on %s: %s%s", text,
                 g_strerror (error_number), advice);
    return FALSE;
}

/* A socket bound to the address, not listening; -1 and errno. */
static int
bind_tcp (const H3SocketAddress *address, gboolean reuse_port)
{
    struct sockaddr_storage native;
    socklen_t length = h3_socket_address_to_native (address, &native);
    int on = 1;
    int fd = socket (native.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error_number;

    if (fd < 0)
        return -1;
    /* For a restart: what the last run closed may still be waiting for its end. */
    if (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0
        && (native.ss_family != AF_INET6
            || setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0)
        && (!reuse_port || setsockopt (fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0)
        && bind (fd, (struct sockaddr *) &native, length) == 0)
        return fd;
    error_number = errno;
    (void) close (fd);
    errno = error_number;
    return -1;
}

static gboolean
get_bound (int fd, H3SocketAddress *out_address)
{
    struct sockaddr_storage native;
    socklen_t length = sizeof native;

    if (getsockname (fd, (struct sockaddr *) &native, &length) != 0)
        return FALSE;
    h3_socket_address_from_native ((struct sockaddr *) &native, length, out_address);
    return TRUE;
}

static gboolean
take_listening (ListenGroup *group, int fd)
{
    g_array_append_val (group->fds, fd);
    return listen (fd, BACKLOG) == 0;
}

/* One for each worker, beside the one that holds the port. FALSE and errno; ENOPROTOOPT where the
 * system has no such thing. */
static gboolean
open_for_workers (ListenGroup *group, const H3SocketAddress *address, guint n_workers)
{
    for (guint i = 0; i < n_workers; i++) {
        int fd = bind_tcp (address, TRUE);

        if (fd < 0 || !take_listening (group, fd))
            return FALSE;
    }
    return TRUE;
}

static gboolean
open_tcp (ListenGroup *group, const char *text, const H3SocketAddress *wanted, guint n_workers,
          GError **error)
{
    H3SocketAddress address;
    int holder = bind_tcp (wanted, FALSE);
    int error_number = 0;

    if (holder < 0)
        return fail (error, text, errno);
    if (!get_bound (holder, &address))
        error_number = errno;
    else if (n_workers > 1 && !open_for_workers (group, &address, n_workers))
        error_number = errno;
    group->is_shared = n_workers > 1 && error_number == ENOPROTOOPT && group->fds->len == 0;
    if (group->is_shared)
        error_number = 0;
    if (n_workers > 1 && !group->is_shared)
        (void) close (holder);
    else if (!take_listening (group, holder) && error_number == 0)
        error_number = errno;
    if (error_number != 0)
        return fail (error, text, error_number);
    group->port = address.port;
    group->text = h3_socket_address_to_string (&address);
    return TRUE;
}

static socklen_t
fill_unix (const char *path, struct sockaddr_un *out_native)
{
    gsize length = strlen (path);

    memset (out_native, 0, sizeof *out_native);
    out_native->sun_family = AF_UNIX;
    memcpy (out_native->sun_path, path, length);
    if (path[0] != '@')
        return sizeof *out_native;
    out_native->sun_path[0] = '\0';
    return (socklen_t) (G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + length);
}

/* Makes room where a server that has gone left its socket. FALSE and errno: EADDRINUSE where
 * somebody answers, or what is there is no socket. */
static gboolean
remove_stale (const char *path, const struct sockaddr_un *native, socklen_t length)
{
    struct stat found;
    int fd, error_number;

    if (lstat (path, &found) != 0)
        return errno == ENOENT;
    if (!S_ISSOCK (found.st_mode)) {
        errno = EADDRINUSE;
        return FALSE;
    }
    fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return FALSE;
    error_number = connect (fd, (const struct sockaddr *) native, length) == 0 ? 0 : errno;
    (void) close (fd);
    if (error_number == ECONNREFUSED)
        return unlink (path) == 0;
    errno = EADDRINUSE;
    return FALSE;
}

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

/* Before it listens, so that nobody connects who may not. */
static gboolean
set_permissions (const ListenAddress *address, GError **error)
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
    if (((owner != (uid_t) -1 || group != (gid_t) -1) && lchown (address->path, owner, group) != 0)
        || (address->mode >= 0 && chmod (address->path, (mode_t) address->mode) != 0)) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED,
                     "unix:%s: cannot set its mode, owner or group: %s", address->path,
                     g_strerror (errno));
        return FALSE;
    }
    return TRUE;
}

static void
note_made (ListenGroup *group, const char *path)
{
    struct stat found;

    if (path[0] == '@' || lstat (path, &found) != 0)
        return;
    group->made = g_canonicalize_filename (path, NULL);
    group->device = found.st_dev;
    group->inode = found.st_ino;
}

static gboolean
open_unix (ListenGroup *group, const ListenAddress *address, GError **error)
{
    struct sockaddr_un native;
    socklen_t length = fill_unix (address->path, &native);
    int fd;

    group->text = g_strconcat ("unix:", address->path, NULL);
    group->is_shared = TRUE;
    if (address->path[0] != '@' && !remove_stale (address->path, &native, length))
        return fail (error, group->text, errno);
    fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail (error, group->text, errno);
    g_array_append_val (group->fds, fd);
    if (bind (fd, (struct sockaddr *) &native, length) != 0)
        return fail (error, group->text, errno);
    note_made (group, address->path);
    if (!set_permissions (address, error))
        return FALSE;
    return listen (fd, BACKLOG) == 0 || fail (error, group->text, errno);
}

ListenGroup *
listen_group_open (const char *text, guint n_workers, GError **error)
{
    g_auto (ListenAddress) address = { .mode = -1 };
    g_autoptr (ListenGroup) group = NULL;
    gboolean opened;

    g_return_val_if_fail (text != NULL && n_workers > 0, NULL);

    if (!listen_address_parse (text, &address, error))
        return NULL;
    g_return_val_if_fail (!address.is_inherited, NULL);
    group = new_group ();
    listen_group_set_proxies (group, address.proxies);
    opened = address.tcp.address.family == H3_ADDRESS_UNIX
                 ? open_unix (group, &address, error)
                 : open_tcp (group, text, &address.tcp, n_workers, error);
    return opened ? g_steal_pointer (&group) : NULL;
}

static char *
describe (int fd, guint *out_port)
{
    struct sockaddr_un native;
    socklen_t length = sizeof native;
    gsize offset = G_STRUCT_OFFSET (struct sockaddr_un, sun_path);
    H3SocketAddress address;

    *out_port = 0;
    if (!get_bound (fd, &address))
        return g_strdup ("unknown");
    if (address.address.family != H3_ADDRESS_UNIX) {
        *out_port = address.port;
        return h3_socket_address_to_string (&address);
    }
    memset (&native, 0, sizeof native);
    if (getsockname (fd, (struct sockaddr *) &native, &length) != 0 || length <= offset)
        return g_strdup ("unix:");
    if (native.sun_path[0] == '\0')
        native.sun_path[0] = '@';
    return g_strdup_printf ("unix:%.*s", (int) MIN (length - offset, sizeof native.sun_path),
                            native.sun_path);
}

static int
get_option (int fd, int option)
{
    int value = -1;
    socklen_t length = sizeof value;

    return getsockopt (fd, SOL_SOCKET, option, &value, &length) == 0 ? value : -1;
}

/* NULL: nothing. */
static const char *
find_hindrance (int fd)
{
    int domain = get_option (fd, SO_DOMAIN);

    if (domain < 0)
        return "it is no socket";
    if (get_option (fd, SO_TYPE) != SOCK_STREAM)
        return "it is no stream socket (in a .socket unit: ListenStream=)";
    if (domain != AF_INET && domain != AF_INET6 && domain != AF_UNIX)
        return "it is neither an Internet nor a Unix socket";
    if (get_option (fd, SO_ACCEPTCONN) != 1)
        return "it does not listen (in a .socket unit: Accept=no)";
    return NULL;
}

ListenGroup *
listen_group_adopt (int fd, GError **error)
{
    const char *hindrance = find_hindrance (fd);
    ListenGroup *group;

    if (hindrance != NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "cannot be served: %s", hindrance);
        return NULL;
    }
    (void) fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_NONBLOCK);
    (void) fcntl (fd, F_SETFD, FD_CLOEXEC);
    group = new_group ();
    g_array_append_val (group->fds, fd);
    group->is_shared = TRUE;
    group->text = describe (fd, &group->port);
    return group;
}

gboolean
listen_group_is_same (const ListenGroup *group, const ListenGroup *other)
{
    struct stat one, two;

    return fstat (g_array_index (group->fds, int, 0), &one) == 0
           && fstat (g_array_index (other->fds, int, 0), &two) == 0 && one.st_dev == two.st_dev
           && one.st_ino == two.st_ino;
}

const char *
listen_group_get_text (const ListenGroup *group)
{
    return group->text;
}

guint
listen_group_get_port (const ListenGroup *group)
{
    return group->port;
}

gboolean
listen_group_is_shared (const ListenGroup *group)
{
    return group->is_shared;
}

int
listen_group_get_fd (const ListenGroup *group, guint worker)
{
    g_return_val_if_fail (group->is_shared || worker < group->fds->len, -1);
    return g_array_index (group->fds, int, group->is_shared ? 0 : worker);
}
