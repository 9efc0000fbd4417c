/* SPDX-License-Identifier: MIT */

#include "h3/loop/loop.h"
#include "h3/loop/main-context.h"
#include "tests/support/gio-threads.h"
#include "tests/support/suite.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <unistd.h>

static Loop *loop;
static MainContext *main_context;
static GMainContext *context; /* of main_context */
static GString *order;
static int n_called;
static gboolean is_over;

static void
set_up (void)
{
    n_called = 0;
    is_over = FALSE;
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_enter (loop);
    main_context = main_context_new (loop, NULL);
    ck_assert_ptr_nonnull (main_context);
    main_context_enter (main_context);
    context = main_context_get_context (main_context);
    order = g_string_new (NULL);
}

static void
tear_down (void)
{
    main_context_free (main_context);
    loop_close (loop);
    loop_leave (loop);
    loop_unref (loop);
    g_string_free (order, TRUE);
}

static void
do_nothing (gpointer data)
{
}

/* Turns that wait: only what the context asked to wait for can end them. */
static void
run_until_over (void)
{
    while (!is_over)
        loop_step (loop, TRUE);
}

/* Lets what was signalled on the way here come to rest, then counts over idle turns. */
static guint64
count_steps_of_idle_turns (int n_turns)
{
    guint64 before;

    for (int i = 0; i < 5; i++)
        loop_step (loop, FALSE);
    before = main_context_count_steps (main_context);
    for (int i = 0; i < n_turns; i++) {
        loop_post (loop, do_nothing, NULL, NULL);
        loop_step (loop, TRUE);
    }
    return main_context_count_steps (main_context) - before;
}

static void
attach (GSource *source, GSourceFunc function, gpointer data, int priority)
{
    g_source_set_callback (source, function, data, NULL);
    g_source_set_priority (source, priority);
    g_source_attach (source, context);
    g_source_unref (source);
}

static gboolean
end_now (gpointer data)
{
    is_over = TRUE;
    return G_SOURCE_REMOVE;
}

static gboolean
note (gpointer data)
{
    g_string_append (order, data);
    is_over = order->len == 3;
    return G_SOURCE_REMOVE;
}

static gboolean
call_thrice (gpointer data)
{
    is_over = ++n_called == 3;
    return is_over ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static gboolean
destroy_itself (gpointer data)
{
    g_source_destroy (g_main_current_source ());
    return end_now (NULL);
}

START_TEST (context_without_sources_is_never_asked)
{
    ck_assert_ptr_eq (g_main_context_get_thread_default (), context);
    ck_assert_uint_eq (count_steps_of_idle_turns (100), 0);
    ck_assert_uint_le (main_context_count_steps (main_context), 1);
}
END_TEST

START_TEST (context_timeouts_fire_and_then_it_is_quiet_again)
{
    attach (g_timeout_source_new (5), call_thrice, NULL, G_PRIORITY_DEFAULT);
    run_until_over ();
    ck_assert_int_eq (n_called, 3);
    ck_assert_uint_eq (count_steps_of_idle_turns (50), 0);
}
END_TEST

START_TEST (context_waits_for_a_timeout_without_asking_meanwhile)
{
    attach (g_timeout_source_new_seconds (3600), end_now, NULL, G_PRIORITY_DEFAULT);
    ck_assert_uint_eq (count_steps_of_idle_turns (50), 0);
}
END_TEST

START_TEST (context_idle_sources_run_and_let_the_loop_turn)
{
    attach (g_idle_source_new (), call_thrice, NULL, G_PRIORITY_DEFAULT_IDLE);
    run_until_over ();
    ck_assert_int_eq (n_called, 3);
    ck_assert_uint_ge (main_context_count_steps (main_context), 3);
}
END_TEST

START_TEST (context_dispatches_by_priority)
{
    attach (g_idle_source_new (), note, (gpointer) "3", G_PRIORITY_LOW);
    attach (g_idle_source_new (), note, (gpointer) "1", G_PRIORITY_HIGH);
    attach (g_idle_source_new (), note, (gpointer) "2", G_PRIORITY_DEFAULT);
    run_until_over ();
    ck_assert_str_eq (order->str, "123");
}
END_TEST

START_TEST (context_source_may_destroy_itself)
{
    attach (g_timeout_source_new (0), destroy_itself, NULL, G_PRIORITY_DEFAULT);
    run_until_over ();
    ck_assert_uint_eq (count_steps_of_idle_turns (20), 0);
}
END_TEST

typedef struct {
    int fds[2];
    int n_left; /* pipes still to come */
} Pipes;

static gboolean on_pipe (gint fd, GIOCondition condition, gpointer data);

static void
open_pipe (Pipes *pipes)
{
    GSource *source;

    ck_assert_int_eq (pipe (pipes->fds), 0);
    source = g_unix_fd_source_new (pipes->fds[0], G_IO_IN);
    attach (source, (GSourceFunc) (void (*) (void)) on_pipe, pipes, G_PRIORITY_DEFAULT);
}

/* Closes its pipe and opens another, which gets the same number. */
static gboolean
on_pipe (gint fd, GIOCondition condition, gpointer data)
{
    Pipes *pipes = data;

    close (pipes->fds[0]);
    close (pipes->fds[1]);
    is_over = pipes->n_left-- == 0;
    if (!is_over) {
        open_pipe (pipes);
        ck_assert_int_eq (pipes->fds[0], fd);
        ck_assert_int_eq (write (pipes->fds[1], "x", 1), 1);
    }
    return G_SOURCE_REMOVE;
}

START_TEST (context_sees_a_new_descriptor_of_an_old_number)
{
    Pipes pipes = { .n_left = 3 };

    open_pipe (&pipes);
    for (int i = 0; i < 3; i++)
        loop_step (loop, FALSE);
    ck_assert_int_eq (write (pipes.fds[1], "x", 1), 1);
    run_until_over ();
    ck_assert_uint_eq (count_steps_of_idle_turns (20), 0);
}
END_TEST

static gboolean
on_closed_duplicate (gint fd, GIOCondition condition, gpointer data)
{
    close (fd);
    is_over = TRUE;
    return G_SOURCE_REMOVE;
}

START_TEST (context_is_quiet_when_a_closed_descriptor_has_a_duplicate)
{
    int fds[2], duplicate;
    GSource *source;

    ck_assert_int_eq (pipe (fds), 0);
    duplicate = dup (fds[0]);
    source = g_unix_fd_source_new (fds[0], G_IO_IN);
    attach (source, (GSourceFunc) (void (*) (void)) on_closed_duplicate, NULL, G_PRIORITY_DEFAULT);
    ck_assert_int_eq (write (fds[1], "x", 1), 1);
    run_until_over ();
    ck_assert_uint_eq (count_steps_of_idle_turns (20), 0);
    close (duplicate);
    close (fds[1]);
}
END_TEST

static void
work_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    g_task_return_int (task, 42);
}

static void
on_task (GObject *source, GAsyncResult *result, gpointer data)
{
    ck_assert_int_eq (g_task_propagate_int (G_TASK (result), NULL), 42);
    ck_assert_ptr_eq (loop_get_current (), loop);
    is_over = TRUE;
}

START_TEST (context_completes_tasks_run_in_threads)
{
    g_autoptr (GTask) task = g_task_new (NULL, NULL, on_task, NULL);

    g_task_run_in_thread (task, work_in_thread);
    run_until_over ();
}
END_TEST

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
    ck_assert (g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL));
    ck_assert_int_eq (g_subprocess_get_exit_status (G_SUBPROCESS (source)), 3);
    is_over = TRUE;
}

START_TEST (context_waits_for_subprocesses)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GSubprocess) child =
        g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "sh", "-c", "exit 3", NULL);

    ck_assert_ptr_nonnull (child);
    g_subprocess_wait_async (child, NULL, on_ended, NULL);
    run_until_over ();
}
END_TEST

static void
on_communicated (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree char *out = NULL;

    ck_assert (
        g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &out, NULL, NULL));
    ck_assert_str_eq (out, "text");
    is_over = TRUE;
}

START_TEST (context_talks_to_subprocesses_through_pipes)
{
    g_autoptr (GSubprocess) child = g_subprocess_new (
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, "cat", NULL);

    ck_assert_ptr_nonnull (child);
    g_subprocess_communicate_utf8_async (child, "text", NULL, on_communicated, NULL);
    run_until_over ();
}
END_TEST

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree char *contents = NULL;
    gsize length = 0;

    ck_assert (
        g_file_load_contents_finish (G_FILE (source), result, &contents, &length, NULL, NULL));
    ck_assert_uint_gt (length, 0);
    is_over = TRUE;
}

static void
load (gpointer data)
{
    g_autoptr (GFile) file = g_file_new_for_path ("/proc/self/status");

    g_file_load_contents_async (file, NULL, on_loaded, NULL);
}

START_TEST (context_reads_files_for_a_function_of_the_loop)
{
    loop_post (loop, load, NULL, NULL);
    run_until_over ();
}
END_TEST

START_TEST (context_freed_destroys_its_sources)
{
    gboolean is_destroyed = FALSE;
    GSource *source = g_timeout_source_new (100000);

    g_source_set_callback (source, end_now, NULL, NULL);
    g_source_attach (source, context);
    main_context_free (g_steal_pointer (&main_context));
    is_destroyed = g_source_is_destroyed (source);
    g_source_unref (source);
    ck_assert (is_destroyed);
    ck_assert_ptr_null (g_main_context_get_thread_default ());
}
END_TEST

static void
add_case (Suite *suite, const char *name, const TTest *const *tests, gsize n_tests)
{
    TCase *tcase = tcase_create (name);

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_set_timeout (tcase, 60);
    for (gsize i = 0; i < n_tests; i++)
        tcase_add_test (tcase, tests[i]);
    suite_add_tcase (suite, tcase);
}

static void
add_tests (Suite *suite)
{
    const TTest *const sources[] = { context_without_sources_is_never_asked,
                                     context_timeouts_fire_and_then_it_is_quiet_again,
                                     context_waits_for_a_timeout_without_asking_meanwhile,
                                     context_idle_sources_run_and_let_the_loop_turn,
                                     context_dispatches_by_priority,
                                     context_source_may_destroy_itself,
                                     context_sees_a_new_descriptor_of_an_old_number,
                                     context_is_quiet_when_a_closed_descriptor_has_a_duplicate,
                                     context_freed_destroys_its_sources };
    const TTest *const gio[] = { context_completes_tasks_run_in_threads,
                                 context_waits_for_subprocesses,
                                 context_talks_to_subprocesses_through_pipes,
                                 context_reads_files_for_a_function_of_the_loop };

    add_case (suite, "sources", sources, G_N_ELEMENTS (sources));
    add_case (suite, "gio", gio, G_N_ELEMENTS (gio));
}

int
main (void)
{
    return suite_run ("loop/main-context", add_tests);
}
