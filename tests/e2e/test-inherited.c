/* SPDX-License-Identifier: MIT
 *
 * h3d demo on sockets that a service manager hands over: by name, of each kind, with several
 * workers; and what it says where they are not as it needs them. */

#define _GNU_SOURCE /* pipe2 */

#include "tests/support/raw-client.h"
#include "tests/support/subprocess.h"
#include "tests/support/suite.h"

#include "h3/engine/listen-group.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static char *folder;         /* owned */
static ListenGroup *made[3]; /* owned: what the test, as a service manager, has bound */
static Subprocess demo;

static ListenGroup *
bind_one (const char *text)
{
    g_autoptr (GError) error = NULL;
    ListenGroup *group = listen_group_open (text, 1, &error);

    ck_assert_msg (group != NULL, "%s", error != NULL ? error->message : "");
    return group;
}

static void
set_up (void)
{
    g_autofree char *local = NULL;

    folder = g_dir_make_tmp ("h3-e2e-XXXXXX", NULL);
    local = g_strdup_printf ("unix:%s/socket", folder);
    made[0] = bind_one ("127.0.0.1:0");
    made[1] = bind_one (local);
    made[2] = bind_one ("127.0.0.1:0");
}

static void
tear_down (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (made); i++)
        listen_group_close (made[i]);
    ck_assert_msg (g_rmdir (folder) == 0, "something was left in %s", folder);
    g_free (folder);
}

/* Hands over what was bound under `names`, NULL: without any. */
static void
start (const char *names, const char *address)
{
    int sockets[G_N_ELEMENTS (made)];
    g_autofree char *variable = g_strdup_printf ("LISTEN_FDNAMES=%s", names);
    const char *environment[] = { names != NULL ? variable : NULL, NULL };
    SubprocessGifts gifts = { sockets, G_N_ELEMENTS (made), environment };

    for (guint i = 0; i < G_N_ELEMENTS (made); i++)
        sockets[i] = listen_group_get_fd (made[i], 0);
    subprocess_start_with (&demo, &gifts, "demo", "--workers", "3", "--listen", address, NULL);
}

static void
expect_served (guint i)
{
    g_autofree char *address = subprocess_read_address (&demo);
    RawClient *clients[6];

    ck_assert_str_eq (address, listen_group_get_text (made[i]));
    for (guint j = 0; j < G_N_ELEMENTS (clients); j++) {
        clients[j] = raw_client_new (address);
        raw_client_expect (clients[j], GET ("/plaintext"), 200, "Hello, World!");
    }
    for (guint j = 0; j < G_N_ELEMENTS (clients); j++)
        raw_client_free (clients[j]);
}

static void
end (void)
{
    subprocess_signal (&demo, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
}

START_TEST (all_sockets_are_served)
{
    start ("web:local:web", "systemd");
    for (guint i = 0; i < G_N_ELEMENTS (made); i++)
        expect_served (i);
    end ();
    /* Who made it removes it, in tear_down (). */
    ck_assert (
        g_file_test (listen_group_get_text (made[1]) + strlen ("unix:"), G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (sockets_of_a_name_are_served)
{
    start ("web:local:web", "systemd:web");
    expect_served (0);
    expect_served (2);
    end ();
    start ("web:local:web", "systemd:local");
    expect_served (1);
    end ();
}
END_TEST

START_TEST (sockets_without_names_are_served)
{
    start (NULL, "systemd:unknown");
    for (guint i = 0; i < G_N_ELEMENTS (made); i++)
        expect_served (i);
    end ();
}
END_TEST

/* What a child is handed it would take for its own. */
START_TEST (children_are_handed_nothing)
{
    start ("web:local:web", "systemd");
    g_free (subprocess_read_address (&demo));
    for (int fd = 3; fd < 6; fd++) {
        g_autofree char *path = g_strdup_printf ("/proc/%d/fdinfo/%d", (int) demo.pid, fd);
        g_autofree char *text = NULL;
        const char *flags;

        ck_assert (g_file_get_contents (path, &text, NULL, NULL));
        flags = strstr (text, "flags:");
        ck_assert_ptr_nonnull (flags);
        ck_assert_msg (g_ascii_strtoull (flags + strlen ("flags:"), NULL, 8) & SOCK_CLOEXEC,
                       "descriptor %d goes to children: %s", fd, text);
    }
    end ();
}
END_TEST

/* One line, which names the thing. */
static void
expect_refused (const char *part)
{
    g_autofree char *text = subprocess_read_errors (&demo);

    ck_assert_int_eq (subprocess_wait (&demo), 1);
    ck_assert_msg (strchr (text, '\n') == text + strlen (text) - 1, "not one line: %s", text);
    ck_assert_msg (strstr (text, part) != NULL, "no %s in: %s", part, text);
}

START_TEST (what_cannot_be_listened_on_is_named)
{
    const SubprocessGifts none = { 0 };

    start ("web:local:web", "systemd:api");
    expect_refused ("web, local, web");
    start ("web:local", "systemd");
    expect_refused ("LISTEN_FDNAMES has 2 names");
    start ("web:local:web", "systemd:");
    expect_refused ("FileDescriptorName");
    subprocess_start_with (&demo, &none, "demo", "--listen", "systemd", NULL);
    expect_refused ("no socket was handed over");
    subprocess_start_with (&demo, &none, "demo", "--listen", "systemd:web", NULL);
    expect_refused ("systemd-socket-activate");
}
END_TEST

START_TEST (a_socket_is_listened_on_once)
{
    int twice[] = { listen_group_get_fd (made[0], 0), listen_group_get_fd (made[0], 0) };
    SubprocessGifts gifts = { twice, G_N_ELEMENTS (twice), NULL };

    subprocess_start_with (&demo, &gifts, "demo", "--listen", "systemd", NULL);
    expect_refused ("listened on twice");
    gifts.n_sockets = 1;
    subprocess_start_with (&demo, &gifts, "demo", "--listen", "systemd", "--listen",
                           "systemd:unknown", NULL);
    expect_refused ("listened on twice");
}
END_TEST

/* As with Accept=yes, with ListenDatagram=, with ListenFIFO=. */
START_TEST (what_is_no_listener_is_refused)
{
    int pair[2], datagram[2], pipe_ends[2];
    const struct {
        const int *fd;
        const char *part;
    } cases[] = {
        { pair, "Accept=no" },
        { datagram, "ListenStream=" },
        { pipe_ends, "no socket" },
    };

    ck_assert_int_eq (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    ck_assert_int_eq (socketpair (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, datagram), 0);
    ck_assert_int_eq (pipe2 (pipe_ends, SOCK_CLOEXEC), 0);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        SubprocessGifts gifts = { cases[i].fd, 1, NULL };

        subprocess_start_with (&demo, &gifts, "demo", "--listen", "systemd", NULL);
        expect_refused (cases[i].part);
        (void) close (cases[i].fd[0]);
        (void) close (cases[i].fd[1]);
    }
}
END_TEST

static void
add_cases (Suite *suite)
{
    const TTest *const tests[] = {
        all_sockets_are_served,
        sockets_of_a_name_are_served,
        sockets_without_names_are_served,
        children_are_handed_nothing,
        what_cannot_be_listened_on_is_named,
        a_socket_is_listened_on_once,
        what_is_no_listener_is_refused,
    };
    TCase *tcase = tcase_create ("inherited");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        tcase_add_test (tcase, tests[i]);
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/inherited", add_cases);
}
