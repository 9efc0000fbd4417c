/* SPDX-License-Identifier: MIT */

#include "supervisor.h"

#include "suite.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MILLISECONDS 60000

void
supervisor_init (Supervisor *supervisor, gboolean is_abstract)
{
    struct sockaddr_un native = { .sun_family = AF_UNIX };
    gsize length;

    supervisor->folder = is_abstract ? NULL : g_dir_make_tmp ("h3-supervisor-XXXXXX", NULL);
    supervisor->name = is_abstract ? g_strdup_printf ("@h3-supervisor-%d", (int) getpid ())
                                   : g_build_filename (supervisor->folder, "notify", NULL);
    length = strlen (supervisor->name);
    ck_assert_uint_lt (length, sizeof native.sun_path);
    memcpy (native.sun_path, supervisor->name, length);
    if (is_abstract)
        native.sun_path[0] = '\0';
    supervisor->fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge (supervisor->fd, 0);
    length += G_STRUCT_OFFSET (struct sockaddr_un, sun_path);
    ck_assert_int_eq (bind (supervisor->fd, (struct sockaddr *) &native, (socklen_t) length), 0);
}

void
supervisor_clear (Supervisor *supervisor)
{
    (void) close (supervisor->fd);
    if (supervisor->folder != NULL) {
        (void) g_unlink (supervisor->name);
        ck_assert_int_eq (g_rmdir (supervisor->folder), 0);
    }
    g_free (supervisor->folder);
    g_free (supervisor->name);
}

char *
supervisor_hear (Supervisor *supervisor)
{
    struct pollfd ready = { supervisor->fd, POLLIN, 0 };
    char text[4096];
    ssize_t n;

    ck_assert_msg (poll (&ready, 1, PATIENCE_MILLISECONDS) == 1, "the service says nothing");
    n = recv (supervisor->fd, text, sizeof text, 0);
    ck_assert_msg (n > 0, "hearing the service: %s", g_strerror (errno));
    return g_strndup (text, (gsize) n);
}

static gboolean
has_line (const char *message, const char *line)
{
    g_auto (GStrv) lines = g_strsplit (message, "\n", -1);

    return g_strv_contains ((const char *const *) lines, line);
}

void
supervisor_expect (Supervisor *supervisor, const char *line)
{
    g_autofree char *message = supervisor_hear (supervisor);

    ck_assert_msg (has_line (message, line), "no %s in: %s", line, message);
}

void
supervisor_await (Supervisor *supervisor, const char *line, const char *never)
{
    gboolean has_come = FALSE;

    while (!has_come) {
        g_autofree char *message = supervisor_hear (supervisor);

        ck_assert_msg (never == NULL || !has_line (message, never), "%s in: %s", never, message);
        has_come = has_line (message, line);
    }
}
