/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/engine/listen-group.h"
#include "tests/support/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char *folder; /* owned */
static guint descriptors;

static void
set_up (void)
{
    folder = g_dir_make_tmp ("h3-XXXXXX", NULL);
    ck_assert_ptr_nonnull (folder);
    descriptors = suite_count_descriptors ();
}

static void
tear_down (void)
{
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
    ck_assert_int_eq (g_rmdir (folder), 0);
    g_free (folder);
}

static ListenGroup *
open_group (const char *text, guint n_workers)
{
    g_autoptr (GError) error = NULL;
    ListenGroup *group = listen_group_open (text, n_workers, &error);

    ck_assert_msg (group != NULL, "%s", error != NULL ? error->message : "no error");
    return group;
}

static void
assert_fails (const char *text, H3Error code, const char *part)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (listen_group_open (text, 2, &error));
    ck_assert_msg (g_error_matches (error, H3_ERROR, (gint) code), "%s", error->message);
    ck_assert_msg (strstr (error->message, part) != NULL, "%s", error->message);
    ck_assert_msg (strstr (error->message, text) != NULL, "%s", error->message);
}

/* A client of the address as the group's text has it. */
static int
connect_to (const char *text)
{
    struct sockaddr_storage native;
    H3SocketAddress address;
    socklen_t length;
    int fd;

    if (g_str_has_prefix (text, "unix:")) {
        struct sockaddr_un *un = (struct sockaddr_un *) &native;

        memset (un, 0, sizeof *un);
        un->sun_family = AF_UNIX;
        memcpy (un->sun_path, text + 5, strlen (text + 5));
        length = sizeof *un;
        if (text[5] == '@') {
            un->sun_path[0] = '\0';
            length =
                (socklen_t) (G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + strlen (text) - 5);
        }
    } else {
        ck_assert (h3_socket_address_parse_string (text, -1, &address));
        length = h3_socket_address_to_native (&address, &native);
    }
    fd = socket (native.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge (fd, 0);
    if (connect (fd, (struct sockaddr *) &native, length) == 0)
        return fd;
    (void) close (fd);
    return -1;
}

START_TEST (listen_address_names_what_is_wrong)
{
    const struct {
        const char *text, *part;
    } cases[] = {
        { "localhost:8080", "names are not looked up" },
        { ":8080", "an address is missing" },
        { "8080", "an address is missing" },
        { "", "an address is missing" },
        { "127.0.0.1", "a port is missing" },
        { "::1", "a port is missing" },
        { "127.0.0.1:65536", "no address with a port" },
        { "unix:", "a path is missing" },
        { "unix:,mode=0600", "a path is missing" },
        { "unix:@", "a path is missing" },
        { "unix:/x,mode=0888", "mode=0660" },
        { "unix:/x,mode=", "mode=0660" },
        { "unix:/x,mode=01000", "mode=0660" },
        { "unix:/x,colour=red", "mode=0660" },
        { "unix:/x,", "mode=0660" },
        { "unix:@x,mode=0600", "abstract" },
        { "127.0.0.1:0,", "proxy-protocol=" },
        { "127.0.0.1:0,owner=www", "proxy-protocol=" },
        { "127.0.0.1:0,proxy-protocol=", "10.0.0.0/8" },
        { "unix:/x,proxy-protocol=somebody", "somebody" },
        { "systemd:,mode=0600", "FileDescriptorName" },
        { "systemd:web,mode=0600", "proxy-protocol=" },
        { "systemd:a:b", "FileDescriptorName" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;

        assert_fails (cases[i].text, H3_ERROR_INVALID, cases[i].part);
        ck_assert (!listen_address_check (cases[i].text, &error));
    }
    ck_assert (listen_address_check ("127.0.0.1:0", NULL));
    ck_assert (listen_address_check ("[::]:80", NULL));
    ck_assert (listen_address_check ("unix:@x", NULL));
}
END_TEST

START_TEST (listen_address_reads_the_options_of_a_path)
{
    g_auto (ListenAddress) address = { 0 };

    ck_assert (listen_address_parse ("unix:/a/b,group=www,mode=0660,owner=12", &address, NULL));
    ck_assert_str_eq (address.path, "/a/b");
    ck_assert_str_eq (address.group, "www");
    ck_assert_str_eq (address.owner, "12");
    ck_assert_int_eq (address.mode, 0660);
}
END_TEST

START_TEST (listen_address_reads_inherited_sockets_and_proxies)
{
    g_auto (ListenAddress) all = { 0 };
    g_auto (ListenAddress) named = { 0 };
    g_auto (ListenAddress) tcp = { 0 };
    H3Address in, out;

    ck_assert (listen_address_parse ("systemd", &all, NULL));
    ck_assert (all.is_inherited && all.name == NULL && all.proxies == NULL);
    ck_assert (listen_address_parse ("systemd:web,proxy-protocol=unix", &named, NULL));
    ck_assert (named.is_inherited && named.proxies != NULL);
    ck_assert_str_eq (named.name, "web");
    ck_assert (
        listen_address_parse ("[::1]:80,proxy-protocol=::1,proxy-protocol=10.0.0.0/8", &tcp, NULL));
    ck_assert (h3_address_parse_string ("10.1.2.3", &in));
    ck_assert (h3_address_parse_string ("11.1.2.3", &out));
    ck_assert (h3_trusted_proxies_has (tcp.proxies, &in));
    ck_assert (!h3_trusted_proxies_has (tcp.proxies, &out));
    ck_assert (!tcp.is_inherited);
    ck_assert_uint_eq (tcp.tcp.port, 80);
}
END_TEST

START_TEST (listen_address_bounds_the_path)
{
    g_autofree char *fits = g_strnfill (107, 'x');
    g_autofree char *text = g_strconcat ("unix:", fits, NULL);
    g_autofree char *longer = g_strconcat (text, "x", NULL);

    ck_assert (listen_address_check (text, NULL));
    assert_fails (longer, H3_ERROR_INVALID, "107 bytes");
}
END_TEST

START_TEST (listen_group_has_one_port_for_all_workers)
{
    g_autoptr (ListenGroup) group = open_group ("127.0.0.1:0", 3);
    g_autofree char *text = g_strdup_printf ("127.0.0.1:%u", listen_group_get_port (group));
    guint reached[3] = { 0 };

    ck_assert_str_eq (listen_group_get_text (group), text);
    ck_assert_uint_gt (listen_group_get_port (group), 0);
    ck_assert_uint_eq (listen_group_count (group), 3);
    ck_assert_int_ne (listen_group_get_fd (group, 0), listen_group_get_fd (group, 2));
    for (guint i = 0; i < 200; i++) {
        int client = connect_to (text), found = -1;

        ck_assert_int_ge (client, 0);
        for (guint j = 0; j < 3 && found < 0; j++) {
            found = accept (listen_group_get_fd (group, j), NULL, NULL);
            reached[j] += found >= 0;
        }
        ck_assert_int_ge (found, 0);
        (void) close (found);
        (void) close (client);
    }
    for (guint j = 0; j < 3; j++)
        ck_assert_uint_gt (reached[j], 0);
}
END_TEST

START_TEST (listen_group_refuses_a_port_in_use)
{
    for (guint n_workers = 1; n_workers <= 3; n_workers += 2) {
        g_autoptr (ListenGroup) group = open_group ("127.0.0.1:0", n_workers);
        g_autofree char *text = g_strdup (listen_group_get_text (group));
        int client, served;

        assert_fails (text, H3_ERROR_EXISTS, "is in use");
        /* A connection that the server closed first leaves the port waiting: no hindrance. */
        client = connect_to (text);
        for (guint j = 0, found = FALSE; j < n_workers && !found; j++) {
            served = accept (listen_group_get_fd (group, j), NULL, NULL);
            found = served >= 0;
        }
        ck_assert_int_ge (served, 0);
        (void) close (served);
        (void) close (client);
        g_clear_pointer (&group, listen_group_close);
        ck_assert_int_eq (connect_to (text), -1);
        group = open_group (text, n_workers);
    }
}
END_TEST

START_TEST (listen_group_tells_an_address_of_another_machine)
{
    assert_fails ("192.0.2.1:0", H3_ERROR_FAILED, "none of this machine's");
}
END_TEST

/* The same port of 127.0.0.1 is free, but where some other program happens to have it. */
START_TEST (listen_group_keeps_ipv6_to_itself)
{
    gboolean shared_port = FALSE;

    for (int i = 0; i < 20 && !shared_port; i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (ListenGroup) group = listen_group_open ("[::]:0", 2, &error);
        g_autoptr (ListenGroup) same_port = NULL;
        g_autofree char *text = NULL;

        if (group == NULL) {
            g_print ("SKIP: no IPv6 here: %s\n", error->message);
            return;
        }
        ck_assert (g_str_has_prefix (listen_group_get_text (group), "[::]:"));
        text = g_strdup_printf ("127.0.0.1:%u", listen_group_get_port (group));
        same_port = listen_group_open (text, 2, NULL);
        shared_port = same_port != NULL;
    }
    ck_assert (shared_port);
}
END_TEST

START_TEST (listen_group_makes_and_removes_a_unix_socket)
{
    g_autofree char *path = g_build_filename (folder, "s", NULL);
    g_autofree char *text = g_strconcat ("unix:", path, NULL);
    g_autofree char *with_mode =
        g_strdup_printf ("%s,mode=0642,owner=%u,group=%u", text, getuid (), getgid ());
    ListenGroup *group = open_group (with_mode, 3);
    struct stat found;
    int client;

    ck_assert_str_eq (listen_group_get_text (group), text);
    ck_assert_uint_eq (listen_group_get_port (group), 0);
    ck_assert_uint_eq (listen_group_count (group), 1);
    ck_assert_int_eq (lstat (path, &found), 0);
    ck_assert_uint_eq (found.st_mode, S_IFSOCK | 0642);
    client = connect_to (text);
    ck_assert_int_ge (client, 0);
    (void) close (client);
    listen_group_close (group);
    ck_assert_int_ne (lstat (path, &found), 0);
}
END_TEST

START_TEST (listen_group_tells_users_that_are_not)
{
    g_autofree char *path = g_build_filename (folder, "s", NULL);
    g_autofree char *text = g_strconcat ("unix:", path, ",owner=no such user", NULL);
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (listen_group_open (text, 1, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND));
    ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (listen_group_takes_over_a_stale_path_only)
{
    g_autofree char *path = g_build_filename (folder, "s", NULL);
    g_autofree char *moved = g_build_filename (folder, "moved", NULL);
    g_autofree char *text = g_strconcat ("unix:", path, NULL);
    ListenGroup *group = open_group (text, 1), *next;

    assert_fails (text, H3_ERROR_EXISTS, "is in use");
    /* Moved away, it stays behind when its server ends. */
    ck_assert_int_eq (g_rename (path, moved), 0);
    listen_group_close (group);
    ck_assert_int_eq (g_rename (moved, path), 0);
    group = open_group (text, 1);
    /* What has taken its place is not its to remove. */
    ck_assert_int_eq (g_unlink (path), 0);
    next = open_group (text, 1);
    listen_group_close (group);
    ck_assert_int_eq (close (connect_to (text)), 0);
    listen_group_close (next);
}
END_TEST

START_TEST (listen_group_never_removes_a_file)
{
    g_autofree char *path = g_build_filename (folder, "s", NULL);
    g_autofree char *text = g_strconcat ("unix:", path, NULL);

    ck_assert (g_file_set_contents (path, "precious", -1, NULL));
    assert_fails (text, H3_ERROR_EXISTS, "is in use");
    ck_assert_int_eq (g_unlink (path), 0);
}
END_TEST

START_TEST (listen_group_has_abstract_sockets)
{
    g_autofree char *text = g_strdup_printf ("unix:@h3-test-%d", (int) getpid ());
    g_autoptr (ListenGroup) group = open_group (text, 2);
    g_autoptr (ListenGroup) adopted = NULL;

    ck_assert_str_eq (listen_group_get_text (group), text);
    ck_assert_int_eq (close (connect_to (text)), 0);
    assert_fails (text, H3_ERROR_EXISTS, "is in use");
    adopted = listen_group_adopt (dup (listen_group_get_fd (group, 0)), NULL);
    ck_assert_str_eq (listen_group_get_text (adopted), text);
}
END_TEST

START_TEST (listen_group_adopts_what_listens)
{
    g_autoptr (ListenGroup) group = open_group ("127.0.0.1:0", 1);
    g_autoptr (ListenGroup) adopted = NULL;
    g_autoptr (GError) error = NULL;
    int fd = dup (listen_group_get_fd (group, 0));
    int file = open ("/dev/null", O_RDONLY);

    ck_assert_ptr_null (listen_group_adopt (file, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_int_eq (close (file), 0);
    adopted = listen_group_adopt (fd, NULL);
    ck_assert_uint_eq (listen_group_count (adopted), 1);
    ck_assert_str_eq (listen_group_get_text (adopted), listen_group_get_text (group));
    ck_assert_uint_eq (listen_group_get_port (adopted), listen_group_get_port (group));
    ck_assert_int_eq (listen_group_get_fd (adopted, 0), fd);
    ck_assert_int_ne (fcntl (fd, F_GETFD) & FD_CLOEXEC, 0);
}
END_TEST

static void
add (Suite *suite)
{
    const TTest *const tests[] = {
        listen_address_names_what_is_wrong,
        listen_address_reads_the_options_of_a_path,
        listen_address_reads_inherited_sockets_and_proxies,
        listen_address_bounds_the_path,
        listen_group_has_one_port_for_all_workers,
        listen_group_refuses_a_port_in_use,
        listen_group_tells_an_address_of_another_machine,
        listen_group_keeps_ipv6_to_itself,
        listen_group_makes_and_removes_a_unix_socket,
        listen_group_tells_users_that_are_not,
        listen_group_takes_over_a_stale_path_only,
        listen_group_never_removes_a_file,
        listen_group_has_abstract_sockets,
        listen_group_adopts_what_listens,
    };
    TCase *tcase = tcase_create ("groups");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        tcase_add_test (tcase, tests[i]);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("engine/listen-group", add);
}
