/* SPDX-License-Identifier: MIT
 *
 * Redirects of rules, and rules that cannot be. */

#include "rules.h"

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
        g_autoptr (H3App) app = h3_app_new ();
        g_autoptr (GError) error = NULL;
        gboolean leads_round = loops[i][2] == NULL || loops[i][3] != NULL;

        for (guint j = 0; loops[i][j] != NULL && loops[i][j + 1] != NULL; j += 2)
            h3_app_add_rule (app, loops[i][j], redirect (303, loops[i][j + 1]));
        ck_assert_msg (can_freeze (app, &error) == !leads_round, "%s", loops[i][0]);
        if (leads_round)
            ck_assert_msg (strstr (error->message, "leads round") != NULL, "%s", error->message);
    }
}
END_TEST

/* The app cannot be started with `rule` (transfer full) at `pattern`: the message has `text`. */
static void
assert_refused (const char *pattern, H3RouteRule *rule, const char *text)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (GError) error = NULL;

    h3_app_add_rule (app, pattern, rule);
    ck_assert_msg (!can_freeze (app, &error), "%s", text);
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_msg (strstr (error->message, text) != NULL, "%s", error->message);
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
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (GError) error = NULL;
    gboolean good;

    h3_app_add_rule (app, "/a/:x", first);
    h3_app_add_rule (app, "/**", header ("X-Between", "them"));
    h3_app_add_rule (app, at, second);
    good = can_freeze (app, &error);
    if (text == NULL) {
        ck_assert_msg (good, "%s", error != NULL ? error->message : "no error");
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

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "redirects", redirects_never_leave_their_host,
                    redirects_take_the_place_of_routes, redirects_that_lead_round_are_refused,
                    NULL);
    suite_add_case (suite, "refused", rules_that_cannot_be_are_refused_by_name,
                    cache_directives_that_make_no_sense_are_refused,
                    two_rules_of_one_pattern_never_speak_of_the_same, NULL);
}

int
main (void)
{
    return suite_run ("app/redirects", add_tests);
}
