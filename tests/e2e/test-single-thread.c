/* SPDX-License-Identifier: MIT
 *
 * A single-threaded server: all that the program handed over is called on the thread that started
 * it, while that runs its main context, by whatever means. Clients are threads. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <glib-unix.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

static TestServer server;
static pthread_t home;
static atomic_uint n_calls; /* on the thread of the start */
static atomic_uint n_strays;

static void
note_call (void)
{
    atomic_fetch_add (pthread_equal (pthread_self (), home) ? &n_calls : &n_strays, 1);
}

static void
note_freed (gpointer data)
{
    note_call ();
}

/* What a client's thread does, and that it is done. */
typedef struct {
    const char *request;
    guint status;
    const char *body;
    atomic_bool is_done;
} Asker;

static void *
ask (void *data)
{
    Asker *asker = data;

    test_server_expect (&server, asker->request, asker->status, asker->body);
    atomic_store (&asker->is_done, TRUE);
    g_main_context_wakeup (NULL);
    return NULL;
}

/* Runs the context until a thread of its own was answered so. */
static void
expect (const char *request, guint status, const char *body)
{
    Asker asker = { .request = request, .status = status, .body = body };
    pthread_t thread;

    ck_assert_int_eq (pthread_create (&thread, NULL, ask, &asker), 0);
    while (!atomic_load (&asker.is_done))
        (void) g_main_context_iteration (NULL, TRUE);
    pthread_join (thread, NULL);
}

static void
on_disposed (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    note_call ();
}

static void
on_event (H3Event *event, gpointer user_data)
{
    note_call ();
}

static void
pass (H3Event *event, gpointer user_data)
{
    note_call ();
    h3_event_next (event);
}

static void
answer (H3Event *event, gpointer user_data)
{
    note_call ();
    h3_event_set_data (event, "key", event, note_freed);
    h3_event_on_send (event, on_event, NULL, note_freed);
    h3_event_on_dispose (event, on_disposed, NULL, note_freed);
    h3_event_send_text (event, user_data);
}

static gboolean
answer_held (gpointer data)
{
    g_autoptr (H3Event) event = data;

    note_call ();
    h3_event_send_text (event, "later");
    return G_SOURCE_REMOVE;
}

/* By the default context, as g_timeout_add () is in every language. */
static void
answer_later (H3Event *event, gpointer user_data)
{
    note_call ();
    (void) g_timeout_add (1, answer_held, h3_event_defer (event));
}

static void
on_timer (H3Timer *timer, gpointer user_data)
{
    (void) answer_held (user_data);
}

static void
start_timer (H3Event *event, gpointer user_data)
{
    note_call ();
    h3_timer_unref (h3_timer_start (1, FALSE, on_timer, h3_event_defer (event), note_freed));
}

static void
work (gpointer data, GCancellable *cancellable)
{
    ck_assert (!pthread_equal (pthread_self (), home));
}

static void
work_done (H3Event *event, gpointer data)
{
    note_call ();
    h3_event_send_text (event, "worked");
}

static void
offload (H3Event *event, gpointer user_data)
{
    note_call ();
    h3_event_offload (event, work, work_done, NULL, note_freed);
}

static gboolean
start_component (gpointer user_data, GError **error)
{
    note_call ();
    return TRUE;
}

static void
stop_component (gpointer user_data)
{
    note_call ();
}

static const H3Component part = { .name = "part",
                                  .start = start_component,
                                  .stop = stop_component };

static void
init (void)
{
    home = pthread_self ();
    test_server_init (&server);
    h3_server_set_single_threaded (h3_app_get_server (server.app), TRUE);
    h3_app_use (server.app, "/", h3_middleware_new (pass, NULL, note_freed));
    h3_app_on_request (server.app, on_event, NULL, note_freed);
    h3_app_on_response (server.app, on_disposed, NULL, note_freed);
    (void) h3_app_route (server.app, "GET", "/", answer, (gpointer) "here", note_freed);
    (void) h3_app_get (server.app, "/later", answer_later, NULL);
    (void) h3_app_get (server.app, "/timer", start_timer, NULL);
    (void) h3_app_get (server.app, "/offload", offload, NULL);
    h3_app_add_component (server.app, &part, NULL, note_freed);
}

static void
expect_all_kinds (void)
{
    expect (GET ("/"), 200, "here");
    expect (GET ("/later"), 200, "later");
    expect (GET ("/timer"), 200, "later");
    expect (GET ("/offload"), 200, "worked");
    expect (GET ("/nowhere"), 404, NULL);
}

static void
end (gboolean finished)
{
    test_server_end_stopped (&server, finished);
    ck_assert_uint_gt (atomic_load (&n_calls), 0);
    ck_assert_uint_eq (atomic_load (&n_strays), 0);
}

START_TEST (all_is_called_on_the_thread_of_the_start)
{
    init ();
    test_server_start (&server);
    expect_all_kinds ();
    h3_app_stop (server.app);
    end (TRUE);
    /* 5 requests seen by middleware and hooks, and what their handlers bring with them. */
    ck_assert_uint_ge (atomic_load (&n_calls), 30);
}
END_TEST

START_TEST (it_starts_again_after_its_end)
{
    init ();
    for (guint i = 0; i < 3; i++) {
        test_server_start (&server);
        expect (GET ("/"), 200, "here");
        h3_app_stop (server.app);
        ck_assert (h3_server_wait (h3_app_get_server (server.app)));
        ck_assert (!h3_server_is_running (h3_app_get_server (server.app)));
    }
    end (TRUE);
}
END_TEST

/* Libevent then has no descriptor that tells of all. */
START_TEST (it_works_without_an_epoll)
{
    g_setenv ("EVENT_NOEPOLL", "1", TRUE);
    init ();
    test_server_start (&server);
    expect_all_kinds ();
    h3_app_stop (server.app);
    end (TRUE);
}
END_TEST

static H3Event *held;

static void
hold (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
    h3_app_stop (server.app);
}

static gboolean
let_go (gpointer data)
{
    if (held == NULL)
        return G_SOURCE_CONTINUE;
    ck_assert (h3_server_is_running (h3_app_get_server (server.app)));
    (void) answer_held (g_steal_pointer (&held));
    return G_SOURCE_REMOVE;
}

START_TEST (drain_waits_for_what_is_under_way)
{
    init ();
    (void) h3_app_get (server.app, "/hold", hold, NULL);
    test_server_start (&server);
    (void) g_timeout_add (1, let_go, NULL);
    expect (GET ("/hold"), 200, "later");
    end (TRUE);
}
END_TEST

static void *
ask_in_vain (void *data)
{
    g_autoptr (RawClient) client = test_server_connect (&server);

    (void) raw_client_send (client, GET ("/hold"));
    raw_client_expect_end (client);
    return NULL;
}

static void
on_stopped (H3Server *stopped, gboolean finished, gpointer data)
{
    note_call ();
    g_clear_pointer (&held, h3_event_unref);
    g_main_loop_quit (data);
}

START_TEST (second_stop_cuts)
{
    g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
    pthread_t thread;

    init ();
    ck_assert (h3_app_set_limit (server.app, "drain-timeout", 0, NULL));
    (void) h3_app_get (server.app, "/hold", hold, NULL);
    g_signal_connect (h3_app_get_server (server.app), "stopped", G_CALLBACK (on_stopped), loop);
    test_server_start (&server);
    ck_assert_int_eq (pthread_create (&thread, NULL, ask_in_vain, NULL), 0);
    while (held == NULL)
        (void) g_main_context_iteration (NULL, TRUE);
    h3_app_stop (server.app);
    g_main_loop_run (loop);
    pthread_join (thread, NULL);
    end (FALSE);
}
END_TEST

START_TEST (two_serve_on_one_thread_and_one_takes_over)
{
    g_autoptr (GError) error = NULL;
    TestServer first;

    init ();
    test_server_start (&server);
    first = server;
    server.app = h3_app_new_with_preset (H3_PRESET_TESTING);
    h3_server_set_single_threaded (h3_app_get_server (server.app), TRUE);
    (void) h3_app_get (server.app, "/", answer, (gpointer) "second");
    expect (GET ("/"), 200, "here");
    if (!h3_server_start_in_place_of (h3_app_get_server (server.app), h3_app_get_server (first.app),
                                      &error))
        ck_abort_msg ("%s", error->message);
    ck_assert (h3_server_wait (h3_app_get_server (first.app)));
    g_clear_object (&first.app);
    expect (GET ("/"), 200, "second");
    h3_app_stop (server.app);
    server.before = first.before;
    end (TRUE);
}
END_TEST

START_TEST (an_app_is_asked_without_a_socket_beside_it)
{
    g_autoptr (H3Injected) injected = NULL;

    init ();
    test_server_start (&server);
    injected = h3_app_inject (server.app, "GET", "/", NULL, NULL, NULL);
    ck_assert_uint_eq (h3_injected_get_status (injected), 200);
    expect (GET ("/"), 200, "here");
    h3_app_stop (server.app);
    g_clear_pointer (&injected, h3_injected_unref);
    end (TRUE);
}
END_TEST

static void *
ask_and_end (void *data)
{
    test_server_expect (&server, GET ("/later"), 200, "later");
    kill (getpid (), SIGTERM);
    return NULL;
}

static gboolean
on_running (gpointer data)
{
    g_auto (GStrv) addresses = h3_server_dup_addresses (h3_app_get_server (server.app));

    note_call ();
    server.address = g_strdup (addresses[0]);
    ck_assert_int_eq (pthread_create (data, NULL, ask_and_end, NULL), 0);
    return G_SOURCE_REMOVE;
}

START_TEST (whole_program_runs_the_default_context)
{
    char *arguments[] = { (char *) "program", NULL };
    pthread_t thread;

    /* GLib's own thread, which hears signals, lives as long as the process. */
    g_source_unref (g_unix_signal_source_new (SIGTERM));
    init ();
    (void) g_idle_add (on_running, &thread);
    ck_assert_int_eq (h3_app_run (server.app, 1, arguments), EXIT_SUCCESS);
    pthread_join (thread, NULL);
    end (TRUE);
}
END_TEST

static gboolean
is_broken_pipe_blocked (void)
{
    sigset_t now;

    pthread_sigmask (SIG_SETMASK, NULL, &now);
    return sigismember (&now, SIGPIPE) == 1;
}

START_TEST (the_threads_signals_are_its_own_again)
{
    gboolean is_single = FALSE;

    init ();
    ck_assert (!is_broken_pipe_blocked ());
    test_server_start (&server);
    ck_assert (is_broken_pipe_blocked ());
    raise (SIGPIPE);
    g_object_get (h3_app_get_server (server.app), "single-threaded", &is_single, NULL);
    ck_assert (is_single);
    h3_app_stop (server.app);
    end (TRUE);
    ck_assert (!is_broken_pipe_blocked ());
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "where", all_is_called_on_the_thread_of_the_start,
                    it_works_without_an_epoll, the_threads_signals_are_its_own_again, NULL);
    suite_add_case (
        suite, "running", it_starts_again_after_its_end, two_serve_on_one_thread_and_one_takes_over,
        an_app_is_asked_without_a_socket_beside_it, whole_program_runs_the_default_context, NULL);
    suite_add_case (suite, "ending", drain_waits_for_what_is_under_way, second_stop_cuts, NULL);
}

int
main (void)
{
    return suite_run ("e2e/single-thread", add_cases);
}
