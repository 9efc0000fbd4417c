/* SPDX-License-Identifier: MIT */

#include "h3/client/client-settings.h"
#include "h3/format/url.h"
#include "tests/support/suite.h"

static ClientSettings *settings;

static void
set_up (void)
{
    ClientOptions options;

    client_options_init (&options);
    settings = client_settings_new (&options);
}

static void
tear_down (void)
{
    client_settings_unref (settings);
}

/* (transfer full) */
static ClientPeer *
make_peer (const char *text)
{
    g_autoptr (GUri) url = h3_url_parse (text, H3_URL_NONE, NULL);
    ClientPeer *peer = client_settings_make_peer (settings, url, NULL);

    ck_assert_ptr_nonnull (peer);
    return peer;
}

START_TEST (requests_to_one_server_share_its_peer)
{
    static const char *const urls[] = { "http://a.example/x", "http://A.EXAMPLE/y?z",
                                        "http://a.example:80/" };
    g_autoptr (ClientPeer) first = make_peer ("http://a.example/");

    for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
        g_autoptr (ClientPeer) peer = make_peer (urls[i]);

        ck_assert_ptr_eq (peer, first);
    }
}
END_TEST

START_TEST (another_host_port_or_scheme_is_another_peer)
{
    static const struct {
        const char *url;
        const char *host;
        guint port;
        gboolean is_secure;
    } rows[] = {
        { "http://a.example/", "a.example", 80, FALSE },
        { "http://b.example/", "b.example", 80, FALSE },
        { "http://a.example:443/", "a.example", 443, FALSE },
        { "https://a.example/", "a.example", 443, TRUE },
        { "http://a.example/", "a.example", 80, FALSE },
        { "http://[::1]/", "::1", 80, FALSE },
    };

    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (ClientPeer) peer = make_peer (rows[i].url);
        const ClientPeerSettings *found = client_peer_get_settings (peer);

        ck_assert_str_eq (found->host, rows[i].host);
        ck_assert_uint_eq (found->port, rows[i].port);
        ck_assert_int_eq (found->is_secure, rows[i].is_secure);
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *test_case = tcase_create ("peers");

    tcase_add_checked_fixture (test_case, set_up, tear_down);
    tcase_add_test (test_case, requests_to_one_server_share_its_peer);
    tcase_add_test (test_case, another_host_port_or_scheme_is_another_peer);
    suite_add_tcase (suite, test_case);
}

int
main (void)
{
    return suite_run ("client/client-settings", add_tests);
}
