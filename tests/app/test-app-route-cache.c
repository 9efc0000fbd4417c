/* SPDX-License-Identifier: MIT
 *
 * What a program asks of the route caches of a running server: two workers, each asked by a client
 * of its own. */

#include <h3/app/app.h>
#include <h3/base/error.h>
#include <h3/http/answer.h>
#include <h3/loop/loop.h>

#include "ask.h"
#include "tests/support/test-server.h"

#include <glib/gstdio.h>
#include <pthread.h>

#define N_WORKERS 2

static TestServer server;
static char *folder, *path;           /* owned: of the socket */
static RawClient *clients[N_WORKERS]; /* owned: the i-th is the i-th worker's */
static Loop *loops[N_WORKERS];        /* refs */
static Latch seen = LATCH_INIT, synced = LATCH_INIT;

static void
say_id (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, h3_event_get_param (event, "id"));
}

static void
note_loop (H3Event *event, gpointer user_data)
{
    loops[latch_get (&seen) % N_WORKERS] = loop_ref (loop_get_current ());
    latch_raise (&seen);
    h3_event_send_text (event, "noted");
}

/* Of those that wait for a worker on a Unix socket, which has one listener, the one with the fewest
 * connections takes the next. */
static void
init (void)
{
    g_autofree char *address = NULL;

    folder = g_dir_make_tmp ("h3-route-cache-XXXXXX", NULL);
    path = g_build_filename (folder, "socket", NULL);
    address = g_strconcat ("unix:", path, NULL);
    test_server_init (&server);
    h3_server_set_workers (h3_app_get_server (server.app), N_WORKERS);
    ck_assert (h3_app_listen (server.app, address, NULL));
    h3_app_route (server.app, "GET POST PURGE", "/n/:id(\\d+)", say_id, NULL, NULL);
    h3_app_get (server.app, "/plain/:id", say_id, NULL);
    h3_app_get (server.app, "/loop", note_loop, NULL);
}

/* A worker that has answered has joined. */
static void
start (void)
{
    g_autofree char *address = g_strconcat ("unix:", path, NULL);
    guint before = latch_get (&seen);

    test_server_start (&server);
    for (guint i = 0; i < N_WORKERS; i++) {
        clients[i] = raw_client_new (address);
        raw_client_expect (clients[i], "GET /loop HTTP/1.1\r\nHost: a\r\n\r\n", 200, "noted");
        latch_wait (&seen, before + i + 1, "a worker");
    }
    ck_assert_ptr_ne (loops[0], loops[1]);
}

static void
leave (void)
{
    for (guint i = 0; i < N_WORKERS; i++) {
        g_clear_pointer (&clients[i], raw_client_free);
        g_clear_pointer (&loops[i], loop_unref);
    }
}

static void
end (void)
{
    leave ();
    test_server_end (&server);
    ck_assert_int_eq (g_rmdir (folder), 0);
    g_clear_pointer (&folder, g_free);
    g_clear_pointer (&path, g_free);
}

static void
on_synced (gpointer data)
{
    latch_raise (data);
}

/* What was posted to the workers before has run. */
static void
sync_workers (void)
{
    for (guint i = 0; i < N_WORKERS; i++) {
        guint before = latch_get (&synced);

        loop_post (loops[i], on_synced, &synced, NULL);
        latch_wait (&synced, before + 1, "what was posted");
    }
}

static void
ask_worker (guint worker, const char *method, const char *target, const char *expected)
{
    g_autofree char *request =
        g_strdup_printf ("%s %s HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", method, target);

    raw_client_expect (clients[worker], request, 200, expected);
}

static H3RouteCacheStatistics
get_statistics (void)
{
    H3RouteCacheStatistics found;

    if (loops[0] != NULL)
        sync_workers ();
    h3_app_get_route_cache_statistics (server.app, &found);
    return found;
}

static void
assert_counted (guint64 hits, guint64 misses, guint64 evictions)
{
    H3RouteCacheStatistics found = get_statistics ();

    ck_assert_uint_eq (found.hits, hits);
    ck_assert_uint_eq (found.misses, misses);
    ck_assert_uint_eq (found.evictions, evictions);
}

static void
assert_holds (guint64 n_entries, guint64 capacity, guint n_caches)
{
    H3RouteCacheStatistics found = get_statistics ();

    ck_assert_uint_eq (found.n_entries, n_entries);
    ck_assert_uint_eq (found.capacity, capacity);
    ck_assert_uint_eq (found.n_caches, n_caches);
}

static void
warm_up (const char *const *requests)
{
    g_autoptr (GError) error = NULL;

    ck_assert_msg (h3_app_warm_up_route_cache (server.app, requests, &error), "%s",
                   error != NULL ? error->message : "no error");
}

/* (transfer full): `n` requests that a regex is asked for. */
static char **
make_requests (guint n)
{
    char **requests = g_new0 (char *, n + 1);

    for (guint i = 0; i < n; i++)
        requests[i] = g_strdup_printf ("GET /n/%u", i);
    return requests;
}

START_TEST (statistics_are_the_sum_over_workers)
{
    H3RouteCacheStatistics found;

    init ();
    start ();
    assert_holds (0, N_WORKERS * 1024, N_WORKERS);
    ck_assert_double_eq (get_statistics ().hit_rate, 0);
    ask_worker (0, "GET", "/n/1", "1");
    ask_worker (0, "GET", "/n/1", "1");
    ask_worker (1, "GET", "/n/1", "1");
    ask_worker (1, "GET", "/plain/1", "1");
    found = get_statistics ();
    assert_counted (1, 2, 0);
    assert_holds (2, N_WORKERS * 1024, N_WORKERS);
    ck_assert_double_eq_tol (found.hit_rate, 1.0 / 3, 1e-9);
    end ();
}
END_TEST

START_TEST (what_is_listed_before_the_start_is_remembered_by_each_worker)
{
    static const char *const requests[] = { "GET /n/1",    "GET /x/..//n/%32", "HEAD /n/1",
                                            "PURGE /n/1",  "GET /n/none",      "PUT /n/1",
                                            "GET /none/1", "GET /plain/1",     NULL };

    init ();
    warm_up (requests);
    assert_holds (0, 0, 0);
    start ();
    assert_holds (N_WORKERS * 4, N_WORKERS * 1024, N_WORKERS);
    for (guint i = 0; i < N_WORKERS; i++) {
        ask_worker (i, "GET", "/n/1", "1");
        ask_worker (i, "GET", "/n/2", "2");
        ask_worker (i, "PURGE", "/n/1", "1");
    }
    assert_counted (N_WORKERS * 3, 0, 0);
    ask_worker (0, "POST", "/n/1", "1");
    assert_counted (N_WORKERS * 3, 1, 0);
    end ();
}
END_TEST

/* More than a worker looks up in one turn. */
START_TEST (what_is_listed_while_it_runs_is_remembered_by_each_worker)
{
    g_auto (GStrv) requests = make_requests (600);

    init ();
    start ();
    warm_up ((const char *const *) requests);
    for (guint i = 0; i < 3; i++)
        sync_workers ();
    assert_holds (N_WORKERS * 600, N_WORKERS * 1024, N_WORKERS);
    for (guint i = 0; i < N_WORKERS; i++)
        ask_worker (i, "GET", "/n/599", "599");
    assert_counted (N_WORKERS, 0, 0);
    end ();
}
END_TEST

START_TEST (clearing_forgets_and_keeps_what_was_counted)
{
    init ();
    start ();
    for (guint i = 0; i < N_WORKERS; i++) {
        ask_worker (i, "GET", "/n/1", "1");
        ask_worker (i, "GET", "/n/1", "1");
    }
    assert_holds (2, N_WORKERS * 1024, N_WORKERS);
    h3_app_clear_route_cache (server.app);
    assert_holds (0, N_WORKERS * 1024, N_WORKERS);
    assert_counted (2, 2, 0);
    ask_worker (1, "GET", "/n/1", "1");
    assert_counted (2, 3, 0);
    end ();
}
END_TEST

/* From a handler, so that the clearing is behind the first step and before the second. */
static void
warm_up_and_clear (H3Event *event, gpointer user_data)
{
    h3_app_warm_up_route_cache (server.app, user_data, NULL);
    h3_app_clear_route_cache (server.app);
    h3_event_send_text (event, "done");
}

START_TEST (clearing_ends_what_is_being_warmed_up)
{
    g_auto (GStrv) requests = make_requests (600);

    init ();
    h3_app_get (server.app, "/both", warm_up_and_clear, requests);
    start ();
    ask_worker (0, "GET", "/both", "done");
    ask_worker (1, "GET", "/both", "done");
    for (guint i = 0; i < 3; i++)
        sync_workers ();
    assert_holds (0, N_WORKERS * 1024, N_WORKERS);
    end ();
}
END_TEST

START_TEST (a_capacity_holds_for_workers_that_run_and_that_start)
{
    init ();
    h3_app_set_route_cache (server.app, 0);
    start ();
    for (guint i = 0; i < N_WORKERS; i++)
        ask_worker (i, "GET", "/n/1", "1");
    assert_holds (0, 0, N_WORKERS);
    assert_counted (0, 0, 0);
    h3_app_set_route_cache (server.app, 4);
    assert_holds (0, N_WORKERS * 4, N_WORKERS);
    for (guint i = 0; i < N_WORKERS; i++) {
        ask_worker (i, "GET", "/n/1", "1");
        ask_worker (i, "GET", "/n/2", "2");
        ask_worker (i, "GET", "/n/3", "3");
    }
    assert_holds (N_WORKERS * 3, N_WORKERS * 4, N_WORKERS);
    h3_app_set_route_cache (server.app, 1);
    assert_holds (N_WORKERS, N_WORKERS, N_WORKERS);
    assert_counted (0, N_WORKERS * 3, N_WORKERS * 2);
    ask_worker (1, "GET", "/n/3", "3");
    assert_counted (1, N_WORKERS * 3, N_WORKERS * 2);
    end ();
}
END_TEST

START_TEST (what_ended_workers_counted_stays_and_lists_are_for_the_next)
{
    static const char *const requests[] = { "GET /n/1", NULL };

    init ();
    start ();
    warm_up (requests);
    ask_worker (0, "GET", "/n/1", "1");
    ask_worker (1, "GET", "/n/5", "5");
    h3_app_clear_route_cache (server.app);
    assert_counted (1, 1, 0);
    leave ();
    h3_app_stop (server.app);
    ck_assert (h3_server_wait (h3_app_get_server (server.app)));
    assert_holds (0, 0, 0);
    assert_counted (1, 1, 0);
    h3_app_set_route_cache (server.app, 7);
    start ();
    assert_holds (N_WORKERS, N_WORKERS * 7, N_WORKERS);
    ask_worker (1, "GET", "/n/1", "1");
    assert_counted (2, 1, 0);
    end ();
}
END_TEST

START_TEST (a_list_with_a_slip_is_refused_as_a_whole)
{
    static const char *const slips[] = {
        "", "GET", "/n/1", " /n/1", "GET n/1", "GET  /n/1", "GET /n/1?x=1", "GET /n/%zz", "GET *",
    };

    init ();
    for (guint i = 0; i < G_N_ELEMENTS (slips); i++) {
        const char *const requests[] = { "GET /n/1", slips[i], NULL };
        g_autofree char *named = g_strdup_printf ("'%s'", slips[i]);
        g_autoptr (GError) error = NULL;

        ck_assert (!h3_app_warm_up_route_cache (server.app, requests, &error));
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
        ck_assert_ptr_nonnull (strstr (error->message, named));
    }
    start ();
    assert_holds (0, N_WORKERS * 1024, N_WORKERS);
    end ();
}
END_TEST

START_TEST (a_mounted_app_has_nothing_to_warm_up)
{
    static const char *const requests[] = { "GET /n/1", NULL };
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (GError) error = NULL;

    ck_assert (!h3_app_warm_up_route_cache (h3_app_group (app, "/below"), requests, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
}
END_TEST

/* The first goes when there is one too many; the second was asked for again. */
START_TEST (the_lists_that_are_kept_have_a_bound)
{
    static const char *const before[] = { "GET /n/1", "GET /n/2", NULL };
    static const char *const again[] = { "GET /n/2", NULL };
    g_autofree const char **others = g_new0 (const char *, 65536);
    g_autoptr (GStringChunk) texts = g_string_chunk_new (65536);

    for (guint i = 0; i < 65535; i++) {
        char text[32];

        g_snprintf (text, sizeof text, "GET /plain/%u", i);
        others[i] = g_string_chunk_insert (texts, text);
    }
    init ();
    warm_up (before);
    warm_up (again);
    warm_up (others);
    start ();
    assert_holds (N_WORKERS, N_WORKERS * 1024, N_WORKERS);
    ask_worker (0, "GET", "/n/2", "2");
    assert_counted (1, 0, 0);
    end ();
}
END_TEST

START_TEST (an_injected_request_counts_nothing)
{
    static const char *const requests[] = { "GET /n/1", NULL };
    H3RouteCacheStatistics found;
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_get (app, "/n/:id(\\d+)", say_id, NULL);
    ck_assert (h3_app_warm_up_route_cache (app, requests, NULL));
    assert_gets (app, "/n/1", "1");
    assert_gets (app, "/n/2", "2");
    h3_app_get_route_cache_statistics (app, &found);
    ck_assert_uint_eq (found.hits + found.misses + found.n_entries + found.n_caches, 0);
}
END_TEST

START_TEST (without_a_regex_there_is_no_cache)
{
    H3RouteCacheStatistics found;

    test_server_init (&server);
    h3_app_get (server.app, "/plain/:id", say_id, NULL);
    test_server_start (&server);
    test_server_expect (&server, "GET /plain/1 HTTP/1.1\r\nHost: a\r\n\r\n", 200, "1");
    h3_app_clear_route_cache (server.app);
    h3_app_set_route_cache (server.app, 5);
    h3_app_get_route_cache_statistics (server.app, &found);
    ck_assert_uint_eq (found.n_caches + found.capacity + found.misses, 0);
    test_server_end (&server);
}
END_TEST

static void *
ask_for_all (void *data)
{
    g_auto (GStrv) requests = make_requests (300);

    for (guint i = 0; i < 50; i++) {
        H3RouteCacheStatistics found;

        h3_app_set_route_cache (server.app, i % 3 * 20);
        ck_assert (h3_app_warm_up_route_cache (server.app, (const char *const *) requests, NULL));
        h3_app_get_route_cache_statistics (server.app, &found);
        ck_assert_uint_le (found.capacity, N_WORKERS * 1024);
        if (i % 5 == 0)
            h3_app_clear_route_cache (server.app);
    }
    return NULL;
}

/* Begun before the workers are there, ended while they run; ThreadSanitizer looks on. */
START_TEST (any_thread_may_ask_and_no_answer_changes)
{
    pthread_t threads[2];

    init ();
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, ask_for_all, NULL), 0);
    start ();
    for (guint i = 0; i < 200; i++) {
        g_autofree char *id = g_strdup_printf ("%u", i % 37);
        g_autofree char *target = g_strconcat ("/n/", id, NULL);

        ask_worker (i % N_WORKERS, "GET", target, id);
    }
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
    h3_app_set_route_cache (server.app, 3);
    ck_assert_uint_eq (get_statistics ().capacity, N_WORKERS * 3);
    end ();
}
END_TEST

/* The server ends with what was asked of its workers still on its way. */
START_TEST (what_comes_too_late_has_no_effect)
{
    g_auto (GStrv) requests = make_requests (3000);

    init ();
    start ();
    leave ();
    h3_app_stop (server.app);
    for (guint i = 0; i < 20; i++) {
        h3_app_set_route_cache (server.app, i);
        warm_up ((const char *const *) requests);
        h3_app_clear_route_cache (server.app);
    }
    test_server_end_stopped (&server, TRUE);
    ck_assert_int_eq (g_rmdir (folder), 0);
    g_free (folder);
    g_free (path);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "asked", statistics_are_the_sum_over_workers,
                    clearing_forgets_and_keeps_what_was_counted,
                    clearing_ends_what_is_being_warmed_up,
                    a_capacity_holds_for_workers_that_run_and_that_start,
                    what_ended_workers_counted_stays_and_lists_are_for_the_next,
                    an_injected_request_counts_nothing, without_a_regex_there_is_no_cache, NULL);
    suite_add_case (suite, "warm-up", what_is_listed_before_the_start_is_remembered_by_each_worker,
                    what_is_listed_while_it_runs_is_remembered_by_each_worker,
                    a_list_with_a_slip_is_refused_as_a_whole, a_mounted_app_has_nothing_to_warm_up,
                    the_lists_that_are_kept_have_a_bound, NULL);
    suite_add_case (suite, "threads", any_thread_may_ask_and_no_answer_changes,
                    what_comes_too_late_has_no_effect, NULL);
}

int
main (void)
{
    return suite_run ("app/route-cache", add_cases);
}
