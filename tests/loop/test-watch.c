/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/loop/watch.h"
#include "tests/support/backend.h"
#include "tests/support/suite.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>

typedef struct {
    Loop *loop;
    int fds[2]; /* a pipe: to read, to write */
    guint n_told;
    WatchFlags ready;
    Watch *freed; /* by the next call */
} Fixture;

static void
on_ready (Watch *watch, WatchFlags ready, gpointer data)
{
    Fixture *fixture = data;

    fixture->n_told++;
    fixture->ready = ready;
    g_clear_pointer (&fixture->freed, watch_free);
}

static Fixture
set_up (void)
{
    Fixture fixture = { .loop = loop_new (NULL) };

    ck_assert_ptr_nonnull (fixture.loop);
    ck_assert (g_unix_open_pipe (fixture.fds, FD_CLOEXEC, NULL));
    ck_assert (g_unix_set_fd_nonblocking (fixture.fds[0], TRUE, NULL));
    ck_assert (g_unix_set_fd_nonblocking (fixture.fds[1], TRUE, NULL));
    return fixture;
}

static void
tear_down (Fixture *fixture)
{
    (void) close (fixture->fds[0]);
    if (fixture->fds[1] >= 0)
        (void) close (fixture->fds[1]);
    loop_unref (fixture->loop);
}

/* Where something is ready, one turn: a step that does not wait goes on until nothing is. */
static guint
count_turn (Fixture *fixture, gboolean is_ready)
{
    fixture->n_told = 0;
    fixture->ready = 0;
    loop_step (fixture->loop, is_ready);
    return fixture->n_told;
}

START_TEST (watch_tells_of_what_is_there_at_each_turn_and_of_the_end)
{
    Fixture fixture = set_up ();
    g_autoptr (Watch) watch =
        watch_new (fixture.loop, fixture.fds[0], WATCH_READ, on_ready, &fixture, NULL);
    char byte;

    ck_assert_ptr_nonnull (watch);
    ck_assert_uint_eq (count_turn (&fixture, FALSE), 0);
    ck_assert_int_eq (write (fixture.fds[1], "a", 1), 1);
    ck_assert_uint_eq (count_turn (&fixture, TRUE), 1);
    ck_assert_uint_eq (fixture.ready, WATCH_READ);
    ck_assert_uint_eq (count_turn (&fixture, TRUE), 1);
    ck_assert_int_eq (read (fixture.fds[0], &byte, 1), 1);
    ck_assert_uint_eq (count_turn (&fixture, FALSE), 0);
    (void) close (fixture.fds[1]);
    fixture.fds[1] = -1;
    ck_assert_uint_eq (count_turn (&fixture, TRUE), 1);
    ck_assert_uint_eq (fixture.ready, WATCH_READ);
    g_clear_pointer (&watch, watch_free);
    tear_down (&fixture);
}
END_TEST

START_TEST (watch_follows_what_is_set)
{
    Fixture fixture = set_up ();
    g_autoptr (Watch) watch = watch_new (fixture.loop, fixture.fds[1], 0, on_ready, &fixture, NULL);

    ck_assert_uint_eq (count_turn (&fixture, FALSE), 0);
    ck_assert (watch_set (watch, WATCH_WRITE));
    ck_assert_uint_eq (count_turn (&fixture, TRUE), 1);
    ck_assert_uint_eq (fixture.ready, WATCH_WRITE);
    ck_assert (watch_set (watch, WATCH_READ | WATCH_WRITE));
    ck_assert_uint_eq (count_turn (&fixture, TRUE), 1);
    ck_assert (watch_set (watch, 0));
    ck_assert_uint_eq (count_turn (&fixture, FALSE), 0);
    g_clear_pointer (&watch, watch_free);
    tear_down (&fixture);
}
END_TEST

START_TEST (watch_may_be_freed_in_its_function_and_before_it)
{
    Fixture fixture = set_up (), other = set_up ();
    Watch *first = watch_new (fixture.loop, fixture.fds[1], WATCH_WRITE, on_ready, &fixture, NULL);
    Watch *second = watch_new (fixture.loop, other.fds[1], WATCH_WRITE, on_ready, &other, NULL);

    /* Both are ready in one turn; whoever is told first frees the other, which is not told. */
    fixture.freed = second;
    other.freed = first;
    loop_step (fixture.loop, TRUE);
    ck_assert_uint_eq (fixture.n_told + other.n_told, 1);
    watch_free (fixture.n_told > 0 ? first : second);
    ck_assert_uint_eq (count_turn (&fixture, FALSE), 0);

    fixture.freed = watch_new (fixture.loop, fixture.fds[1], WATCH_WRITE, on_ready, &fixture, NULL);
    ck_assert_uint_eq (count_turn (&fixture, TRUE), 1);
    ck_assert_uint_eq (count_turn (&fixture, FALSE), 0);
    tear_down (&fixture);
    tear_down (&other);
}
END_TEST

/* poll () and select () find a folder ready at all times. */
START_TEST (watch_of_what_cannot_be_watched_is_an_error)
{
    Fixture fixture;
    g_autoptr (GError) error = NULL;
    int fd;

    if (!backend_is_epoll ())
        return;
    fixture = set_up ();
    fd = open ("/", O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge (fd, 0);
    ck_assert_ptr_null (watch_new (fixture.loop, fd, WATCH_READ, on_ready, &fixture, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_FAILED));
    (void) close (fd);
    tear_down (&fixture);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "watch", watch_tells_of_what_is_there_at_each_turn_and_of_the_end,
                    watch_follows_what_is_set, watch_may_be_freed_in_its_function_and_before_it,
                    watch_of_what_cannot_be_watched_is_an_error, NULL);
}

int
main (void)
{
    return suite_run ("loop/watch", add);
}
