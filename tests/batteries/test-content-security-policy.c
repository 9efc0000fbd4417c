/* SPDX-License-Identifier: MIT */

#include "h3/batteries/content-security-policy.h"
#include "tests/support/suite.h"

#include <h3/base/error.h>

START_TEST (nonce_stands_where_scripts_and_styles_are_allowed)
{
    static const char *const table[][2] = {
        { "default-src 'self'",
          "default-src 'self'; script-src 'self' 'nonce-N'; style-src 'self' 'nonce-N'" },
        { "default-src 'none'; img-src *",
          "default-src 'none'; img-src *; script-src 'nonce-N'; style-src 'nonce-N'" },
        { "script-src 'self' https://cdn.example; style-src 'none'",
          "script-src 'self' https://cdn.example 'nonce-N'; style-src 'nonce-N'" },
        { "Script-Src-Elem\t'self' ;; default-src  'self'",
          "script-src-elem 'self' 'nonce-N'; default-src 'self'; script-src 'self' 'nonce-N'; "
          "style-src 'self' 'nonce-N'" },
        { "script-src; img-src 'self'", "script-src 'nonce-N'; img-src 'self'" },
        { "default-src 'self'; style-src 'unsafe-inline'",
          "default-src 'self'; style-src 'unsafe-inline'; script-src 'self' 'nonce-N'" },
        { "default-src 'self' 'Unsafe-Inline'", "default-src 'self' 'Unsafe-Inline'" },
        { "frame-ancestors 'none'; upgrade-insecure-requests",
          "frame-ancestors 'none'; upgrade-insecure-requests" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (ContentSecurityPolicy) policy =
            content_security_policy_new (table[i][0], &error);
        g_autofree char *text = NULL;

        ck_assert_msg (policy != NULL, "%s", error != NULL ? error->message : "no error");
        text = content_security_policy_dup_with_nonce (policy, "N");
        ck_assert_str_eq (text, table[i][1]);
    }
}
END_TEST

START_TEST (directives_are_found_by_name)
{
    g_autoptr (ContentSecurityPolicy) policy =
        content_security_policy_new ("FRAME-ancestors  'self' \thttps://a.example;sandbox", NULL);

    ck_assert_ptr_nonnull (policy);
    ck_assert_str_eq (content_security_policy_find (policy, "frame-ancestors"),
                      "'self' https://a.example");
    ck_assert_str_eq (content_security_policy_find (policy, "sandbox"), "");
    ck_assert_ptr_null (content_security_policy_find (policy, "default-src"));
}
END_TEST

START_TEST (what_browsers_would_leave_out_is_refused)
{
    static const char *const table[] = {
        "",
        " ; ",
        "default-src 'self'; DEFAULT-src *",
        "default_src 'self'",
        "default-src 'self', script-src 'self'",
        "default-src https://\xc3\xa4.example",
        "default-src 'self'\r\nX-Evil: 1",
        "default-src 'self'\n",
    };

    for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (ContentSecurityPolicy) policy = content_security_policy_new (table[i], &error);

        ck_assert_msg (policy == NULL, "'%s' is taken", table[i]);
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "policies", nonce_stands_where_scripts_and_styles_are_allowed,
                    directives_are_found_by_name, what_browsers_would_leave_out_is_refused, NULL);
}

int
main (void)
{
    return suite_run ("batteries/content-security-policy", add_tests);
}
