/* SPDX-License-Identifier: MIT */

#include "h3/format/cookie-jar.h"
#include "h3/format/set-cookie.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <string.h>

/* When the published cases were written: what ends in 2019 has not ended yet. */
#define NOW 1325376000

/* (transfer none): who answers at `url`, "http://host:port/path?query". */
static CookieOrigin
read_origin (const char *url)
{
    const char *host = strstr (url, "//") + 2;
    const char *path = strchr (host, '/');

    return (CookieOrigin){ h3_view (host, strcspn (host, ":/")),
                           h3_view (path, strcspn (path, "?")), g_str_has_prefix (url, "https:") };
}

static gboolean
take (CookieJar *jar, const char *url, const char *field)
{
    CookieOrigin origin = read_origin (url);

    return cookie_jar_take (jar, h3_view_of (field), &origin, NOW);
}

static void
expect_at (CookieJar *jar, const char *url, gint64 now, const char *expected)
{
    CookieOrigin origin = read_origin (url);
    g_autofree char *header = cookie_jar_dup_header (jar, &origin, now);

    ck_assert_msg (g_strcmp0 (header, expected) == 0, "%s: %s, not %s", url, header, expected);
}

static void
expect (CookieJar *jar, const char *url, const char *expected)
{
    expect_at (jar, url, NOW, expected);
}

START_TEST (set_cookie_is_read_into_views)
{
    static const char text[] = " a b = \"c d\" ; Domain=.X.y; Path=/p;Secure;HTTPONLY ;Max-Age=9;"
                               "Expires=Sun, 06 Nov 1994 08:49:37 GMT;SameSite=lax;Partitioned;x=y";
    SetCookie cookie;

    ck_assert (set_cookie_parse (h3_view_of (text), &cookie));
    ck_assert (h3_view_equal (cookie.name, H3_VIEW ("a b")));
    ck_assert (h3_view_equal (cookie.value, H3_VIEW ("\"c d\"")));
    ck_assert (h3_view_equal (cookie.domain, H3_VIEW ("X.y")));
    ck_assert (h3_view_equal (cookie.path, H3_VIEW ("/p")));
    ck_assert (cookie.secure && cookie.http_only && cookie.partitioned);
    ck_assert (cookie.has_max_age && cookie.max_age == 9);
    ck_assert (cookie.has_expires && cookie.expires == 784111777);
    ck_assert_int_eq (cookie.same_site, H3_SAME_SITE_LAX);
}
END_TEST

START_TEST (set_cookie_bounds_what_it_reads)
{
    static const struct {
        const char *text;
        gint64 seconds;
    } ages[] = { { "-1", -1 }, { "0", 0 }, { "007", 7 }, { "99999999999999999999", 34560000 } };
    static const char *const no_ages[] = { "", "-", "+1", "1x", "x", "1.5" };
    g_autofree char *value = g_strnfill (H3_COOKIE_MAX_SIZE - 1, 'v');
    g_autofree char *fits = g_strconcat ("n=", value, NULL);
    g_autofree char *large = g_strconcat ("nn=", value, NULL);
    g_autofree char *path = g_strnfill (SET_COOKIE_MAX_ATTRIBUTE + 1, '/');
    g_autofree char *attribute = g_strconcat ("a=b; Path=/x; Path=", path, NULL);
    SetCookie cookie;

    ck_assert (set_cookie_parse (h3_view_of (fits), &cookie));
    ck_assert (!set_cookie_parse (h3_view_of (large), &cookie));
    ck_assert (set_cookie_parse (h3_view_of (attribute), &cookie));
    ck_assert (h3_view_equal (cookie.path, H3_VIEW ("/x")));
    for (gsize i = 0; i < G_N_ELEMENTS (ages); i++) {
        g_autofree char *text = g_strdup_printf ("a=b; Max-Age=%s", ages[i].text);

        ck_assert (set_cookie_parse (h3_view_of (text), &cookie));
        ck_assert (cookie.has_max_age);
        ck_assert_int_eq (cookie.max_age, ages[i].seconds);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (no_ages); i++) {
        g_autofree char *text = g_strdup_printf ("a=b; Max-Age=%s", no_ages[i]);

        ck_assert (set_cookie_parse (h3_view_of (text), &cookie));
        ck_assert_msg (!cookie.has_max_age, "%s", text);
    }
}
END_TEST

START_TEST (set_cookie_refuses_what_breaks_its_promise)
{
    static const char *const bad[] = {
        "",
        "a",
        "=b",
        "a\x01=b",
        "a=b\x7f",
        "a=b; x=\x02",
        "__Secure-a=b",
        "__secure-a=b",
        "__Host-a=b; Secure",
        "__Host-a=b; Path=/",
        "__Host-a=b; Secure; Path=/x",
        "__Host-a=b; Secure; Path=/; Domain=h",
        "__HOST-a=b; Secure",
        "a=b; SameSite=None",
        "a=b; Partitioned",
    };
    static const char *const good[] = { "__Secure-a=b; Secure",
                                        "__Host-a=b; secure; path=/",
                                        "__Host-a=b; Secure; Path=/; Domain=",
                                        "a=b; SameSite=None; Secure",
                                        "a=",
                                        "a=\tb" };
    SetCookie cookie;

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
        ck_assert_msg (!set_cookie_parse (h3_view_of (bad[i]), &cookie), "%s", bad[i]);
    for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
        ck_assert_msg (set_cookie_parse (h3_view_of (good[i]), &cookie), "%s", good[i]);
    ck_assert (!set_cookie_parse (h3_view ("a=b\0c", 5), &cookie));
}
END_TEST

START_TEST (jar_gives_cookies_back_to_whom_they_are_for)
{
    g_autoptr (CookieJar) jar = cookie_jar_new (100, 50);

    ck_assert (take (jar, "http://a.example.org/x/y", "host=1"));
    ck_assert (take (jar, "http://a.example.org/x/y", "domain=1; Domain=example.org; Path=/"));
    ck_assert (take (jar, "https://a.example.org/", "tls=1; Secure"));
    ck_assert (!take (jar, "http://a.example.org/", "b=1; Secure"));
    ck_assert (!take (jar, "http://a.example.org/", "b=1; Domain=b.example.org"));
    ck_assert (!take (jar, "http://a.example.org/", "b=1; Domain=org"));
    ck_assert (!take (jar, "http://a.example.org./", "b=1; Domain=org."));
    ck_assert (!take (jar, "http://192.0.2.1/", "b=1; Domain=2.1"));
    ck_assert (!take (jar, "http://a.example.org/", "tls=2"));
    ck_assert (take (jar, "http://192.0.2.1/", "ip=1; Domain=192.0.2.1"));
    expect (jar, "http://a.example.org/x/z", "host=1; domain=1");
    expect (jar, "http://a.example.org/xx", "domain=1");
    expect (jar, "https://A.Example.org/x", "host=1; domain=1; tls=1");
    expect (jar, "http://b.a.example.org/x/z", "domain=1");
    expect (jar, "http://notexample.org/", NULL);
    expect (jar, "http://192.0.2.1/", "ip=1");
}
END_TEST

START_TEST (jar_lets_go_of_what_has_ended)
{
    g_autoptr (CookieJar) jar = cookie_jar_new (100, 50);
    const char *url = "http://a.example/";

    ck_assert (take (jar, url, "short=1; Max-Age=10"));
    ck_assert (take (jar, url, "long=1; Max-Age=9999999999"));
    ck_assert (take (jar, url, "date=1; Expires=Mon, 31 Dec 2029 23:59:59 GMT"));
    ck_assert (take (jar, url, "session=1"));
    expect_at (jar, url, NOW + 9, "short=1; long=1; date=1; session=1");
    expect_at (jar, url, NOW + 10, "long=1; date=1; session=1");
    ck_assert (take (jar, url, "session=; Max-Age=0"));
    expect_at (jar, url, NOW + H3_COOKIE_MAX_AGE - 1, "long=1; date=1");
    expect_at (jar, url, NOW + H3_COOKIE_MAX_AGE, NULL);
    ck_assert_uint_eq (cookie_jar_get_size (jar), 0);
}
END_TEST

START_TEST (jar_is_bounded)
{
    g_autoptr (CookieJar) jar = cookie_jar_new (5, 3);

    for (guint i = 0; i < 10; i++) {
        g_autofree char *field = g_strdup_printf ("c%u=1", i);

        ck_assert (take (jar, "http://a.example/", field));
    }
    expect (jar, "http://a.example/", "c7=1; c8=1; c9=1");
    for (guint i = 0; i < 10; i++) {
        g_autofree char *url = g_strdup_printf ("http://h%u.example/", i);

        ck_assert (take (jar, url, "a=1"));
        ck_assert_uint_le (cookie_jar_get_size (jar), 5);
    }
    expect (jar, "http://a.example/", NULL);
    expect (jar, "http://h9.example/", "a=1");
}
END_TEST

/* Ours is stricter, or follows the newer draft. */
static const struct {
    const char *name;
    const char *reason;
} stricter_cases[] = {
    { "DISABLED_CHROMIUM0022", "a field with a control is ignored as a whole" },
    { "DISABLED_CHROMIUM0023", "a field with a control is ignored as a whole" },
    { "DISABLED_CHROMIUM0020", "4096 bytes" },
    { "DISABLED_PATH0029", "paths are compared as they stand" },
};

static gboolean
is_stricter (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (stricter_cases); i++) {
        if (strcmp (stricter_cases[i].name, name) == 0)
            return TRUE;
    }
    return FALSE;
}

/* (transfer full): the Cookie field that a case expects. */
static char *
dup_expected (const json_t *pairs)
{
    g_autoptr (GString) text = g_string_new (NULL);
    json_t *pair;
    size_t i;

    json_array_foreach (pairs, i, pair) g_string_append_printf (
        text, "%s%s=%s", i > 0 ? "; " : "", json_string_value (json_object_get (pair, "name")),
        json_string_value (json_object_get (pair, "value")));
    return g_strdup (i > 0 ? text->str : "");
}

static void
check_case (const json_t *one)
{
    const char *name = json_string_value (json_object_get (one, "test"));
    const char *to = json_string_value (json_object_get (one, "sent-to"));
    g_autofree char *from = g_strdup_printf ("http://home.example.org:8888/cookie-parser?%s", name);
    g_autofree char *url = NULL;
    g_autofree char *expected = dup_expected (json_object_get (one, "sent"));
    g_autofree char *header = NULL;
    g_autoptr (CookieJar) jar = cookie_jar_new (100, 100);
    json_t *field;
    size_t i;
    CookieOrigin origin;

    if (to == NULL)
        to = "/cookie-parser-result";
    url = to[0] == '/' ? g_strconcat ("http://home.example.org:8888", to, NULL) : g_strdup (to);
    json_array_foreach (json_object_get (one, "received"), i, field)
    {
        origin = read_origin (from);
        (void) cookie_jar_take (
            jar, h3_view (json_string_value (field), json_string_length (field)), &origin, NOW);
    }
    origin = read_origin (url);
    header = cookie_jar_dup_header (jar, &origin, NOW);
    ck_assert_msg (strcmp (header != NULL ? header : "", expected) == 0, "%s: %s, not %s", name,
                   header, expected);
}

START_TEST (jar_agrees_with_the_published_cases)
{
    g_autofree char *path = suite_dup_vector_path ("cookies/parser.json");
    json_t *cases, *one;
    guint run = 0;
    size_t i;

    if (path == NULL)
        return;
    cases = json_load_file (path, JSON_ALLOW_NUL, NULL);
    ck_assert_uint_eq (json_array_size (cases), 222);
    json_array_foreach (cases, i, one)
    {
        if (is_stricter (json_string_value (json_object_get (one, "test"))))
            continue;
        check_case (one);
        run++;
    }
    ck_assert_uint_eq (run, 222 - G_N_ELEMENTS (stricter_cases));
    json_decref (cases);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "reader", set_cookie_is_read_into_views, set_cookie_bounds_what_it_reads,
                    set_cookie_refuses_what_breaks_its_promise, NULL);
    suite_add_case (suite, "jar", jar_gives_cookies_back_to_whom_they_are_for,
                    jar_lets_go_of_what_has_ended, jar_is_bounded,
                    jar_agrees_with_the_published_cases, NULL);
}

int
main (void)
{
    return suite_run ("format/cookie-jar", add_tests);
}
