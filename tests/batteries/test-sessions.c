/* SPDX-License-Identifier: MIT */

#include "session-app.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/fickle-store.h"

#include <h3/base/error.h>
#include <h3/loop/clock.h>

static FickleStore *store;
static LiveSnapshot before;
static H3App *app;
static SessionClient client;

static void
set_up (void)
{
    clock_take_control ();
    (void) g_main_context_default ();
    before = live_snapshot_take ();
    store = fickle_store_new ();
    app = session_app (h3_sessions_new (H3_STORE (store)));
    client = session_client (app);
}

static void
tear_down (void)
{
    session_client_clear (&client);
    g_object_unref (app);
    g_object_unref (store);
    assert_nothing_left (&before);
}

static guint
count_questions (void)
{
    return atomic_exchange (&store->n_asked, 0);
}

static void
drive (gint64 seconds)
{
    clock_drive (seconds * 1000);
}

START_TEST (what_is_written_is_there_in_the_next_request)
{
    session_client_expect (&client, "/get/user", 200, "new (none)");
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    session_client_expect (&client, "/get/user", 200, "zoe");
    session_client_expect (&client, "/get/other", 200, "(none)");
    session_client_expect (&client, "/add", 200, "1");
    session_client_expect (&client, "/add", 200, "2");
    session_client_expect (&client, "/take/user", 200, "zoe");
    session_client_expect (&client, "/take/user", 200, "(none)");
}
END_TEST

/* What an idle source answers with. */
typedef struct {
    H3Event *event;     /* borrowed: the session's copy holds it */
    H3Session *session; /* owned: a copy */
} Copied;

static gboolean
answer_copied (gpointer data)
{
    Copied *copied = data;

    h3_event_send_text (copied->event, h3_session_get_string (copied->session, "user"));
    g_boxed_free (H3_TYPE_SESSION, copied->session);
    g_free (copied);
    return G_SOURCE_REMOVE;
}

static void
answer_by_a_copy (H3Event *event, gpointer user_data)
{
    g_autoptr (GSource) source = g_idle_source_new ();
    Copied *copied = g_new0 (Copied, 1);

    copied->event = event;
    copied->session = g_boxed_copy (H3_TYPE_SESSION, session_of (event));
    g_source_set_callback (source, answer_copied, copied, NULL);
    g_source_attach (source, g_main_context_get_thread_default ());
}

/* As bindings hold one. */
START_TEST (a_copy_of_a_session_holds_its_event)
{
    h3_app_get (app, "/copied", answer_by_a_copy, NULL);
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    session_client_expect (&client, "/copied", 200, "zoe");
}
END_TEST

START_TEST (who_writes_nothing_gets_no_cookie_and_the_store_is_not_asked)
{
    session_client_expect (&client, "/nothing", 200, NULL);
    session_client_expect (&client, "/get/user", 200, "new (none)");
    session_client_expect (&client, "/take/user", 200, "(none)");
    session_client_expect (&client, "/none", 404, NULL);
    session_client_expect (&client, "/logout", 200, NULL);
    ck_assert_uint_eq (g_hash_table_size (client.cookies), 0);
    ck_assert_uint_eq (client.n_set, 0);
    ck_assert_uint_eq (count_questions (), 0);
    session_client_expect (&client, "/add", 200, "1");
    ck_assert_uint_eq (count_questions (), 1);
    session_client_expect (&client, "/get/n", 200, NULL);
    ck_assert_uint_eq (client.n_set, 0);
    ck_assert_uint_eq (count_questions (), 1);
}
END_TEST

START_TEST (the_cookie_is_for_this_host_and_not_for_scripts)
{
    g_autoptr (H3Injected) plain = session_client_send (&client, "GET", "/add", NULL, NULL);
    g_auto (SessionClient) by_tls = session_client (app);
    g_autoptr (H3Injected) read = session_client_send (&client, "GET", "/get/n", NULL, NULL);
    g_autoptr (H3Injected) other = session_client_send (&client, "GET", "/nothing", NULL, NULL);

    ck_assert_str_eq (h3_injected_get_header (plain, "Cache-Control"), "no-store");
    ck_assert_str_eq (h3_injected_get_header (plain, "Vary"), "Cookie");
    ck_assert_str_eq (h3_injected_get_header (read, "Vary"), "Cookie");
    ck_assert_ptr_null (h3_injected_get_header (read, "Cache-Control"));
    ck_assert_ptr_null (h3_injected_get_header (other, "Vary"));
    ck_assert_uint_eq (strlen (session_client_get (&client, "session")), 43);
    by_tls.by_tls = TRUE;
    session_client_expect (&by_tls, "/add", 200, "1");
    ck_assert_ptr_nonnull (session_client_get (&by_tls, "__Host-session"));
    ck_assert_str_eq (strchr (by_tls.set, ';'), "; Path=/; Secure; HttpOnly; SameSite=Lax");
    /* Who may have set the other name is not known to have come by TLS. */
    session_client_set (&by_tls, "session", session_client_get (&by_tls, "__Host-session"));
    g_hash_table_remove (by_tls.cookies, "__Host-session");
    session_client_expect (&by_tls, "/get/n", 200, "new (none)");
}
END_TEST

START_TEST (an_id_that_was_never_given_out_is_not_taken_over)
{
    static const char *const ids[] = {
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", /* bits that say nothing */
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+A",
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
        "",
        "x",
    };
    g_autofree char *longest = g_strnfill (7000, 'A');

    for (gsize i = 0; i <= G_N_ELEMENTS (ids); i++) {
        const char *id = i < G_N_ELEMENTS (ids) ? ids[i] : longest;

        session_client_set (&client, "session", id);
        session_client_expect (&client, "/get/user", 200, "new (none)");
        ck_assert_uint_eq (client.n_set, 0);
        session_client_expect (&client, "/set/user/zoe", 200, "done");
        ck_assert_str_ne (session_client_get (&client, "session"), id);
        session_client_expect (&client, "/get/user", 200, "zoe");
    }
}
END_TEST

START_TEST (a_login_changes_the_id_and_the_old_one_ends)
{
    g_autofree char *old = NULL;
    g_auto (SessionClient) thief = session_client (app);

    session_client_expect (&client, "/set/cart/full", 200, "done");
    old = g_strdup (session_client_get (&client, "session"));
    session_client_expect (&client, "/login", 200, "done");
    ck_assert_str_ne (session_client_get (&client, "session"), old);
    session_client_expect (&client, "/get/user", 200, "zoe");
    session_client_expect (&client, "/get/cart", 200, "full");
    session_client_set (&thief, "session", old);
    session_client_expect (&thief, "/get/cart", 200, "new (none)");
}
END_TEST

START_TEST (a_logout_ends_the_session_and_the_cookie)
{
    g_auto (SessionClient) thief = session_client (app);

    session_client_expect (&client, "/login", 200, "done");
    session_client_set (&thief, "session", session_client_get (&client, "session"));
    session_client_expect (&client, "/logout", 200, "done");
    ck_assert_uint_eq (g_hash_table_size (client.cookies), 0);
    session_client_expect (&thief, "/get/user", 200, "new (none)");
    /* Whoever still has a cookie that is good for nothing is rid of it too. */
    session_client_expect (&thief, "/logout", 200, "done");
    ck_assert_uint_eq (g_hash_table_size (thief.cookies), 0);
}
END_TEST

START_TEST (an_idle_session_ends_and_each_request_puts_that_off)
{
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    for (guint i = 0; i < 10; i++) {
        drive (29 * 60);
        session_client_expect (&client, "/nothing", 200, NULL);
    }
    drive (29 * 60);
    session_client_expect (&client, "/get/user", 200, "zoe");
    drive (30 * 60);
    session_client_expect (&client, "/get/user", 200, "new (none)");
}
END_TEST

START_TEST (the_end_is_put_off_once_a_minute_at_most)
{
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    drive (50);
    atomic_store (&store->n_of[STORE_COMPARE], 0);
    for (guint i = 0; i < 5; i++)
        session_client_expect (&client, "/get/user", 200, "zoe");
    ck_assert_uint_eq (atomic_load (&store->n_of[STORE_COMPARE]), 0);
    drive (20);
    for (guint i = 0; i < 5; i++)
        session_client_expect (&client, "/get/user", 200, "zoe");
    ck_assert_uint_eq (atomic_load (&store->n_of[STORE_COMPARE]), 1);
}
END_TEST

START_TEST (no_session_lasts_beyond_its_absolute_end_but_a_login_begins_anew)
{
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    for (guint i = 0; i < 12 * 3 - 1; i++) {
        drive (20 * 60);
        session_client_expect (&client, "/get/user", 200, "zoe");
    }
    drive (20 * 60);
    session_client_expect (&client, "/get/user", 200, "new (none)");
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    for (guint i = 0; i < 12 * 3 - 1; i++) {
        drive (20 * 60);
        session_client_expect (&client, "/nothing", 200, NULL);
    }
    session_client_expect (&client, "/login", 200, "done");
    drive (20 * 60);
    session_client_expect (&client, "/get/user", 200, "zoe");
}
END_TEST

START_TEST (no_secret_stands_in_the_store)
{
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    ck_assert_uint_eq (atomic_load (&store->n_asked), 1);
    ck_assert (g_str_has_prefix (store->last_key, "session:"));
    ck_assert_uint_eq (strlen (store->last_key), strlen ("session:") + 43);
    ck_assert_ptr_null (strstr (store->last_key, session_client_get (&client, "session")));
}
END_TEST

START_TEST (an_answer_that_is_an_error_keeps_the_session_too)
{
    session_client_expect (&client, "/fail", 418, NULL);
    session_client_expect (&client, "/get/failed", 200, "once");
}
END_TEST

START_TEST (a_store_that_is_away_is_told_and_no_session_is_lost)
{
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    for (guint at = 1; at <= 2; at++) {
        g_autoptr (H3Injected) answer = NULL;

        count_questions ();
        atomic_store (&store->fails_at, at);
        answer = session_client_send (&client, "GET", "/set/user/ann", NULL, NULL);
        atomic_store (&store->fails_at, 0);
        ck_assert_uint_eq (h3_injected_get_status (answer), 503);
        ck_assert_str_eq (h3_injected_get_header (answer, "Retry-After"), "1");
        ck_assert_str_eq (h3_injected_get_header (answer, "Content-Type"),
                          "application/problem+json");
        ck_assert_uint_eq (client.n_set, 0);
        session_client_expect (&client, "/get/user", 200, "zoe");
    }
    /* Load, put, remove. */
    for (guint at = 1; at <= 3; at++) {
        count_questions ();
        atomic_store (&store->fails_at, at);
        session_client_expect (&client, "/login", 503, NULL);
        atomic_store (&store->fails_at, 0);
        ck_assert_uint_eq (client.n_set, 0);
        session_client_expect (&client, "/get/user", 200, "zoe");
    }
    for (guint at = 1; at <= 2; at++) {
        count_questions ();
        atomic_store (&store->fails_at, at);
        session_client_expect (&client, "/logout", 503, NULL);
        atomic_store (&store->fails_at, 0);
    }
    session_client_expect (&client, "/get/user", 200, "zoe");
}
END_TEST

START_TEST (a_session_is_bounded)
{
    g_autofree char *text = g_strnfill (7000, 'x');
    guint n_done = 0;

    for (guint i = 0; i < 12; i++) {
        g_autofree char *target = g_strdup_printf ("/set/n%u/%s", i, text);
        g_autoptr (H3Injected) answer = session_client_send (&client, "GET", target, NULL, NULL);

        n_done += h3_injected_get_status (answer) == 200;
        if (i == 11)
            ck_assert_ptr_nonnull (strstr (h3_injected_get_text (answer), "the limit is 65536"));
    }
    ck_assert_uint_eq (n_done, 9);
    session_client_expect (&client, "/get/n0", 200, text);
}
END_TEST

START_TEST (options_that_cannot_be_are_refused)
{
    H3SessionsOptions options;
    g_autoptr (H3Sealer) sealer = h3_sealer_new ();
    g_autofree char *name = g_strnfill (101, 'n');
    gsize i;

    for (i = 0;; i++) {
        g_autoptr (GError) error = NULL;
        H3Middleware *middleware;

        h3_sessions_options_init (&options);
        options.store = H3_STORE (store);
        switch (i) {
        case 0:
            options.sealer = sealer;
            break;
        case 1:
            options.name = "a b";
            break;
        case 2:
            options.name = name;
            break;
        case 3:
            options.idle_time = 59;
            break;
        case 4:
            options.absolute_time = G_MAXINT64;
            break;
        case 5:
            options.max_size = 0;
            break;
        case 6:
            options.path = "no-slash";
            break;
        case 7:
            options.domain = "a b";
            break;
        case 8:
            options.name = "__Host-x";
            options.domain = "example.org";
            break;
        case 9:
            options.name = "__Host-x";
            options.path = "/deep";
            break;
        default:
            break;
        }
        middleware = h3_sessions_new_full (&options, &error);
        ck_assert_msg ((middleware == NULL) == (i < 10), "case %zu", i);
        if (middleware != NULL) {
            h3_middleware_unref (middleware);
            break;
        }
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
}
END_TEST

START_TEST (the_cookie_is_as_it_was_asked_for)
{
    g_auto (SessionClient) other = { 0 };
    g_autoptr (H3App) narrow = NULL;
    H3SessionsOptions options;

    h3_sessions_options_init (&options);
    options.name = "sid";
    options.path = "/";
    options.domain = "example.org";
    options.same_site = H3_SAME_SITE_STRICT;
    options.always_secure = options.is_persistent = TRUE;
    narrow = session_app (h3_sessions_new_full (&options, NULL));
    other = session_client (narrow);
    session_client_expect (&other, "/add", 200, "1");
    ck_assert_str_eq (strchr (other.set, ';'), "; Domain=example.org; Path=/; Max-Age=43200; "
                                               "Secure; HttpOnly; SameSite=Strict");
    session_client_expect (&other, "/add", 200, "2");
}
END_TEST

START_TEST (one_cookie_is_no_other_s_though_they_share_a_store)
{
    H3SessionsOptions options;
    g_autoptr (H3App) second = NULL;
    g_auto (SessionClient) other = { 0 };

    h3_sessions_options_init (&options);
    options.store = H3_STORE (store);
    options.name = "admin";
    second = session_app (h3_sessions_new_full (&options, NULL));
    other = session_client (second);
    session_client_expect (&client, "/set/user/zoe", 200, "done");
    session_client_set (&other, "admin", session_client_get (&client, "session"));
    session_client_expect (&other, "/get/user", 200, "new (none)");
}
END_TEST

START_TEST (memory_is_flat_over_many_sessions)
{
    gint64 live = counters_read (COUNTER_SESSIONS_LIVE);

    for (guint i = 0; i < 300; i++) {
        g_auto (SessionClient) one = session_client (app);

        session_client_expect (&one, "/set/user/zoe", 200, "done");
        session_client_expect (&one, "/logout", 200, "done");
    }
    ck_assert_int_eq (counters_read (COUNTER_SESSIONS_LIVE), live);
    ck_assert_uint_eq (fickle_store_count (store), 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("sessions");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    suite_add_tcase (suite, tcase);
    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, what_is_written_is_there_in_the_next_request);
    tcase_add_test (tcase, a_copy_of_a_session_holds_its_event);
    tcase_add_test (tcase, who_writes_nothing_gets_no_cookie_and_the_store_is_not_asked);
    tcase_add_test (tcase, the_cookie_is_for_this_host_and_not_for_scripts);
    tcase_add_test (tcase, an_id_that_was_never_given_out_is_not_taken_over);
    tcase_add_test (tcase, a_login_changes_the_id_and_the_old_one_ends);
    tcase_add_test (tcase, a_logout_ends_the_session_and_the_cookie);
    tcase_add_test (tcase, an_idle_session_ends_and_each_request_puts_that_off);
    tcase_add_test (tcase, the_end_is_put_off_once_a_minute_at_most);
    tcase_add_test (tcase, no_session_lasts_beyond_its_absolute_end_but_a_login_begins_anew);
    tcase_add_test (tcase, no_secret_stands_in_the_store);
    tcase_add_test (tcase, an_answer_that_is_an_error_keeps_the_session_too);
    tcase_add_test (tcase, a_store_that_is_away_is_told_and_no_session_is_lost);
    tcase_add_test (tcase, a_session_is_bounded);
    tcase_add_test (tcase, options_that_cannot_be_are_refused);
    tcase_add_test (tcase, the_cookie_is_as_it_was_asked_for);
    tcase_add_test (tcase, one_cookie_is_no_other_s_though_they_share_a_store);
    tcase_add_test (tcase, memory_is_flat_over_many_sessions);
}

int
main (void)
{
    return suite_run ("batteries/sessions", add_tests);
}
