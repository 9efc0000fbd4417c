/* SPDX-License-Identifier: MIT */

#include "ask.h"

#include <pthread.h>

static H3App *
make_app (H3Handler handler, gpointer user_data)
{
    H3App *app = h3_app_new ();

    h3_app_all (app, "/", handler, user_data);
    return app;
}

static void *
answer_elsewhere (void *data)
{
    h3_event_send_text (data, "from another thread");
    h3_event_unref (data);
    return NULL;
}

static void
hand_to_thread (H3Event *event, gpointer user_data)
{
    pthread_t *thread = user_data;

    ck_assert_int_eq (pthread_create (thread, NULL, answer_elsewhere, h3_event_defer (event)), 0);
}

START_TEST (inject_waits_for_other_threads)
{
    pthread_t thread;
    g_autoptr (H3App) app = make_app (hand_to_thread, &thread);

    assert_gets (app, "/", "from another thread");
    ck_assert_int_eq (pthread_join (thread, NULL), 0);
}
END_TEST

static gboolean
answer_in_time (gpointer data)
{
    h3_event_send_text (data, "from a timer");
    return G_SOURCE_REMOVE;
}

static void
set_timer (H3Event *event, gpointer user_data)
{
    GSource *source = g_timeout_source_new (1);

    g_source_set_callback (source, answer_in_time, h3_event_defer (event),
                           (GDestroyNotify) h3_event_unref);
    g_source_attach (source, g_main_context_get_thread_default ());
    g_source_unref (source);
}

START_TEST (inject_steps_a_main_context)
{
    g_autoptr (H3App) app = make_app (set_timer, NULL);

    assert_gets (app, "/", "from a timer");
}
END_TEST

static void
work (gpointer data, GCancellable *cancellable)
{
    *(GThread **) data = g_thread_self ();
}

static void
work_done (H3Event *event, gpointer data)
{
    h3_event_send_text (event, *(GThread **) data != g_thread_self () ? "elsewhere" : "here");
}

static void
offload (H3Event *event, gpointer user_data)
{
    h3_event_offload (event, work, work_done, g_new0 (GThread *, 1), g_free);
}

START_TEST (inject_runs_work_off_its_loop)
{
    g_autoptr (H3App) app = make_app (offload, NULL);

    assert_gets (app, "/", "elsewhere");
}
END_TEST

/* Told on two threads, one behind the other. */
static GString *course;

static void
note_work (gpointer data, GCancellable *cancellable)
{
    g_string_append (course, data);
}

static void
note_done (H3Event *event, gpointer data)
{
    g_string_append (course, data);
    h3_event_send_text (event, course->str);
}

static void
note_end (gpointer data)
{
    g_string_append_printf (course, " no %s", (const char *) data);
}

static void
offload_with_data_for_each (H3Event *event, gpointer user_data)
{
    h3_event_offload_full (event, note_work, (gpointer) "work", note_end, note_done,
                           (gpointer) "done", note_end);
}

START_TEST (inject_runs_work_whose_functions_have_data_of_their_own)
{
    g_autoptr (H3App) app = make_app (offload_with_data_for_each, NULL);

    course = g_string_new (NULL);
    assert_gets (app, "/", "workdone");
    ck_assert_str_eq (course->str, "workdone no work no done");
    g_string_free (course, TRUE);
}
END_TEST

typedef struct {
    H3Event *event; /* ref */
    gboolean was_cancelled;
} Held;

static void
hold (H3Event *event, gpointer user_data)
{
    Held *held = user_data;

    held->event = h3_event_defer (event);
    (void) h3_event_get_cancellable (event);
}

static void
let_go (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    Held *held = user_data;

    held->was_cancelled = g_cancellable_is_cancelled (h3_event_get_cancellable (event));
    g_clear_pointer (&held->event, h3_event_unref);
}

START_TEST (inject_ends_at_the_deadline)
{
    Held held = { NULL, FALSE };
    g_autoptr (H3App) app = make_app (hold, &held);

    ck_assert (h3_app_set_limit (app, "handler-timeout", 250, NULL));
    h3_app_on_response (app, let_go, &held, NULL);
    ck_assert_uint_eq (ask_status (app, "GET", "/"), 503);
    ck_assert (held.was_cancelled);
}
END_TEST

static void
begin_and_hold (H3Event *event, gpointer user_data)
{
    hold (event, user_data);
    (void) h3_event_write (event, "and then", 8);
}

START_TEST (inject_cuts_what_never_ends)
{
    Held held = { NULL, FALSE };
    g_autoptr (H3App) app = make_app (begin_and_hold, &held);
    g_autoptr (H3Injected) answer = NULL;

    ck_assert (h3_app_set_limit (app, "handler-timeout", 250, NULL));
    h3_app_on_response (app, let_go, &held, NULL);
    answer = ask (app, "GET", "/");
    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    ck_assert_str_eq (h3_injected_get_text (answer), "and then");
    ck_assert (h3_injected_is_cut (answer));
    ck_assert (held.was_cancelled);
}
END_TEST

static void
take_over (H3Event *event, gpointer user_data)
{
    ck_assert_ptr_null (h3_event_take_over (event));
}

START_TEST (inject_has_no_connection_to_take_over)
{
    g_autoptr (H3App) app = make_app (take_over, NULL);
    g_autoptr (H3Injected) answer = ask (app, "GET", "/");

    ck_assert (h3_injected_is_cut (answer));
}
END_TEST

static void *
ask_many (void *data)
{
    for (guint i = 0; i < 50; i++)
        assert_gets (data, "/", "hello");
    return NULL;
}

START_TEST (inject_works_on_several_threads)
{
    g_autoptr (H3App) app = make_app (say, (gpointer) "hello");
    pthread_t threads[3];

    assert_gets (app, "/", "hello");
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, ask_many, app), 0);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "later", inject_waits_for_other_threads, inject_steps_a_main_context,
                    inject_runs_work_off_its_loop,
                    inject_runs_work_whose_functions_have_data_of_their_own,
                    inject_ends_at_the_deadline, inject_cuts_what_never_ends,
                    inject_has_no_connection_to_take_over, inject_works_on_several_threads, NULL);
}

int
main (void)
{
    return suite_run ("app/inject-later", add_cases);
}
