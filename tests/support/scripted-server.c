/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE /* accept4 */

#include "scripted-server.h"

#include "suite.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 128

typedef union {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    struct sockaddr_un local;
} Native;

/* What a connection's thread is given. */
typedef struct {
    ScriptedPlace place;
    const ScriptStep *script; /* borrowed */
} Player;

static socklen_t
get_native (const ScriptedServer *server, Native *out_native)
{
    const char *host = server->wish.host != NULL ? server->wish.host : "127.0.0.1";
    const char *path = server->wish.unix_path;

    memset (out_native, 0, sizeof *out_native);
    if (path != NULL) {
        gsize length = strlen (path);

        ck_assert_uint_lt (length, sizeof out_native->local.sun_path);
        out_native->local.sun_family = AF_UNIX;
        memcpy (out_native->local.sun_path, path, length);
        if (path[0] != '@')
            return sizeof out_native->local;
        out_native->local.sun_path[0] = '\0';
        return (socklen_t) (G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + length);
    }
    if (strchr (host, ':') != NULL) {
        out_native->six.sin6_family = AF_INET6;
        out_native->six.sin6_port = htons (server->port);
        ck_assert_int_eq (inet_pton (AF_INET6, host, &out_native->six.sin6_addr), 1);
        return sizeof out_native->six;
    }
    out_native->four.sin_family = AF_INET;
    out_native->four.sin_port = htons (server->port);
    ck_assert_int_eq (inet_pton (AF_INET, host, &out_native->four.sin_addr), 1);
    return sizeof out_native->four;
}

static int
make_bound (const ScriptedServer *server)
{
    Native native;
    socklen_t length = get_native (server, &native);
    int fd = socket (native.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int on = 1;

    ck_assert_int_ge (fd, 0);
    ck_assert_int_eq (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    if (bind (fd, &native.any, length) != 0)
        ck_abort_msg ("cannot bind: %s", g_strerror (errno));
    return fd;
}

/* A port without a listener: who connects is refused, and nobody else is given it. A path is there
 * only while somebody listens. */
static void
hold_port (ScriptedServer *server)
{
    const char *host = server->wish.host != NULL ? server->wish.host : "127.0.0.1";
    const char *scheme = server->wish.certificate != NULL ? "https" : "http";
    Native native;
    socklen_t length = sizeof native;

    if (server->wish.unix_path != NULL) {
        server->address = g_strconcat ("unix:", server->wish.unix_path, NULL);
        server->url = g_strconcat (scheme, "://localhost", NULL);
        return;
    }
    server->holder = make_bound (server);
    ck_assert_int_eq (getsockname (server->holder, &native.any, &length), 0);
    server->port =
        ntohs (native.any.sa_family == AF_INET6 ? native.six.sin6_port : native.four.sin_port);
    server->address = strchr (host, ':') != NULL ? g_strdup_printf ("[%s]:%u", host, server->port)
                                                 : g_strdup_printf ("%s:%u", host, server->port);
    server->url = g_strconcat (scheme, "://", server->address, NULL);
}

static SSL_CTX *
make_context (const ScriptedWish *wish)
{
    SSL_CTX *context;

    if (wish->certificate == NULL)
        return NULL;
    /* OpenSSL writes by write (). */
    (void) signal (SIGPIPE, SIG_IGN);
    context = SSL_CTX_new (TLS_server_method ());
    ck_assert_ptr_nonnull (context);
    SSL_CTX_set_mode (context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    ck_assert_int_eq (
        SSL_CTX_set_session_id_context (context, (const unsigned char *) "scripted", 8), 1);
    ck_assert_int_eq (SSL_CTX_use_certificate_chain_file (context, wish->certificate), 1);
    ck_assert_int_eq (SSL_CTX_use_PrivateKey_file (context, wish->key, SSL_FILETYPE_PEM), 1);
    if (wish->max_version != 0) {
        SSL_CTX_set_security_level (context, 0);
        ck_assert_int_eq (SSL_CTX_set_max_proto_version (context, wish->max_version), 1);
        ck_assert_int_eq (SSL_CTX_set_min_proto_version (context, wish->max_version), 1);
    }
    if (wish->client_authority != NULL) {
        ck_assert_int_eq (SSL_CTX_load_verify_file (context, wish->client_authority), 1);
        SSL_CTX_set_verify (context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    return context;
}

static void *
play (void *data)
{
    Player *player = data;

    scripted_connection_play (&player->place, player->script);
    g_free (player);
    return NULL;
}

static void
accept_one (ScriptedServer *server)
{
    int fd = accept4 (server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    Player *player;
    pthread_t thread;
    int on = 1;

    if (fd < 0)
        return;
    if (server->wish.unix_path == NULL)
        (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    player = g_new0 (Player, 1);
    player->place = (ScriptedPlace){ fd,
                                     server->ending,
                                     server->permits,
                                     server->context,
                                     &server->record,
                                     scripted_record_add_connection (&server->record) };
    pthread_mutex_lock (&server->record.lock);
    ck_assert_msg (server->scripts->len > 0, "no script for a connection");
    player->script = server->scripts->pdata[MIN (player->place.number, server->scripts->len - 1)];
    pthread_mutex_unlock (&server->record.lock);
    ck_assert_int_eq (pthread_create (&thread, NULL, play, player), 0);
    g_array_append_val (server->players, thread);
}

static void *
listen_on (void *data)
{
    ScriptedServer *server = data;
    struct pollfd fds[] = { { server->listener, POLLIN, 0 }, { server->silence, POLLIN, 0 } };

    for (;;) {
        if (poll (fds, G_N_ELEMENTS (fds), -1) < 0)
            continue;
        if (fds[1].revents != 0)
            return NULL;
        accept_one (server);
    }
}

/* The one place in the line of those to be accepted is taken by ourselves: the kernel drops what
 * others send, until they give up. */
static void
fill (ScriptedServer *server)
{
    Native native;
    socklen_t length = get_native (server, &native);

    server->filler = socket (native.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq (connect (server->filler, &native.any, length), 0);
}

void
scripted_server_listen (ScriptedServer *server)
{
    ck_assert_int_eq (server->listener, -1);
    server->listener = make_bound (server);
    ck_assert_int_eq (listen (server->listener, server->wish.is_full ? 0 : BACKLOG), 0);
    if (server->wish.is_full) {
        fill (server);
        return;
    }
    server->silence = eventfd (0, EFD_CLOEXEC);
    ck_assert_int_ge (server->silence, 0);
    ck_assert_int_eq (pthread_create (&server->listening, NULL, listen_on, server), 0);
}

static void
close_one (int *fd)
{
    if (*fd >= 0)
        (void) close (*fd);
    *fd = -1;
}

void
scripted_server_refuse (ScriptedServer *server)
{
    guint64 one = 1;

    if (server->listener < 0)
        return;
    if (server->silence >= 0) {
        ck_assert_int_eq (write (server->silence, &one, sizeof one), sizeof one);
        pthread_join (server->listening, NULL);
    }
    close_one (&server->silence);
    close_one (&server->listener);
    close_one (&server->filler);
    if (server->wish.unix_path != NULL && server->wish.unix_path[0] != '@')
        (void) unlink (server->wish.unix_path);
}

void
scripted_server_start (ScriptedServer *server, const ScriptedWish *wish, const ScriptStep *script)
{
    *server = (ScriptedServer){ .holder = -1, .listener = -1, .filler = -1, .silence = -1 };
    if (wish != NULL)
        server->wish = *wish;
    scripted_record_init (&server->record);
    server->scripts = g_ptr_array_new ();
    server->players = g_array_new (FALSE, FALSE, sizeof (pthread_t));
    server->ending = eventfd (0, EFD_CLOEXEC);
    server->permits = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
    ck_assert_int_ge (server->ending, 0);
    ck_assert_int_ge (server->permits, 0);
    server->context = make_context (&server->wish);
    hold_port (server);
    if (script != NULL)
        scripted_server_add (server, script);
    if (!server->wish.is_silent)
        scripted_server_listen (server);
}

void
scripted_server_add (ScriptedServer *server, const ScriptStep *script)
{
    pthread_mutex_lock (&server->record.lock);
    g_ptr_array_add (server->scripts, (gpointer) script);
    pthread_mutex_unlock (&server->record.lock);
}

void
scripted_server_clear (ScriptedServer *server)
{
    guint64 one = 1;

    scripted_server_refuse (server);
    ck_assert_int_eq (write (server->ending, &one, sizeof one), sizeof one);
    for (guint i = 0; i < server->players->len; i++)
        pthread_join (g_array_index (server->players, pthread_t, i), NULL);
    g_array_unref (server->players);
    g_ptr_array_unref (server->scripts);
    SSL_CTX_free (server->context);
    close_one (&server->ending);
    close_one (&server->permits);
    close_one (&server->holder);
    g_free (server->address);
    g_free (server->url);
    scripted_record_clear (&server->record);
}

void
scripted_server_permit (ScriptedServer *server)
{
    guint64 one = 1;

    ck_assert_int_eq (write (server->permits, &one, sizeof one), sizeof one);
}

guint
scripted_server_count_connections (ScriptedServer *server)
{
    return scripted_record_count_connections (&server->record);
}

guint
scripted_server_count_requests (ScriptedServer *server)
{
    return scripted_record_count_requests (&server->record);
}

void
scripted_server_wait_connections (ScriptedServer *server, guint n)
{
    scripted_record_wait_connections (&server->record, n);
}

void
scripted_server_wait_requests (ScriptedServer *server, guint n)
{
    scripted_record_wait_requests (&server->record, n);
}

void
scripted_server_wait_ended (ScriptedServer *server, guint n)
{
    scripted_record_wait_ended (&server->record, n);
}

void
scripted_server_wait_waiting (ScriptedServer *server, guint n)
{
    scripted_record_wait_waiting (&server->record, n);
}

char *
scripted_server_dup_head (ScriptedServer *server, guint n)
{
    return scripted_record_dup_head (&server->record, n);
}

GString *
scripted_server_dup_body (ScriptedServer *server, guint n)
{
    return scripted_record_dup_body (&server->record, n);
}

char *
scripted_server_dup_trailers (ScriptedServer *server, guint n)
{
    return scripted_record_dup_trailers (&server->record, n);
}

guint
scripted_server_get_connection (ScriptedServer *server, guint n)
{
    return scripted_record_get_connection (&server->record, n);
}

GString *
scripted_server_dup_bytes (ScriptedServer *server, guint connection)
{
    return scripted_record_dup_bytes (&server->record, connection);
}

char *
scripted_server_dup_header (ScriptedServer *server, guint n, const char *name)
{
    g_autofree char *head = scripted_server_dup_head (server, n);
    g_auto (GStrv) lines = g_strsplit (head, "\r\n", -1);
    g_autoptr (GString) values = g_string_new (NULL);
    gboolean was_found = FALSE;

    for (guint i = 1; lines[i] != NULL; i++) {
        char *colon = strchr (lines[i], ':');

        if (colon == NULL)
            continue;
        *colon = '\0';
        if (g_ascii_strcasecmp (lines[i], name) != 0)
            continue;
        g_string_append_printf (values, "%s%s", was_found ? "|" : "", g_strstrip (colon + 1));
        was_found = TRUE;
    }
    return was_found ? g_string_free (g_steal_pointer (&values), FALSE) : NULL;
}

void
scripted_server_expect_header (ScriptedServer *server, guint n, const char *name, const char *value)
{
    g_autofree char *found = scripted_server_dup_header (server, n, name);
    g_autofree char *head = scripted_server_dup_head (server, n);

    if (g_strcmp0 (found, value) != 0)
        ck_abort_msg ("%s is '%s', not '%s', in:\n%s", name, found, value, head);
}

void
scripted_server_expect_line (ScriptedServer *server, guint n, const char *line)
{
    g_autofree char *head = scripted_server_dup_head (server, n);

    *strstr (head, "\r\n") = '\0';
    ck_assert_str_eq (head, line);
}
