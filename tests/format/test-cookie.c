/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/format/cookie.h"
#include "tests/support/suite.h"

#include <string.h>

/* "name=value|name=value|": what a field reads as. */
static char *
read_all (const char *header)
{
    GString *out = g_string_new (NULL);
    H3CookieReader reader;
    H3View name, value;

    h3_cookie_reader_init (&reader, h3_view_of (header));
    while (h3_cookie_next (&reader, &name, &value))
        g_string_append_printf (out, "%.*s=%.*s|", H3_VIEW_ARGS (name), H3_VIEW_ARGS (value));
    return g_string_free (out, FALSE);
}

static void
assert_reads (const char *header, const char *expected)
{
    g_autofree char *pairs = read_all (header);

    ck_assert_str_eq (pairs, expected);
}

START_TEST (cookies_are_read_in_order_with_values_as_they_stand)
{
    assert_reads ("a=1; b=2", "a=1|b=2|");
    assert_reads (" a = 1 ;b=2;; ;c=", "a=1|b=2|c=|");
    assert_reads ("a=\"1\"; b=x=y", "a=\"1\"|b=x=y|");
    assert_reads ("a=1; a=2", "a=1|a=2|");
    assert_reads ("a={\"x\": 1, \"y\"}", "a={\"x\": 1, \"y\"}|");
    assert_reads ("", "");
    assert_reads (NULL, "");
}
END_TEST

START_TEST (cookie_pairs_that_cannot_be_are_passed_over)
{
    assert_reads ("a; b=2", "b=2|");
    assert_reads ("=1; b=2", "b=2|");
    assert_reads ("a b=1; b=2", "b=2|");
    assert_reads ("a=1\x01; b=2", "b=2|");
    assert_reads ("a=1\x7f; \"a\"=1; b=2", "b=2|");
}
END_TEST

START_TEST (cookie_find_gives_the_first_of_a_name_in_its_case)
{
    H3View value;

    ck_assert (h3_cookie_find (H3_VIEW ("A=0; a=1; a=2"), H3_VIEW ("a"), &value));
    ck_assert (h3_view_equal (value, H3_VIEW ("1")));
    ck_assert (!h3_cookie_find (H3_VIEW ("A=0; aa=1"), H3_VIEW ("a"), &value));
}
END_TEST

START_TEST (cookies_behind_the_bounds_are_ignored)
{
    g_autoptr (GString) header = g_string_new (NULL);
    H3View value;

    for (guint i = 0; i < H3_COOKIE_MAX_PAIRS - 1; i++)
        g_string_append_printf (header, "a%u=1; ", i);
    g_string_append (header, "last=1; beyond=1");
    ck_assert (h3_cookie_find (h3_view_of (header->str), H3_VIEW ("last"), &value));
    ck_assert (!h3_cookie_find (h3_view_of (header->str), H3_VIEW ("beyond"), &value));

    for (guint length = H3_COOKIE_MAX_BYTES - 1; length <= H3_COOKIE_MAX_BYTES + 1; length++) {
        g_string_assign (header, "a=1;b=");
        while (header->len < length)
            g_string_append_c (header, 'x');
        ck_assert (h3_cookie_find (h3_view_of (header->str), H3_VIEW ("a"), &value));
        ck_assert_int_eq (h3_cookie_find (h3_view_of (header->str), H3_VIEW ("b"), &value),
                          length <= H3_COOKIE_MAX_BYTES);
        g_string_append (header, ";c=1");
        ck_assert (!h3_cookie_find (h3_view_of (header->str), H3_VIEW ("c"), &value));
    }
}
END_TEST

static void
assert_writes (const H3Cookie *cookie, const char *expected)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *text = h3_cookie_to_string (cookie, &error);

    ck_assert (error == NULL);
    ck_assert_str_eq (text, expected);
}

START_TEST (cookie_is_written_with_its_attributes)
{
    g_autoptr (H3Cookie) cookie = h3_cookie_new ("a", "1");
    g_autoptr (H3Cookie) copy = NULL;

    assert_writes (cookie, "a=1");
    h3_cookie_set_domain (cookie, "example.com");
    h3_cookie_set_path (cookie, "/x");
    h3_cookie_set_expires (cookie, 784111777);
    h3_cookie_set_max_age (cookie, 60);
    h3_cookie_set_secure (cookie, TRUE);
    h3_cookie_set_http_only (cookie, TRUE);
    h3_cookie_set_same_site (cookie, H3_SAME_SITE_NONE);
    h3_cookie_set_partitioned (cookie, TRUE);
    copy = g_boxed_copy (H3_TYPE_COOKIE, cookie);
    h3_cookie_set_domain (cookie, NULL);
    h3_cookie_set_path (cookie, NULL);
    assert_writes (cookie, "a=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Max-Age=60; Secure; "
                           "HttpOnly; SameSite=None; Partitioned");
    assert_writes (copy, "a=1; Domain=example.com; Path=/x; Expires=Sun, 06 Nov 1994 08:49:37 GMT; "
                         "Max-Age=60; Secure; HttpOnly; SameSite=None; Partitioned");
}
END_TEST

START_TEST (cookie_ages_and_dates_do_not_overflow)
{
    g_autoptr (H3Cookie) cookie = h3_cookie_new ("a", "1");

    h3_cookie_set_max_age (cookie, G_MAXINT64);
    assert_writes (cookie, "a=1; Max-Age=34560000");
    h3_cookie_set_max_age (cookie, G_MININT64);
    assert_writes (cookie, "a=1; Max-Age=0");
    h3_cookie_set_expires (cookie, G_MAXINT64);
    assert_writes (cookie, "a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT; Max-Age=0");
    h3_cookie_set_expires (cookie, G_MININT64);
    assert_writes (cookie, "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0");
}
END_TEST

static gboolean
is_refused (const H3Cookie *cookie, H3Error code)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *text = h3_cookie_to_string (cookie, &error);
    g_auto (GStrv) list = h3_cookie_to_strings (cookie, NULL);

    return text == NULL && (list == NULL || code == H3_ERROR_LIMIT)
           && g_error_matches (error, H3_ERROR, (int) code)
           && strpbrk (error->message, "\r\n") == NULL;
}

START_TEST (cookie_names_and_values_that_split_a_field_are_refused)
{
    static const char *const names[] = {
        "", "a b", "a=", "a;", "a\r\n", "a,", "\xc3\xa4", "\"a\""
    };
    static const char *const values[] = { "a b",  "a;b", "a,b", "a\r",      "a\n",  "\ta",   "a\\",
                                          "a\"b", "\"",  "\"a", "\xc3\xa4", "\x7f", "\"a;\"" };

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autoptr (H3Cookie) cookie = h3_cookie_new (names[i], "1");

        ck_assert_msg (is_refused (cookie, H3_ERROR_INVALID), "%s", names[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
        g_autoptr (H3Cookie) cookie = h3_cookie_new ("a", values[i]);

        ck_assert_msg (is_refused (cookie, H3_ERROR_INVALID), "%s", values[i]);
    }
}
END_TEST

START_TEST (cookie_attributes_that_cannot_be_are_refused)
{
    static const char *const domains[] = { "", "a;b", "a b", "a\r\nb", "a/b" };
    static const char *const paths[] = { "", "a", "/a;b", "/a\nb", "/\x7f", "/\xc3\xa4" };

    for (gsize i = 0; i < G_N_ELEMENTS (domains); i++) {
        g_autoptr (H3Cookie) cookie = h3_cookie_new ("a", "1");

        h3_cookie_set_domain (cookie, domains[i]);
        ck_assert_msg (is_refused (cookie, H3_ERROR_INVALID), "%s", domains[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
        g_autoptr (H3Cookie) cookie = h3_cookie_new ("a", "1");

        h3_cookie_set_path (cookie, paths[i]);
        ck_assert_msg (is_refused (cookie, H3_ERROR_INVALID), "%s", paths[i]);
    }
}
END_TEST

START_TEST (cookie_prefixes_hold_what_they_promise)
{
    g_autoptr (H3Cookie) host = h3_cookie_new ("__Host-a", "1");
    g_autoptr (H3Cookie) secure = h3_cookie_new ("__secure-a", "1");

    ck_assert (is_refused (secure, H3_ERROR_INVALID));
    h3_cookie_set_secure (secure, TRUE);
    assert_writes (secure, "__secure-a=1; Secure");
    h3_cookie_set_path (host, "/");
    ck_assert (is_refused (host, H3_ERROR_INVALID));
    h3_cookie_set_secure (host, TRUE);
    assert_writes (host, "__Host-a=1; Path=/; Secure");
    h3_cookie_set_domain (host, "example.com");
    ck_assert (is_refused (host, H3_ERROR_INVALID));
    h3_cookie_set_domain (host, NULL);
    h3_cookie_set_path (host, "/x");
    ck_assert (is_refused (host, H3_ERROR_INVALID));
    h3_cookie_set_path (host, NULL);
    ck_assert (is_refused (host, H3_ERROR_INVALID));
}
END_TEST

START_TEST (cookie_for_other_sites_asks_for_secure)
{
    g_autoptr (H3Cookie) cookie = h3_cookie_new ("a", "1");

    h3_cookie_set_same_site (cookie, H3_SAME_SITE_NONE);
    ck_assert (is_refused (cookie, H3_ERROR_INVALID));
    h3_cookie_set_same_site (cookie, H3_SAME_SITE_LAX);
    assert_writes (cookie, "a=1; SameSite=Lax");
    h3_cookie_set_partitioned (cookie, TRUE);
    ck_assert (is_refused (cookie, H3_ERROR_INVALID));
}
END_TEST

/* The Cookie field that a browser sends after it got these. */
static char *
send_back (char **list)
{
    GString *header = g_string_new (NULL);

    for (guint i = 0; list[i] != NULL; i++) {
        g_auto (GStrv) parts = g_strsplit (list[i], "; ", -1);

        if (!g_strv_contains ((const char *const *) parts, "Max-Age=0"))
            g_string_append_printf (header, "%s%s", header->len > 0 ? "; " : "", parts[0]);
        ck_assert_uint_le (strlen (parts[0]), H3_COOKIE_MAX_SIZE + 1);
    }
    return g_string_free (header, FALSE);
}

START_TEST (cookie_of_any_length_up_to_the_bound_comes_back)
{
    static const gsize lengths[] = { 0, 1, 3584, 4095, 4096, 7166, 7167 };

    for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
        g_autofree char *value = g_strnfill (lengths[i], 'x');
        g_autoptr (H3Cookie) cookie = NULL;
        g_auto (GStrv) list = NULL;
        g_autofree char *header = NULL, *again = NULL;

        for (gsize j = 0; j < lengths[i]; j++)
            value[j] = (char) ('a' + j % 26);
        cookie = h3_cookie_new ("a", value);
        list = h3_cookie_to_strings (cookie, NULL);
        ck_assert (list != NULL);
        ck_assert_uint_eq (g_strv_length (list), lengths[i] > 4095 ? 3 : 1);
        ck_assert_int_eq (is_refused (cookie, H3_ERROR_LIMIT), lengths[i] > 4095);
        header = send_back (list);
        again = h3_cookie_dup_value (header, "a");
        ck_assert_str_eq (again, value);
    }
}
END_TEST

START_TEST (cookie_beyond_the_bound_of_chunks_is_refused)
{
    g_autofree char *value = g_strnfill (H3_COOKIE_MAX_CHUNKED_SIZE, 'x');
    g_autofree char *name = g_strnfill (1000, 'n');
    g_autoptr (H3Cookie) cookie = h3_cookie_new ("a", value);
    g_autoptr (H3Cookie) long_name = h3_cookie_new (name, value + 3000);
    g_autoptr (GError) error = NULL;

    ck_assert (h3_cookie_to_strings (cookie, &error) == NULL);
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_LIMIT));
    g_clear_error (&error);
    ck_assert (h3_cookie_to_strings (long_name, &error) == NULL);
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_LIMIT));
}
END_TEST

START_TEST (cookie_chunks_that_do_not_fit_together_are_none)
{
    static const char *const bad[] = { "a.0=2.x",       "a.1=y",    "a.0=x; a.1=y", "a.0=0.",
                                       "a.0=99999.x",   "a.0=-1.x", "a.0=.x",       "",
                                       "a.0=3.x; a.1=y" };
    g_autofree char *value = NULL, *plain = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
        ck_assert_msg (h3_cookie_dup_value (bad[i], "a") == NULL, "%s", bad[i]);
    ck_assert (h3_cookie_dup_value (NULL, "a") == NULL);
    value = h3_cookie_dup_value ("a.1=y; a.0=1.x", "a");
    ck_assert_str_eq (value, "x");
    plain = h3_cookie_dup_value ("a.1=y; a.0=2.x; a=z", "a");
    ck_assert_str_eq (plain, "z");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "read", cookies_are_read_in_order_with_values_as_they_stand,
                    cookie_pairs_that_cannot_be_are_passed_over,
                    cookie_find_gives_the_first_of_a_name_in_its_case,
                    cookies_behind_the_bounds_are_ignored, NULL);
    suite_add_case (suite, "write", cookie_is_written_with_its_attributes,
                    cookie_ages_and_dates_do_not_overflow,
                    cookie_names_and_values_that_split_a_field_are_refused,
                    cookie_attributes_that_cannot_be_are_refused,
                    cookie_prefixes_hold_what_they_promise, cookie_for_other_sites_asks_for_secure,
                    NULL);
    suite_add_case (suite, "chunks", cookie_of_any_length_up_to_the_bound_comes_back,
                    cookie_beyond_the_bound_of_chunks_is_refused,
                    cookie_chunks_that_do_not_fit_together_are_none, NULL);
}

int
main (void)
{
    return suite_run ("format/cookie", add_tests);
}
