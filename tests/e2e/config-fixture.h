/* SPDX-License-Identifier: MIT
 *
 * h3d run on a file of a tree, with a supervisor that hears when it serves. */

#pragma once

#include "tests/support/file-tree.h"
#include "tests/support/raw-client.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"
#include "tests/support/supervisor.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define GET(path)  "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define LAST(path) "GET " path " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

#define LISTEN "[server]\nworkers = 2\n[listen web]\naddress = 127.0.0.1:0\n"
#define FILES  "[files /]\ndirectory = www\n"

static FileTree tree;
static Supervisor supervisor;
static Subprocess process;
static char *address; /* owned */

static inline void
write_file (const char *text)
{
    file_tree_write (&tree, "h3d.conf", text);
}

static inline void
start_tree (void)
{
    file_tree_init (&tree);
    file_tree_write (&tree, "www/a.txt", "text A");
    /* Abstract: who is no longer root reaches it too. */
    supervisor_init (&supervisor, TRUE);
}

/* (transfer full): without the scheme of TLS, which the library's own lines have. */
static inline char *
read_address (void)
{
    g_autofree char *line = subprocess_read_line (&process);
    const char *const prefixes[] = { "Listening on http://", "Listening on https://" };

    for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++) {
        if (g_str_has_prefix (line, prefixes[i]))
            return g_strdup (line + strlen (prefixes[i]));
    }
    ck_abort_msg ("no address: %s", line);
}

/* Until the service manager hears that it serves. */
static inline void
start_only (const char *text)
{
    g_autofree char *variable = g_strconcat ("NOTIFY_SOCKET=", supervisor.name, NULL);
    const char *const environment[] = { variable, NULL };
    const SubprocessGifts gifts = { NULL, 0, environment };
    g_autofree char *path = file_tree_path (&tree, "h3d.conf");

    write_file (text);
    subprocess_start_with (&process, &gifts, "run", path, NULL);
    supervisor_await (&supervisor, "READY=1", NULL);
}

/* Until it listens. */
static inline void
start (const char *text)
{
    start_only (text);
    address = read_address ();
}

/* Until the file was read, and followed or not. */
static inline void
reload (const char *text)
{
    write_file (text);
    subprocess_signal (&process, SIGHUP);
    supervisor_await (&supervisor, "RELOADING=1", "STOPPING=1");
    supervisor_await (&supervisor, "READY=1", "STOPPING=1");
}

static inline void
end (void)
{
    g_autofree char *errors = NULL;
    int status;

    subprocess_signal (&process, SIGTERM);
    errors = subprocess_read_errors (&process);
    status = subprocess_wait (&process);
    ck_assert_msg (status == 0, "status %d: %s", status, errors);
    g_clear_pointer (&address, g_free);
    supervisor_clear (&supervisor);
    file_tree_clear (&tree);
}

static inline void
expect (const char *request, guint status, const char *body)
{
    g_autoptr (RawClient) client = raw_client_new (address);

    raw_client_expect (client, request, status, body);
}

/* Until the new server answers: for a moment both accept. */
static inline void
await (const char *request, guint status, const char *body)
{
    while (TRUE) {
        g_autoptr (RawClient) client = raw_client_new (address);
        g_autoptr (RawAnswer) answer = NULL;

        ck_assert (raw_client_send (client, request));
        answer = raw_client_read (client, FALSE);
        ck_assert_ptr_nonnull (answer);
        if (answer->status == status && (body == NULL || strcmp (answer->body->str, body) == 0))
            return;
    }
}
