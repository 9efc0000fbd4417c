/* SPDX-License-Identifier: MIT */

#include "listen-sockets.h"
#include "listen-permissions.h"

#include <h3/base/error.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The kernel cuts it to net.core.somaxconn. */
#define BACKLOG 4096

static ListenSockets *
new_sockets (void)
{
    ListenSockets *sockets = g_new0 (ListenSockets, 1);

    atomic_init (&sockets->n_references, 1);
    sockets->fds = g_array_new (FALSE, FALSE, sizeof (int));
    return sockets;
}

ListenSockets *
listen_sockets_ref (ListenSockets *sockets)
{
    atomic_fetch_add_explicit (&sockets->n_references, 1, memory_order_relaxed);
    return sockets;
}

/* Whether the path still leads to what was made there. */
static gboolean
is_there (const ListenSockets *sockets)
{
    struct stat found;

    return sockets->made != NULL && lstat (sockets->made, &found) == 0
           && found.st_dev == sockets->device && found.st_ino == sockets->inode;
}

void
listen_sockets_unref (ListenSockets *sockets)
{
    if (sockets == NULL
        || atomic_fetch_sub_explicit (&sockets->n_references, 1, memory_order_acq_rel) > 1)
        return;
    /* First the path: who finds it finds somebody listening. A process that was forked has the
     * sockets, but not the name. */
    if (sockets->maker == getpid () && is_there (sockets))
        (void) unlink (sockets->made);
    for (guint i = 0; i < sockets->fds->len; i++)
        (void) close (g_array_index (sockets->fds, int, i));
    g_array_unref (sockets->fds);
    g_free (sockets->made);
    g_free (sockets->path);
    g_free (sockets->text);
    g_free (sockets);
}

gboolean
listen_sockets_are_shared (const ListenSockets *sockets)
{
    return atomic_load_explicit (&((ListenSockets *) sockets)->n_references, memory_order_acquire)
           > 1;
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
take_listening (ListenSockets *sockets, int fd)
{
    g_array_append_val (sockets->fds, fd);
    return listen (fd, BACKLOG) == 0;
}

/* So many, beside the one that holds the port. FALSE and errno; ENOPROTOOPT where the system has no
 * such thing. */
static gboolean
open_several (ListenSockets *sockets, const H3SocketAddress *address, guint n)
{
    for (guint i = 0; i < n; i++) {
        int fd = bind_tcp (address, TRUE);

        if (fd < 0 || !take_listening (sockets, fd))
            return FALSE;
    }
    return TRUE;
}

/* One socket is all there is where the system cannot have several at a port. */
static gboolean
open_tcp (ListenSockets *sockets, const char *text, guint n, GError **error)
{
    H3SocketAddress address;
    int holder = bind_tcp (&sockets->wanted, FALSE);
    int error_number = 0;
    gboolean is_single = n == 1;

    if (holder < 0)
        return fail (error, text, errno);
    if (!get_bound (holder, &address))
        error_number = errno;
    else if (n > 1 && !open_several (sockets, &address, n))
        error_number = errno;
    if (error_number == ENOPROTOOPT && sockets->fds->len == 0) {
        error_number = 0;
        is_single = TRUE;
    }
    if (!is_single)
        (void) close (holder);
    else if (!take_listening (sockets, holder) && error_number == 0)
        error_number = errno;
    if (error_number != 0)
        return fail (error, text, error_number);
    sockets->port = address.port;
    sockets->text = h3_socket_address_to_string (&address);
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

/* (transfer full) */
static char *
make_path (const ListenAddress *address)
{
    return address->path[0] == '@' ? g_strdup (address->path)
                                   : g_canonicalize_filename (address->path, NULL);
}

static void
note_made (ListenSockets *sockets)
{
    struct stat found;

    if (sockets->path[0] == '@' || lstat (sockets->path, &found) != 0)
        return;
    sockets->made = g_strdup (sockets->path);
    sockets->maker = getpid ();
    sockets->device = found.st_dev;
    sockets->inode = found.st_ino;
}

static gboolean
open_unix (ListenSockets *sockets, const ListenAddress *address, GError **error)
{
    struct sockaddr_un native;
    socklen_t length = fill_unix (address->path, &native);
    int fd;

    sockets->text = g_strconcat ("unix:", address->path, NULL);
    sockets->path = make_path (address);
    if (address->path[0] != '@' && !remove_stale (address->path, &native, length))
        return fail (error, sockets->text, errno);
    fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail (error, sockets->text, errno);
    g_array_append_val (sockets->fds, fd);
    if (bind (fd, (struct sockaddr *) &native, length) != 0)
        return fail (error, sockets->text, errno);
    note_made (sockets);
    if (!listen_permissions_set (address, error))
        return FALSE;
    return listen (fd, BACKLOG) == 0 || fail (error, sockets->text, errno);
}

ListenSockets *
listen_sockets_open (const char *text, const ListenAddress *address, guint n, GError **error)
{
    g_autoptr (ListenSockets) sockets = new_sockets ();
    gboolean opened;

    sockets->wanted = address->tcp;
    opened = address->tcp.address.family == H3_ADDRESS_UNIX ? open_unix (sockets, address, error)
                                                            : open_tcp (sockets, text, n, error);
    return opened ? g_steal_pointer (&sockets) : NULL;
}

gboolean
listen_sockets_are_at (const ListenSockets *sockets, const ListenAddress *address)
{
    g_autofree char *path = NULL;

    if (address->is_inherited)
        return FALSE;
    if (address->tcp.address.family != H3_ADDRESS_UNIX)
        return sockets->wanted.address.family != H3_ADDRESS_NONE
               && h3_address_equal (&sockets->wanted.address, &address->tcp.address)
               && (address->tcp.port == sockets->wanted.port || address->tcp.port == sockets->port);
    path = make_path (address);
    return g_strcmp0 (sockets->path, path) == 0 && (path[0] == '@' || is_there (sockets));
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

ListenSockets *
listen_sockets_adopt (int fd, GError **error)
{
    const char *hindrance = find_hindrance (fd);
    ListenSockets *sockets;

    if (hindrance != NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "cannot be served: %s", hindrance);
        return NULL;
    }
    (void) fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_NONBLOCK);
    (void) fcntl (fd, F_SETFD, FD_CLOEXEC);
    sockets = new_sockets ();
    g_array_append_val (sockets->fds, fd);
    sockets->text = describe (fd, &sockets->port);
    return sockets;
}
