/* SPDX-License-Identifier: MIT */

#include "rules.h"

static void
assert_field (H3App *app, const char *target, const char *name, const char *expected)
{
    g_autoptr (H3Injected) answer = ask (app, "GET", target);
    g_autofree char *value = h3_headers_dup_joined (h3_injected_get_headers (answer), name);

    ck_assert_msg (g_strcmp0 (value, expected) == 0, "%s of %s is %s", name, target, value);
}

START_TEST (most_specific_rule_has_the_word)
{
    static const char *const table[][2] = {
        { "/", "all" },          { "/other", "all" },      { "/a", "below" },
        { "/a/", "below" },      { "/a/x", "parameter" },  { "/a/7", "regex" },
        { "/a/b", "literal" },   { "/a/x/c", "wildcard" }, { "/a/b/c", "wildcard" },
        { "/a/x/y/z", "below" },
    };
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_add_rule (app, "/a/b", header ("x-rule", "literal"));
    h3_app_add_rule (app, "/a/**", header ("X-Rule", "below"));
    h3_app_add_rule (app, "/**", header ("X-Rule", "all"));
    h3_app_add_rule (app, "/a/:n([0-9]+)", header ("X-RULE", "regex"));
    h3_app_add_rule (app, "/a/*/c", header ("X-Rule", "wildcard"));
    h3_app_add_rule (app, "/a/:p", header ("X-Rule", "parameter"));
    h3_app_add_rule (app, "/a/b/**", header ("X-Other", "y"));
    h3_app_add_rule (app, "/a/b/c", header ("X-Other", NULL));
    h3_app_get (app, "/a/b/c", say, (gpointer) "x");
    h3_app_get (app, "/a/b", say, (gpointer) "x");
    h3_app_get (app, "/a/:any", say, (gpointer) "x");
    for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        assert_field (app, table[i][0], "X-Rule", table[i][1]);
    assert_field (app, "/a/b", "X-Other", "y");
    assert_field (app, "/a/b/d", "X-Other", "y");
    assert_field (app, "/a/b/c", "X-Other", NULL);
    assert_field (app, "/a/bb", "X-Other", NULL);
}
END_TEST

static void
say_own (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "X-Rule", "handler");
    h3_event_set_header (event, "Vary", "Accept");
    h3_event_set_header (event, "Cache-Control", "no-cache");
    h3_event_send_text (event, "x");
}

START_TEST (handlers_have_the_last_word)
{
    static const char *const paths[] = { "/own", "/own/x" };
    g_autoptr (H3App) app = h3_app_new ();
    H3RouteRule *rule = header ("X-Rule", "rule");

    h3_route_rule_set_cache (rule, "public, max-age=60");
    h3_route_rule_set_vary (rule, "Origin X-Own");
    h3_app_add_rule (app, "/own/x", h3_route_rule_ref (rule));
    h3_app_add_rule (app, "/own", rule);
    h3_app_get (app, "/own", say_own, NULL);
    h3_app_get (app, "/own/:p", say_own, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        assert_field (app, paths[i], "X-Rule", "handler");
        assert_field (app, paths[i], "Cache-Control", "no-cache");
        assert_field (app, paths[i], "Vary", "Accept, Origin, X-Own");
    }
}
END_TEST

static void
fail_inside (H3Event *event, gpointer user_data)
{
    h3_event_fail_status (event, 500, NULL);
}

static void
set_cookie (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "Set-Cookie", "a=b");
    h3_event_send_text (event, "x");
}

static void
add_cache_routes (H3App *app, const char *prefix)
{
    g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

    for (guint i = 0; i < 3; i++)
        g_ptr_array_add (paths, g_strconcat (prefix,
                                             i == 0   ? "/x"
                                             : i == 1 ? "/fail"
                                                      : "/cookie",
                                             NULL));
    h3_app_all (app, paths->pdata[0], say, (gpointer) "x");
    h3_app_get (app, paths->pdata[1], fail_inside, NULL);
    h3_app_get (app, paths->pdata[2], set_cookie, NULL);
}

static void
assert_kept (H3App *app, const char *line, const char *expected)
{
    g_auto (GStrv) parts = g_strsplit (line, " ", 2);
    g_autoptr (H3Injected) answer = ask (app, parts[0], parts[1]);
    const char *control = h3_injected_get_header (answer, "Cache-Control");

    ck_assert_msg (g_strcmp0 (control, expected) == 0, "%s: %s", line, control);
}

/* Once known from the start, once by path. */
START_TEST (errors_and_cookies_are_not_kept_for_others)
{
    static const char kept[] = "public, max-age=60, stale-while-revalidate=30";

    for (guint by_path = 0; by_path < 2; by_path++) {
        g_autoptr (H3App) app = h3_app_new ();

        add_cache_routes (app, by_path ? "/:p" : "/p");
        add_cache_routes (app, by_path ? "/:p/secret" : "/p/secret");
        add_cache_routes (app, by_path ? "/:p/private" : "/p/private");
        h3_app_add_rule (app, "/p/**", cache ("Public,max-age=60,  stale-while-revalidate=30"));
        h3_app_add_rule (app, "/p/secret/**", cache ("no-store"));
        h3_app_add_rule (app, "/p/private/**", cache ("private, max-age=60"));
        assert_kept (app, "GET /p/x", kept);
        assert_kept (app, "HEAD /p/x", kept);
        assert_kept (app, "POST /p/x", NULL);
        assert_kept (app, "GET /p/fail", NULL);
        assert_kept (app, "GET /p/none", NULL);
        assert_kept (app, "GET /p/cookie", "no-store");
        assert_kept (app, "GET /p/secret/x", "no-store");
        assert_kept (app, "POST /p/secret/x", "no-store");
        assert_kept (app, "GET /p/secret/fail", "no-store");
        assert_kept (app, "GET /p/secret/none", "no-store");
        assert_kept (app, "GET /p/private/cookie", "private, max-age=60");
    }
}
END_TEST

static void
refuse (H3Event *event, gpointer user_data)
{
    note ("x");
    h3_event_fail_status (event, 401, NULL);
}

START_TEST (middleware_of_rules_runs_first_and_one_a_slot)
{
    g_autoptr (H3App) app = h3_app_new ();

    begin_trace ();
    h3_app_use (app, "/", h3_middleware_new (refuse, NULL, NULL));
    h3_app_get (app, "/p/:x", say_h, NULL);
    h3_app_get (app, "/p/b/:x", say_h, NULL);
    h3_app_add_rule (app, "/p/**", slot ("limit", wrapper ("l")));
    h3_app_add_rule (app, "/**", slot ("cors", wrapper ("c")));
    h3_app_add_rule (app, "/**", slot ("b", wrapper ("b")));
    h3_app_add_rule (app, "/p/off", slot ("limit", NULL));
    h3_app_add_rule (app, "/p/b/*", slot ("limit", wrapper ("m")));
    assert_status (ask (app, "GET", "/p/x"), 401);
    note (" ");
    assert_status (ask (app, "GET", "/p/off"), 401);
    note (" ");
    assert_status (ask (app, "GET", "/p/b/x"), 401);
    note (" ");
    assert_status (ask (app, "OPTIONS", "/p/x"), 401);
    note (" ");
    assert_status (ask (app, "GET", "/none"), 401);
    assert_trace ("cblxLBC cbxBC cbmxMBC cblxLBC cbxBC");
    end_trace ();
}
END_TEST

START_TEST (middleware_of_rules_keeps_to_its_methods)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3Middleware *middleware = wrapper ("m");

    begin_trace ();
    h3_middleware_set_methods (middleware, "POST");
    h3_app_all (app, "/p/:x", say_h, NULL);
    h3_app_all (app, "/s", say_h, NULL);
    h3_app_add_rule (app, "/p/a", slot ("m", h3_middleware_ref (middleware)));
    h3_app_add_rule (app, "/s", slot ("m", middleware));
    assert_status (ask (app, "GET", "/p/a"), 200);
    assert_status (ask (app, "POST", "/p/a"), 200);
    assert_status (ask (app, "GET", "/s"), 200);
    assert_status (ask (app, "POST", "/s"), 200);
    assert_trace ("hmhMhmhM");
    end_trace ();
}
END_TEST

static guint
post_status (H3App *app, const char *target, gsize length)
{
    g_autofree char *body = g_strnfill (length, 'a');
    g_autoptr (H3Injected) answer = ask_body (app, "POST", target, NULL, body);

    return h3_injected_get_status (answer);
}

static void
add_limit (H3App *app, const char *pattern, gsize max)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_body_max (rule, max);
    h3_app_add_rule (app, pattern, rule);
}

START_TEST (bodies_are_bounded_by_rules)
{
    g_autoptr (H3App) app = h3_app_new ();

    h3_app_post (app, "/s", say, (gpointer) "x");
    h3_app_post (app, "/p/:x", say, (gpointer) "x");
    h3_route_set_body (h3_app_post (app, "/own", say, (gpointer) "x"), H3_BODY_BUFFERED, 30);
    h3_route_set_body (h3_app_post (app, "/own/:x", say, (gpointer) "x"), H3_BODY_BUFFERED, 30);
    add_limit (app, "/**", 20);
    add_limit (app, "/p/*", 10);
    add_limit (app, "/p/large", 2 << 20);
    ck_assert_uint_eq (post_status (app, "/s", 20), 200);
    ck_assert_uint_eq (post_status (app, "/s", 21), 413);
    ck_assert_uint_eq (post_status (app, "/p/x", 10), 200);
    ck_assert_uint_eq (post_status (app, "/p/x", 11), 413);
    ck_assert_uint_eq (post_status (app, "/p/large", 2 << 20), 200);
    ck_assert_uint_eq (post_status (app, "/p/large", (2 << 20) + 1), 413);
    ck_assert_uint_eq (post_status (app, "/own", 30), 200);
    ck_assert_uint_eq (post_status (app, "/own", 31), 413);
    ck_assert_uint_eq (post_status (app, "/own/x", 30), 200);
    ck_assert_uint_eq (post_status (app, "/own/x", 31), 413);
}
END_TEST

static void
hold (H3Event *event, gpointer user_data)
{
    H3Event **held = user_data;

    *held = h3_event_defer (event);
}

START_TEST (deadlines_are_set_by_rules)
{
    static const char *const paths[] = { "/s", "/p/x" };

    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        g_autoptr (H3App) app = h3_app_new ();
        g_autoptr (H3Event) held = NULL;
        H3RouteRule *rule = h3_route_rule_new ();

        h3_route_rule_set_deadline (rule, 1);
        h3_app_add_rule (app, "/s", h3_route_rule_ref (rule));
        h3_app_add_rule (app, "/p/x", rule);
        h3_app_get (app, "/s", hold, &held);
        h3_app_get (app, "/p/:x", hold, &held);
        ck_assert_uint_eq (ask_status (app, "GET", paths[i]), 503);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "fields", most_specific_rule_has_the_word, handlers_have_the_last_word,
                    errors_and_cookies_are_not_kept_for_others, NULL);
    suite_add_case (suite, "middleware", middleware_of_rules_runs_first_and_one_a_slot,
                    middleware_of_rules_keeps_to_its_methods, NULL);
    suite_add_case (suite, "limits", bodies_are_bounded_by_rules, deadlines_are_set_by_rules, NULL);
}

int
main (void)
{
    return suite_run ("app/rules", add_tests);
}
