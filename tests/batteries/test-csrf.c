/* SPDX-License-Identifier: MIT */

#include "csrf-app.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/fickle-store.h"

#include <h3/loop/clock.h>

#include <pthread.h>

static FickleStore *store; /* of the tokens */
static LiveSnapshot before;
static H3App *app;
static SessionClient client;

static void
give_token_and_log_in (H3Event *event, gpointer user_data)
{
    const char *token = h3_event_get_csrf_token (event, NULL);

    ck_assert (h3_session_regenerate (session_of (event), NULL));
    h3_event_send_text (event, token);
}

static void
give_token_to_none (H3Event *event, gpointer user_data)
{
    const char *token = h3_event_get_csrf_token (event, NULL);
    GError *error = NULL;

    ck_assert_ptr_nonnull (token);
    h3_session_destroy (session_of (event));
    ck_assert_ptr_null (h3_event_get_csrf_token (event, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_CLOSED));
    g_clear_error (&error);
    h3_event_send_text (event, token);
}

static void
give_token_in_pieces (H3Event *event, gpointer user_data)
{
    const char *token = h3_event_get_csrf_token (event, NULL);
    GError *error = NULL;

    (void) h3_event_write (event, token, strlen (token));
    ck_assert_ptr_null (h3_event_get_csrf_token (event, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_CLOSED));
    g_clear_error (&error);
    h3_event_finish (event);
}

static void
set_up (void)
{
    clock_take_control ();
    (void) g_main_context_default ();
    before = live_snapshot_take ();
    store = fickle_store_new ();
    app = csrf_app (h3_csrf_new (H3_STORE (store)));
    h3_app_get (app, "/token/login", give_token_and_log_in, NULL);
    h3_app_get (app, "/token/none", give_token_to_none, NULL);
    h3_app_get (app, "/token/pieces", give_token_in_pieces, NULL);
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

START_TEST (a_token_is_good_for_its_session_and_no_other)
{
    g_autofree char *token = get_token (&client, "/token");
    g_autofree char *again = get_token (&client, "/token");
    G_GNUC_UNUSED g_auto (SessionClient) other = session_client (app);

    ck_assert_str_ne (token, again);
    ck_assert_uint_eq (post (&client, token), 200);
    ck_assert_uint_eq (post (&client, token), 200);
    ck_assert_uint_eq (post (&client, again), 200);
    ck_assert_uint_eq (request_with (&client, "POST", "/change", "x", NULL), 403);
    ck_assert_uint_eq (post (&client, ""), 403);
    ck_assert_uint_eq (post (&client, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 403);
    again[0] = again[0] == 'A' ? 'B' : 'A';
    ck_assert_uint_eq (post (&client, again), 403);
    /* The other's session has tokens too. */
    session_client_clear (&client);
    client = session_client (app);
    ck_assert_uint_eq (post (&client, token), 403);
    g_free (again);
    again = get_token (&client, "/token");
    ck_assert_uint_eq (post (&client, token), 403);
    ck_assert_uint_eq (post (&client, again), 200);
}
END_TEST

START_TEST (methods_that_change_something_need_one)
{
    static const char *const unsafe[] = { "POST", "PUT", "PATCH", "DELETE", "PROPFIND" };
    static const char *const safe[] = { "GET", "HEAD", "OPTIONS", "QUERY" };
    g_autofree char *token = get_token (&client, "/token");

    for (gsize i = 0; i < G_N_ELEMENTS (unsafe); i++) {
        ck_assert_uint_eq (request_with (&client, unsafe[i], "/change", NULL, NULL), 403);
        ck_assert_uint_eq (request_with (&client, unsafe[i], "/nowhere", NULL, NULL), 403);
    }
    for (gsize i = 0; i < 4; i++)
        ck_assert_uint_eq (
            request_with (&client, unsafe[i], "/change", NULL, "X-CSRF-Token", token, NULL), 200);
    for (gsize i = 0; i < G_N_ELEMENTS (safe); i++)
        ck_assert_uint_eq (request_with (&client, safe[i], "/change", NULL, NULL), 200);
}
END_TEST

START_TEST (the_sixth_token_of_a_session_ends_the_first)
{
    char *tokens[6];

    for (guint i = 0; i < 6; i++)
        tokens[i] = get_token (&client, "/token");
    ck_assert_uint_eq (post (&client, tokens[0]), 403);
    for (guint i = 1; i < 6; i++)
        ck_assert_uint_eq (post (&client, tokens[i]), 200);
    for (guint i = 0; i < 6; i++)
        g_free (tokens[i]);
}
END_TEST

START_TEST (a_token_ends_after_a_day)
{
    g_autofree char *token = get_token (&client, "/token");
    g_autofree char *later = NULL;

    for (guint i = 0; i < 24 * 4 - 1; i++) {
        clock_drive (15 * 60 * 1000);
        session_client_expect (&client, "/nothing", 200, NULL);
        if (i == 50)
            later = get_token (&client, "/token");
    }
    ck_assert_uint_eq (post (&client, token), 200);
    clock_drive (15 * 60 * 1000);
    ck_assert_uint_eq (post (&client, token), 403);
    ck_assert_uint_eq (post (&client, later), 200);
}
END_TEST

START_TEST (tokens_of_one_session_leave_no_more_than_one_key)
{
    for (guint i = 0; i < 20; i++) {
        g_autofree char *token = get_token (&client, "/token");

        (void) token;
    }
    ck_assert_uint_eq (fickle_store_count (store), 1);
    ck_assert (g_str_has_prefix (store->last_key, "csrf:"));
}
END_TEST

START_TEST (a_form_may_bring_it_and_reaches_the_handler)
{
    g_autofree char *token = get_token (&client, "/token");
    g_autofree char *urlencoded = g_strdup_printf ("name=zoe&csrf_token=%s", token);
    g_autofree char *multipart =
        g_strdup_printf ("--b\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\n%s\r\n"
                         "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nzoe\r\n"
                         "--b--\r\n",
                         token);
    static const char url_type[] = "application/x-www-form-urlencoded; charset=utf-8";
    static const char parts_type[] = "Multipart/Form-Data; boundary=b";
    static const char *const targets[] = { "/name", "/streamed" };

    for (gsize i = 0; i < 2; i++) {
        ck_assert_uint_eq (
            request_with (&client, "POST", targets[i], urlencoded, "Content-Type", url_type, NULL),
            200);
        ck_assert_uint_eq (
            request_with (&client, "POST", targets[i], multipart, "Content-Type", parts_type, NULL),
            200);
        ck_assert_uint_eq (
            request_with (&client, "POST", targets[i], "name=zoe", "Content-Type", url_type, NULL),
            403);
        ck_assert_uint_eq (request_with (&client, "POST", targets[i], "csrf_token=x",
                                         "Content-Type", url_type, NULL),
                           403);
        ck_assert_uint_eq (
            request_with (&client, "POST", targets[i], "name=%", "Content-Type", url_type, NULL),
            400);
        ck_assert_uint_eq (
            request_with (&client, "POST", targets[i], "--b", "Content-Type", parts_type, NULL),
            400);
        ck_assert_uint_eq (request_with (&client, "POST", targets[i], urlencoded, "Content-Type",
                                         "text/plain", NULL),
                           403);
        ck_assert_uint_eq (request_with (&client, "POST", targets[i], urlencoded, NULL), 403);
        /* A header that is there decides. */
        ck_assert_uint_eq (request_with (&client, "POST", targets[i], urlencoded, "Content-Type",
                                         url_type, "X-CSRF-Token", "x", NULL),
                           403);
        ck_assert_uint_eq (request_with (&client, "POST", targets[i], "name=zoe", "Content-Type",
                                         url_type, "X-CSRF-Token", token, NULL),
                           200);
    }
    ck_assert_uint_eq (
        request_with (&client, "POST", "/none", urlencoded, "Content-Type", url_type, NULL), 403);
}
END_TEST

START_TEST (a_bearer_needs_none_where_it_was_verified)
{
    g_autofree char *token = get_token (&client, "/token");

    ck_assert_uint_eq (
        request_with (&client, "POST", "/change", "x", "Authorization", "Bearer good", NULL), 200);
    ck_assert_uint_eq (
        request_with (&client, "POST", "/change", "x", "Authorization", "Bearer junk", NULL), 403);
    ck_assert_uint_eq (
        request_with (&client, "POST", "/change", "x", "Authorization", "Basic good", NULL), 403);
    ck_assert_uint_eq (post (&client, token), 200);
}
END_TEST

START_TEST (a_login_ends_the_tokens_and_gives_its_own)
{
    g_autofree char *token = get_token (&client, "/token");
    g_autofree char *of_login = NULL;
    g_autofree char *of_none = NULL;
    g_autofree char *in_pieces = NULL;

    session_client_expect (&client, "/login", 200, "done");
    ck_assert_uint_eq (post (&client, token), 403);
    of_login = get_token (&client, "/token/login");
    ck_assert_uint_eq (post (&client, of_login), 200);
    in_pieces = get_token (&client, "/token/pieces");
    ck_assert_uint_eq (post (&client, in_pieces), 200);
    of_none = get_token (&client, "/token/none");
    ck_assert_uint_eq (post (&client, of_none), 403);
    ck_assert_uint_eq (g_hash_table_size (client.cookies), 0);
}
END_TEST

START_TEST (a_store_that_is_away_lets_nothing_through)
{
    g_autofree char *token = get_token (&client, "/token");

    atomic_store (&store->fails_always, 1);
    ck_assert_uint_eq (post (&client, token), 503);
    ck_assert_uint_eq (request_with (&client, "GET", "/token", NULL, NULL), 503);
    ck_assert_uint_eq (request_with (&client, "GET", "/nothing", NULL, NULL), 200);
    ck_assert_uint_eq (
        request_with (&client, "POST", "/change", "x", "Authorization", "Bearer good", NULL), 200);
    atomic_store (&store->fails_always, 0);
    atomic_store (&store->n_asked, 0);
    atomic_store (&store->fails_at, 2);
    ck_assert_uint_eq (request_with (&client, "GET", "/token", NULL, NULL), 503);
    ck_assert_uint_eq (post (&client, token), 200);
}
END_TEST

START_TEST (without_sessions_there_are_no_tokens)
{
    g_autoptr (H3App) bare = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3App) unguarded = session_app (h3_sessions_new (NULL));

    h3_app_use (bare, "/", h3_csrf_new (NULL));
    h3_app_get (bare, "/token", give_token, NULL);
    h3_app_post (bare, "/change", change, NULL);
    h3_app_get (unguarded, "/token", give_token, NULL);
    ck_assert_uint_eq (ask_status (bare, "GET", "/token"), 500);
    ck_assert_uint_eq (ask_status (bare, "POST", "/change"), 403);
    ck_assert_uint_eq (ask_status (unguarded, "GET", "/token"), 500);
}
END_TEST

#define N_THREADS 5

static char *race_tokens[N_THREADS];

static void *
get_raced_token (void *place)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autofree char *cookies = session_client_write (&client);
    g_autoptr (H3Injected) answer = NULL;

    h3_headers_set (headers, "Cookie", cookies);
    answer = ask_with (app, "GET", "/token", headers, NULL);
    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    *(char **) place = g_strdup (h3_injected_get_text (answer));
    return NULL;
}

START_TEST (threads_that_race_on_one_session_all_get_a_token)
{
    pthread_t threads[N_THREADS];

    session_client_expect (&client, "/add", 200, "1");
    for (guint i = 0; i < N_THREADS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, get_raced_token, &race_tokens[i]), 0);
    for (guint i = 0; i < N_THREADS; i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
    for (guint i = 0; i < N_THREADS; i++) {
        ck_assert_uint_eq (post (&client, race_tokens[i]), 200);
        g_clear_pointer (&race_tokens[i], g_free);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("csrf");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    suite_add_tcase (suite, tcase);
    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, a_token_is_good_for_its_session_and_no_other);
    tcase_add_test (tcase, methods_that_change_something_need_one);
    tcase_add_test (tcase, the_sixth_token_of_a_session_ends_the_first);
    tcase_add_test (tcase, a_token_ends_after_a_day);
    tcase_add_test (tcase, tokens_of_one_session_leave_no_more_than_one_key);
    tcase_add_test (tcase, a_form_may_bring_it_and_reaches_the_handler);
    tcase_add_test (tcase, a_bearer_needs_none_where_it_was_verified);
    tcase_add_test (tcase, a_login_ends_the_tokens_and_gives_its_own);
    tcase_add_test (tcase, a_store_that_is_away_lets_nothing_through);
    tcase_add_test (tcase, without_sessions_there_are_no_tokens);
    tcase_add_test (tcase, threads_that_race_on_one_session_all_get_a_token);
}

int
main (void)
{
    return suite_run ("batteries/csrf", add_tests);
}
