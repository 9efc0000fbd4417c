/* SPDX-License-Identifier: MIT
 *
 * h3d demo: route rules, and fields that have browsers be careful. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <string.h>

static void
expect_fields (const char *line, const char *rule, const char *cache, const char *vary)
{
    g_autoptr (RawAnswer) answer = running_demo_ask_for (line, "");

    raw_answer_expect_header (answer, "X-Rule", rule);
    raw_answer_expect_header (answer, "Cache-Control", cache);
    raw_answer_expect_header (answer, "Vary", vary);
}

START_TEST (most_specific_rule_has_the_word)
{
    running_demo_start ();
    expect_fields ("GET /rules", "all", "no-store", "Origin");
    expect_fields ("GET /rules/cached/x", "all", "public, max-age=60, stale-while-revalidate=30",
                   "Origin, Accept-Language");
    expect_fields ("GET /rules/cached/app-0af1", "asset", "public, max-age=31536000, immutable",
                   "Origin, Accept-Language");
    expect_fields ("PUT /rules/cached/app-0af1", "asset", NULL,
                   "Origin, Accept-Language"); /* a 405 is not kept for a year */
    expect_fields ("GET /rules/cached%2Fx", "all", "no-store", "Origin");
    expect_fields ("GET /rulesx", NULL, NULL, "Origin");
    running_demo_end ();
}
END_TEST

/* Its readers would have the token, and send it. */
START_TEST (what_a_client_has_to_itself_is_for_no_other_page)
{
    static const char *const own[] = { "GET /csrf", "GET /session", "GET /session/sealed",
                                       "GET /auth/me" };

    running_demo_start ();
    for (guint i = 0; i < G_N_ELEMENTS (own); i++) {
        g_autoptr (RawAnswer) answer =
            running_demo_ask_for (own[i], "Origin: http://page.example\r\n");

        raw_answer_expect_header (answer, "Access-Control-Allow-Origin", NULL);
        raw_answer_expect_header (answer, "Access-Control-Allow-Credentials", NULL);
    }
    running_demo_end ();
}
END_TEST

START_TEST (redirects_stay_on_their_host)
{
    static const char *const table[][2] = {
        { "GET /rules/old/a/b?x=1", "/rules/new/a/b?x=1" },
        { "POST /rules/old", "/rules/new" },
        { "GET /rules/old//evil.example", "/rules/new//evil.example" },
        { "GET /rules/old/%5C%5Cevil.example", "/rules/new/%5C%5Cevil.example" },
    };

    running_demo_start ();
    for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        running_demo_expect_location (table[i][0], 308, table[i][1]);
    running_demo_end ();
}
END_TEST

/* What is refused by its length alone is not asked for first; and the page that sent it is told. */
START_TEST (bodies_too_large_for_a_rule_are_refused_before_they_are_sent)
{
    g_autoptr (RawAnswer) answer = NULL;
    g_autoptr (RawAnswer) taken = NULL;

    running_demo_start ();
    answer = running_demo_ask ("POST /rules/small HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n"
                               "Origin: http://page.example\r\nExpect: 100-continue\r\n\r\n");
    ck_assert_uint_eq (answer->status, 413);
    raw_answer_expect_header (answer, "Access-Control-Allow-Origin", "http://page.example");
    raw_answer_expect_header (answer, "X-Rule", "all");
    taken = running_demo_ask ("POST /rules/small HTTP/1.1\r\nHost: a\r\nContent-Length: 16\r\n"
                              "Connection: close\r\n\r\n0123456789abcdef");
    ck_assert_uint_eq (taken->status, 200);
    ck_assert_ptr_nonnull (strstr (taken->body->str, "\"body\": 16"));
    running_demo_end ();
}
END_TEST

START_TEST (pages_have_the_nonce_that_their_policy_asks_for)
{
    static const char *const lines[] = { "GET /", "GET /hello/x", "GET /security-headers" };

    running_demo_start ();
    for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autoptr (RawAnswer) answer = running_demo_ask_for (lines[i], "");
        const char *at = strstr (answer->body->str, "<style nonce=\"");
        g_autofree char *policy = raw_answer_dup_header (answer, "Content-Security-Policy");
        g_autofree char *nonce = NULL;
        g_autofree char *source = NULL;

        ck_assert_ptr_nonnull (at);
        nonce = g_strndup (at + strlen ("<style nonce=\""), 22);
        source = g_strdup_printf ("style-src 'self' 'nonce-%s'", nonce);
        ck_assert_ptr_nonnull (strstr (policy, source));
        raw_answer_expect_header (answer, "X-Content-Type-Options", "nosniff");
        raw_answer_expect_header (answer, "X-Frame-Options", "DENY");
        raw_answer_expect_header (answer, "Strict-Transport-Security", NULL);
    }
    running_demo_end ();
}
END_TEST

START_TEST (what_is_measured_goes_without)
{
    static const char *const lines[] = { "GET /plaintext", "GET /bench/json", "GET /bench/users/7",
                                         "GET /bench/nowhere" };

    running_demo_start ();
    for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autoptr (RawAnswer) answer =
            running_demo_ask_for (lines[i], "Origin: http://page.example\r\n");

        raw_answer_expect_header (answer, "Vary", NULL);
        raw_answer_expect_header (answer, "Access-Control-Allow-Origin", NULL);
    }
    running_demo_end ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "rules", most_specific_rule_has_the_word,
                    what_a_client_has_to_itself_is_for_no_other_page, redirects_stay_on_their_host,
                    bodies_too_large_for_a_rule_are_refused_before_they_are_sent,
                    what_is_measured_goes_without, NULL);
    suite_add_case (suite, "security", pages_have_the_nonce_that_their_policy_asks_for, NULL);
}

int
main (void)
{
    return suite_run ("e2e/demo-rules", add_cases);
}
