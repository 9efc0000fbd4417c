/* SPDX-License-Identifier: MIT
 *
 * What tokens may be told: where requests come from, names, sealed sessions. */

#include "csrf-app.h"
#include "tests/support/assert-nothing-left.h"

static LiveSnapshot before;
static H3App *app;
static SessionClient client;

static void
set_up (void)
{
    (void) g_main_context_default ();
    before = live_snapshot_take ();
}

/* Takes the app (transfer full). */
static void
use (H3App *made)
{
    app = made;
    client = session_client (app);
}

static void
tear_down (void)
{
    session_client_clear (&client);
    g_clear_object (&app);
    assert_nothing_left (&before);
}

START_TEST (what_says_it_comes_from_another_site_is_refused)
{
    static const struct {
        const char *site;
        const char *origin;
        guint status;
    } cases[] = {
        { "same-origin", "http://localhost", 200 },
        { "none", NULL, 200 },
        { "same-site", "http://other.localhost", 403 },
        { "cross-site", "http://evil.example", 403 },
        { "cross-site", NULL, 403 },
        { "unheard-of", NULL, 403 },
        { NULL, "http://localhost", 200 },
        { NULL, "http://LOCALHOST:80", 200 },
        { NULL, "https://localhost", 200 }, /* TLS in front of us */
        { NULL, "http://localhost:8080", 403 },
        { NULL, "http://localhost.evil.example", 403 },
        { NULL, "null", 403 },
        { NULL, "garbage", 403 },
        { "cross-site", "https://app.example.org", 200 },
        { NULL, "https://app.example.org", 200 },
        { NULL, "http://app.example.org", 403 },
        { "same-site", "https://a.b.example.net", 200 },
        { NULL, "https://example.net.evil.example", 403 },
    };
    static const char *const trusted[] = { "https://app.example.org", "https://*.example.net",
                                           NULL };
    H3CsrfOptions options;
    g_autofree char *token = NULL;

    h3_csrf_options_init (&options);
    options.trusted_origins = trusted;
    use (csrf_app (h3_csrf_new_full (&options, NULL)));
    token = get_token (&client, "/token");
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        guint status;

        if (cases[i].site == NULL)
            status = request_with (&client, "POST", "/change", "x", "X-CSRF-Token", token, "Origin",
                                   cases[i].origin, NULL);
        else if (cases[i].origin == NULL)
            status = request_with (&client, "POST", "/change", "x", "X-CSRF-Token", token,
                                   "Sec-Fetch-Site", cases[i].site, NULL);
        else
            status = request_with (&client, "POST", "/change", "x", "X-CSRF-Token", token, "Origin",
                                   cases[i].origin, "Sec-Fetch-Site", cases[i].site, NULL);
        ck_assert_msg (status == cases[i].status, "case %zu: %u", i, status);
    }
}
END_TEST

START_TEST (where_it_comes_from_may_be_ignored_but_not_the_token)
{
    H3CsrfOptions options;
    g_autofree char *token = NULL;

    h3_csrf_options_init (&options);
    options.ignores_origin = TRUE;
    options.header = "X-Token";
    options.field = "token";
    use (csrf_app (h3_csrf_new_full (&options, NULL)));
    token = get_token (&client, "/token");
    ck_assert_uint_eq (request_with (&client, "POST", "/change", "x", "X-Token", token, "Origin",
                                     "http://evil.example", "Sec-Fetch-Site", "cross-site", NULL),
                       200);
    ck_assert_uint_eq (
        request_with (&client, "POST", "/change", "x", "Origin", "http://localhost", NULL), 403);
    ck_assert_uint_eq (post (&client, token), 403);
}
END_TEST

START_TEST (sealed_sessions_have_tokens_too)
{
    g_autoptr (H3Sealer) sealer = h3_sealer_new ();
    g_autofree char *token = NULL;
    H3SessionsOptions options;

    ck_assert (h3_sealer_generate_key (sealer, NULL));
    h3_sessions_options_init (&options);
    options.sealer = sealer;
    use (session_app (h3_sessions_new_full (&options, NULL)));
    h3_app_use (app, "/", h3_csrf_new (NULL));
    h3_app_get (app, "/token", give_token, NULL);
    h3_app_post (app, "/change", change, NULL);
    token = get_token (&client, "/token");
    ck_assert_uint_eq (post (&client, token), 200);
    session_client_expect (&client, "/add", 200, "1");
    ck_assert_uint_eq (post (&client, token), 200);
    session_client_expect (&client, "/login", 200, "done");
    ck_assert_uint_eq (post (&client, token), 403);
}
END_TEST

START_TEST (options_that_cannot_be_are_refused)
{
    static const char *const bad[][2] = { { "example.org", NULL },
                                          { "null", NULL },
                                          { "https://example.org/path", NULL },
                                          { "https://*", NULL } };
    H3CsrfOptions options;

    for (gsize i = 0; i < 3 + G_N_ELEMENTS (bad); i++) {
        g_autoptr (GError) error = NULL;

        h3_csrf_options_init (&options);
        if (i == 0)
            options.header = "a b";
        else if (i == 1)
            options.field = "";
        else if (i == 2)
            options.lifetime = 59;
        else
            options.trusted_origins = bad[i - 3];
        ck_assert_msg (h3_csrf_new_full (&options, &error) == NULL, "case %zu", i);
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("options");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    suite_add_tcase (suite, tcase);
    tcase_add_test (tcase, what_says_it_comes_from_another_site_is_refused);
    tcase_add_test (tcase, where_it_comes_from_may_be_ignored_but_not_the_token);
    tcase_add_test (tcase, sealed_sessions_have_tokens_too);
    tcase_add_test (tcase, options_that_cannot_be_are_refused);
}

int
main (void)
{
    return suite_run ("batteries/csrf-options", add_tests);
}
