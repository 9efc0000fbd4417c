/* SPDX-License-Identifier: MIT */

#include "h3/format/query.h"
#include "h3/format/url.h"
#include "tests/support/suite.h"

static void
assert_text (GUri *url, const char *expected)
{
    g_autofree char *text = g_uri_to_string (url);

    ck_assert_str_eq (text, expected);
}

static void
assert_reads (const char *text, const char *expected)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GUri) url = h3_url_parse (text, H3_URL_NONE, &error);

    ck_assert_msg (url != NULL, "%s: %s", text, error != NULL ? error->message : "");
    ck_assert_ptr_null (error);
    assert_text (url, expected);
}

static void
assert_refused (const char *text, const char *reason)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GUri) url = h3_url_parse (text, H3_URL_NONE, &error);

    ck_assert_msg (url == NULL, "%s", text);
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX));
    ck_assert_msg (strstr (error->message, reason) != NULL, "%s", error->message);
}

START_TEST (url_parse_reads_the_parts)
{
    g_autoptr (GUri) url =
        h3_url_parse ("HTTPS://Example.com:8443/a%2Fb?x=%20#f", H3_URL_NONE, NULL);
    g_autofree char *host = h3_url_dup_host (url);
    g_autofree char *target = h3_url_dup_target (url);

    ck_assert_str_eq (g_uri_get_scheme (url), "https");
    ck_assert_str_eq (g_uri_get_host (url), "example.com");
    ck_assert_uint_eq (h3_url_get_port (url), 8443);
    ck_assert_str_eq (g_uri_get_path (url), "/a%2Fb");
    ck_assert_str_eq (g_uri_get_query (url), "x=%20");
    ck_assert_str_eq (g_uri_get_fragment (url), "f");
    ck_assert_str_eq (host, "example.com:8443");
    ck_assert_str_eq (target, "/a%2Fb?x=%20");
}
END_TEST

START_TEST (url_parse_knows_the_schemes_own_port_and_path)
{
    g_autoptr (GUri) plain = h3_url_parse ("http://[::1]:80", H3_URL_NONE, NULL);
    g_autoptr (GUri) secure = h3_url_parse ("https://h?q", H3_URL_NONE, NULL);
    g_autofree char *host = h3_url_dup_host (plain);
    g_autofree char *target = h3_url_dup_target (secure);

    ck_assert_uint_eq (h3_url_get_port (plain), 80);
    ck_assert_uint_eq (h3_url_get_port (secure), 443);
    ck_assert_str_eq (host, "[::1]");
    ck_assert_str_eq (target, "/?q");
    assert_reads ("http://h:80/", "http://h/");
    assert_reads ("http://h", "http://h/");
    assert_reads ("http://h:443/", "http://h:443/");
    assert_reads ("http://h:0/", "http://h:0/");
}
END_TEST

START_TEST (url_parse_refuses_what_is_not_strict)
{
    static const char *const hosts[] = {
        "http://",     "http:///a",   "http://:80/",       "http://h:/",   "http://h:99999",
        "http://a,b/", "http://[::1", "http://[1::2::3]/", "http://h%41/", "http://[fe80::1%25a]/"
    };
    static const char *const characters[] = { "http://h/ ",    " http://h/",        "http://h/\n",
                                              "http://h/\x7f", "http://h/\xc3\xa9", "http://h\\@x/",
                                              "http://h/{x}",  "http://h/`",        "http://h/|",
                                              "http://h/<>",   "http://h/\"" };
    static const char *const schemes[] = { "",          "/a",       "//h/",
                                           "h",         "ftp://h/", "file:///etc/passwd",
                                           "http:/h",   "http:h",   "javascript:1",
                                           "httpx://h/" };

    for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
        assert_refused (hosts[i], i == 8 || i == 9 ? "" : "host or port");
    for (gsize i = 0; i < G_N_ELEMENTS (characters); i++)
        assert_refused (characters[i], "must be escaped");
    for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
        assert_refused (schemes[i], "not an absolute");
    assert_refused ("http://h/%", "malformed escape");
    assert_refused ("http://h/%4", "malformed escape");
    assert_refused ("http://h/?%zz", "malformed escape");
    assert_refused ("http://h/%00", "malformed escape");
}
END_TEST

START_TEST (url_parse_refuses_userinfo_unless_it_is_allowed)
{
    g_autoptr (GUri) url = h3_url_parse ("http://u:p%40@h/", H3_URL_ALLOW_USERINFO, NULL);

    ck_assert_ptr_nonnull (url);
    ck_assert_str_eq (g_uri_get_user (url), "u");
    ck_assert_str_eq (g_uri_get_password (url), "p%40");
    ck_assert_str_eq (g_uri_get_host (url), "h");
    assert_refused ("http://u:p@h/", "user or a password");
    assert_refused ("http://good.example@evil.example/", "user or a password");
    assert_refused ("http://@h/", "user or a password");
    ck_assert_ptr_null (h3_url_parse ("http://a@b@h/", H3_URL_ALLOW_USERINFO, NULL));
    ck_assert_ptr_null (h3_url_parse ("http://u@/", H3_URL_ALLOW_USERINFO, NULL));
}
END_TEST

START_TEST (url_parse_bounds_the_length)
{
    g_autofree char *filler = g_strnfill (H3_URL_MAX_LENGTH - 9, 'a');
    g_autofree char *longest = g_strconcat ("http://h/", filler, NULL);
    g_autofree char *longer = g_strconcat (longest, "a", NULL);

    assert_reads (longest, longest);
    assert_refused (longer, "too long");
}
END_TEST

/* RFC 3986 §5.4: what each reference means against the base. */
START_TEST (url_join_agrees_with_the_examples_of_the_rfc)
{
    static const char *const examples[][2] = {
        { "g", "http://a/b/c/g" },
        { "./g", "http://a/b/c/g" },
        { "g/", "http://a/b/c/g/" },
        { "/g", "http://a/g" },
        { "//g", "http://g/" },
        { "?y", "http://a/b/c/d;p?y" },
        { "g?y", "http://a/b/c/g?y" },
        { "#s", "http://a/b/c/d;p?q#s" },
        { "g#s", "http://a/b/c/g#s" },
        { ";x", "http://a/b/c/;x" },
        { "g;x=1/../y", "http://a/b/c/y" },
        { "", "http://a/b/c/d;p?q" },
        { ".", "http://a/b/c/" },
        { "..", "http://a/b/" },
        { "../..", "http://a/" },
        { "../../../g", "http://a/g" },
        { "/../g", "http://a/g" },
        { "g?y/../x", "http://a/b/c/g?y/../x" },
        { "https://other:444/x", "https://other:444/x" },
    };
    g_autoptr (GUri) base = h3_url_parse ("http://a/b/c/d;p?q", H3_URL_NONE, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (examples); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GUri) url = h3_url_join (base, examples[i][0], H3_URL_NONE, &error);

        ck_assert_msg (url != NULL, "%s: %s", examples[i][0], error != NULL ? error->message : "");
        assert_text (url, examples[i][1]);
    }
}
END_TEST

START_TEST (url_join_is_as_strict_as_parse)
{
    static const char *const refused[] = { "javascript:alert(1)",
                                           "file:///x",
                                           "//",
                                           "///x",
                                           "//u@h/",
                                           "a b",
                                           "\\\\evil",
                                           "/%",
                                           "//h:99999/",
                                           "http://h:/",
                                           "http:/x",
                                           "https:x",
                                           "http:/.//x" };
    g_autoptr (GUri) base = h3_url_parse ("http://a/b", H3_URL_NONE, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GUri) url = h3_url_join (base, refused[i], H3_URL_NONE, &error);

        ck_assert_msg (url == NULL, "%s", refused[i]);
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX));
    }
}
END_TEST

START_TEST (url_build_puts_the_parts_together)
{
    g_autoptr (GString) query = g_string_new (NULL);
    g_autoptr (GUri) url = NULL;
    g_autoptr (GUri) address = h3_url_build ("https", "::1", 443, "/", NULL, NULL);

    h3_query_append (query, "q", "a b&c");
    url = h3_url_build ("http", "h", 8080, "/a%20b", query->str, NULL);
    assert_text (url, "http://h:8080/a%20b?q=a%20b%26c");
    assert_text (address, "https://[::1]/");
    ck_assert_ptr_null (h3_url_build ("http", "h/evil", -1, "/", NULL, NULL));
    ck_assert_ptr_null (h3_url_build ("http", "u@h", -1, "/", NULL, NULL));
    ck_assert_ptr_null (h3_url_build ("http", "", -1, "/", NULL, NULL));
    ck_assert_ptr_null (h3_url_build ("http", "h", -1, "/a?b", NULL, NULL));
    ck_assert_ptr_null (h3_url_build ("http", "h", -1, "/a b", NULL, NULL));
    ck_assert_ptr_null (h3_url_build ("http", "h", -1, "/", "a#b", NULL));
    ck_assert_ptr_null (h3_url_build ("ftp", "h", -1, "/", NULL, NULL));
}
END_TEST

START_TEST (url_same_origin_compares_scheme_host_and_port)
{
    static const struct {
        const char *other;
        gboolean same;
    } cases[] = {
        { "http://h/x", TRUE },      { "http://H:80/", TRUE }, { "https://h/", FALSE },
        { "http://h:8080/", FALSE }, { "http://g/", FALSE },   { "https://h:80/", FALSE },
    };
    g_autoptr (GUri) one = h3_url_parse ("http://h/", H3_URL_NONE, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GUri) other = h3_url_parse (cases[i].other, H3_URL_NONE, NULL);

        ck_assert_int_eq (h3_url_is_same_origin (one, other), cases[i].same);
    }
}
END_TEST

static void
assert_query_set (const char *text, const char *name, const char *value, const char *expected)
{
    g_autoptr (GUri) url = h3_url_parse (text, H3_URL_ALLOW_USERINFO, NULL);
    g_autoptr (GUri) changed = h3_url_set_query (url, name, value, NULL);

    ck_assert_ptr_nonnull (changed);
    assert_text (changed, expected);
    assert_text (url, text);
}

START_TEST (url_query_fields_are_set_and_taken_away)
{
    assert_query_set ("http://h/p", "a", "1", "http://h/p?a=1");
    assert_query_set ("http://h/p?b=2#f", "a", "x y&", "http://h/p?b=2&a=x%20y%26#f");
    assert_query_set ("http://h/p?a=1&b=2&a=3", "a", "9", "http://h/p?a=9&b=2");
    assert_query_set ("http://h/p?a=1&b=2&a=3", "a", NULL, "http://h/p?b=2");
    assert_query_set ("http://h/p?a=1", "a", NULL, "http://h/p");
    assert_query_set ("http://h/p?%C3%A4+=1", "\xc3\xa4 ", "2", "http://h/p?%C3%A4%20=2");
    assert_query_set ("http://u:p@h:81/p?x&y=&&z=%2F+", "a", "",
                      "http://u:p@h:81/p?x&y=&z=%2F+&a=");
}
END_TEST

START_TEST (url_query_fields_are_added_and_read)
{
    g_autoptr (GUri) url = h3_url_parse ("http://h/?a=1&a=2&e=%FF&p=x+y%20z", H3_URL_NONE, NULL);
    g_autoptr (GUri) more = h3_url_add_query (url, "a", "\xc3\xa9=", NULL);
    g_autofree char *first = h3_url_dup_query_value (url, "a");
    g_autofree char *blank = h3_url_dup_query_value (url, "p");
    g_autofree char *room = g_strnfill (H3_URL_MAX_LENGTH, 'x');
    g_autoptr (GError) error = NULL;

    assert_text (more, "http://h/?a=1&a=2&e=%FF&p=x+y%20z&a=%C3%A9%3D");
    ck_assert_str_eq (first, "1");
    ck_assert_str_eq (blank, "x y z");
    ck_assert_ptr_null (h3_url_dup_query_value (url, "e"));
    ck_assert_ptr_null (h3_url_dup_query_value (url, "z"));
    ck_assert_ptr_null (h3_url_add_query (url, "a", room, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_SYNTAX));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (
        suite, "parse", url_parse_reads_the_parts, url_parse_knows_the_schemes_own_port_and_path,
        url_parse_refuses_what_is_not_strict, url_parse_refuses_userinfo_unless_it_is_allowed,
        url_parse_bounds_the_length, NULL);
    suite_add_case (suite, "join", url_join_agrees_with_the_examples_of_the_rfc,
                    url_join_is_as_strict_as_parse, NULL);
    suite_add_case (suite, "build", url_build_puts_the_parts_together,
                    url_same_origin_compares_scheme_host_and_port, NULL);
    suite_add_case (suite, "query", url_query_fields_are_set_and_taken_away,
                    url_query_fields_are_added_and_read, NULL);
}

int
main (void)
{
    return suite_run ("format/url", add_tests);
}
