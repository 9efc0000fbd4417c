/* SPDX-License-Identifier: MIT */

#include "tests/app/ask.h"

#include <h3/base/error.h>
#include <h3/batteries/security-headers.h>
#include <h3/format/template.h>
#include <h3/http/page.h>

#include <jansson.h>

#define POLICY "Content-Security-Policy"

static void
fail_inside (H3Event *event, gpointer user_data)
{
    h3_event_fail_status (event, 500, NULL);
}

/* (transfer full) */
static H3App *
make_app (const H3SecurityHeadersOptions *options)
{
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (GError) error = NULL;
    H3Middleware *middleware = options != NULL ? h3_security_headers_new_full (options, &error)
                                               : h3_security_headers_new ();

    ck_assert_msg (middleware != NULL, "%s", error != NULL ? error->message : "no error");
    h3_app_use (app, "/", middleware);
    h3_app_get (app, "/x", say, (gpointer) "x");
    h3_app_get (app, "/fail", fail_inside, NULL);
    return app;
}

/* That `text` begins with these fields, a line each, in any order, and no other of the library's
 * kind. */
static void
assert_fields (H3Injected *answer, const char *const *pairs)
{
    H3Headers *headers = h3_injected_get_headers (answer);

    for (; *pairs != NULL; pairs += 2) {
        g_autofree char *value = h3_headers_dup_joined (headers, pairs[0]);

        ck_assert_msg (g_strcmp0 (value, pairs[1]) == 0, "%s is %s", pairs[0], value);
    }
}

static const char *const standard[] = {
    POLICY,
    "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options",
    "nosniff",
    "X-Frame-Options",
    "DENY",
    "Referrer-Policy",
    "same-origin",
    "Permissions-Policy",
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
    "Cross-Origin-Opener-Policy",
    "same-origin",
    "Cross-Origin-Resource-Policy",
    "same-origin",
    NULL,
};

START_TEST (all_answers_have_the_fields)
{
    g_autoptr (H3App) app = make_app (NULL);
    static const struct {
        const char *text;
        guint status;
    } table[] = {
        { "GET /x HTTP/1.1\r\nHost: a\r\n\r\n", 200 },
        { "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 404 },
        { "POST /x HTTP/1.1\r\nHost: a\r\n\r\n", 405 },
        { "GET /fail HTTP/1.1\r\nHost: a\r\n\r\n", 500 },
        { "GET /x?%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 },
        { "GET /x HTTP/1.1\r\nHost : a\r\n\r\n", 400 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
        g_autoptr (H3Injected) answer = ask_raw (app, table[i].text);

        ck_assert_uint_eq (h3_injected_get_status (answer), table[i].status);
        assert_fields (answer, standard);
        ck_assert_ptr_null (h3_injected_get_header (answer, "Strict-Transport-Security"));
    }
}
END_TEST

static void
say_with_own_fields (H3Event *event, gpointer user_data)
{
    h3_event_set_header (event, "x-frame-options", "SAMEORIGIN");
    h3_event_set_header (event, POLICY, "default-src *");
    h3_event_send_text (event, "x");
}

START_TEST (handlers_have_the_last_word)
{
    static const char *const own[] = { POLICY,
                                       "default-src *",
                                       "X-Frame-Options",
                                       "SAMEORIGIN",
                                       "X-Content-Type-Options",
                                       "nosniff",
                                       "Content-Type",
                                       "text/plain; charset=utf-8",
                                       NULL };
    g_autoptr (H3App) app = make_app (NULL);
    g_autoptr (H3Injected) answer = NULL;

    h3_app_get (app, "/own", say_with_own_fields, NULL);
    answer = ask (app, "GET", "/own");
    assert_fields (answer, own);
}
END_TEST

START_TEST (each_field_can_be_switched_off)
{
    H3SecurityHeadersOptions none = { 0 };
    g_autoptr (H3App) app = make_app (&none);
    g_autoptr (H3Injected) answer = ask (app, "GET", "/x");

    for (guint i = 0; standard[i] != NULL; i += 2)
        ck_assert_ptr_null (h3_injected_get_header (answer, standard[i]));
}
END_TEST

START_TEST (each_field_can_be_set)
{
    static const char *const others[] = { POLICY,
                                          "default-src 'none'; frame-ancestors 'self'",
                                          POLICY "-Report-Only",
                                          "script-src 'self'",
                                          "X-Frame-Options",
                                          "SAMEORIGIN",
                                          "Referrer-Policy",
                                          "no-referrer, strict-origin",
                                          "Permissions-Policy",
                                          "camera=(self)",
                                          "Cross-Origin-Opener-Policy",
                                          "same-origin-allow-popups",
                                          "Cross-Origin-Embedder-Policy",
                                          "require-corp",
                                          "Cross-Origin-Resource-Policy",
                                          "cross-origin",
                                          NULL };
    H3SecurityHeadersOptions options = { .content_security_policy = others[1],
                                         .content_security_policy_report_only = others[3],
                                         .frame_options = others[5],
                                         .referrer_policy = others[7],
                                         .permissions_policy = others[9],
                                         .opener_policy = others[11],
                                         .embedder_policy = others[13],
                                         .resource_policy = others[15] };
    g_autoptr (H3App) app = make_app (&options);
    g_autoptr (H3Injected) answer = ask (app, "GET", "/x");

    assert_fields (answer, others);
}
END_TEST

static void
assert_refused (const H3SecurityHeadersOptions *options, const char *text)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (h3_security_headers_new_full (options, &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    ck_assert_msg (strstr (error->message, text) != NULL, "%s", error->message);
}

START_TEST (values_that_cannot_be_are_refused_by_name)
{
#define REFUSE(text, ...) assert_refused (&(H3SecurityHeadersOptions){ __VA_ARGS__ }, text)
    REFUSE (POLICY, .content_security_policy = "default-src *; default-src 'self'");
    REFUSE (POLICY, .content_security_policy_report_only = "a\r\nb");
    REFUSE ("X-Frame-Options", .frame_options = "ALLOW-FROM https://a.example");
    REFUSE ("frame-ancestors", .frame_options = "SAMEORIGIN",
            .content_security_policy = "frame-ancestors 'none'");
    REFUSE ("Referrer-Policy", .referrer_policy = "never");
    REFUSE ("Referrer-Policy", .referrer_policy = "origin\r\nX: y");
    REFUSE ("Permissions-Policy", .permissions_policy = "camera 'none'");
    REFUSE ("Permissions-Policy", .permissions_policy = "camera=()\r\n");
    REFUSE ("Cross-Origin-Opener-Policy", .opener_policy = "same-site");
    REFUSE ("Cross-Origin-Embedder-Policy", .embedder_policy = "");
    REFUSE ("Cross-Origin-Resource-Policy", .resource_policy = "none");
    REFUSE ("Strict-Transport-Security", .hsts_max_age = 31535999, .hsts_subdomains = TRUE,
            .hsts_preload = TRUE);
    REFUSE ("Strict-Transport-Security", .hsts_max_age = 31536000, .hsts_preload = TRUE);
    REFUSE ("Strict-Transport-Security", .hsts_subdomains = TRUE);
}
END_TEST

/* What is told of TLS where a proxy says that the client came by `scheme`. */
static void
assert_transport_security (H3App *app, const char *scheme, const char *expected)
{
    g_autoptr (H3Injected) answer = ask_field (app, "/x", "X-Forwarded-Proto", scheme);

    ck_assert_msg (
        g_strcmp0 (h3_injected_get_header (answer, "Strict-Transport-Security"), expected) == 0,
        "%s", scheme);
    assert_fields (answer, standard);
}

START_TEST (tls_alone_is_demanded_over_tls_alone)
{
    g_autoptr (H3App) app = make_app (NULL);
    g_autoptr (H3App) trusting = make_app (NULL);
    g_autoptr (H3App) all = NULL;
    H3SecurityHeadersOptions options;

    ck_assert (h3_app_trust_proxy (trusting, "127.0.0.1", NULL));
    assert_transport_security (app, "https", NULL);
    assert_transport_security (trusting, "http", NULL);
    assert_transport_security (trusting, "https", "max-age=31536000");
    h3_security_headers_options_init (&options);
    options.hsts_subdomains = options.hsts_preload = TRUE;
    all = make_app (&options);
    ck_assert (h3_app_trust_proxy (all, "127.0.0.1", NULL));
    assert_transport_security (all, "https", "max-age=31536000; includeSubDomains; preload");
}
END_TEST

static void
show_page (H3Event *event, gpointer user_data)
{
    const char *nonce = h3_security_headers_get_nonce (event);

    ck_assert_ptr_eq (h3_security_headers_get_nonce (event), nonce);
    h3_event_send_template (event, user_data, "page", json_pack ("{s:s}", "nonce", nonce));
}

/* (transfer full): the nonce in the page; the fields say the same. */
static char *
take_nonce (H3App *app)
{
    g_autoptr (H3Injected) answer = ask (app, "GET", "/page");
    const char *text = h3_injected_get_text (answer);
    g_autofree char *nonce = NULL;
    g_autofree char *policy = NULL;
    g_autofree char *page = NULL;

    ck_assert (g_str_has_prefix (text, "<script nonce=\""));
    nonce = g_strndup (text + strlen ("<script nonce=\""), 22);
    page = g_strdup_printf ("<script nonce=\"%s\">f ()</script>", nonce);
    ck_assert_str_eq (text, page);
    policy = g_strdup_printf ("default-src 'self'; script-src 'self' 'nonce-%s'; "
                              "style-src 'self' 'nonce-%s'",
                              nonce, nonce);
    ck_assert_str_eq (h3_injected_get_header (answer, POLICY), policy);
    ck_assert_str_eq (h3_injected_get_header (answer, "Cache-Control"), "no-store");
    ck_assert_str_eq (h3_injected_get_header (answer, "X-Content-Type-Options"), "nosniff");
    return g_steal_pointer (&nonce);
}

START_TEST (nonce_is_of_one_answer)
{
    H3SecurityHeadersOptions options = { .content_security_policy = "default-src 'self'",
                                         .no_sniff = TRUE };
    g_autoptr (H3App) app = make_app (&options);
    g_autoptr (H3Templates) templates = h3_templates_new ();
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;
    g_autoptr (H3Injected) other = NULL;

    ck_assert (
        h3_templates_add (templates, "page", "<script nonce=\"{{nonce}}\">f ()</script>", NULL));
    h3_app_get (app, "/page", show_page, templates);
    first = take_nonce (app);
    second = take_nonce (app);
    ck_assert_str_ne (first, second);
    ck_assert_uint_eq (strspn (first, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789-_"),
                       22);
    other = ask (app, "GET", "/x");
    ck_assert_str_eq (h3_injected_get_header (other, POLICY), "default-src 'self'");
    ck_assert_ptr_null (h3_injected_get_header (other, "Cache-Control"));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "fields", all_answers_have_the_fields, handlers_have_the_last_word,
                    each_field_can_be_switched_off, each_field_can_be_set,
                    values_that_cannot_be_are_refused_by_name, tls_alone_is_demanded_over_tls_alone,
                    NULL);
    suite_add_case (suite, "nonces", nonce_is_of_one_answer, NULL);
}

int
main (void)
{
    return suite_run ("batteries/security-headers", add_tests);
}
