/* SPDX-License-Identifier: MIT */

#include "h3/batteries/proxy-target.h"
#include "h3/format/path.h"
#include "tests/support/suite.h"

/* The target for what a client wrote, "400" where the path is not sound, "404" where it is not
 * below. */
static char *
dup_target (const char *from, const char *to, const char *raw, const char *query)
{
    ProxyPaths paths = { h3_view_of (from), h3_view_of (to) };
    g_autofree char *path = h3_path_canonicalize_string (raw);
    g_autoptr (GString) out = g_string_new (NULL);

    ck_assert_msg (path != NULL, "'%s' is no path", raw);
    if (!proxy_target_is_sound (h3_view_of (path)))
        return g_strdup ("400");
    if (!proxy_target_write (&paths, h3_view_of (path), h3_view_of (query), out))
        return g_strdup ("404");
    return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
assert_target (const char *from, const char *to, const char *raw, const char *expected)
{
    g_autofree char *target = dup_target (from, to, raw, NULL);

    ck_assert_msg (strcmp (target, expected) == 0, "'%s' from '%s' to '%s' is '%s', not '%s'", raw,
                   from, to, target, expected);
}

START_TEST (target_is_found_below_whole_segments)
{
    assert_target ("", "", "/", "/");
    assert_target ("", "", "/a/b", "/a/b");
    assert_target ("/api", "", "/api", "/");
    assert_target ("/api", "", "/api/", "/");
    assert_target ("/api", "", "/api/x/", "/x/");
    assert_target ("/api", "/v1", "/api", "/v1");
    assert_target ("/api", "/v1", "/api/x", "/v1/x");
    assert_target ("", "/v1", "/x", "/v1/x");
    assert_target ("/api", "/api", "/api/x", "/api/x");
    assert_target ("/api", "", "/apiv2", "404");
    assert_target ("/api", "", "/ap", "404");
    assert_target ("/api", "", "/API/x", "404");
}
END_TEST

START_TEST (target_keeps_escapes_that_must_be_and_makes_no_others)
{
    assert_target ("", "", "/a%2Fb", "/a%2Fb");
    assert_target ("", "", "/a%2fb", "/a%2Fb");
    assert_target ("", "", "/a%5Cb", "/a%5Cb");
    assert_target ("", "", "/100%25", "/100%25");
    assert_target ("", "", "/%252F", "/%252F");
    assert_target ("", "", "/%41%7E", "/A~");
    assert_target ("", "", "/a%20b%3Fc%23d", "/a%20b%3Fc%23d");
    assert_target ("", "", "/%22%3C%3E%5B%5D%5E%60%7B%7C%7D", "/%22%3C%3E%5B%5D%5E%60%7B%7C%7D");
    assert_target ("", "", "/%C3%A4", "/%C3%A4");
    assert_target ("", "", "/a;b=c,d!$&'()*+=:@", "/a;b=c,d!$&'()*+=:@");
}
END_TEST

START_TEST (target_never_begins_with_a_host)
{
    assert_target ("", "", "//evil.example/x", "/evil.example/x");
    assert_target ("/api", "", "/api//evil.example/x", "/evil.example/x");
    assert_target ("/api", "", "/api///x//y", "/x//y");
    assert_target ("/api", "/v1", "/api//x", "/v1/x");
    assert_target ("", "", "/a//b", "/a//b");
}
END_TEST

START_TEST (target_that_others_would_read_as_a_way_up_is_refused)
{
    static const char *const table[] = {
        "/api/..%2fadmin",  "/api/%2e%2e%2fadmin",  "/api/..%5cadmin", "/api/x%2f..%2f..%2fadmin",
        "/api/..;/admin",   "/api/..;x=y/admin",    "/api/.;/x",       "/api/%252e%252e/admin",
        "/api/%252E./x",    "/api/%25252e%25252e/", "/api/..%252fx",   "/api/..%255cx",
        "/api/..%3b/admin", "/api/..%253b/x",       "/api/..%2500/x",
    };

    for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        assert_target ("/api", "/v1", table[i], "400");
    assert_target ("/api", "/v1", "/api/..a", "/v1/..a");
    assert_target ("/api", "/v1", "/api/.../x", "/v1/.../x");
    assert_target ("/api", "/v1", "/api/a..%2Fb", "/v1/a..%2Fb");
    assert_target ("/api", "/v1", "/api/.well-known/x;y", "/v1/.well-known/x;y");
    assert_target ("/api", "/v1", "/api/x/../y", "/v1/y");
    assert_target ("/api", "/v1", "/api/../y", "404");
}
END_TEST

/* Decoded pass by pass it would take hours. */
START_TEST (target_escaped_again_and_again_costs_no_more_than_its_length)
{
    g_autoptr (GString) path = g_string_new ("/");

    for (guint i = 0; i < 2; i++) {
        g_string_append_c (path, '%');
        for (guint j = 0; j < 512 * 1024; j++)
            g_string_append (path, "25");
        g_string_append (path, "2e");
    }
    ck_assert (!proxy_target_is_sound (h3_view (path->str, path->len)));
    g_string_append (path, "a%2%35%5");
    ck_assert (proxy_target_is_sound (h3_view (path->str, path->len)));
    g_string_append (path, "/%%32%65");
    ck_assert (!proxy_target_is_sound (h3_view (path->str, path->len)));
}
END_TEST

START_TEST (target_has_the_query_as_it_came)
{
    g_autofree char *some = dup_target ("/a", "", "/a/b", "x=%2F&y=+?/");
    g_autofree char *empty = dup_target ("/a", "", "/a", "");

    ck_assert_str_eq (some, "/b?x=%2F&y=+?/");
    ck_assert_str_eq (empty, "/?");
}
END_TEST

static const ProxyPlace place = { { { "/api", 4 }, { "/v1", 3 } },
                                  { "http", 4 },
                                  { "app.internal:8080", 17 } };
static const ProxyPlace whole = { { { "", 0 }, { "", 0 } }, { "https", 5 }, { "app", 3 } };

static void
assert_location (const ProxyPlace *at, const char *text, const char *expected)
{
    g_autofree char *mapped = proxy_target_map_location (at, h3_view_of (text));

    ck_assert_msg (g_strcmp0 (mapped, expected) == 0, "'%s' becomes '%s', not '%s'", text, mapped,
                   expected);
}

START_TEST (location_of_the_server_behind_becomes_one_of_ours)
{
    assert_location (&place, "http://app.internal:8080/v1/x?y#z", "/api/x?y#z");
    assert_location (&place, "HTTP://APP.internal:8080/v1", "/api");
    assert_location (&place, "http://app.internal:8080/v1?a", "/api?a");
    assert_location (&place, "//app.internal:8080/v1/x", "/api/x");
    assert_location (&place, "/v1/x", "/api/x");
    assert_location (&whole, "https://app/x", "/x");
    assert_location (&whole, "https://app:443", "/");
    assert_location (&whole, "/x", "/x");
}
END_TEST

START_TEST (location_elsewhere_stays)
{
    static const char *const table[] = {
        "http://app.internal/v1/x",
        "https://app.internal:8080/v1/x",
        "http://app.internal:8080.evil/v1/x",
        "http://app.internal:8080@evil/v1",
        "http://app.internal:8080/v2/x",
        "http://app.internal:8080/v1x",
        "/v2/x",
        "//evil/v1/x",
        "x/y",
        "",
        "?a",
        "#a",
        "mailto:a@b",
        "http://",
        "http:/v1/x",
        "\\v1",
    };

    for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        assert_location (&place, table[i], NULL);
}
END_TEST

START_TEST (location_never_becomes_one_of_another_host)
{
    assert_location (&whole, "https://app//evil.example/x", "/evil.example/x");
    assert_location (&whole, "https://app/\\evil.example/x", NULL);
    assert_location (&whole, "//evil.example/x", NULL);
    assert_location (&whole, "/\\evil.example/x", NULL);
}
END_TEST

static void
assert_cookie (const ProxyPlace *at, const char *text, const char *expected)
{
    g_autofree char *mapped = proxy_target_map_cookie (at, h3_view_of (text));

    ck_assert_msg (g_strcmp0 (mapped, expected) == 0, "'%s' becomes '%s', not '%s'", text, mapped,
                   expected);
}

START_TEST (cookie_is_for_the_paths_that_clients_see)
{
    assert_cookie (&place, "a=b; Path=/; HttpOnly", "a=b; Path=/api; HttpOnly");
    assert_cookie (&place, "a=b;path=/v1/x ;Secure", "a=b; Path=/api/x;Secure");
    assert_cookie (&place, "a=b; Path=/v1; Path=/v1/y", "a=b; Path=/api; Path=/api/y");
    assert_cookie (&place, "a=b; Path=/v2", NULL);
    assert_cookie (&place, "a=b; Path=x", NULL);
    assert_cookie (&place, "a=b", NULL);
    assert_cookie (&place, "a=Path=/v1", NULL);
    assert_cookie (&whole, "a=b; Path=/; Secure", NULL);
}
END_TEST

START_TEST (cookie_loses_a_domain_that_no_client_knows)
{
    assert_cookie (&place, "a=b; Domain=app.internal; Secure", "a=b; Secure");
    assert_cookie (&place, "a=b; domain=.App.Internal", "a=b");
    assert_cookie (&place, "a=b; Domain=example.org", NULL);
    assert_cookie (&place, "__Host-a=b; Path=/; Secure", NULL);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "target", target_is_found_below_whole_segments,
                    target_keeps_escapes_that_must_be_and_makes_no_others,
                    target_never_begins_with_a_host,
                    target_that_others_would_read_as_a_way_up_is_refused,
                    target_escaped_again_and_again_costs_no_more_than_its_length,
                    target_has_the_query_as_it_came, NULL);
    suite_add_case (suite, "location", location_of_the_server_behind_becomes_one_of_ours,
                    location_elsewhere_stays, location_never_becomes_one_of_another_host, NULL);
    suite_add_case (suite, "cookie", cookie_is_for_the_paths_that_clients_see,
                    cookie_loses_a_domain_that_no_client_knows, NULL);
}

int
main (void)
{
    return suite_run ("batteries/proxy-target", add_cases);
}
