/* SPDX-License-Identifier: MIT
 *
 * By what limits count, and whom they do not count. */

#include "rate-limit-fixture.h"

#include "h3/base/error.h"
#include "h3/batteries/principal.h"
#include "h3/batteries/session.h"
#include "h3/batteries/sessions.h"
#include "h3/store/memory-store.h"

START_TEST (clients_are_told_apart_by_their_networks)
{
    use ();
    assert_room_for ("192.0.2.1", 3);
    assert_passes_from ("192.0.2.2", 1);
    assert_status (come_from ("::ffff:192.0.2.1"), 429);
    assert_passes_from ("2001:db8:0:1::1", 1);
    assert_passes_from ("2001:db8:0:1:ffff::2", 1);
    assert_room_for ("2001:db8:0:1::3", 1);
    assert_passes_from ("2001:db8:0:2::1", 1);
    /* The first bytes are the same. */
    assert_passes_from ("c000:201::", 3);
}
END_TEST

/* The peer of an injected request is 127.0.0.1. */
START_TEST (what_only_the_client_says_of_its_address_does_not_help)
{
    g_clear_object (&app);
    app = h3_app_new_with_preset (H3_PRESET_TESTING);
    ck_assert (h3_app_trust_proxy (app, "10.0.0.0/8", NULL));
    use ();
    for (guint i = 0; i < 3; i++) {
        g_autofree char *address = g_strdup_printf ("192.0.2.%u", i);

        assert_status (come_from (address), 200);
    }
    assert_status (come_from ("192.0.2.100"), 429);
}
END_TEST

static void
set_user (H3Event *event, gpointer user_data)
{
    const char *name = h3_request_get_header (h3_event_get_request (event), "User");

    if (name != NULL)
        h3_event_set_principal (event, h3_principal_new ("basic", name, NULL));
    h3_event_next (event);
}

static guint
come_as (const char *user, const char *address)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (H3Injected) answer = NULL;

    h3_headers_set (headers, "X-Forwarded-For", address);
    if (user != NULL)
        h3_headers_set (headers, "User", user);
    answer = ask_with (app, "GET", "/", headers, NULL);
    return h3_injected_get_status (answer);
}

START_TEST (a_user_is_counted_wherever_it_comes_from)
{
    h3_rate_limit_set_by (limit, H3_RATE_LIMIT_BY_USER);
    h3_app_use (app, "/", h3_middleware_new (set_user, NULL, NULL));
    use ();
    ck_assert_uint_eq (come_as ("ann", "192.0.2.1"), 200);
    ck_assert_uint_eq (come_as ("ann", "192.0.2.2"), 200);
    ck_assert_uint_eq (come_as ("ann", "192.0.2.3"), 200);
    ck_assert_uint_eq (come_as ("ann", "192.0.2.4"), 429);
    ck_assert_uint_eq (come_as ("bob", "192.0.2.4"), 200);
    /* Who is nobody, or has no name, is an address. */
    ck_assert_uint_eq (come_as ("", "192.0.2.1"), 200);
    ck_assert_uint_eq (come_as (NULL, "192.0.2.1"), 200);
    ck_assert_uint_eq (come_as (NULL, "192.0.2.1"), 200);
    ck_assert_uint_eq (come_as (NULL, "192.0.2.1"), 429);
}
END_TEST

START_TEST (users_of_each_address_are_counted_where_both_are_asked_for)
{
    h3_rate_limit_set_by (limit, H3_RATE_LIMIT_BY_USER | H3_RATE_LIMIT_BY_ADDRESS);
    h3_app_use (app, "/", h3_middleware_new (set_user, NULL, NULL));
    use ();
    for (guint i = 0; i < 3; i++)
        ck_assert_uint_eq (come_as ("ann", "192.0.2.1"), 200);
    ck_assert_uint_eq (come_as ("ann", "192.0.2.1"), 429);
    ck_assert_uint_eq (come_as ("ann", "192.0.2.2"), 200);
    ck_assert_uint_eq (come_as ("bob", "192.0.2.1"), 200);
}
END_TEST

static void
write_session (H3Event *event, gpointer user_data)
{
    (void) h3_session_set_string (h3_event_get_session (event), "user", "ann", NULL);
    h3_event_send_empty (event, 204);
}

/* (transfer full): the cookie of a new session. */
static char *
log_in (void)
{
    g_autoptr (H3Injected) answer = ask (app, "POST", "/login");
    const char *cookie = h3_injected_get_header (answer, "Set-Cookie");

    ck_assert_uint_eq (h3_injected_get_status (answer), 204);
    ck_assert_ptr_nonnull (cookie);
    return g_strndup (cookie, strcspn (cookie, ";"));
}

START_TEST (a_session_is_counted_wherever_it_comes_from)
{
    g_autoptr (H3Store) store = h3_memory_store_new (100, 1 << 16);
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;

    h3_rate_limit_set_by (limit, H3_RATE_LIMIT_BY_SESSION);
    h3_app_use (app, "/", h3_sessions_new (store));
    h3_app_use_for (app, h3_app_get (app, "/counted", say, (gpointer) "hello"),
                    h3_rate_limit_to_middleware (limit));
    h3_app_post (app, "/login", write_session, NULL);
    first = log_in ();
    second = log_in ();
    for (guint i = 0; i < 3; i++)
        assert_status (ask_field (app, "/counted", "Cookie", first), 200);
    assert_status (ask_field (app, "/counted", "Cookie", first), 429);
    assert_status (ask_field (app, "/counted", "Cookie", second), 200);
    /* Without a session, or with none of ours, it is an address. */
    for (guint i = 0; i < 3; i++)
        assert_status (ask_field (app, "/counted", "Cookie", i == 0 ? "session=no" : "a=b"), 200);
    assert_status (ask (app, "GET", "/counted"), 429);
}
END_TEST

START_TEST (each_route_is_counted_by_itself)
{
    h3_rate_limit_set_by (limit, H3_RATE_LIMIT_BY_ADDRESS | H3_RATE_LIMIT_BY_ROUTE);
    use ();
    assert_room_for ("192.0.2.1", 3);
    assert_status (ask_field (app, "/other", "X-Forwarded-For", "192.0.2.1"), 200);
    assert_status (ask_field (app, "/nowhere", "X-Forwarded-For", "192.0.2.1"), 404);
}
END_TEST

START_TEST (a_field_is_counted_by_and_the_address_where_it_is_missing)
{
    h3_rate_limit_set_by (limit, 0);
    ck_assert (!h3_rate_limit_set_by_header (limit, "a b"));
    ck_assert (h3_rate_limit_set_by_header (limit, "X-Key"));
    use ();
    for (guint i = 0; i < 3; i++)
        assert_status (ask_field (app, "/", "x-key", "one"), 200);
    assert_status (ask_field (app, "/", "X-Key", "one"), 429);
    assert_status (ask_field (app, "/", "X-Key", "two"), 200);
    assert_status (ask_field (app, "/", "X-Key", ""), 200);
    assert_room_for ("192.0.2.1", 3);
    assert_passes_from ("192.0.2.2", 1);
}
END_TEST

static char *
give_query (H3Event *event, gpointer user_data)
{
    ck_assert_str_eq (user_data, "own");
    return g_strdup (h3_event_get_query (event, "who"));
}

START_TEST (a_function_says_what_to_count_by_and_whether)
{
    h3_rate_limit_set_by (limit, 0);
    h3_rate_limit_set_by_function (limit, give_query, g_strdup ("own"), g_free);
    use ();
    for (guint i = 0; i < 3; i++)
        assert_status (ask (app, "GET", "/?who=a"), 200);
    assert_status (ask (app, "GET", "/?who=a"), 429);
    assert_status (ask (app, "GET", "/?who=b"), 200);
    for (guint i = 0; i < 10; i++)
        assert_status (ask (app, "GET", "/"), 200);
}
END_TEST

START_TEST (who_is_allowed_is_not_counted)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Injected) answer = NULL;

    ck_assert (!h3_rate_limit_allow (limit, "10.0.0.0/33", &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert (h3_rate_limit_allow (limit, "10.0.0.0/8", NULL));
    use ();
    assert_passes_from ("10.1.2.3", 10);
    answer = come_from ("::ffff:10.1.2.3");
    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    assert_field (answer, "RateLimit-Remaining", NULL);
    assert_room_for ("11.0.0.0", 3);
}
END_TEST

START_TEST (who_is_denied_is_refused_though_allowed_too)
{
    ck_assert (h3_rate_limit_allow (limit, "10.0.0.0/8", NULL));
    ck_assert (h3_rate_limit_deny (limit, "10.6.0.0/16", NULL));
    ck_assert (h3_rate_limit_deny (limit, "2001:db8::/32", NULL));
    use ();
    assert_status (come_from ("10.6.1.1"), 403);
    assert_status (come_from ("2001:db8::1"), 403);
    assert_passes_from ("10.7.1.1", 4);
    assert_passes_from ("2001:db9::1", 3);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("limits");

    tcase_set_timeout (tcase, 60);
    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, clients_are_told_apart_by_their_networks);
    tcase_add_test (tcase, what_only_the_client_says_of_its_address_does_not_help);
    tcase_add_test (tcase, a_user_is_counted_wherever_it_comes_from);
    tcase_add_test (tcase, users_of_each_address_are_counted_where_both_are_asked_for);
    tcase_add_test (tcase, a_session_is_counted_wherever_it_comes_from);
    tcase_add_test (tcase, each_route_is_counted_by_itself);
    tcase_add_test (tcase, a_field_is_counted_by_and_the_address_where_it_is_missing);
    tcase_add_test (tcase, a_function_says_what_to_count_by_and_whether);
    tcase_add_test (tcase, who_is_allowed_is_not_counted);
    tcase_add_test (tcase, who_is_denied_is_refused_though_allowed_too);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("batteries/rate-limit-keys", add_cases);
}
