/* SPDX-License-Identifier: MIT
 *
 * What groups of a configuration do to an app, and what they are refused for. */

#include "config-tree.h"

#include <h3/base/error.h>
#include <h3/format/json.h>
#include <h3/h3.h>
#include <jansson.h>

#include <string.h>

static void
expect_header (H3Config *config, const char *target, const char *name, const char *value)
{
    g_autoptr (H3Injected) answer = ask (h3_config_get_app (config), "GET", target);

    if (value == NULL)
        ck_assert_ptr_null (h3_injected_get_header (answer, name));
    else
        ck_assert_pstr_eq (h3_injected_get_header (answer, name), value);
}

START_TEST (files_are_served_as_the_group_says)
{
    H3Config *config = begin ("[files /]\ndirectory = www\nindex =\nlisting = yes\n"
                              "cache-control = max-age=5\n[files /b]\ndirectory = www\n");
    H3App *app = h3_config_get_app (config);
    g_autoptr (H3Injected) listing = ask (app, "GET", "/");

    ck_assert_ptr_nonnull (strstr (h3_injected_get_text (listing), "a.txt"));
    assert_gets (app, "/a.txt", "text A");
    assert_gets (app, "/b/", "index");
    expect_header (config, "/a.txt", "Cache-Control", "max-age=5");
    expect_header (config, "/b/a.txt", "Cache-Control", NULL);
    finish (config);
}
END_TEST

START_TEST (rules_hold_by_pattern)
{
    H3Config *config =
        begin (FILES "[rule /**]\nheader X-A = one\nheader X-B = two\n"
                     "[rule /a.txt]\nheader X-B =\ncache-control = no-store\nvary = X-C\n"
                     "[rule /old/:id]\nredirect = 301 /new/:id\n[rule /small]\nmax-body = 2\n");
    g_autoptr (H3Injected) moved = ask (h3_config_get_app (config), "GET", "/old/7?a");

    expect_header (config, "/a.txt", "X-A", "one");
    expect_header (config, "/a.txt", "X-B", NULL);
    expect_header (config, "/", "X-B", "two");
    expect_header (config, "/a.txt", "Cache-Control", "no-store");
    ck_assert_uint_eq (h3_injected_get_status (moved), 301);
    ck_assert_str_eq (h3_injected_get_header (moved, "Location"), "/new/7?a");
    finish (config);
}
END_TEST

START_TEST (fields_for_browsers_are_set)
{
    H3Config *config = begin (FILES "[security-headers]\nframe-options = SAMEORIGIN\n"
                                    "content-security-policy = default-src 'none'\n"
                                    "referrer-policy =\nno-sniff = no\n"
                                    "[cors a]\norigins = https://a.example; https://b.example\n");
    g_autoptr (H3Injected) cross =
        ask_field (h3_config_get_app (config), "/", "Origin", "https://b.example");

    expect_header (config, "/x", "X-Frame-Options", "SAMEORIGIN");
    expect_header (config, "/x", "Content-Security-Policy", "default-src 'none'");
    expect_header (config, "/x", "Referrer-Policy", NULL);
    expect_header (config, "/x", "X-Content-Type-Options", NULL);
    ck_assert_str_eq (h3_injected_get_header (cross, "Access-Control-Allow-Origin"),
                      "https://b.example");
    finish (config);
}
END_TEST

START_TEST (answers_are_compressed)
{
    g_autofree char *text = g_strnfill (5000, 'x');
    H3Config *config;

    start ();
    file_tree_write (&tree, "www/long.txt", text);
    config = read_good (FILES "[compression]\ncodings = gzip\n", NULL);
    {
        g_autoptr (H3Injected) answer =
            ask_field (h3_config_get_app (config), "/long.txt", "Accept-Encoding", "br, gzip");

        ck_assert_str_eq (h3_injected_get_header (answer, "Content-Encoding"), "gzip");
    }
    finish (config);
}
END_TEST

START_TEST (limits_and_presets_are_set)
{
    H3Config *config = begin ("[limits]\nmax-target = 100\ndrain-timeout = 7s\n"
                              "[server]\npreset = development\ntrusted-proxies = 10.0.0.0/8;unix\n"
                              "[rule /x]\nredirect = /y\n");
    H3App *app = h3_config_get_app (config);
    const H3Limits *limits = h3_server_get_limits (h3_app_get_server (app));

    ck_assert_int_eq (limits->target, 100);
    ck_assert_int_eq (limits->drain_time, 7000);
    finish (config);
}
END_TEST

START_TEST (clients_may_come_so_often)
{
    H3Config *config = begin (FILES "[rate-limit few]\npath = /a.txt\nrequests = 2\nper = 1h\n"
                                    "methods = GET\n");
    H3App *app = h3_config_get_app (config);

    for (guint i = 0; i < 2; i++)
        assert_gets (app, "/a.txt", "text A");
    ck_assert_uint_eq (ask_status (app, "GET", "/a.txt"), 429);
    ck_assert_uint_eq (ask_status (app, "GET", "/"), 200);
    finish (config);
}
END_TEST

START_TEST (clients_come_by_address)
{
    H3Config *config =
        begin (FILES "[clients far]\npath = /a.txt\nallow = 10.0.0.0/8; ::1\n"
                     "[clients near]\npath = /b; /index.html\nallow = 127.0.0.0/8\n");
    H3App *app = h3_config_get_app (config);

    ck_assert_uint_eq (ask_status (app, "GET", "/a.txt"), 403);
    ck_assert_uint_eq (ask_status (app, "GET", "/index.html"), 200);
    ck_assert_uint_eq (ask_status (app, "GET", "/"), 200);
    finish (config);
}
END_TEST

/* (transfer full) (nullable): of the answer to a GET of /token. */
static char *
dup_token (H3App *app, char **out_cookie)
{
    g_autoptr (H3Injected) answer = ask (app, "GET", "/token");
    const char *cookie = h3_injected_get_header (answer, "Set-Cookie");
    g_autoptr (json_t) document = json_loads (h3_injected_get_text (answer), 0, NULL);

    ck_assert_ptr_nonnull (cookie);
    *out_cookie = g_strndup (cookie, strcspn (cookie, ";"));
    return g_strdup (json_string_value (json_object_get (document, "token")));
}

static guint
post_with (H3App *app, const char *token, const char *cookie)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (H3Injected) answer = NULL;

    h3_headers_set (headers, "X-CSRF-Token", token);
    h3_headers_set (headers, "Cookie", cookie);
    answer = ask_with (app, "POST", "/nothing", headers, NULL);
    return h3_injected_get_status (answer);
}

#define COUNTED "h3_http_requests_total{route=\"/**\",method=\"GET\",status=\"2xx\"} 2\n"

#define TOKENS "[sessions]\n[csrf]\ntoken-path = /token\n"

START_TEST (tokens_outlive_a_reload)
{
    H3Config *config = begin (TOKENS);
    H3Config *next;
    g_autofree char *cookie = NULL;
    g_autofree char *token = dup_token (h3_config_get_app (config), &cookie);

    ck_assert_uint_eq (ask_status (h3_config_get_app (config), "POST", "/nothing"), 403);
    ck_assert_uint_eq (post_with (h3_config_get_app (config), token, cookie), 404);
    next = read_good ("[sessions]\nidle = 10min\n[csrf]\ntoken-path = /token\n", config);
    h3_config_unref (config);
    ck_assert_uint_eq (post_with (h3_config_get_app (next), token, cookie), 404);
    ck_assert_uint_eq (post_with (h3_config_get_app (next), "other", cookie), 403);
    finish (next);
}
END_TEST

START_TEST (sealed_sessions_have_their_keys_in_a_file)
{
    H3Config *config;
    H3Config *next;
    g_autofree char *cookie = NULL;
    g_autofree char *token = NULL;

    start ();
    file_tree_write (&tree, "secrets", "0123456789abcdef0123456789abcdef\n");
    config = read_good ("[sessions]\nsecrets = secrets\n[csrf]\ntoken-path = /token\n", NULL);
    token = dup_token (h3_config_get_app (config), &cookie);
    file_tree_write (&tree, "secrets",
                     "fedcba9876543210fedcba9876543210\n0123456789abcdef0123456789abcdef\n");
    next = read_good ("[sessions]\nsecrets = secrets\n[csrf]\ntoken-path = /token\n", config);
    ck_assert_uint_eq (post_with (h3_config_get_app (next), token, cookie), 404);
    h3_config_unref (config);
    finish (next);
}
END_TEST

START_TEST (limits_count_on_where_they_are_the_same)
{
    static const char text[] = FILES "[rate-limit a]\nrequests = 1\nper = 1h\n";
    H3Config *config = begin (text);
    H3Config *same, *other;

    ck_assert_uint_eq (ask_status (h3_config_get_app (config), "GET", "/"), 200);
    same = read_good (text, config);
    ck_assert_uint_eq (ask_status (h3_config_get_app (same), "GET", "/"), 429);
    other = read_good (FILES "[rate-limit a]\nrequests = 2\nper = 1h\n", same);
    ck_assert_uint_eq (ask_status (h3_config_get_app (other), "GET", "/"), 200);
    h3_config_unref (config);
    h3_config_unref (same);
    finish (other);
}
END_TEST

START_TEST (what_is_asked_twice_runs_once)
{
    static const char text[] = "[idempotency]\nrequired = yes\n";
    H3Config *config = begin (text);

    ck_assert_uint_eq (ask_status (h3_config_get_app (config), "POST", "/"), 400);
    ck_assert_uint_eq (ask_status (h3_config_get_app (config), "GET", "/"), 404);
    finish (config);
}
END_TEST

START_TEST (lines_are_logged)
{
    H3Config *config = begin (FILES "[access-log]\nformat = common\nfile = x.log\n[trace]\n");
    g_autofree char *path = file_tree_path (&tree, "x.log");
    g_autofree char *text = NULL;

    ck_assert_uint_eq (ask_status (h3_config_get_app (config), "GET", "/a.txt"), 200);
    {
        g_autoptr (H3Injected) answer = ask (h3_config_get_app (config), "GET", "/");

        ck_assert_ptr_nonnull (h3_injected_get_header (answer, "X-Request-Id"));
    }
    h3_config_unref (config);
    ck_assert (g_file_get_contents (path, &text, NULL, NULL));
    ck_assert_ptr_nonnull (strstr (text, "\"GET /a.txt HTTP/1.1\" 200"));
    file_tree_clear (&tree);
}
END_TEST

START_TEST (the_dashboard_has_its_page)
{
    H3Config *config = begin ("[dashboard]\n[clients near]\npath = /_h3\nallow = 127.0.0.1\n");

    ck_assert_uint_eq (ask_status (h3_config_get_app (config), "GET", "/_h3/"), 200);
    finish (config);
}
END_TEST

START_TEST (health_is_told)
{
    H3Config *config = begin ("[health]\nready-path = /up\n");

    ck_assert_uint_eq (ask_status (h3_config_get_app (config), "GET", "/health"), 200);
    ck_assert_uint_ne (ask_status (h3_config_get_app (config), "GET", "/up"), 404);
    ck_assert_uint_eq (ask_status (h3_config_get_app (config), "GET", "/ready"), 404);
    finish (config);
}
END_TEST

START_TEST (requests_are_counted_on_after_a_reload)
{
    static const char text[] = FILES "[metrics]\n";
    H3Config *config = begin (text);
    H3Config *next;

    ck_assert_uint_eq (ask_status (h3_config_get_app (config), "GET", "/a.txt"), 200);
    next = read_good (text, config);
    h3_config_unref (config);
    ck_assert_uint_eq (ask_status (h3_config_get_app (next), "GET", "/a.txt"), 200);
    {
        g_autoptr (H3Injected) answer = ask (h3_config_get_app (next), "GET", "/metrics");

        ck_assert_msg (strstr (h3_injected_get_text (answer), COUNTED) != NULL, "%s",
                       h3_injected_get_text (answer));
    }
    finish (next);
}
END_TEST

START_TEST (everything_has_a_place_in_one_file)
{
    static const char text[] =
        "[server]\nworkers = 1\n[listen a]\naddress = 127.0.0.1:0\n[limits]\nmax-body = 1M\n" FILES
        "[proxy /p]\nservers = http://127.0.0.1:1\nhealth-path = /h\n"
        "[rule /x]\nredirect = /y\n[access-log]\n[trace]\n[security-headers]\n"
        "[cors a]\norigins = *\n[compression]\n[decoding]\n[rate-limit a]\npreset = api\n"
        "[sessions]\nstore = s\n[csrf]\nstore = s\n[idempotency]\nstore = s\n"
        "[store s]\nurl = memory:\n[health]\n[metrics]\n"
        "[dashboard]\npath = /live\n[clients near]\npath = /live\nallow = 127.0.0.1\n";
    H3Config *config = begin (text);
    g_autofree char *path = file_tree_path (&tree, "h3d.conf");
    g_auto (GStrv) faults = h3_config_check_file (path);

    ck_assert_ptr_null (faults[0]);
    ck_assert_uint_eq (ask_status (h3_config_get_app (config), "GET", "/"), 200);
    ck_assert_uint_eq (ask_status (h3_config_get_app (config), "GET", "/p/x"), 502);
    finish (config);
}
END_TEST

START_TEST (keys_are_listed)
{
    g_autofree char *text = h3_config_dup_keys ();
    g_autofree char *rows = h3_config_dup_keys_markdown ();

    ck_assert_ptr_nonnull (strstr (text, "[listen NAME]: "));
    ck_assert_ptr_nonnull (strstr (text, "  max-body = bytes as in 512, 64K, 16M, from 0 on; "
                                         "default: 1M\n"));
    ck_assert_ptr_nonnull (strstr (rows, "### [proxy PREFIX]\n"));
    ck_assert_ptr_nonnull (strstr (rows, "| `header NAME` | a text | – | "));
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "groups", files_are_served_as_the_group_says, rules_hold_by_pattern,
                    fields_for_browsers_are_set, answers_are_compressed, limits_and_presets_are_set,
                    clients_may_come_so_often, clients_come_by_address,
                    what_is_asked_twice_runs_once, lines_are_logged, health_is_told,
                    the_dashboard_has_its_page, everything_has_a_place_in_one_file, keys_are_listed,
                    NULL);
    suite_add_case (
        suite, "kept", tokens_outlive_a_reload, sealed_sessions_have_their_keys_in_a_file,
        limits_count_on_where_they_are_the_same, requests_are_counted_on_after_a_reload, NULL);
}

int
main (void)
{
    return suite_run ("app/config", add);
}
