/* SPDX-License-Identifier: MIT
 *
 * Servers that are asked how they are, by one that serves with them. */

#include <h3/batteries/upstreams-inside.h>
#include <h3/http/answer.h>
#include <h3/loop/clock.h>
#include <h3/route/chain-inside.h>

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include <glib/gstdio.h>
#include <stdatomic.h>

#define INTERVAL 20
#define TIMEOUT  60000

/* Every third time it is well. */
#define FICKLE 1

/* A server that is asked: what it says, and how often it has said so in a row. */
typedef struct {
    atomic_uint status; /* 0: nothing, until it is let go */
    atomic_uint said;
    Latch asked, let_go;
} Backend;

#define BACKEND_INIT(first)                                                                        \
    {                                                                                              \
        .status = first, .asked = LATCH_INIT, .let_go = LATCH_INIT                                 \
    }

static void
say_health (H3Event *event, gpointer user_data)
{
    Backend *backend = user_data;
    guint status = atomic_load (&backend->status);

    latch_raise (&backend->asked);
    if (status == 0) {
        latch_wait (&backend->let_go, 1, "to be let go");
        status = 200;
    }
    if (status == FICKLE)
        status = latch_get (&backend->asked) % 3 == 0 ? 200 : 500;
    atomic_fetch_add (&backend->said, 1);
    h3_event_set_status (event, status);
    h3_event_send_text (event, "how it is");
}

static void
change (Backend *backend, guint status)
{
    atomic_store (&backend->status, status);
    atomic_store (&backend->said, 0);
}

/* What was told of one server. */
typedef struct {
    Backend *backend; /* borrowed; NULL: it counts nothing */
    Latch changed;
    atomic_uint state;
    atomic_uint said; /* what the server had said in a row by then */
} Watch;

#define WATCH_INIT(of)                                                                             \
    {                                                                                              \
        .backend = of, .changed = LATCH_INIT                                                       \
    }

static void
note_change (H3Upstreams *upstreams, const char *url, H3UpstreamState state, gpointer user_data)
{
    Watch *watch = user_data;

    atomic_store (&watch->state, (guint) state);
    if (watch->backend != NULL)
        atomic_store (&watch->said, atomic_load (&watch->backend->said));
    latch_raise (&watch->changed);
}

static void
wait_for (Watch *watch, guint nth, H3UpstreamState state)
{
    latch_wait (&watch->changed, nth, "changes");
    ck_assert_uint_eq (latch_get (&watch->changed), nth);
    ck_assert_uint_eq (atomic_load (&watch->state), (guint) state);
}

static void
start_backend (TestServer *server, Backend *backend, const char *address)
{
    h3_app_get (server->app, "/health", say_health, backend);
    if (address != NULL)
        ck_assert (h3_server_add_address (h3_app_get_server (server->app), address, NULL));
    test_server_start (server);
}

static H3Upstreams *
new_set (const char *url, guint rise, guint fall, Watch *watch)
{
    H3Upstreams *upstreams = h3_upstreams_new ();
    g_autoptr (GError) error = NULL;

    if (!h3_upstreams_add (upstreams, url, 1, &error))
        ck_abort_msg ("%s", error->message);
    h3_upstreams_set_health_check (upstreams, "/health", INTERVAL, TIMEOUT, rise, fall);
    h3_upstreams_set_health_status (upstreams, 200, 299);
    h3_upstreams_on_change (upstreams, note_change, watch, NULL);
    return upstreams;
}

static gboolean
freeze (gpointer user_data, GError **error)
{
    return upstreams_freeze (user_data, error);
}

static void
watch_set (gpointer user_data)
{
    upstreams_watch (user_data);
}

/* Says whether there is a server to hand a request to. */
static void
say_fit (H3Event *event, gpointer user_data)
{
    UpstreamUse use;

    if (upstreams_choose (user_data, NULL, NULL, 0, &use) != NULL)
        h3_event_send_text (event, "fit");
    else
        h3_event_send_text (event, "none");
    upstream_use_end (&use, NULL);
}

static void
use_set (TestServer *server, H3Upstreams *upstreams)
{
    H3Middleware *middleware = h3_middleware_new (say_fit, h3_upstreams_ref (upstreams),
                                                  (GDestroyNotify) h3_upstreams_unref);

    middleware_set_check (middleware, freeze);
    middleware_set_start (middleware, watch_set);
    h3_app_use (server->app, "/", middleware);
    test_server_start (server);
}

/* Both have noted what lives before either was started. */
static void
end_both (TestServer *front, TestServer *back)
{
    h3_app_stop (front->app);
    ck_assert (h3_server_wait (h3_app_get_server (front->app)));
    h3_app_stop (back->app);
    ck_assert (h3_server_wait (h3_app_get_server (back->app)));
    g_clear_object (&back->app);
    g_clear_pointer (&back->address, g_free);
    test_server_end_stopped (front, TRUE);
}

static char *
dup_url (const TestServer *server)
{
    return g_strconcat ("http://", server->address, NULL);
}

START_TEST (a_server_goes_after_so_many_bad_checks_and_comes_after_so_many_good_ones)
{
    Backend backend = BACKEND_INIT (200);
    Watch watch = WATCH_INIT (&backend);
    TestServer front, back;
    g_autofree char *url = NULL;
    H3Upstreams *upstreams;

    test_server_init (&front);
    test_server_init (&back);
    start_backend (&back, &backend, NULL);
    url = dup_url (&back);
    upstreams = new_set (url, 4, 3, &watch);
    use_set (&front, upstreams);
    latch_wait (&backend.asked, 3, "checks");
    test_server_expect (&front, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "fit");
    for (guint i = 0; i < 3; i++) {
        change (&backend, 500);
        wait_for (&watch, 2 * i + 1, H3_UPSTREAM_DOWN);
        /* One may have been under way with what it said before. */
        ck_assert_uint_ge (atomic_load (&watch.said), 3);
        ck_assert_uint_le (atomic_load (&watch.said), 4);
        test_server_expect (&front, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "none");
        change (&backend, 204);
        wait_for (&watch, 2 * i + 2, H3_UPSTREAM_UP);
        ck_assert_uint_ge (atomic_load (&watch.said), 4);
        ck_assert_uint_le (atomic_load (&watch.said), 5);
        test_server_expect (&front, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "fit");
    }
    h3_upstreams_unref (upstreams);
    end_both (&front, &back);
}
END_TEST

START_TEST (a_good_check_between_bad_ones_begins_the_row_anew)
{
    Backend backend = BACKEND_INIT (FICKLE);
    Watch watch = WATCH_INIT (&backend);
    TestServer front, back;
    g_autofree char *url = NULL;
    H3Upstreams *upstreams;

    test_server_init (&front);
    test_server_init (&back);
    start_backend (&back, &backend, NULL);
    url = dup_url (&back);
    upstreams = new_set (url, 4, 3, &watch);
    use_set (&front, upstreams);
    latch_wait (&backend.asked, 12, "checks");
    ck_assert_uint_eq (latch_get (&watch.changed), 0);
    h3_upstreams_unref (upstreams);
    end_both (&front, &back);
}
END_TEST

START_TEST (a_server_that_hangs_is_down_until_it_answers)
{
    Backend backend = BACKEND_INIT (0);
    Watch watch = WATCH_INIT (&backend);
    TestServer front, back;
    g_autofree char *url = NULL;
    H3Upstreams *upstreams;

    clock_take_control ();
    test_server_init (&front);
    test_server_init (&back);
    h3_server_set_workers (h3_app_get_server (back.app), 2);
    start_backend (&back, &backend, NULL);
    url = dup_url (&back);
    upstreams = new_set (url, 1, 1, &watch);
    use_set (&front, upstreams);
    latch_wait (&backend.asked, 1, "the first check");
    ck_assert_uint_eq (latch_get (&watch.changed), 0);
    clock_drive (TIMEOUT + 1);
    wait_for (&watch, 1, H3_UPSTREAM_DOWN);
    change (&backend, 200);
    latch_raise (&backend.let_go);
    /* What was set before it was told. */
    clock_drive (2 * INTERVAL);
    wait_for (&watch, 2, H3_UPSTREAM_UP);
    h3_upstreams_unref (upstreams);
    end_both (&front, &back);
}
END_TEST

START_TEST (a_server_that_has_gone_and_comes_back_is_found)
{
    Backend backend = BACKEND_INIT (200);
    Watch watch = WATCH_INIT (NULL);
    TestServer front, back;
    g_autofree char *folder = g_dir_make_tmp ("h3-upstreams-XXXXXX", NULL);
    g_autofree char *address = g_strdup_printf ("unix:%s/socket", folder);
    g_autofree char *url = g_strdup_printf ("http+unix:%s/socket", folder);
    H3Upstreams *upstreams = new_set (url, 2, 2, &watch);

    test_server_init (&front);
    use_set (&front, upstreams);
    wait_for (&watch, 1, H3_UPSTREAM_DOWN);
    for (guint i = 1; i <= 2; i++) {
        back.app = h3_app_new_with_preset (H3_PRESET_TESTING);
        back.address = NULL;
        start_backend (&back, &backend, address);
        wait_for (&watch, 2 * i, H3_UPSTREAM_UP);
        h3_app_stop (back.app);
        ck_assert (h3_server_wait (h3_app_get_server (back.app)));
        g_object_unref (back.app);
        g_free (back.address);
        wait_for (&watch, 2 * i + 1, H3_UPSTREAM_DOWN);
    }
    h3_upstreams_unref (upstreams);
    test_server_end (&front);
    ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

START_TEST (one_of_all_that_serve_checks_and_another_goes_on)
{
    Backend backend = BACKEND_INIT (200);
    Watch watch = WATCH_INIT (&backend);
    TestServer front, other, back;
    g_autofree char *url = NULL;
    H3Upstreams *upstreams;
    guint asked;

    test_server_init (&other);
    test_server_init (&front);
    test_server_init (&back);
    start_backend (&back, &backend, NULL);
    url = dup_url (&back);
    upstreams = new_set (url, 1, 3, &watch);
    h3_server_set_workers (h3_app_get_server (front.app), 3);
    use_set (&front, upstreams);
    use_set (&other, upstreams);
    latch_wait (&backend.asked, 3, "checks");
    h3_app_stop (front.app);
    ck_assert (h3_server_wait (h3_app_get_server (front.app)));
    g_clear_object (&front.app);
    g_clear_pointer (&front.address, g_free);
    /* Nobody checks until the other serves again. */
    asked = latch_get (&backend.asked);
    test_server_expect (&other, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "fit");
    latch_wait (&backend.asked, asked + 3, "checks by the other");
    change (&backend, 500);
    wait_for (&watch, 1, H3_UPSTREAM_DOWN);
    ck_assert_uint_le (atomic_load (&watch.said), 4);
    h3_upstreams_unref (upstreams);
    end_both (&other, &back);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "health",
                    a_server_goes_after_so_many_bad_checks_and_comes_after_so_many_good_ones,
                    a_good_check_between_bad_ones_begins_the_row_anew,
                    a_server_that_hangs_is_down_until_it_answers,
                    a_server_that_has_gone_and_comes_back_is_found,
                    one_of_all_that_serve_checks_and_another_goes_on, NULL);
}

int
main (void)
{
    return suite_run ("e2e/upstreams-health", add_cases);
}
