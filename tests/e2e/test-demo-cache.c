/* SPDX-License-Identifier: MIT
 *
 * h3d demo: validators, conditions, and what pages of other origins may read. */

#include "tests/support/demo-fixture.h"
#include "tests/support/suite.h"

#include <h3/format/date.h>

#include <string.h>

static void
expect_tagged (const char *line, const char *condition, guint status, const char *etag)
{
    g_autofree char *fields = g_strconcat (condition, "\r\n", NULL);
    g_autoptr (RawAnswer) answer = demo_fixture_ask (line, *condition != '\0' ? fields : condition);

    ck_assert_msg (answer->status == status, "%u, not %u, to %s with %s", answer->status, status,
                   line, condition);
    raw_answer_expect_header (answer, "ETag", etag);
    if (status == 304)
        ck_assert_str_eq (answer->body->str, "");
}

START_TEST (conditions_are_weighed_against_the_tag)
{
    static const char etag[] = "GET /etag/abc";
    static const char weak[] = "GET /etag/W%2F%22abc%22";

    demo_fixture_start ();
    expect_tagged (etag, "", 200, "\"abc\"");
    expect_tagged (etag, "If-None-Match: \"abc\"", 304, "\"abc\"");
    expect_tagged (etag, "If-None-Match: W/\"abc\"", 304, "\"abc\"");
    expect_tagged (etag, "If-None-Match: \"x\", \"abc\"", 304, "\"abc\"");
    expect_tagged (etag, "If-None-Match: \"x\"\r\nIf-None-Match: \"abc\"", 304, "\"abc\"");
    expect_tagged (etag, "If-None-Match: *", 304, "\"abc\"");
    expect_tagged (etag, "If-None-Match: \"x\", \"y\"", 200, "\"abc\"");
    expect_tagged (etag, "If-None-Match: abc", 200, "\"abc\"");
    expect_tagged (etag, "If-Match: \"x\", \"abc\"", 200, "\"abc\"");
    expect_tagged (etag, "If-Match: *", 200, "\"abc\"");
    expect_tagged (etag, "If-Match: \"x\"", 412, NULL);
    expect_tagged (etag, "If-Match: W/\"abc\"", 412, NULL);
    expect_tagged (etag, "If-Match: \"x\"\r\nIf-None-Match: \"abc\"", 412, NULL);
    expect_tagged (etag, "If-Match: \"abc\"\r\nIf-None-Match: \"abc\"", 304, "\"abc\"");
    expect_tagged (weak, "If-None-Match: \"abc\"", 304, "W/\"abc\"");
    expect_tagged (weak, "If-Match: W/\"abc\"", 412, NULL);
    expect_tagged ("HEAD /etag/abc", "If-None-Match: \"abc\"", 304, "\"abc\"");
    expect_tagged ("GET /etag/a%22b", "", 400, NULL);
    expect_tagged ("GET /etag/a%20b", "", 400, NULL);
    demo_fixture_end ();
}
END_TEST

START_TEST (any_condition_has_the_copy_called_good)
{
    g_autoptr (RawAnswer) whole = NULL;
    g_autofree char *etag = NULL;
    g_autofree char *modified = NULL;
    g_autofree char *condition = NULL;
    gint64 seconds;

    demo_fixture_start ();
    whole = demo_fixture_ask ("GET /cache?a=1", "");
    etag = raw_answer_dup_header (whole, "ETag");
    modified = raw_answer_dup_header (whole, "Last-Modified");
    ck_assert_uint_eq (whole->status, 200);
    ck_assert (etag != NULL && strlen (etag) == 38 && etag[0] == '"' && etag[37] == '"');
    ck_assert (modified != NULL && h3_date_parse_string (modified, &seconds));
    ck_assert_ptr_nonnull (strstr (whole->body->str, "\"a\": \"1\""));
    condition = g_strconcat ("If-None-Match: ", etag, NULL);
    expect_tagged ("GET /cache", condition, 304, NULL);
    expect_tagged ("GET /cache", "If-Modified-Since: never", 304, NULL);
    demo_fixture_end ();
}
END_TEST

START_TEST (copies_are_good_as_long_as_the_path_says)
{
    g_autoptr (RawAnswer) answer = NULL;

    demo_fixture_start ();
    answer = demo_fixture_ask ("GET /cache/2147483648", "");
    raw_answer_expect_header (answer, "Cache-Control", "public, max-age=2147483648");
    raw_answer_expect_header (answer, "Vary", "Origin");
    demo_fixture_expect ("GET /cache/2147483649", 400, "seconds is a number from 0");
    demo_fixture_expect ("GET /cache/1s", 400, "seconds is a number from 0");
    demo_fixture_end ();
}
END_TEST

/* Errors too: a page is to see what went wrong. */
START_TEST (pages_of_other_origins_may_read_all_answers)
{
    static const char *const lines[] = { "GET /get", "GET /nowhere", "GET /status/500",
                                         "PUT /get", "GET /cache/x", "GET /etag/x" };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autoptr (RawAnswer) answer =
            demo_fixture_ask (lines[i], "Origin: http://page.example\r\n");

        raw_answer_expect_header (answer, "Access-Control-Allow-Origin", "http://page.example");
        raw_answer_expect_header (answer, "Access-Control-Allow-Credentials", "true");
        raw_answer_expect_header (answer, "Vary", "Origin");
    }
    demo_fixture_end ();
}
END_TEST

START_TEST (preflight_is_answered_before_any_route)
{
    g_autoptr (RawAnswer) answer = NULL;
    g_autoptr (RawAnswer) plain = NULL;

    demo_fixture_start ();
    answer =
        demo_fixture_ask ("OPTIONS /status/500", "Origin: http://page.example\r\n"
                                                 "Access-Control-Request-Method: DELETE\r\n"
                                                 "Access-Control-Request-Headers: x-a, x-b\r\n");
    ck_assert_uint_eq (answer->status, 204);
    raw_answer_expect_header (answer, "Access-Control-Allow-Methods",
                              "GET, POST, PUT, DELETE, PATCH, OPTIONS");
    raw_answer_expect_header (answer, "Access-Control-Allow-Headers", "x-a, x-b");
    raw_answer_expect_header (answer, "Access-Control-Max-Age", "3600");
    plain = demo_fixture_ask ("OPTIONS /get", "Origin: http://page.example\r\n");
    raw_answer_expect_header (plain, "Allow", "GET, HEAD, OPTIONS");
    raw_answer_expect_header (plain, "Access-Control-Allow-Methods", NULL);
    demo_fixture_end ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "conditions", conditions_are_weighed_against_the_tag,
                    any_condition_has_the_copy_called_good,
                    copies_are_good_as_long_as_the_path_says, NULL);
    suite_add_case (suite, "origins", pages_of_other_origins_may_read_all_answers,
                    preflight_is_answered_before_any_route, NULL);
}

int
main (void)
{
    return suite_run ("e2e/demo-cache", add_cases);
}
