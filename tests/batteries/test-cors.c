/* SPDX-License-Identifier: MIT */

#include "tests/app/ask.h"

#include <h3/base/error.h>
#include <h3/batteries/cors.h>

#define PAGE "https://page.example"

/* (transfer full): a policy that allows one origin. */
static H3CorsPolicy *
make_policy (void)
{
    H3CorsPolicy *policy = h3_cors_policy_new ();

    h3_cors_policy_allow_origin (policy, PAGE);
    return policy;
}

/* (transfer full): an app with a GET at /x that stands behind the policy (transfer full). */
static H3App *
make_app (H3CorsPolicy *policy)
{
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);

    h3_app_use (app, "/", h3_cors_new (policy));
    h3_app_get (app, "/x", say, (gpointer) "x");
    h3_cors_policy_unref (policy);
    return app;
}

/* (transfer full): "METHOD TARGET" with fields, each with its line end. */
static H3Injected *
ask_lines (H3App *app, const char *line, const char *fields)
{
    g_autofree char *text = g_strdup_printf ("%s HTTP/1.1\r\nHost: a\r\n%s\r\n", line, fields);

    return ask_raw (app, text);
}

static void
assert_field (H3Injected *answer, const char *name, const char *expected)
{
    g_autofree char *value = h3_headers_dup_joined (h3_injected_get_headers (answer), name);

    ck_assert_msg (g_strcmp0 (value, expected) == 0, "%s is %s", name, value);
}

/* No field allows anything. */
static void
assert_nothing_allowed (H3Injected *answer)
{
    H3Headers *headers = h3_injected_get_headers (answer);

    ck_assert (!h3_headers_has (headers, "Access-Control-Allow-Origin"));
    ck_assert (!h3_headers_has (headers, "Access-Control-Allow-Credentials"));
    ck_assert (!h3_headers_has (headers, "Access-Control-Allow-Methods"));
    ck_assert (!h3_headers_has (headers, "Access-Control-Allow-Headers"));
    ck_assert (!h3_headers_has (headers, "Access-Control-Allow-Private-Network"));
    ck_assert (!h3_headers_has (headers, "Access-Control-Expose-Headers"));
    ck_assert (!h3_headers_has (headers, "Access-Control-Max-Age"));
}

/* What a page of `origin` is told; NULL: nothing. */
static void
assert_told (H3App *app, const char *origin, const char *expected)
{
    g_autofree char *field = g_strdup_printf ("Origin: %s\r\n", origin);
    g_autoptr (H3Injected) answer = ask_lines (app, "GET /x", field);

    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    if (expected == NULL)
        assert_nothing_allowed (answer);
    assert_field (answer, "Access-Control-Allow-Origin", expected);
    assert_field (answer, "Vary", "Origin");
}

START_TEST (pages_of_listed_origins_are_told)
{
    H3CorsPolicy *policy = make_policy ();
    g_autoptr (H3App) app = NULL;

    h3_cors_policy_allow_origin (policy, "https://*.example.org");
    h3_cors_policy_allow_origin (policy, "http://Localhost:80");
    app = make_app (policy);
    assert_told (app, PAGE, PAGE);
    assert_told (app, "HTTPS://PAGE.example:443", PAGE);
    assert_told (app, "https://a.example.org", "https://a.example.org");
    assert_told (app, "http://localhost", "http://localhost");
    assert_told (app, "http://page.example", NULL);
    assert_told (app, "https://page.example:8443", NULL);
    assert_told (app, "https://page.example.evil.test", NULL);
    assert_told (app, "null", NULL);
    assert_told (app, "https://page.example, https://page.example", NULL);
    assert_told (app, "nonsense", NULL);
}
END_TEST

START_TEST (null_is_allowed_where_it_is_listed)
{
    H3CorsPolicy *policy = make_policy ();
    g_autoptr (H3App) app = NULL;

    h3_cors_policy_allow_origin (policy, "null");
    app = make_app (policy);
    assert_told (app, "null", "null");
    assert_told (app, "NULL", NULL);
}
END_TEST

START_TEST (regex_fits_the_whole_origin)
{
    H3CorsPolicy *policy = make_policy ();
    g_autoptr (H3App) app = NULL;

    h3_cors_policy_allow_origin_regex (policy, "https://a|https://[bc]\\.example");
    app = make_app (policy);
    assert_told (app, "https://a", "https://a");
    assert_told (app, "https://b.example", "https://b.example");
    assert_told (app, "https://a.evil.test", NULL);
    assert_told (app, "xhttps://b.example", NULL);
    assert_told (app, "https://b.example.evil.test", NULL);
}
END_TEST

static gboolean
is_asked_for (H3Event *event, const char *origin, gpointer user_data)
{
    ck_assert_str_eq (user_data, "data");
    return g_strcmp0 (h3_event_get_query (event, "allow"), origin) == 0;
}

START_TEST (function_is_asked_for_others)
{
    H3CorsPolicy *policy = make_policy ();
    g_autoptr (H3App) app = NULL;
    g_autoptr (H3Injected) allowed = NULL;

    h3_cors_policy_set_function (policy, is_asked_for, g_strdup ("data"), g_free);
    app = make_app (policy);
    assert_told (app, PAGE, PAGE);
    assert_told (app, "https://b.example", NULL);
    allowed =
        ask_lines (app, "GET /x?allow=https://b.example", "Origin: https://B.example:443\r\n");
    assert_field (allowed, "Access-Control-Allow-Origin", "https://b.example");
}
END_TEST

START_TEST (answers_vary_by_origin_without_one_too)
{
    g_autoptr (H3App) app = make_app (make_policy ());
    g_autoptr (H3Injected) answer = ask (app, "GET", "/x");

    assert_nothing_allowed (answer);
    assert_field (answer, "Vary", "Origin");
}
END_TEST

START_TEST (everybody_is_told_without_vary)
{
    H3CorsPolicy *policy = h3_cors_policy_new ();
    g_autoptr (H3App) app = NULL;
    g_autoptr (H3Injected) without = NULL;
    g_autoptr (H3Injected) with = NULL;

    h3_cors_policy_allow_origin (policy, "*");
    h3_cors_policy_set_response_fields (policy, "*");
    app = make_app (policy);
    without = ask (app, "GET", "/x");
    with = ask_lines (app, "GET /x", "Origin: https://b.example\r\n");
    assert_field (without, "Access-Control-Allow-Origin", "*");
    assert_field (with, "Access-Control-Allow-Origin", "*");
    assert_field (with, "Access-Control-Expose-Headers", "*");
    assert_field (with, "Vary", NULL);
}
END_TEST

static void
fail_somehow (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "X-Prepared", "dropped");
    h3_event_set_header (event, "Vary", "Accept");
    h3_event_fail_status (event, GPOINTER_TO_UINT (user_data), NULL);
}

START_TEST (fields_stand_on_errors_too)
{
    static const guint statuses[] = { 401, 429, 500, 503 };
    H3CorsPolicy *policy = make_policy ();
    g_autoptr (H3App) app = NULL;

    h3_cors_policy_set_credentials (policy, TRUE);
    h3_cors_policy_set_response_fields (policy, "ETag X-Total");
    app = make_app (policy);
    for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
        g_autofree char *path = g_strdup_printf ("/%u", statuses[i]);

        h3_app_get (app, path, fail_somehow, GUINT_TO_POINTER (statuses[i]));
    }
    for (guint i = 0; i <= G_N_ELEMENTS (statuses); i++) {
        guint status = i < G_N_ELEMENTS (statuses) ? statuses[i] : 404;
        g_autofree char *line = g_strdup_printf ("GET /%u", status);
        g_autoptr (H3Injected) answer = ask_lines (app, line, "Origin: " PAGE "\r\n");

        ck_assert_uint_eq (h3_injected_get_status (answer), status);
        assert_field (answer, "X-Prepared", NULL);
        assert_field (answer, "Access-Control-Allow-Origin", PAGE);
        assert_field (answer, "Access-Control-Allow-Credentials", "true");
        assert_field (answer, "Access-Control-Expose-Headers", "ETag, X-Total");
        assert_field (answer, "Vary", "Origin");
    }
}
END_TEST

START_TEST (fields_stand_on_bodies_that_are_too_large)
{
    g_autoptr (H3App) app = make_app (make_policy ());
    g_autoptr (H3Injected) answer = NULL;

    h3_route_set_body (h3_app_post (app, "/small", say, (gpointer) "x"), H3_BODY_BUFFERED, 1);
    answer = ask_raw (app, "POST /small HTTP/1.1\r\nHost: a\r\nOrigin: " PAGE
                           "\r\nContent-Length: 2\r\n\r\nab");
    ck_assert_uint_eq (h3_injected_get_status (answer), 413);
    assert_field (answer, "Access-Control-Allow-Origin", PAGE);
    assert_field (answer, "Vary", "Origin");
}
END_TEST

static void
add_own_vary (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "Vary", "Accept");
    h3_event_send_text (event, "x");
}

START_TEST (vary_of_handlers_stays)
{
    g_autoptr (H3App) app = make_app (make_policy ());
    g_autoptr (H3Injected) answer = NULL;

    h3_app_get (app, "/own", add_own_vary, NULL);
    answer = ask_lines (app, "GET /own", "Origin: " PAGE "\r\n");
    assert_field (answer, "Vary", "Accept, Origin");
    assert_field (answer, "Access-Control-Allow-Origin", PAGE);
}
END_TEST

START_TEST (two_origins_are_refused)
{
    g_autoptr (H3App) app = make_app (make_policy ());
    g_autoptr (H3Injected) answer =
        ask_lines (app, "GET /x", "Origin: " PAGE "\r\norigin: " PAGE "\r\n");

    ck_assert_uint_eq (h3_injected_get_status (answer), 400);
    assert_nothing_allowed (answer);
    assert_field (answer, "Vary", "Origin");
    assert_field (answer, "Content-Type", "application/problem+json");
}
END_TEST

static void
refuse_all (H3Event *event, gpointer user_data)
{
    h3_event_fail_status (event, 401, NULL);
}

#define PREFLIGHT_VARY "Access-Control-Request-Method, Access-Control-Request-Headers, Origin"

START_TEST (preflight_is_answered_before_routes_and_guards)
{
    static const char *const lines[] = { "OPTIONS /x", "OPTIONS /nowhere", "OPTIONS /any" };
    H3CorsPolicy *policy = make_policy ();
    g_autoptr (H3App) app = NULL;

    h3_cors_policy_set_request_fields (policy, "Content-Type X-Own");
    h3_cors_policy_set_credentials (policy, TRUE);
    h3_cors_policy_set_max_age (policy, 7);
    app = make_app (policy);
    h3_app_use (app, "/", h3_middleware_new (refuse_all, NULL, NULL));
    h3_app_all (app, "/any", say, (gpointer) "reached");
    for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autoptr (H3Injected) answer =
            ask_lines (app, lines[i],
                       "Origin: " PAGE "\r\nAccess-Control-Request-Method: PATCH\r\n"
                       "Access-Control-Request-Headers: x-own,content-type\r\n");

        ck_assert_uint_eq (h3_injected_get_status (answer), 204);
        ck_assert_str_eq (h3_injected_get_text (answer), "");
        assert_field (answer, "Access-Control-Allow-Origin", PAGE);
        assert_field (answer, "Access-Control-Allow-Credentials", "true");
        assert_field (answer, "Access-Control-Allow-Methods",
                      "GET, HEAD, POST, PUT, PATCH, DELETE");
        assert_field (answer, "Access-Control-Allow-Headers", "Content-Type, X-Own");
        assert_field (answer, "Access-Control-Max-Age", "7");
        assert_field (answer, "Vary", PREFLIGHT_VARY);
    }
}
END_TEST

START_TEST (wrong_preflight_is_allowed_nothing)
{
#define ORIGIN "Origin: " PAGE "\r\n"
#define METHOD "Access-Control-Request-Method: "
#define FIELDS "Access-Control-Request-Headers: "
    static const char *const table[] = {
        "Origin: https://other.example\r\n" METHOD "GET\r\n",
        "Origin: null\r\n" METHOD "GET\r\n",
        ORIGIN METHOD "TRACE\r\n",
        ORIGIN METHOD "patch\r\n",
        ORIGIN METHOD "\r\n",
        ORIGIN METHOD "GET POST\r\n",
        ORIGIN METHOD "GET\r\n" METHOD "GET\r\n",
        ORIGIN METHOD "GET\r\n" FIELDS "x-other\r\n",
        ORIGIN METHOD "GET\r\n" FIELDS "content-type, x-other\r\n",
        ORIGIN METHOD "GET\r\n" FIELDS "content-type\r\n" FIELDS "x-other\r\n",
        ORIGIN METHOD "GET\r\n" FIELDS "content-type x-other\r\n",
        ORIGIN METHOD "GET\r\n" FIELDS "content-type, a b\r\n",
    };
    g_autoptr (H3App) app = make_app (make_policy ());

    for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
        g_autoptr (H3Injected) answer = ask_lines (app, "OPTIONS /x", table[i]);

        ck_assert_uint_eq (h3_injected_get_status (answer), 204);
        assert_nothing_allowed (answer);
        assert_field (answer, "Allow", NULL);
        assert_field (answer, "Vary",
                      "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
    }
}
END_TEST

START_TEST (options_that_is_no_preflight_reaches_the_route)
{
    g_autoptr (H3App) app = make_app (make_policy ());
    g_autoptr (H3Injected) answer = ask_lines (app, "OPTIONS /x", ORIGIN);
    g_autoptr (H3Injected) same = ask_lines (app, "OPTIONS /x", METHOD "GET\r\n");

    assert_field (answer, "Allow", "GET, HEAD, OPTIONS");
    assert_field (answer, "Access-Control-Allow-Origin", PAGE);
    assert_field (same, "Allow", "GET, HEAD, OPTIONS");
}
END_TEST

START_TEST (what_is_asked_for_is_allowed_where_any_is)
{
    H3CorsPolicy *policy = make_policy ();
    g_autoptr (H3App) app = NULL;
    g_autoptr (H3Injected) answer = NULL;
    g_autoptr (H3Injected) wrong = NULL;

    h3_cors_policy_set_methods (policy, "*");
    h3_cors_policy_set_request_fields (policy, "*");
    h3_cors_policy_set_credentials (policy, TRUE);
    app = make_app (policy);
    answer = ask_lines (app, "OPTIONS /x", ORIGIN METHOD "BREW\r\n" FIELDS "x-a, x-b\r\n");
    assert_field (answer, "Access-Control-Allow-Methods", "BREW");
    assert_field (answer, "Access-Control-Allow-Headers", "x-a, x-b");
    wrong = ask_lines (app, "OPTIONS /x", ORIGIN METHOD "BREW\r\n" FIELDS "x-a; x-b\r\n");
    assert_nothing_allowed (wrong);
}
END_TEST

START_TEST (private_network_is_allowed_where_it_is_asked_for)
{
    static const char asked[] =
        ORIGIN METHOD "GET\r\nAccess-Control-Request-Private-Network: true\r\n";
    H3CorsPolicy *policy = make_policy ();
    g_autoptr (H3App) app = NULL;
    g_autoptr (H3App) closed = make_app (make_policy ());
    g_autoptr (H3Injected) yes = NULL;
    g_autoptr (H3Injected) unasked = NULL;
    g_autoptr (H3Injected) no = NULL;

    h3_cors_policy_set_private_network (policy, TRUE);
    app = make_app (policy);
    yes = ask_lines (app, "OPTIONS /x", asked);
    unasked = ask_lines (app, "OPTIONS /x", ORIGIN METHOD "GET\r\n");
    no = ask_lines (closed, "OPTIONS /x", asked);
    assert_field (yes, "Access-Control-Allow-Private-Network", "true");
    assert_field (unasked, "Access-Control-Allow-Private-Network", NULL);
    assert_field (no, "Access-Control-Allow-Private-Network", NULL);
}
END_TEST

/* The policy (transfer full) is refused when the app is started, with a message that has `text`. */
static void
assert_refused (H3CorsPolicy *policy, const char *text)
{
    g_autoptr (H3App) app = make_app (policy);
    g_autoptr (GError) error = NULL;

    ck_assert (!h3_app_start (app, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_msg (strstr (error->message, text) != NULL, "%s", error->message);
}

START_TEST (everybody_with_credentials_is_refused_at_the_start)
{
    static const char *const origins[] = { "*", "null" };

    for (guint i = 0; i < G_N_ELEMENTS (origins); i++) {
        H3CorsPolicy *policy = h3_cors_policy_new ();
        g_autofree char *named = g_strdup_printf ("\"%s\" with credentials", origins[i]);

        h3_cors_policy_allow_origin (policy, origins[i]);
        h3_cors_policy_set_credentials (policy, TRUE);
        assert_refused (policy, named);
    }
}
END_TEST

START_TEST (everybody_with_credentials_is_refused_in_mounted_apps_too)
{
    H3CorsPolicy *policy = h3_cors_policy_new ();
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (GError) error = NULL;
    H3App *group = h3_app_group (app, "/g");

    h3_cors_policy_allow_origin (policy, "*");
    h3_cors_policy_set_credentials (policy, TRUE);
    h3_app_use_for (group, h3_app_get (group, "/x", say, (gpointer) "x"), h3_cors_new (policy));
    h3_cors_policy_unref (policy);
    ck_assert (!h3_app_start (app, &error));
    ck_assert_ptr_nonnull (strstr (error->message, "\"*\" with credentials"));
}
END_TEST

START_TEST (policies_that_cannot_be_are_refused_by_name)
{
    H3CorsPolicy *policy = make_policy ();

    h3_cors_policy_allow_origin (policy, "https://a.example/");
    assert_refused (policy, "'https://a.example/'");
    policy = make_policy ();
    h3_cors_policy_allow_origin (policy, "https://*");
    assert_refused (policy, "'https://*'");
    policy = make_policy ();
    h3_cors_policy_allow_origin_regex (policy, "a)|(b");
    assert_refused (policy, "'a)|(b'");
    policy = make_policy ();
    h3_cors_policy_allow_origin (policy, "*");
    assert_refused (policy, "\"*\" is everybody");
    policy = make_policy ();
    h3_cors_policy_set_methods (policy, "GET, POST");
    assert_refused (policy, "'GET,'");
    policy = make_policy ();
    h3_cors_policy_set_request_fields (policy, "* X-Own");
    assert_refused (policy, "'* X-Own'");
    policy = make_policy ();
    h3_cors_policy_set_response_fields (policy, "*");
    h3_cors_policy_set_credentials (policy, TRUE);
    assert_refused (policy, "response field \"*\"");
    assert_refused (h3_cors_policy_new (), "allows no origin");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "origins", pages_of_listed_origins_are_told,
                    null_is_allowed_where_it_is_listed, regex_fits_the_whole_origin,
                    function_is_asked_for_others, two_origins_are_refused, NULL);
    suite_add_case (suite, "fields", answers_vary_by_origin_without_one_too,
                    everybody_is_told_without_vary, fields_stand_on_errors_too,
                    fields_stand_on_bodies_that_are_too_large, vary_of_handlers_stays, NULL);
    suite_add_case (suite, "preflights", preflight_is_answered_before_routes_and_guards,
                    wrong_preflight_is_allowed_nothing,
                    options_that_is_no_preflight_reaches_the_route,
                    what_is_asked_for_is_allowed_where_any_is,
                    private_network_is_allowed_where_it_is_asked_for, NULL);
    suite_add_case (suite, "refused", everybody_with_credentials_is_refused_at_the_start,
                    everybody_with_credentials_is_refused_in_mounted_apps_too,
                    policies_that_cannot_be_are_refused_by_name, NULL);
}

int
main (void)
{
    return suite_run ("batteries/cors", add_tests);
}
