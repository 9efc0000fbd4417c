/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/engine/service-notices.h"
#include "h3/loop/clock.h"
#include "tests/support/suite.h"
#include "tests/support/supervisor.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#define WATCHDOG  2000 /* milliseconds */
#define N_WORKERS 3

static Supervisor supervisor;
static Loop *loop;
static guint n_asked;

static void
set_up (void)
{
    clock_take_control ();
    supervisor_init (&supervisor, FALSE);
    loop = loop_new (NULL);
    n_asked = 0;
}

static void
tear_down (void)
{
    loop_close (loop);
    loop_unref (loop);
    supervisor_clear (&supervisor);
}

static void
ask (gpointer data)
{
    ck_assert_ptr_eq (data, &n_asked);
    n_asked++;
}

static ServiceNotices *
start (gint64 watchdog)
{
    g_autoptr (GError) error = NULL;
    ServiceNotices *notices = service_notices_new (supervisor.name, watchdog, &error);

    ck_assert_msg (notices != NULL, "%s", error != NULL ? error->message : "");
    service_notices_start (notices, loop, "Serves", N_WORKERS, ask, &n_asked);
    supervisor_expect (&supervisor, "READY=1");
    return notices;
}

/* The clock moves on, and what is due happens. */
static void
pass (gint64 milliseconds)
{
    clock_drive (milliseconds);
    for (guint i = 0; i < 3; i++)
        (void) loop_step (loop, FALSE);
}

static void
answer (ServiceNotices *notices, guint n)
{
    for (guint i = 0; i < n; i++)
        service_notices_note_turn (notices);
}

/* All is sent before the calls return. */
static void
expect_silence (void)
{
    struct pollfd ready = { supervisor.fd, POLLIN, 0 };

    ck_assert_int_eq (poll (&ready, 1, 0), 0);
}

START_TEST (start_says_ready_and_whose)
{
    g_autofree char *pid = g_strdup_printf ("MAINPID=%d", (int) getpid ());
    ServiceNotices *notices = service_notices_new (supervisor.name, 0, NULL);

    service_notices_start (notices, loop, "Serves on 1.2.3.4:5", N_WORKERS, ask, &n_asked);
    {
        g_autofree char *message = supervisor_hear (&supervisor);
        g_autofree char *expected =
            g_strconcat ("READY=1\n", pid, "\nSTATUS=Serves on 1.2.3.4:5", NULL);

        ck_assert_str_eq (message, expected);
    }
    pass (G_MAXINT32);
    expect_silence ();
    ck_assert_uint_eq (n_asked, 0);
    service_notices_free (notices);
}
END_TEST

START_TEST (abstract_socket_hears_too)
{
    Supervisor hidden;
    ServiceNotices *notices;

    supervisor_init (&hidden, TRUE);
    notices = service_notices_new (hidden.name, 0, NULL);
    service_notices_start (notices, loop, "Serves", N_WORKERS, ask, &n_asked);
    supervisor_expect (&hidden, "READY=1");
    service_notices_free (notices);
    supervisor_clear (&hidden);
}
END_TEST

START_TEST (watchdog_is_told_at_half_of_its_time)
{
    ServiceNotices *notices = start (WATCHDOG);

    for (guint i = 1; i <= 5; i++) {
        pass (WATCHDOG / 2 - 1);
        ck_assert_uint_eq (n_asked, i - 1);
        pass (1);
        ck_assert_uint_eq (n_asked, i);
        expect_silence ();
        answer (notices, N_WORKERS);
        supervisor_expect (&supervisor, "WATCHDOG=1");
        expect_silence ();
    }
    service_notices_free (notices);
}
END_TEST

START_TEST (watchdog_is_not_told_while_a_worker_hangs)
{
    ServiceNotices *notices = start (WATCHDOG);

    pass (WATCHDOG / 2);
    answer (notices, N_WORKERS - 1);
    for (guint i = 0; i < 10; i++) {
        pass (WATCHDOG / 2);
        expect_silence ();
        ck_assert_uint_eq (n_asked, 1);
    }
    /* It comes back: that it does is a sign of life, and so is each from then on. */
    answer (notices, 1);
    supervisor_expect (&supervisor, "WATCHDOG=1");
    pass (WATCHDOG / 2);
    ck_assert_uint_eq (n_asked, 2);
    answer (notices, N_WORKERS);
    supervisor_expect (&supervisor, "WATCHDOG=1");
    service_notices_free (notices);
}
END_TEST

START_TEST (reload_has_a_begin_and_an_end)
{
    ServiceNotices *notices = start (0);
    gint64 before = g_get_monotonic_time ();
    g_autofree char *message = NULL;
    const char *number;
    gint64 told;

    service_notices_begin_reload (notices);
    message = supervisor_hear (&supervisor);
    ck_assert (g_str_has_prefix (message, "RELOADING=1\nMONOTONIC_USEC="));
    number = strchr (strchr (message, '=') + 1, '=') + 1;
    told = g_ascii_strtoll (number, NULL, 10);
    ck_assert_int_ge (told, before);
    ck_assert_int_le (told, g_get_monotonic_time ());
    service_notices_end_reload (notices);
    supervisor_expect (&supervisor, "READY=1");
    service_notices_free (notices);
}
END_TEST

START_TEST (drain_asks_for_time_until_its_end)
{
    ServiceNotices *notices = start (0);

    service_notices_stop (notices);
    supervisor_expect (&supervisor, "STOPPING=1");
    supervisor_expect (&supervisor, "EXTEND_TIMEOUT_USEC=30000000");
    for (guint i = 0; i < 20; i++) {
        pass (10000);
        supervisor_expect (&supervisor, "EXTEND_TIMEOUT_USEC=30000000");
        expect_silence ();
    }
    service_notices_free (notices);
    pass (100000);
    expect_silence ();
}
END_TEST

START_TEST (who_has_gone_is_no_hindrance)
{
    ServiceNotices *notices = start (WATCHDOG);

    ck_assert_int_eq (unlink (supervisor.name), 0);
    service_notices_begin_reload (notices);
    service_notices_stop (notices);
    pass (WATCHDOG / 2);
    answer (notices, N_WORKERS);
    expect_silence ();
    service_notices_free (notices);
}
END_TEST

START_TEST (addresses_that_cannot_be_are_named)
{
    g_autofree char *long_path = g_strdup_printf ("/%0*d", 107, 0);
    const char *const wrong[] = { "", "/", "@", "relative", "vsock:2:1234", long_path };

    for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert_ptr_null (service_notices_new (wrong[i], 0, &error));
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
        ck_assert_ptr_nonnull (strstr (error->message, "NOTIFY_SOCKET"));
    }
}
END_TEST

START_TEST (nobody_is_told_nothing)
{
    service_notices_start (NULL, loop, "Serves", N_WORKERS, ask, &n_asked);
    service_notices_begin_reload (NULL);
    service_notices_end_reload (NULL);
    service_notices_note_turn (NULL);
    service_notices_stop (NULL);
    service_notices_free (NULL);
    expect_silence ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    const TTest *const tests[] = {
        start_says_ready_and_whose,
        abstract_socket_hears_too,
        watchdog_is_told_at_half_of_its_time,
        watchdog_is_not_told_while_a_worker_hangs,
        reload_has_a_begin_and_an_end,
        drain_asks_for_time_until_its_end,
        who_has_gone_is_no_hindrance,
        addresses_that_cannot_be_are_named,
        nobody_is_told_nothing,
    };
    TCase *tcase = tcase_create ("notices");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        tcase_add_test (tcase, tests[i]);
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("engine/service-notices", add_cases);
}
