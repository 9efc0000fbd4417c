/* SPDX-License-Identifier: MIT
 *
 * Connections begun to servers that are there, and to such as are not. */

#define _GNU_SOURCE /* RTLD_NEXT, accept4 */

#include "connector-fixture.h"

#include "tests/support/file-tree.h"

#include <sys/resource.h>
#include <sys/un.h>

START_TEST (address_is_connected_to)
{
    guint16 port = 0;
    int listener = hold (loopbacks[_i], &port);

    ck_assert_int_eq (listen (listener, 5), 0);
    start (loopbacks[_i], port);
    wait_told ();
    take_in (listener);
    ck_assert_int_eq (resolved_at, 0);
    (void) close (listener);
}
END_TEST

START_TEST (name_is_connected_to_wherever_somebody_listens)
{
    int sockets[2];
    guint16 port = hold_both ("127.0.0.1", "::1", &sockets[0], &sockets[1]);
    gint64 begun = clock_get_now ();

    ck_assert_int_eq (listen (sockets[_i], 5), 0);
    answer = loopbacks;
    start ("many.test", port);
    wait_told ();
    take_in (sockets[_i]);
    ck_assert_int_ge (resolved_at, begun);
    (void) close (sockets[0]);
    (void) close (sockets[1]);
}
END_TEST

START_TEST (localhost_is_known)
{
    guint16 port = 0;
    int listener = hold ("127.0.0.1", &port);

    ck_assert_int_eq (listen (listener, 5), 0);
    start ("localhost", port);
    wait_told ();
    take_in (listener);
    (void) close (listener);
}
END_TEST

START_TEST (refusal_names_address_and_reason)
{
    guint16 port = 0;
    int held = hold (loopbacks[_i], &port);
    g_autofree char *text =
        g_strdup_printf (_i == 0 ? "cannot connect to %s:%u: Connection refused"
                                 : "cannot connect to [%s]:%u: Connection refused",
                         loopbacks[_i], port);

    start (loopbacks[_i], port);
    assert_told (H3_CLIENT_ERROR_CONNECT, text);
    (void) close (held);
}
END_TEST

START_TEST (name_without_an_address_is_told)
{
    start ("nothing.invalid", 80);
    wait_told ();
    ck_assert (g_error_matches (why, H3_CLIENT_ERROR, H3_CLIENT_ERROR_NAME));
    ck_assert (g_str_has_prefix (why->message, "cannot find the address of nothing.invalid:80: "));
}
END_TEST

static int
listen_at (const char *name, gsize length, int backlog)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_ge (fd, 0);
    memcpy (address.sun_path, name, length);
    ck_assert_int_eq (bind (fd, (struct sockaddr *) &address,
                            (socklen_t) (offsetof (struct sockaddr_un, sun_path) + length)),
                      0);
    ck_assert_int_eq (listen (fd, backlog), 0);
    return fd;
}

START_TEST (unix_socket_is_connected_to)
{
    g_autofree char *path = NULL;
    FileTree tree;
    int listener;

    file_tree_init (&tree);
    path = file_tree_path (&tree, "socket");
    listener = listen_at (path, strlen (path) + 1, 5);
    start_unix (path);
    wait_told ();
    take_in (listener);
    ck_assert_int_eq (resolved_at, 0);
    (void) close (listener);
    file_tree_clear (&tree);
}
END_TEST

START_TEST (abstract_socket_is_connected_to)
{
    g_autofree char *name = g_strdup_printf ("@h3-test-connector-%d", (int) getpid ());
    g_autofree char *native = g_strdup (name);
    int listener;

    native[0] = '\0';
    listener = listen_at (native, strlen (name), 5);
    start_unix (name);
    wait_told ();
    take_in (listener);
    (void) close (listener);
}
END_TEST

START_TEST (unix_socket_that_is_not_there_is_told)
{
    start_unix ("/nonexistent/socket");
    assert_told (H3_CLIENT_ERROR_CONNECT,
                 "cannot connect to unix:/nonexistent/socket: No such file or directory");
}
END_TEST

START_TEST (path_that_is_too_long_is_told)
{
    g_autofree char *end = g_strnfill (107, 'a');
    g_autofree char *path = g_strconcat ("/", end, NULL);
    g_autofree char *text =
        g_strdup_printf ("cannot connect to unix:%s: the path is longer than 107 bytes", path);

    start_unix (path);
    assert_told (H3_CLIENT_ERROR_CONNECT, text);
}
END_TEST

START_TEST (unix_server_that_takes_no_more_is_told)
{
    g_autofree char *name = g_strdup_printf ("@h3-test-full-%d", (int) getpid ());
    g_autofree char *native = g_strdup (name);
    g_autofree char *text = g_strdup_printf (
        "cannot connect to unix:%s: its server is too busy to take a connection", name);
    int listener, first;

    native[0] = '\0';
    listener = listen_at (native, strlen (name), 0);
    start_unix (name);
    wait_told ();
    first = connected;
    told = 0;
    start_unix (name);
    assert_told (H3_CLIENT_ERROR_CONNECT, text);
    (void) close (first);
    (void) close (listener);
}
END_TEST

START_TEST (lack_of_descriptors_is_told)
{
    struct rlimit limit, none;
    guint16 port = 0;
    int held = hold ("127.0.0.1", &port), lowest = dup (held);
    g_autofree char *text =
        g_strdup_printf ("cannot connect to 127.0.0.1:%u: Too many open files", port);

    (void) close (lowest);
    ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &limit), 0);
    none = (struct rlimit){ (rlim_t) lowest, limit.rlim_max };
    ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &none), 0);
    start ("127.0.0.1", port);
    ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &limit), 0);
    assert_told (H3_CLIENT_ERROR_CONNECT, text);
    (void) close (held);
}
END_TEST

/* The port that is asked for may be the one that is asked from. */
START_TEST (nobody_is_connected_to_itself)
{
    g_autofree char *text = NULL;
    guint16 port = 0;
    int held = hold ("127.0.0.1", &port);

    (void) close (held);
    text = g_strdup_printf ("cannot connect to 127.0.0.1:%u: Connection refused", port);
    asks_from = port;
    start ("127.0.0.1", port);
    assert_told (H3_CLIENT_ERROR_CONNECT, text);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("connector");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_loop_test (tcase, address_is_connected_to, 0, 2);
    tcase_add_loop_test (tcase, name_is_connected_to_wherever_somebody_listens, 0, 2);
    tcase_add_test (tcase, localhost_is_known);
    tcase_add_loop_test (tcase, refusal_names_address_and_reason, 0, 2);
    tcase_add_test (tcase, name_without_an_address_is_told);
    tcase_add_test (tcase, unix_socket_is_connected_to);
    tcase_add_test (tcase, abstract_socket_is_connected_to);
    tcase_add_test (tcase, unix_socket_that_is_not_there_is_told);
    tcase_add_test (tcase, path_that_is_too_long_is_told);
    tcase_add_test (tcase, unix_server_that_takes_no_more_is_told);
    tcase_add_test (tcase, lack_of_descriptors_is_told);
    tcase_add_test (tcase, nobody_is_connected_to_itself);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("net/connector", add_cases);
}
