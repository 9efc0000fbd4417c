/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/base/error.h>
#include <h3/http/answer.h>
#include <h3/http/failure.h>

#define GET "GET /path HTTP/1.1\r\nHost: h.example\r\n"

static FakeCarrier *carrier;

static void
set_up (void)
{
    carrier = fake_carrier_new ();
}

static void
tear_down (void)
{
    g_clear_pointer (&carrier, fake_carrier_free);
}

static void
redirect (H3Event *event, gpointer user_data)
{
    h3_event_redirect (event, 308, user_data);
}

START_TEST (redirect_escapes_what_no_url_has)
{
    static const char *const cases[][2] = {
        { "/a/b?c=d&e=%20#f", "/a/b?c=d&e=%20#f" },
        { "https://x.example/ä ö\"<>", "https://x.example/%C3%A4%20%C3%B6%22%3C%3E" },
        { "/back\\slash", "/back%5Cslash" },
        { "", "" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        fake_carrier_run (carrier, GET, redirect, (gpointer) cases[i][0]);
        ck_assert_uint_eq (carrier->status, 308);
        ck_assert_str_eq (fake_carrier_get (carrier, "Location"), cases[i][1]);
        ck_assert_str_eq (carrier->sent->str, "");
    }
}
END_TEST

START_TEST (redirect_with_controls_is_never_sent)
{
    static const char *const cases[] = { "/a\r\nX-Evil: 1", "/a\nb", "/\rb", "/\tb", "/\x7f" };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        fake_carrier_run (carrier, GET, redirect, (gpointer) cases[i]);
        ck_assert_uint_eq (carrier->status, 500);
        ck_assert_str_eq (fake_carrier_get (carrier, "Location"), "");
    }
}
END_TEST

static void
redirect_back (H3Event *event, gpointer user_data)
{
    h3_event_redirect_back (event, user_data);
}

START_TEST (redirect_back_never_leaves_the_host)
{
    static const char *const cases[][3] = {
        /* Referer, fallback, where it leads */
        { "http://h.example/from?x=1", "/f", "/from?x=1" },
        { "https://H.Example/from#part", "/f", "/from" },
        { "http://h.example:80/from", "/f", "/from" },
        { "http://h.example:8080/from", "/f", "/f" },
        { "http://evil.example/from", "/f", "/f" },
        { "http://h.example.evil.example/from", "/f", "/f" },
        { "http://h.example@evil.example/", "/f", "/f" },
        { "http://h.example//evil.example/", "/f", "/f" },
        { "http://h.example/\\evil.example/", "/f", "/f" },
        { "javascript:alert(1)", "/f", "/f" },
        { "/from", "/f", "/f" },
        { "", "/f", "/f" },
        { "", "//evil.example", "/" },
        { "", "/\\evil.example", "/" },
        { "", "https://evil.example/", "/" },
        { "", "", "/" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *head = g_strconcat (GET "Referer: ", cases[i][0], "\r\n\r\n", NULL);

        fake_carrier_run (carrier, head, redirect_back, (gpointer) cases[i][1]);
        ck_assert_uint_eq (carrier->status, 303);
        ck_assert_str_eq (fake_carrier_get (carrier, "Location"), cases[i][2]);
    }
    fake_carrier_run (carrier, GET, redirect_back, (gpointer) "/f");
    ck_assert_str_eq (fake_carrier_get (carrier, "Location"), "/f");
}
END_TEST

static gboolean
collect (const char *name, const char *value, gpointer user_data)
{
    g_string_append_printf (user_data, "%.20s|", value);
    return TRUE;
}

static char *
dup_cookies (void)
{
    GString *all = g_string_new (NULL);

    h3_headers_foreach_value (carrier->headers, "set-cookie", collect, all);
    return g_string_free (all, FALSE);
}

static void
set_cookies (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Cookie) one = h3_cookie_new ("one", "1");
    g_autoptr (H3Cookie) two = h3_cookie_new ("two", "2");
    g_autofree char *text = g_strnfill (6000, 'x');
    g_autoptr (H3Cookie) large = h3_cookie_new ("large", text);
    g_autoptr (H3Cookie) bad = h3_cookie_new ("bad", "a\r\nb");
    g_autoptr (GError) error = NULL;

    ck_assert (h3_event_set_cookie (event, one, NULL));
    ck_assert (h3_event_set_cookie (event, two, NULL));
    ck_assert (h3_event_set_cookie (event, large, NULL));
    ck_assert (!h3_event_set_cookie (event, bad, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    h3_event_send_empty (event, 204);
}

START_TEST (cookies_are_set_each_in_its_field)
{
    g_autofree char *all = NULL;

    fake_carrier_run (carrier, GET, set_cookies, NULL);
    all = dup_cookies ();
    ck_assert_ptr_nonnull (strstr (all, "one=1|two=2|"));
    ck_assert_ptr_nonnull (strstr (all, "large.0=2.xxx"));
    ck_assert_ptr_nonnull (strstr (all, "large.1=xxx"));
    ck_assert_ptr_null (strstr (all, "bad"));
}
END_TEST

static void
delete_cookies (H3Event *event, gpointer user_data)
{
    ck_assert (h3_event_delete_cookie (event, "s", "/", NULL, NULL));
    ck_assert (h3_event_delete_cookie (event, "__Host-t", "/", NULL, NULL));
    ck_assert (!h3_event_delete_cookie (event, "a;b", "/", NULL, NULL));
    h3_event_send_empty (event, 204);
}

START_TEST (deleted_cookies_go_with_their_chunks)
{
    g_autofree char *all = NULL;
    const char *first;

    fake_carrier_run (carrier, GET "Cookie: s.0=a; s.1=b; u=1", delete_cookies, NULL);
    all = dup_cookies ();
    ck_assert_int_eq (g_str_has_prefix (all, "s=; "), TRUE);
    ck_assert_ptr_nonnull (strstr (all, "|s.0=; "));
    ck_assert_ptr_nonnull (strstr (all, "|s.1=; "));
    ck_assert_ptr_nonnull (strstr (all, "|__Host-t=; "));
    ck_assert_ptr_null (strstr (all, "u=;"));
    first = fake_carrier_get (carrier, "Set-Cookie");
    ck_assert_ptr_nonnull (strstr (first, "Max-Age=0"));
    ck_assert_ptr_nonnull (strstr (first, "Path=/"));
}
END_TEST

static void
set_s (H3Event *event, gpointer user_data)
{
    g_autofree char *text = g_strnfill (GPOINTER_TO_SIZE (user_data), 'x');
    g_autoptr (H3Cookie) cookie = h3_cookie_new ("s", text);

    h3_cookie_set_path (cookie, "/p");
    ck_assert (h3_event_set_cookie (event, cookie, NULL));
    h3_event_send_empty (event, 204);
}

START_TEST (a_shorter_value_takes_the_chunks_of_a_longer_one_away)
{
    g_autofree char *all = NULL;
    g_autofree char *as_long = NULL;
    g_autofree char *of_others = NULL;

    fake_carrier_run (carrier, GET "Cookie: s.0=2.a; s.1=b", set_s, GSIZE_TO_POINTER (3));
    all = dup_cookies ();
    ck_assert_str_eq (all, "s=xxx; Path=/p|s.0=; Path=/p; Expir|s.1=; Path=/p; Expir|");
    fake_carrier_run (carrier, GET "Cookie: s.0=2.a; s.1=b", set_s, GSIZE_TO_POINTER (5000));
    as_long = dup_cookies ();
    ck_assert_ptr_null (strstr (as_long, "s.0=;"));
    ck_assert_ptr_null (strstr (as_long, "s.1=;"));
    fake_carrier_run (carrier, GET "Cookie: s.0=mine; s.1=b", set_s, GSIZE_TO_POINTER (3));
    of_others = dup_cookies ();
    ck_assert_str_eq (of_others, "s=xxx; Path=/p|");
}
END_TEST

static void
set_fields (H3Event *event, gpointer user_data)
{
    ck_assert (h3_event_set_cache_control (event, "no-store"));
    ck_assert (h3_event_set_etag (event, "W/\"x\""));
    ck_assert (h3_event_set_last_modified (event, 784111777));
    ck_assert (h3_event_set_attachment (event, user_data));
    h3_response_add_vary (h3_event_get_response (event), "Accept");
    h3_response_add_vary (h3_event_get_response (event), "accept");
    h3_response_add_vary (h3_event_get_response (event), "Origin");
    h3_event_send_empty (event, 204);
}

static void
vary_and_fail (H3Event *event, gpointer user_data)
{
    h3_response_add_vary (h3_event_get_response (event), "Accept");
    h3_event_fail_status (event, 406, NULL);
}

START_TEST (vary_stays_when_nothing_is_acceptable)
{
    fake_carrier_run (carrier, GET, vary_and_fail, NULL);
    ck_assert_uint_eq (carrier->status, 406);
    ck_assert_str_eq (fake_carrier_get (carrier, "Vary"), "Accept");
}
END_TEST

START_TEST (caching_names_and_vary_are_fields)
{
    fake_carrier_run (carrier, GET, set_fields, (gpointer) "../dir/na\"me 100%é.txt");
    ck_assert_str_eq (fake_carrier_get (carrier, "Cache-Control"), "no-store");
    ck_assert_str_eq (fake_carrier_get (carrier, "ETag"), "W/\"x\"");
    ck_assert_str_eq (fake_carrier_get (carrier, "Last-Modified"), "Sun, 06 Nov 1994 08:49:37 GMT");
    ck_assert_str_eq (fake_carrier_get (carrier, "Vary"), "Accept, Origin");
    ck_assert_str_eq (fake_carrier_get (carrier, "Content-Disposition"),
                      "attachment; filename=\"na_me 100__.txt\"; "
                      "filename*=UTF-8''na%22me%20100%25%C3%A9.txt");
}
END_TEST

static void
ask_what_can_be_set (H3Event *event, gpointer user_data)
{
    static const char *const refused[][2] = {
        { "content-length", "1" },
        { "Transfer-Encoding", "chunked" },
        { "Connection", "close" },
        { "Keep-Alive", "x" },
        { "Trailer", "X-A" },
        { "a b", "x" },
        { "", "x" },
        { "X-A", "a\r\nX-Evil: 1" },
        { "X-A", "\x7f" },
    };
    H3Response *response = h3_event_get_response (event);

    for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
        ck_assert (!h3_response_can_set_header (response, refused[i][0], refused[i][1]));
    ck_assert (h3_response_can_set_header (response, "X-A", "a\tb \xc3\xa4"));
    ck_assert (h3_response_set_header (response, "X-A", "a\tb \xc3\xa4"));
    ck_assert (h3_response_can_set_header (response, "Content-Type", ""));
    h3_event_send_empty (event, 204);
}

START_TEST (what_a_client_chose_can_be_asked_about_before_it_is_set)
{
    fake_carrier_run (carrier, GET, ask_what_can_be_set, NULL);
    ck_assert_uint_eq (carrier->status, 204);
    ck_assert_str_eq (fake_carrier_get (carrier, "X-A"), "a\tb \xc3\xa4");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("fields");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, redirect_escapes_what_no_url_has);
    tcase_add_test (tcase, redirect_with_controls_is_never_sent);
    tcase_add_test (tcase, redirect_back_never_leaves_the_host);
    tcase_add_test (tcase, cookies_are_set_each_in_its_field);
    tcase_add_test (tcase, deleted_cookies_go_with_their_chunks);
    tcase_add_test (tcase, a_shorter_value_takes_the_chunks_of_a_longer_one_away);
    tcase_add_test (tcase, caching_names_and_vary_are_fields);
    tcase_add_test (tcase, vary_stays_when_nothing_is_acceptable);
    tcase_add_test (tcase, what_a_client_chose_can_be_asked_about_before_it_is_set);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("http/answer-fields", add_tests);
}
