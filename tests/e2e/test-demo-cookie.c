/* SPDX-License-Identifier: MIT
 *
 * h3d demo: cookies. */

#include "tests/support/demo-fixture.h"
#include "tests/support/suite.h"

#include <string.h>

static void
expect_cookies (const char *line, const char *fields)
{
    g_autoptr (RawAnswer) answer = demo_fixture_ask (line, "");

    ck_assert_uint_eq (answer->status, 302);
    raw_answer_expect_header (answer, "Location", "/cookies");
    ck_assert_msg (strstr (answer->head, fields) != NULL, "no %s in %s", fields, answer->head);
}

START_TEST (cookies_that_came_are_shown)
{
    g_autoptr (RawAnswer) answer = NULL;

    demo_fixture_start ();
    answer = demo_fixture_ask ("GET /cookies", "Cookie: a=1; b=\"x\"; a=2; c=\xe4\r\n");
    ck_assert_str_eq (answer->body->str, "{\n  \"cookies\": {\n    \"a\": \"1\",\n    \"b\": "
                                         "\"\\\"x\\\"\",\n    \"c\": \"ä\"\n  }\n}\n");
    demo_fixture_expect ("GET /cookies", 200, "\"cookies\": {}");
    demo_fixture_end ();
}
END_TEST

START_TEST (cookies_are_set_and_forgotten_for_the_whole_site)
{
    demo_fixture_start ();
    expect_cookies ("GET /cookies/set?a=1&b=%22x%22&a=2",
                    "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=\"x\"; Path=/\r\nLocation");
    expect_cookies ("GET /cookies/set/n%2E1/v", "Set-Cookie: n.1=v; Path=/\r\n");
    expect_cookies ("GET /cookies/set", "Location: /cookies\r\n");
    expect_cookies ("GET /cookies/delete?a&b=1",
                    "Set-Cookie: a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0\r\n"
                    "Set-Cookie: b=; Path=/; Expires=");
    demo_fixture_end ();
}
END_TEST

/* None of the others is set either. */
START_TEST (cookies_that_browsers_would_not_take_are_told_in_a_400)
{
    static const char *const refused[] = { "set?a=1&b=x%20y", "set?a=1&b=x%3By", "set?a%20b=1",
                                           "set/n/%C3%A4",    "set/a=b/c",       "delete?a&b%3D=1",
                                           "set?__Secure-a=1" };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autofree char *line = g_strconcat ("GET /cookies/", refused[i], NULL);
        g_autoptr (RawAnswer) answer = demo_fixture_ask (line, "");

        ck_assert_msg (answer->status == 400, "%u to %s", answer->status, line);
        ck_assert_ptr_nonnull (strstr (answer->body->str, "\"detail\":\"cookie "));
        raw_answer_expect_header (answer, "Set-Cookie", NULL);
    }
    demo_fixture_end ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "cookies", cookies_that_came_are_shown,
                    cookies_are_set_and_forgotten_for_the_whole_site,
                    cookies_that_browsers_would_not_take_are_told_in_a_400, NULL);
}

int
main (void)
{
    return suite_run ("e2e/demo-cookie", add_cases);
}
