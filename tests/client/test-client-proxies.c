/* SPDX-License-Identifier: MIT */

#include "../support/suite.h"

#include "h3/client/client-proxies.h"
#include "h3/format/url.h"

/* Names and values, NULL behind them. */
static const char *const *environment;

static const char *
look_up (const char *name)
{
    for (gsize i = 0; environment[i] != NULL; i += 2) {
        if (strcmp (environment[i], name) == 0)
            return environment[i + 1];
    }
    return NULL;
}

static void
expect_proxy (const ClientProxies *proxies, const char *url, const char *host, guint port)
{
    g_autoptr (GUri) parsed = h3_url_parse (url, H3_URL_NONE, NULL);
    const ClientProxy *proxy = client_proxies_find (proxies, parsed);

    if (host == NULL) {
        ck_assert_msg (proxy == NULL, "%s", url);
        return;
    }
    ck_assert_msg (proxy != NULL, "%s", url);
    ck_assert_str_eq (proxy->host, host);
    ck_assert_uint_eq (proxy->port, port);
}

START_TEST (proxies_have_one_for_all_where_the_program_names_it)
{
    g_autoptr (ClientProxies) proxies =
        client_proxies_new ("http://me:s%3Acret@Proxy.example:3128/", "the client", NULL);
    g_autoptr (ClientProxies) bare = client_proxies_new ("proxy.example", "the client", NULL);
    g_autoptr (GUri) url = h3_url_parse ("https://example.com/", H3_URL_NONE, NULL);

    expect_proxy (proxies, "http://example.com/", "proxy.example", 3128);
    expect_proxy (proxies, "https://localhost/", "proxy.example", 3128);
    ck_assert_str_eq (client_proxies_find (proxies, url)->authorization, "Basic bWU6czpjcmV0");
    expect_proxy (bare, "http://example.com/", "proxy.example", 80);
    ck_assert_ptr_null (client_proxies_find (bare, url)->authorization);
    expect_proxy (NULL, "http://example.com/", NULL, 0);
}
END_TEST

START_TEST (proxies_that_cannot_be_are_refused_without_showing_a_password)
{
    static const char *const refused[] = {
        "https://me:secret@proxy/",  "socks5://me:secret@proxy/",  "http://me:secret@/",
        "http://me:secret@proxy:0/", "http://m%0ae:secret@proxy/", "http://m%3Ae:secret@proxy/",
        "http://me:secret@pro xy/",  "http://me:%ffsecret@proxy/", "http://me:secret@proxy:99999/",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert_ptr_null (client_proxies_new (refused[i], "http_proxy", &error));
        ck_assert (g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_INVALID_URL));
        ck_assert_ptr_nonnull (strstr (error->message, "http_proxy"));
        ck_assert_msg (strstr (error->message, "secret") == NULL, "%s", error->message);
    }
}
END_TEST

START_TEST (proxies_of_the_environment_are_told_by_scheme)
{
    static const char *const both[] = { "http_proxy",  "http://a:1", "HTTPS_PROXY", "b:2",
                                        "https_proxy", "",           NULL };
    static const char *const all[] = { "all_proxy", "http://c:3", "https_proxy", "http://d:4",
                                       NULL };
    static const char *const none[] = { "HTTP_PROXY", "http://evil:1", NULL };
    g_autoptr (ClientProxies) of_both = NULL, of_all = NULL, of_none = NULL;

    environment = both;
    of_both = client_proxies_new_from_environment (look_up, NULL);
    expect_proxy (of_both, "http://example.com/", "a", 1);
    expect_proxy (of_both, "https://example.com/", "b", 2);
    environment = all;
    of_all = client_proxies_new_from_environment (look_up, NULL);
    expect_proxy (of_all, "http://example.com/", "c", 3);
    expect_proxy (of_all, "https://example.com/", "d", 4);
    environment = none;
    of_none = client_proxies_new_from_environment (look_up, NULL);
    ck_assert_ptr_nonnull (of_none);
    expect_proxy (of_none, "http://example.com/", NULL, 0);
}
END_TEST

START_TEST (proxies_of_the_environment_that_cannot_be_are_an_error)
{
    static const char *const bad[] = { "https_proxy", "socks4://x", NULL };
    g_autoptr (GError) error = NULL;

    environment = bad;
    ck_assert_ptr_null (client_proxies_new_from_environment (look_up, &error));
    ck_assert_ptr_nonnull (strstr (error->message, "https_proxy"));
}
END_TEST

typedef struct {
    const char *list, *url;
    gboolean is_avoided;
} Row;

static const Row rows[] = {
    { "*", "http://example.com/", TRUE },
    { "", "http://example.com/", FALSE },
    { "example.com", "http://example.com/", TRUE },
    { "example.com", "http://EXAMPLE.com:81/", TRUE },
    { "example.com", "http://www.example.com/", TRUE },
    { ".example.com", "http://www.example.com/", TRUE },
    { ".example.com", "http://example.com/", TRUE },
    { "example.com", "http://notexample.com/", FALSE },
    { "www.example.com", "http://example.com/", FALSE },
    { "a, example.com ,b", "https://example.com/", TRUE },
    { "example.com:81", "http://example.com:81/", TRUE },
    { "example.com:81", "http://example.com/", FALSE },
    { "example.com:443", "https://example.com/", TRUE },
    { "127.0.0.1", "http://127.0.0.1/", TRUE },
    { "127.0.0.1", "http://127.0.0.11/", FALSE },
    { "0.0.1", "http://127.0.0.1/", FALSE },
    { "10.0.0.0/8", "http://10.1.2.3:8080/", TRUE },
    { "10.0.0.0/8", "http://11.1.2.3/", FALSE },
    { "10.0.0.1:8080", "http://10.0.0.1:8080/", TRUE },
    { "10.0.0.1:8080", "http://10.0.0.1/", FALSE },
    { "::1", "http://[::1]/", TRUE },
    { "[::1]", "http://[::1]/", TRUE },
    { "[::1]:81", "http://[::1]/", FALSE },
    { "fd00::/8", "http://[fd12::1]/", TRUE },
    { ".", "http://example.com/", FALSE },
    { ",,", "http://example.com/", FALSE },
};

START_TEST (proxies_are_avoided_for_hosts_of_the_list)
{
    const Row *row = &rows[_i];
    g_autoptr (GUri) url = h3_url_parse (row->url, H3_URL_NONE, NULL);
    const char *variables[] = { "all_proxy", "p:1", "no_proxy", row->list, NULL };
    g_autoptr (ClientProxies) proxies = NULL;

    ck_assert_msg (client_proxies_are_avoided (row->list, url) == row->is_avoided, "%s: %s",
                   row->list, row->url);
    environment = variables;
    proxies = client_proxies_new_from_environment (look_up, NULL);
    expect_proxy (proxies, row->url, row->is_avoided ? NULL : "p", 1);
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *list = tcase_create ("list");

    suite_add_case (suite, "proxies", proxies_have_one_for_all_where_the_program_names_it,
                    proxies_that_cannot_be_are_refused_without_showing_a_password,
                    proxies_of_the_environment_are_told_by_scheme,
                    proxies_of_the_environment_that_cannot_be_are_an_error, NULL);
    tcase_add_loop_test (list, proxies_are_avoided_for_hosts_of_the_list, 0, G_N_ELEMENTS (rows));
    suite_add_tcase (suite, list);
}

int
main (void)
{
    return suite_run ("client/client-proxies", add_tests);
}
