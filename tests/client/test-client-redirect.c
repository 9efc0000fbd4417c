/* SPDX-License-Identifier: MIT */

#include "../support/suite.h"

#include "h3/client/client-redirect.h"
#include "h3/format/url.h"

#define HOME "https://example.com/a/b?x=1#there"

typedef struct {
    guint status;
    const char *method;
    const char *from;
    const char *location;
    gboolean has_body;
    /* What is to come of it; no URL: it is not followed. */
    const char *url;
    const char *next_method;
    gboolean keeps_body;
    gboolean leaves;
} Row;

static const Row rows[] = {
    /* Methods (RFC 9110 §15.4, as browsers have it). */
    { 301, "GET", HOME, "/c#", FALSE, "https://example.com/c#", "GET", FALSE, FALSE },
    { 301, "POST", HOME, "/c#", TRUE, "https://example.com/c#", "GET", FALSE, FALSE },
    { 302, "POST", HOME, "/c#", TRUE, "https://example.com/c#", "GET", FALSE, FALSE },
    { 301, "PUT", HOME, "/c#", TRUE, "https://example.com/c#", "PUT", TRUE, FALSE },
    { 302, "DELETE", HOME, "/c#", FALSE, "https://example.com/c#", "DELETE", FALSE, FALSE },
    { 303, "POST", HOME, "/c#", TRUE, "https://example.com/c#", "GET", FALSE, FALSE },
    { 303, "PUT", HOME, "/c#", TRUE, "https://example.com/c#", "GET", FALSE, FALSE },
    { 303, "HEAD", HOME, "/c#", FALSE, "https://example.com/c#", "HEAD", FALSE, FALSE },
    { 307, "POST", HOME, "/c#", TRUE, "https://example.com/c#", "POST", TRUE, FALSE },
    { 308, "POST", HOME, "/c#", TRUE, "https://example.com/c#", "POST", TRUE, FALSE },
    { 302, "post", HOME, "/c#", TRUE, "https://example.com/c#", "post", TRUE, FALSE },
    /* Targets; a fragment stays where Location has none. */
    { 302, "GET", HOME, "c", FALSE, "https://example.com/a/c#there", "GET", FALSE, FALSE },
    { 302, "GET", HOME, "../d?e#f", FALSE, "https://example.com/d?e#f", "GET", FALSE, FALSE },
    { 302, "GET", HOME, "?y", FALSE, "https://example.com/a/b?y#there", "GET", FALSE, FALSE },
    { 302, "GET", HOME, "", FALSE, "https://example.com/a/b?x=1#there", "GET", FALSE, FALSE },
    { 302, "GET", "http://[::1]:8080/", "/c", FALSE, "http://[::1]:8080/c", "GET", FALSE, FALSE },
    /* Other origins. */
    { 302, "GET", HOME, "https://example.com:443/c#", FALSE, "https://example.com/c#", "GET", FALSE,
      FALSE },
    { 302, "GET", HOME, "https://EXAMPLE.com/c#", FALSE, "https://example.com/c#", "GET", FALSE,
      FALSE },
    { 302, "GET", HOME, "https://example.org/c#", FALSE, "https://example.org/c#", "GET", FALSE,
      TRUE },
    { 302, "GET", HOME, "//www.example.com/c#", FALSE, "https://www.example.com/c#", "GET", FALSE,
      TRUE },
    { 302, "GET", HOME, "https://example.com:444/c#", FALSE, "https://example.com:444/c#", "GET",
      FALSE, TRUE },
    { 302, "GET", HOME, "http://example.com/c#", FALSE, "http://example.com/c#", "GET", FALSE,
      TRUE },
    { 302, "GET", "http://a/", "https://a/", FALSE, "https://a/", "GET", FALSE, TRUE },
    /* A body does not leave TLS. */
    { 307, "POST", HOME, "http://example.com/c", TRUE, NULL, NULL, FALSE, FALSE },
    { 308, "PUT", HOME, "http://example.com/c", TRUE, NULL, NULL, FALSE, FALSE },
    { 307, "POST", HOME, "http://example.com/c#", FALSE, "http://example.com/c#", "POST", FALSE,
      TRUE },
    { 307, "POST", "http://a/", "https://b/c", TRUE, "https://b/c", "POST", TRUE, TRUE },
    /* What is not followed. */
    { 302, "GET", HOME, "ftp://example.com/", FALSE, NULL, NULL, FALSE, FALSE },
    { 302, "GET", HOME, "javascript:alert(1)", FALSE, NULL, NULL, FALSE, FALSE },
    { 302, "GET", HOME, "file:///etc/passwd", FALSE, NULL, NULL, FALSE, FALSE },
    { 302, "GET", HOME, "https://u:p@example.com/", FALSE, NULL, NULL, FALSE, FALSE },
    { 302, "GET", HOME, "//u@example.com/", FALSE, NULL, NULL, FALSE, FALSE },
    { 302, "GET", HOME, "https://", FALSE, NULL, NULL, FALSE, FALSE },
    { 302, "GET", HOME, "https://example.com:0/", FALSE, NULL, NULL, FALSE, FALSE },
    { 302, "GET", HOME, "/a b", FALSE, NULL, NULL, FALSE, FALSE },
    { 302, "GET", HOME, "/%zz", FALSE, NULL, NULL, FALSE, FALSE },
    { 302, "GET", HOME, "/\xc3\xa9", FALSE, NULL, NULL, FALSE, FALSE },
    { 302, "GET", HOME, "/\\evil.example", FALSE, NULL, NULL, FALSE, FALSE },
};

static void
check_row (const Row *row)
{
    g_autoptr (GUri) from = h3_url_parse (row->from, H3_URL_NONE, NULL);
    g_autoptr (GError) error = NULL;
    g_autofree char *url = NULL;
    ClientRedirect redirect = { 0 };
    gboolean is_followed = client_redirect_read (row->status, row->location, row->method, from,
                                                 row->has_body, &redirect, &error);

    ck_assert_msg (is_followed == (row->url != NULL), "%s", row->location);
    if (!is_followed) {
        ck_assert (g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_INVALID_URL));
        ck_assert_ptr_nonnull (strstr (error->message, "https://example.com: "));
        return;
    }
    url = g_uri_to_string (redirect.url);
    g_uri_unref (redirect.url);
    ck_assert_str_eq (url, row->url);
    ck_assert_str_eq (redirect.method, row->next_method);
    ck_assert_msg (redirect.keeps_body == row->keeps_body, "%s", row->url);
    ck_assert_msg (redirect.leaves_origin == row->leaves, "%s", row->url);
}

START_TEST (redirect_goes_where_location_says_with_what_may_go_there)
{
    check_row (&rows[_i]);
}
END_TEST

START_TEST (redirect_is_one_of_five_statuses)
{
    for (guint status = 100; status < 600; status++) {
        gboolean is_one =
            status == 301 || status == 302 || status == 303 || status == 307 || status == 308;

        ck_assert (client_redirect_is_status (status) == is_one);
    }
}
END_TEST

static H3Headers *
make_fields (void)
{
    static const char *const names[] = { "Accept", "Authorization",    "Content-Type",
                                         "Cookie", "WWW-Authenticate", "content-language",
                                         "X-Own" };
    H3Headers *headers = h3_headers_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        ck_assert (h3_headers_add (headers, names[i], "1"));
    ck_assert (h3_headers_add (headers, "authorization", "2"));
    return headers;
}

static gboolean
append_name (const char *name, const char *value, gpointer user_data)
{
    g_string_append_printf (user_data, "%s ", name);
    return TRUE;
}

static void
expect_fields (gboolean keeps_body, gboolean leaves_origin, const char *expected)
{
    ClientRedirect redirect = { .keeps_body = keeps_body, .leaves_origin = leaves_origin };
    g_autoptr (H3Headers) headers = make_fields ();
    g_autoptr (GString) names = g_string_new (NULL);

    client_redirect_filter (&redirect, headers);
    h3_headers_foreach (headers, append_name, names);
    ck_assert_str_eq (names->str, expected);
}

START_TEST (redirect_drops_credentials_and_what_told_of_the_body)
{
    expect_fields (TRUE, FALSE,
                   "Accept Authorization Content-Type Cookie WWW-Authenticate content-language "
                   "X-Own Authorization ");
    expect_fields (FALSE, FALSE,
                   "Accept Authorization Cookie WWW-Authenticate X-Own Authorization ");
    expect_fields (TRUE, TRUE, "Accept Content-Type content-language X-Own ");
    expect_fields (FALSE, TRUE, "Accept X-Own ");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *table = tcase_create ("table");

    tcase_add_loop_test (table, redirect_goes_where_location_says_with_what_may_go_there, 0,
                         G_N_ELEMENTS (rows));
    suite_add_tcase (suite, table);
    suite_add_case (suite, "rules", redirect_is_one_of_five_statuses,
                    redirect_drops_credentials_and_what_told_of_the_body, NULL);
}

int
main (void)
{
    return suite_run ("client/client-redirect", add_tests);
}
