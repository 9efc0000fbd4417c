/* SPDX-License-Identifier: MIT */

#include "redis-server.h"

#include "suite.h"

#include "h3/base/version.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char *program; /* owned by the process */

static void
await_readiness (RedisServer *server)
{
    gboolean is_ready = FALSE;

    while (!is_ready) {
        g_autofree char *line = subprocess_read_line (&server->process);

        is_ready = strstr (line, "ready to accept connections") != NULL;
    }
}

void
redis_server_begin (RedisServer *server, const char *options)
{
    g_autofree char *config = g_build_filename (server->folder, "redis.conf", NULL);
    g_autoptr (GString) text = g_string_new (NULL);
    g_auto (GStrv) more = g_strsplit (options != NULL ? options : "", ";", -1);

    g_string_printf (text, "port 0\nunixsocket %s\ndir %s\nsave \"\"\nappendonly no\n",
                     server->socket, server->folder);
    for (guint i = 0; more[i] != NULL; i++)
        g_string_append_printf (text, "%s\n", more[i]);
    ck_assert (g_file_set_contents (config, text->str, -1, NULL));
    subprocess_start_program (&server->process, program, 0, config, NULL);
    await_readiness (server);
}

gboolean
redis_server_start (RedisServer *server, const char *options)
{
    if (program == NULL)
        program = g_find_program_in_path ("redis-server");
    if (program == NULL) {
        g_print ("SKIP: there is no redis-server\n");
        return FALSE;
    }
    if (!h3_has_feature ("redis")) {
        g_print ("SKIP: the library was built without Redis\n");
        return FALSE;
    }
    server->folder = g_dir_make_tmp ("h3-redis-XXXXXX", NULL);
    ck_assert_ptr_nonnull (server->folder);
    server->socket = g_build_filename (server->folder, "socket", NULL);
    server->url = g_strconcat ("redis+unix:", server->socket, NULL);
    redis_server_begin (server, options);
    return TRUE;
}

void
redis_server_kill (RedisServer *server)
{
    int status;

    subprocess_signal (&server->process, SIGKILL);
    ck_assert_int_eq (waitpid (server->process.pid, &status, 0), server->process.pid);
    server->process.pid = 0;
    (void) close (server->process.output);
    (void) close (server->process.errors);
}

void
redis_server_clear (RedisServer *server)
{
    g_autofree char *config = NULL;

    if (server->folder == NULL)
        return;
    if (server->process.pid != 0)
        redis_server_kill (server);
    config = g_build_filename (server->folder, "redis.conf", NULL);
    (void) g_unlink (config);
    (void) g_unlink (server->socket);
    (void) g_rmdir (server->folder);
    g_free (server->folder);
    g_free (server->socket);
    g_free (server->url);
    *server = (RedisServer){ 0 };
}

void
redis_server_freeze (RedisServer *server)
{
    int status;

    subprocess_signal (&server->process, SIGSTOP);
    ck_assert_int_eq (waitpid (server->process.pid, &status, WUNTRACED), server->process.pid);
    ck_assert (WIFSTOPPED (status));
}

void
redis_server_thaw (RedisServer *server)
{
    subprocess_signal (&server->process, SIGCONT);
}

char *
redis_server_tell (RedisServer *server, const char *line)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_autofree char *command = g_strconcat (line, "\r\n", NULL);
    GString *answer = g_string_new (NULL);
    char c;

    ck_assert_int_ge (fd, 0);
    g_strlcpy (address.sun_path, server->socket, sizeof address.sun_path);
    ck_assert_int_eq (connect (fd, (struct sockaddr *) &address, sizeof address), 0);
    ck_assert_int_eq (write (fd, command, strlen (command)), (ssize_t) strlen (command));
    while (read (fd, &c, 1) == 1 && c != '\n')
        g_string_append_c (answer, c);
    (void) close (fd);
    return g_string_free (answer, FALSE);
}
