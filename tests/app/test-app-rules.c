/* SPDX-License-Identifier: MIT */

#include "trace.h"

#include <h3/app/app-rules.h>
#include <h3/base/error.h>

/* (transfer full): a rule that sets one field. */
static H3RouteRule *
header (const char *name, const char *value)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_header (rule, name, value);
    return rule;
}

/* (transfer full) */
static H3RouteRule *
redirect (guint status, const char *target)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_redirect (rule, status, target);
    return rule;
}

/* (transfer full) */
static H3RouteRule *
cache (const char *directives)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_cache (rule, directives);
    return rule;
}

/* (transfer full) */
static H3RouteRule *
slot (const char *name, H3Middleware *middleware)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_middleware (rule, name, middleware);
    return rule;
}

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
assert_leads (H3App *app, const char *target, guint status, const char *location)
{
    g_autoptr (H3Injected) answer = ask (app, "POST", target);

    ck_assert_msg (h3_injected_get_status (answer) == status, "%s: %u", target,
                   h3_injected_get_status (answer));
    ck_assert_msg (g_strcmp0 (h3_injected_get_header (answer, "Location"), location) == 0, "%s: %s",
                   target, h3_injected_get_header (answer, "Location"));
}

static void
add_redirects (H3App *app)
{
    h3_app_add_rule (app, "/plain", redirect (301, "/new"));
    h3_app_add_rule (app, "/users/:id/*:what", redirect (308, "/people/:what/of/:id"));
    h3_app_add_rule (app, "/root/**:rest", redirect (302, "/**:rest"));
    h3_app_add_rule (app, "/docs/**", redirect (307, "https://docs.example:8443/v2/**"));
    h3_app_add_rule (app, "/docs/v3/**", redirect (307, NULL));
    h3_app_add_rule (app, "/tail/:x?", redirect (303, "/t/:x"));
    h3_app_add_rule (app, "/query", redirect (303, "/q?own=1#top"));
    h3_app_add_rule (app, "/home", redirect (303, "https://home.example"));
    h3_app_add_rule (app, "/section/*", redirect (303, "/#part"));
}

static const struct {
    const char *target;
    guint status;
    const char *location;
} leads[] = {
    { "/plain", 301, "/new" },
    { "/plain?a=1&b=%20", 301, "/new?a=1&b=%20" },
    { "/plain/", 404, NULL },
    { "/users/7/photos", 308, "/people/photos/of/7" },
    { "/users/a%2Fb/x%20y", 308, "/people/x%20y/of/a%2Fb" },
    { "/docs", 307, "https://docs.example:8443/v2" },
    { "/docs/a/b", 307, "https://docs.example:8443/v2/a/b" },
    { "/docs/v3/a", 404, NULL },
    { "/tail", 303, "/t" },
    { "/tail/x", 303, "/t/x" },
    { "/query?theirs=2", 303, "/q?own=1#top" },
    { "/home?a", 303, "https://home.example/?a" },
    { "/section/x", 303, "/#part" },
    { "/section/x?a", 303, "/?a#part" },
    /* What leads away in other servers. */
    { "/root//evil.example", 302, "/evil.example" },
    { "/root///evil.example/x", 302, "/evil.example/x" },
    { "/root/%2F%2Fevil.example", 302, "/%2F%2Fevil.example" },
    { "/root/%5Cevil.example", 302, "/%5Cevil.example" },
    { "/root/%5C%5Cevil.example", 302, "/%5C%5Cevil.example" },
    { "/root/%2e%2e/evil", 404, NULL },
    { "/root/https://evil.example", 302, "/https://evil.example" },
    { "/root/javascript:alert(1)", 302, "/javascript:alert(1)" },
    { "/root/@evil.example", 302, "/@evil.example" },
    { "/root/.evil.example", 302, "/.evil.example" },
    { "/root/a%3Fb%23c", 302, "/a%3Fb%23c" },
    { "/root/%250d%250aSet-Cookie", 302, "/%250d%250aSet-Cookie" },
    { "/root/%0d%0aSet-Cookie:a=b", 400, NULL },
    { "/root/a?x=%0d%0aSet-Cookie:a=b", 302, "/a?x=%0d%0aSet-Cookie:a=b" },
    { "/docs//evil.example", 307, "https://docs.example:8443/v2//evil.example" },
    { "/docs/@evil.example", 307, "https://docs.example:8443/v2/@evil.example" },
};

START_TEST (redirects_never_leave_their_host)
{
    g_autoptr (H3App) app = h3_app_new ();

    add_redirects (app);
    for (guint i = 0; i < G_N_ELEMENTS (leads); i++)
        assert_leads (app, leads[i].target, leads[i].status, leads[i].location);
}
END_TEST

START_TEST (redirects_take_the_place_of_routes)
{
    g_autoptr (H3App) app = h3_app_new ();
    H3App *group = h3_app_group (app, "/g");

    begin_trace ();
    add_redirects (app);
    h3_app_use (app, "/", wrapper ("a"));
    h3_app_use_for (app, h3_app_all (app, "/plain", say_h, NULL), wrapper ("r"));
    h3_app_all (app, "/docs/**", say_h, NULL);
    h3_app_all (app, "/users/:x/:y", say_h, NULL);
    h3_app_add_rule (group, "/", redirect (303, "/other"));
    h3_app_add_rule (group, "/old", redirect (303, "/other/old"));
    assert_leads (app, "/plain", 301, "/new");
    assert_leads (app, "/docs/a", 307, "https://docs.example:8443/v2/a");
    assert_leads (app, "/docs/v3/a", 200, NULL);
    assert_leads (app, "/users/1/2", 308, "/people/2/of/1");
    assert_leads (app, "/g", 303, "/other");
    assert_leads (app, "/g/old", 303, "/other/old");
    assert_trace ("arRAaAahAaAaAaA");
    end_trace ();
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

/* The app cannot be started with `rule` (transfer full) at `pattern`: the message has `text`. */
static void
assert_refused (const char *pattern, H3RouteRule *rule, const char *text)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (GError) error = NULL;

    h3_app_add_rule (app, pattern, rule);
    ck_assert_msg (!h3_app_start (app, &error), "%s", text);
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_msg (strstr (error->message, text) != NULL, "%s", error->message);
}

static H3RouteRule *
vary (const char *names)
{
    H3RouteRule *rule = h3_route_rule_new ();

    h3_route_rule_set_vary (rule, names);
    return rule;
}

START_TEST (rules_that_cannot_be_are_refused_by_name)
{
    assert_refused ("a", header ("X-A", "b"), "\"a\"");
    assert_refused ("/**/a", header ("X-A", "b"), "\"/**/a\"");
    assert_refused ("/a", header ("X A", "b"), "\"X A\"");
    assert_refused ("/a", header ("X-A", "b\r\nX-B: c"), "\"X-A\"");
    assert_refused ("/a", header ("content-LENGTH", "1"), "content-LENGTH");
    assert_refused ("/a", header ("Set-Cookie", "a=b"), "Set-Cookie");
    assert_refused ("/a", header ("Content-Type", "a/b"), "Content-Type");
    assert_refused ("/a", header ("Cache-Control", "no-store"), "Cache-Control");
    assert_refused ("/a", vary ("Accept, Origin"), "Accept, Origin");
    assert_refused ("/a", vary (" "), "names no field");
    assert_refused ("/a", slot ("two words", NULL), "two words");
    assert_refused ("/a", redirect (300, "/b"), "300");
    assert_refused ("/a", redirect (304, "/b"), "304");
    assert_refused ("/a", redirect (303, "b"), "\"b\"");
    assert_refused ("/a", redirect (303, "//evil.example"), "//evil.example");
    assert_refused ("/a", redirect (303, "/\\evil.example"), "evil.example");
    assert_refused ("/a", redirect (303, "javascript:alert(1)"), "javascript");
    assert_refused ("/a", redirect (303, "ftp://a.example/"), "ftp://a.example");
    assert_refused ("/a", redirect (303, "https://user@a.example/"), "user@a.example");
    assert_refused ("/:h", redirect (303, "https://:h/"), "https://:h/");
    assert_refused ("/:h", redirect (303, "https://:h.example/"), "https://:h.example/");
    assert_refused ("/a", redirect (303, "/b?a b"), "/b?a b");
    assert_refused ("/a", redirect (303, "/b#\r\n"), "/b#");
    assert_refused ("/a/:x", redirect (303, "/b/:y"), "lacks");
    assert_refused ("/a/:x(y)", redirect (303, "/b/:x(y)"), "regex");
    assert_refused ("/a/**:x", redirect (303, "/b/:x"), "rest");
    assert_refused ("/a/:x", redirect (303, "/b/**:x"), "rest");
    assert_refused ("/a/:x?", redirect (303, "/b/:x/c"), "absent");
}
END_TEST

START_TEST (cache_directives_that_make_no_sense_are_refused)
{
    static const char *const table[] = {
        "",
        "max-age",
        "max-age=",
        "max-age=-1",
        "max-age=1.5",
        "max-age=2147483648",
        "max-age=\"60\"",
        "public=1",
        "maxage=60",
        "max-age=60,",
        "max-age=60; public",
        "max-age=60, max-age=60",
        "public, private",
        "private, max-age=1, s-maxage=1",
        "no-store, max-age=60",
        "no-store, public",
        "immutable",
        "max-age=60, no-cache, immutable",
        "stale-while-revalidate=60",
        "max-age=60, must-revalidate, stale-while-revalidate=60",
        "public, max-age=60\r\nX-A: b",
    };

    for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        assert_refused ("/a", cache (table[i]), table[i]);
}
END_TEST

/* `second` at `at` beside `first` at /a/:x: both transfer full. */
static void
assert_both (H3RouteRule *first, const char *at, H3RouteRule *second, const char *text)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (GError) error = NULL;
    gboolean good;

    h3_app_add_rule (app, "/a/:x", first);
    h3_app_add_rule (app, "/**", header ("X-Between", "them"));
    h3_app_add_rule (app, at, second);
    good = h3_app_start (app, &error);
    if (text == NULL) {
        ck_assert_msg (good, "%s", error != NULL ? error->message : "no error");
        h3_app_stop (app);
        return;
    }
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_EXISTS));
    ck_assert_msg (strstr (error->message, text) != NULL, "%s", error->message);
}

START_TEST (two_rules_of_one_pattern_never_speak_of_the_same)
{
    assert_both (header ("X-A", "1"), "/a/:y", header ("x-a", "2"), "\"X-A\"");
    assert_both (header ("X-A", "1"), "/a/:y", header ("X-B", "2"), NULL);
    assert_both (header ("X-A", "1"), "/a/*", header ("X-A", "2"), NULL);
    assert_both (header ("X-A", "1"), "/a/:y?", header ("X-A", "2"), NULL);
    assert_both (cache ("no-store"), "/a/:y", cache (NULL), "\"cache\"");
    assert_both (redirect (303, "/b"), "/a/:y", redirect (303, "/c"), "\"redirect\"");
    assert_both (vary ("A"), "/a/:y", vary ("B"), "\"vary\"");
    assert_both (slot ("cors", NULL), "/a/:y", slot ("cors", NULL), "\"cors\"");
    assert_both (slot ("cors", NULL), "/a/:y", header ("cors", "x"), NULL);
}
END_TEST

START_TEST (redirects_that_lead_round_are_refused)
{
    static const char *const loops[][5] = {
        { "/a", "/a", NULL },
        { "/a", "/b", "/b", "/a", NULL },
        { "/a/**", "/a/b", NULL },
        { "/a/:x", "/b/:x", "/b/:y", "/a/:y", NULL },
        { "/a/**:r", "/a/x/**:r", NULL },
        { "/a", "/%61?b", NULL },
        { "/a/**", "/**", "/b", NULL, NULL },
    };

    for (guint i = 0; i < G_N_ELEMENTS (loops); i++) {
        g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
        g_autoptr (GError) error = NULL;
        gboolean leads_round = loops[i][2] == NULL || loops[i][3] != NULL;

        for (guint j = 0; loops[i][j] != NULL && loops[i][j + 1] != NULL; j += 2)
            h3_app_add_rule (app, loops[i][j], redirect (303, loops[i][j + 1]));
        ck_assert_msg (h3_app_start (app, &error) == !leads_round, "%s", loops[i][0]);
        if (leads_round)
            ck_assert_msg (strstr (error->message, "leads round") != NULL, "%s", error->message);
        else
            h3_app_stop (app);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "fields", most_specific_rule_has_the_word, handlers_have_the_last_word,
                    errors_and_cookies_are_not_kept_for_others, NULL);
    suite_add_case (suite, "redirects", redirects_never_leave_their_host,
                    redirects_take_the_place_of_routes, redirects_that_lead_round_are_refused,
                    NULL);
    suite_add_case (suite, "middleware", middleware_of_rules_runs_first_and_one_a_slot,
                    middleware_of_rules_keeps_to_its_methods, NULL);
    suite_add_case (suite, "limits", bodies_are_bounded_by_rules, deadlines_are_set_by_rules, NULL);
    suite_add_case (suite, "refused", rules_that_cannot_be_are_refused_by_name,
                    cache_directives_that_make_no_sense_are_refused,
                    two_rules_of_one_pattern_never_speak_of_the_same, NULL);
}

int
main (void)
{
    return suite_run ("app/rules", add_tests);
}
