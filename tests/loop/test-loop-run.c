/* SPDX-License-Identifier: MIT
 *
 * A loop that runs from turn to turn by itself. */

#include "h3/loop/alarms.h"
#include "h3/loop/clock.h"
#include "h3/loop/loop.h"
#include "tests/support/suite.h"

#include <event2/event.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define TEXT(literal) ((gpointer) (literal))

static Loop *loop;
static GString *order; /* what ran, in order */

static void
set_up (void)
{
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    order = g_string_new (NULL);
}

static void
tear_down (void)
{
    loop_close (loop);
    loop_unref (loop);
    g_string_free (order, TRUE);
}

static void
note (gpointer data)
{
    g_string_append (order, data);
}

static void
note_and_more (gpointer data)
{
    note (TEXT ("d"));
    loop_defer (loop, note, TEXT ("e"));
    loop_post (loop, note, TEXT ("p"), NULL);
}

static void
stop (gpointer data)
{
    loop_stop (loop);
}

static int
open_signal (void)
{
    int fd = eventfd (0, EFD_CLOEXEC);

    ck_assert_int_ge (fd, 0);
    return fd;
}

static void
signal_one (int fd)
{
    guint64 one = 1;

    ck_assert_int_eq (write (fd, &one, sizeof one), sizeof one);
}

/* Two callbacks of libevent in one turn. */
typedef struct {
    Alarm alarm;
    int fds[2];
    struct event *events[2];
    guint n_called;
} Busy;

static void
on_busy (evutil_socket_t fd, short what, void *data)
{
    Busy *busy = data;

    note (TEXT ("c"));
    loop_defer (loop, note_and_more, NULL);
    if (++busy->n_called == G_N_ELEMENTS (busy->fds))
        loop_post (loop, stop, NULL, NULL);
}

/* An alarm's, so that the loop runs by then: the turn it begins with is a step. */
static void
make_busy (Alarm *alarm)
{
    Busy *busy = (Busy *) alarm;

    for (guint i = 0; i < G_N_ELEMENTS (busy->fds); i++)
        signal_one (busy->fds[i]);
}

START_TEST (loop_that_runs_calls_deferred_behind_all_callbacks_of_the_turn)
{
    Busy busy = { .alarm = { .on_due = make_busy } };

    for (guint i = 0; i < G_N_ELEMENTS (busy.fds); i++) {
        busy.fds[i] = open_signal ();
        busy.events[i] = event_new (loop_get_base (loop), busy.fds[i], EV_READ, on_busy, &busy);
        ck_assert_int_eq (event_add (busy.events[i], NULL), 0);
    }
    alarms_set (loop_get_alarms (loop), &busy.alarm, clock_get_now () + 1);
    loop_run (loop);
    ck_assert_str_eq (order->str, "ccddeepp");
    for (guint i = 0; i < G_N_ELEMENTS (busy.fds); i++) {
        event_free (busy.events[i]);
        (void) close (busy.fds[i]);
    }
}
END_TEST

static void
defer_and_stop (Alarm *alarm)
{
    loop_defer (loop, note, TEXT ("d"));
    loop_stop (loop);
}

START_TEST (loop_that_is_stopped_still_ends_its_turn)
{
    Alarm alarm = { .on_due = defer_and_stop };

    alarms_set (loop_get_alarms (loop), &alarm, clock_get_now () + 1);
    loop_run (loop);
    ck_assert_str_eq (order->str, "d");
}
END_TEST

typedef struct {
    Alarm alarm;
    int is_set; /* written to when the alarm is set */
} Driven;

static void
stop_when_due (Alarm *alarm)
{
    note (TEXT ("a"));
    loop_stop (loop);
}

static void
set_alarm (gpointer data)
{
    Driven *driven = data;

    alarms_set (loop_get_alarms (loop), &driven->alarm, clock_get_now () + 100000);
    signal_one (driven->is_set);
}

static void *
take_control_and_drive (void *data)
{
    Driven *driven = data;
    guint64 count;

    loop_post (loop, set_alarm, driven, NULL);
    ck_assert_int_eq (read (driven->is_set, &count, sizeof count), sizeof count);
    clock_take_control ();
    clock_drive (100000);
    return NULL;
}

START_TEST (loop_that_runs_follows_a_clock_that_is_driven_later)
{
    Driven driven = { { .on_due = stop_when_due }, open_signal () };
    pthread_t thread;

    ck_assert_int_eq (pthread_create (&thread, NULL, take_control_and_drive, &driven), 0);
    loop_run (loop);
    pthread_join (thread, NULL);
    (void) close (driven.is_set);
    ck_assert_str_eq (order->str, "a");
}
END_TEST

/* Nobody reads what it tells: it stays ready. */
static void
on_ready (evutil_socket_t fd, short what, void *data)
{
    note (TEXT ("r"));
}

START_TEST (what_is_due_does_not_wait_until_nothing_is_ready)
{
    Alarm alarm = { .on_due = stop_when_due };
    int fd = open_signal ();
    struct event *event =
        event_new (loop_get_base (loop), fd, EV_READ | EV_PERSIST, on_ready, NULL);

    clock_take_control ();
    ck_assert_int_eq (event_add (event, NULL), 0);
    signal_one (fd);
    alarms_set (loop_get_alarms (loop), &alarm, clock_get_now ());
    (void) loop_step (loop, TRUE);
    ck_assert_str_eq (order->str, "ra");
    event_free (event);
    (void) close (fd);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("run");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, loop_that_runs_calls_deferred_behind_all_callbacks_of_the_turn);
    tcase_add_test (tcase, loop_that_is_stopped_still_ends_its_turn);
    /* They take control of the clock, for good. */
    tcase_add_test (tcase, what_is_due_does_not_wait_until_nothing_is_ready);
    tcase_add_test (tcase, loop_that_runs_follows_a_clock_that_is_driven_later);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("loop/run", add_tests);
}
