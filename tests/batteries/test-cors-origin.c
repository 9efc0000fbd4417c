/* SPDX-License-Identifier: MIT */

#include "h3/batteries/cors-origin.h"
#include "tests/support/suite.h"

#include <h3/base/error.h>

static void
assert_serialized (const char *text, const char *expected)
{
    Origin origin;
    gboolean good = origin_parse (h3_view_of (text), &origin);

    if (expected == NULL) {
        ck_assert_msg (!good, "'%s' is taken", text);
        return;
    }
    ck_assert_msg (good, "'%s' is refused", text);
    ck_assert_str_eq (origin.text, expected);
    ck_assert_uint_eq (origin.length, strlen (expected));
}

START_TEST (origin_parse_gives_one_spelling)
{
    static const char *const table[][2] = {
        { "https://example.org", "https://example.org" },
        { "HTTPS://Example.ORG", "https://example.org" },
        { "https://example.org:443", "https://example.org" },
        { "http://example.org:80", "http://example.org" },
        { "https://example.org:80", "https://example.org:80" },
        { "http://example.org:443", "http://example.org:443" },
        { "http://example.org:08080", "http://example.org:8080" },
        { "https://example.org.", "https://example.org." },
        { "http://127.0.0.1:65535", "http://127.0.0.1:65535" },
        { "http://[::1]:8080", "http://[::1]:8080" },
        { "http://[0:0:0:0:0:0:0:1]", "http://[::1]" },
        { "http://[2001:DB8::A]:80", "http://[2001:db8::a]" },
        { "chrome-extension://abcdef", "chrome-extension://abcdef" },
        { "capacitor://localhost", "capacitor://localhost" },
        { "null", "null" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        assert_serialized (table[i][0], table[i][1]);
}
END_TEST

START_TEST (origin_parse_takes_nothing_else)
{
    static const char *const table[] = {
        "",
        "*",
        "NULL",
        "null ",
        "example.org",
        "//example.org",
        "https:example.org",
        "https:/example.org",
        "https://",
        "https:///",
        "https://example.org/",
        "https://example.org/a",
        "https://example.org?a",
        "https://example.org#a",
        " https://example.org",
        "https://example.org ",
        "https://a.example https://b.example",
        "https://a.example,https://b.example",
        "https://user@example.org",
        "https://exa mple.org",
        "https://example.org:",
        "https://example.org:65536",
        "https://example.org:+80",
        "https://example.org:80a",
        "https://example.org\\",
        "https://ex\xc3\xa4mple.org",
        "https://[::1",
        "https://::1",
        "https://[::1%25eth0]",
        "1http://example.org",
        "ht_tp://example.org",
        "://example.org",
        "a-scheme-that-is-longer-than-any-is://example.org",
    };
    g_autofree char *host = g_strnfill (255, 'a');
    g_autofree char *longest = g_strconcat ("https://", host + 1, ":65535", NULL);
    g_autofree char *longer = g_strconcat ("https://", host, NULL);

    for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        assert_serialized (table[i], NULL);
    assert_serialized (longest, longest);
    assert_serialized (longer, NULL);
}
END_TEST

static void
assert_fits (const char *text, const char *origin_text, gboolean expected)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (OriginPattern) pattern = origin_pattern_new (text, &error);
    Origin origin;

    ck_assert_msg (pattern != NULL, "%s", error != NULL ? error->message : "no error");
    ck_assert (origin_parse (h3_view_of (origin_text), &origin));
    ck_assert_msg (origin_pattern_fits (pattern, &origin) == expected, "'%s' and '%s'", text,
                   origin_text);
}

START_TEST (pattern_takes_whole_labels)
{
    static const struct {
        const char *pattern;
        const char *origin;
        gboolean fits;
    } table[] = {
        { "https://*.example.org", "https://a.example.org", TRUE },
        { "https://*.example.org", "https://A.b.EXAMPLE.org:443", TRUE },
        { "HTTPS://*.Example.org", "https://a.example.org", TRUE },
        { "https://*.example.org", "https://example.org", FALSE },
        { "https://*.example.org", "https://evilexample.org", FALSE },
        { "https://*.example.org", "https://.example.org", FALSE },
        { "https://*.example.org", "https://a..example.org", FALSE },
        { "https://*.example.org", "https://a.example.org.evil.test", FALSE },
        { "https://*.example.org", "https://a.example.org.", FALSE },
        { "https://*.example.org", "http://a.example.org", FALSE },
        { "https://*.example.org", "https://a.example.org:8443", FALSE },
        { "https://*.example.org", "null", FALSE },
        { "https://*.example.org:8443", "https://a.example.org:8443", TRUE },
        { "https://*.example.org:8443", "https://a.example.org", FALSE },
        { "https://*.example.org:*", "https://a.example.org", TRUE },
        { "https://*.example.org:*", "https://a.example.org:1", TRUE },
        { "http://localhost:*", "http://localhost", TRUE },
        { "http://localhost:*", "http://localhost:3000", TRUE },
        { "http://localhost:*", "http://localhost.evil.test:3000", FALSE },
        { "http://localhost:*", "http://a.localhost:3000", FALSE },
        { "http://*.localhost:*", "http://a.localhost:3000", TRUE },
        { "http://[::1]:*", "http://[0::1]:9", TRUE },
        { "http://[::1]:*", "http://[::2]:9", FALSE },
    };

    for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        assert_fits (table[i].pattern, table[i].origin, table[i].fits);
}
END_TEST

START_TEST (pattern_that_says_too_much_or_nothing_is_refused)
{
    static const char *const table[] = {
        "*",
        "*.example.org",
        "https://*",
        "https://*:*",
        "https://*.org",
        "https://*.*.org",
        "https://*example.org",
        "https://a.*.org",
        "https://exam*.org",
        "https://*.example.*",
        "https://*..example.org",
        "https://*.example.org/",
        "https://*.example.org:8*",
        "https://localhost:80:*",
        "*://example.org",
        "null:*",
        "https://:*",
    };

    for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (OriginPattern) pattern = origin_pattern_new (table[i], &error);

        ck_assert_msg (pattern == NULL, "'%s' is taken", table[i]);
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
        ck_assert_ptr_nonnull (strstr (error->message, table[i]));
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "origins", origin_parse_gives_one_spelling,
                    origin_parse_takes_nothing_else, NULL);
    suite_add_case (suite, "patterns", pattern_takes_whole_labels,
                    pattern_that_says_too_much_or_nothing_is_refused, NULL);
}

int
main (void)
{
    return suite_run ("batteries/cors-origin", add_tests);
}
