/* SPDX-License-Identifier: MIT */

#include "h3/base/counters.h"
#include "h3/engine/listener.h"
#include "h3/loop/clock.h"
#include "tests/support/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static Loop *loop;
static ListenGroup *group;
static Listener *listener;
static GArray *accepted; /* of int */
static guint descriptors;
static struct rlimit limit_before;
static void (*on_accepted_call) (void);

static void
on_accepted (gpointer data, int fd)
{
    ck_assert_ptr_eq (data, &loop);
    ck_assert_int_ne (fcntl (fd, F_GETFD) & FD_CLOEXEC, 0);
    ck_assert_int_ne (fcntl (fd, F_GETFL) & O_NONBLOCK, 0);
    g_array_append_val (accepted, fd);
    if (on_accepted_call != NULL)
        on_accepted_call ();
}

static void
set_up (void)
{
    clock_take_control ();
    ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &limit_before), 0);
    descriptors = suite_count_descriptors ();
    on_accepted_call = NULL;
    accepted = g_array_new (FALSE, FALSE, sizeof (int));
    loop = loop_new (NULL);
    group = listen_group_open ("127.0.0.1:0", 1, NULL);
    ck_assert_ptr_nonnull (group);
    listener = listener_new (loop, listen_group_get_fd (group, 0), on_accepted, &loop);
}

static void
close_all (GArray *fds)
{
    for (guint i = 0; i < fds->len; i++)
        (void) close (g_array_index (fds, int, i));
    g_array_set_size (fds, 0);
}

static void
tear_down (void)
{
    listener_free (listener);
    listen_group_close (group);
    loop_close (loop);
    loop_unref (loop);
    close_all (accepted);
    g_array_unref (accepted);
    ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &limit_before), 0);
    ck_assert_uint_eq (suite_count_descriptors (), descriptors);
}

static void
step (guint turns)
{
    while (turns-- > 0)
        (void) loop_step (loop, FALSE);
}

static void
connect_clients (GArray *clients, guint n)
{
    struct sockaddr_storage native;
    H3SocketAddress address;
    socklen_t length;

    ck_assert (h3_socket_address_parse_string (listen_group_get_text (group), -1, &address));
    length = h3_socket_address_to_native (&address, &native);
    while (n-- > 0) {
        int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        ck_assert_int_ge (fd, 0);
        ck_assert_int_eq (connect (fd, (struct sockaddr *) &native, length), 0);
        g_array_append_val (clients, fd);
    }
}

START_TEST (listener_accepts_a_batch_a_turn)
{
    g_autoptr (GArray) clients = g_array_new (FALSE, FALSE, sizeof (int));

    connect_clients (clients, LISTENER_BATCH + 10);
    /* A step that does not wait goes on while anything is ready. */
    (void) loop_step (loop, TRUE);
    ck_assert_uint_eq (accepted->len, LISTENER_BATCH);
    (void) loop_step (loop, TRUE);
    ck_assert_uint_eq (accepted->len, LISTENER_BATCH + 10);
    close_all (clients);
}
END_TEST

START_TEST (listener_hears_nothing_after_its_stop)
{
    g_autoptr (GArray) clients = g_array_new (FALSE, FALSE, sizeof (int));

    listener_stop (listener);
    listener_stop (listener);
    connect_clients (clients, 1);
    step (2);
    ck_assert_uint_eq (accepted->len, 0);
    ck_assert_uint_eq (listener_count_accepts (listener), 0);
    close_all (clients);
}
END_TEST

static void
free_listener (void)
{
    g_clear_pointer (&listener, listener_free);
}

START_TEST (listener_may_be_freed_where_it_accepts)
{
    g_autoptr (GArray) clients = g_array_new (FALSE, FALSE, sizeof (int));

    on_accepted_call = free_listener;
    connect_clients (clients, 2);
    step (2);
    ck_assert_uint_eq (accepted->len, 1);
    close_all (clients);
}
END_TEST

/* In a process of its own, whose descriptors are not this one's: `n` clients connect, then wait for
 * the pipe's end. */
static pid_t
start_clients (guint n, int *out_pipe)
{
    int ends[2], ready[2];
    char byte;
    pid_t child;

    ck_assert_int_eq (pipe (ends), 0);
    ck_assert_int_eq (pipe (ready), 0);
    child = fork ();
    ck_assert_int_ge (child, 0);
    if (child == 0) {
        GArray *clients = g_array_new (FALSE, FALSE, sizeof (int));

        (void) close (ends[1]);
        connect_clients (clients, n);
        (void) !write (ready[1], "x", 1);
        (void) !read (ends[0], &byte, 1);
        g_array_unref (clients);
        _exit (0);
    }
    (void) close (ends[0]);
    (void) close (ready[1]);
    ck_assert_int_eq (read (ready[0], &byte, 1), 1);
    (void) close (ready[0]);
    *out_pipe = ends[1];
    return child;
}

static void
set_descriptor_limit (rlim_t n)
{
    struct rlimit limit;

    ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = n;
    ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &limit), 0);
}

START_TEST (listener_rests_without_descriptors_and_recovers)
{
    int pipe_end;
    pid_t child = start_clients (300, &pipe_end);
    gint64 refused = counters_read (COUNTER_REFUSED);
    guint64 accepts;
    guint served;

    set_descriptor_limit (64);
    step (5);
    served = accepted->len;
    ck_assert_uint_gt (served, 20);
    ck_assert_uint_lt (served, 64);
    accepts = listener_count_accepts (listener);
    ck_assert_uint_eq (accepts, served + 2);
    ck_assert_int_eq (counters_read (COUNTER_REFUSED) - refused, 1);
    step (1000);
    ck_assert_uint_eq (listener_count_accepts (listener), accepts);
    clock_drive (LISTENER_REST_MILLISECONDS - 1);
    step (10);
    ck_assert_uint_eq (listener_count_accepts (listener), accepts);
    clock_drive (1);
    step (10);
    ck_assert_uint_eq (listener_count_accepts (listener), accepts + 2);
    ck_assert_int_eq (counters_read (COUNTER_REFUSED) - refused, 2);
    close_all (accepted);
    /* (valgrind, which keeps the limit itself, loses those that are refused for it.) */
    for (guint i = 0; i < 20; i++) {
        clock_drive (LISTENER_REST_MILLISECONDS);
        step (2);
        ck_assert (i > 0 || accepted->len > 20);
        served += accepted->len;
        close_all (accepted);
    }
    ck_assert_uint_gt (served, 200);
    (void) close (pipe_end);
    ck_assert_int_eq (waitpid (child, NULL, 0), child);
}
END_TEST

START_TEST (listener_gets_its_spare_descriptor_back)
{
    int pipe_end;
    pid_t child = start_clients (100, &pipe_end);
    gint64 refused = counters_read (COUNTER_REFUSED);
    int taken;

    set_descriptor_limit (64);
    step (3);
    /* Somebody takes the one that was meant to be spared. */
    listener_stop (listener);
    listener_free (listener);
    taken = open ("/dev/null", O_RDONLY);
    listener = listener_new (loop, listen_group_get_fd (group, 0), on_accepted, &loop);
    step (3);
    ck_assert_int_eq (counters_read (COUNTER_REFUSED) - refused, 1);
    (void) close (taken);
    clock_drive (LISTENER_REST_MILLISECONDS);
    step (3);
    ck_assert_int_eq (counters_read (COUNTER_REFUSED) - refused, 2);
    (void) close (pipe_end);
    ck_assert_int_eq (waitpid (child, NULL, 0), child);
}
END_TEST

START_TEST (listener_rests_when_its_socket_is_none)
{
    int pair[2], fd;

    ck_assert_int_eq (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    listener_free (listener);
    listener = listener_new (loop, pair[0], on_accepted, &loop);
    (void) close (pair[1]);
    step (100);
    ck_assert_uint_eq (listener_count_accepts (listener), 1);
    free_listener ();
    fd = pair[0];
    (void) close (fd);
}
END_TEST

static rlim_t
get_descriptor_limit (void)
{
    struct rlimit limit;

    ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &limit), 0);
    return limit.rlim_cur;
}

START_TEST (listener_max_connections_raises_the_limit_as_far_as_asked)
{
    set_descriptor_limit (200);
    ck_assert_uint_eq (listener_max_connections (36), 36);
    ck_assert_uint_eq (get_descriptor_limit (), 200);
    ck_assert_uint_eq (listener_max_connections (300), 300);
    ck_assert_uint_eq (get_descriptor_limit (), 364);
    ck_assert_uint_ge (listener_max_connections (0), 300);
    ck_assert_uint_ge (get_descriptor_limit (), 364);
}
END_TEST

/* In a process of its own: a hard limit is lowered for ever. */
static void
check_hard_limit (rlim_t hard, guint expected)
{
    struct rlimit limit = { MIN (hard, 64), hard };
    int status;
    pid_t child = fork ();

    ck_assert_int_ge (child, 0);
    if (child == 0) {
        if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
            _exit (77);
        _exit (listener_max_connections (65536) == expected ? 0 : 1);
    }
    ck_assert_int_eq (waitpid (child, &status, 0), child);
    if (WIFEXITED (status) && WEXITSTATUS (status) == 77)
        g_print ("SKIP: the hard limit of descriptors cannot be lowered here\n");
    else
        ck_assert_int_eq (status, 0);
}

START_TEST (listener_max_connections_leaves_descriptors_for_other_things)
{
    check_hard_limit (1000, 936);
    check_hard_limit (129, 65);
    check_hard_limit (64, 32);
}
END_TEST

static void
add (Suite *suite)
{
    const TTest *const tests[] = {
        listener_accepts_a_batch_a_turn,
        listener_hears_nothing_after_its_stop,
        listener_may_be_freed_where_it_accepts,
        listener_rests_without_descriptors_and_recovers,
        listener_gets_its_spare_descriptor_back,
        listener_rests_when_its_socket_is_none,
        listener_max_connections_raises_the_limit_as_far_as_asked,
        listener_max_connections_leaves_descriptors_for_other_things,
    };
    TCase *tcase = tcase_create ("listeners");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        tcase_add_test (tcase, tests[i]);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("engine/listener", add);
}
