/* SPDX-License-Identifier: MIT
 *
 * h3d demo: requests that must be as a schema says; over real sockets. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <string.h>

static void
expect_post (const char *type, const char *body, guint status, const char *in_body)
{
    g_autofree char *request =
        g_strdup_printf ("POST /validate/user HTTP/1.1\r\nHost: a\r\nContent-Type: "
                         "%s\r\nContent-Length: %zu\r\n\r\n%s",
                         type, strlen (body), body);
    g_autoptr (RawAnswer) answer = running_demo_ask (request);

    ck_assert_msg (answer->status == status && strstr (answer->body->str, in_body) != NULL, "%s%s",
                   answer->head, answer->body->str);
}

START_TEST (a_user_is_taken_as_json_and_as_a_form)
{
    expect_post ("application/json", "{\"name\":\"Ada\",\"email\":\"ada@example.org\",\"age\":36}",
                 200, "\"age\": 36");
    expect_post ("application/x-www-form-urlencoded",
                 "name=Ada&email=ada%40example.org&age=36&tags=a&tags=b&news=true", 200,
                 "\"news\": true");
}
END_TEST

START_TEST (all_that_is_wrong_with_a_user_is_told)
{
    expect_post (
        "application/json",
        "{\"name\":\"\",\"email\":\"ada\",\"age\":17,\"tags\":[\"a\",\"A\",\"a\"],\"x\":1}", 422,
        "\"status\":422,\"detail\":\"The request is not as it must be.\",\"errors\":["
        "{\"in\":\"body\",\"pointer\":\"/name\",\"message\":\"must have 1 characters or more\"},"
        "{\"in\":\"body\",\"pointer\":\"/email\",\"message\":\"must be an email address\"},"
        "{\"in\":\"body\",\"pointer\":\"/age\",\"message\":\"must be 18 or more\"},"
        "{\"in\":\"body\",\"pointer\":\"/tags/1\","
        "\"message\":\"must fit the regular expression\"},"
        "{\"in\":\"body\",\"pointer\":\"/tags\",\"message\":\"must have no item twice\"},"
        "{\"in\":\"body\",\"pointer\":\"/x\",\"message\":\"must not be there\"}]}");
    expect_post (
        "application/x-www-form-urlencoded", "name=Ada&age=x", 422,
        "\"errors\":[{\"in\":\"body\",\"pointer\":\"\",\"message\":\"\\\"email\\\" is missing\"},"
        "{\"in\":\"body\",\"pointer\":\"/age\",\"message\":\"must be a whole number\"}]}");
    expect_post ("application/json", "{\"name\":", 400, "The body is no JSON: line 1, column 9");
    expect_post ("text/plain", "name=Ada", 415, "\"status\":415");
}
END_TEST

START_TEST (a_search_is_checked_and_filled_up)
{
    running_demo_expect ("GET /validate/search?q=ferry&price=4.35&in=3&in=4", 200,
                         "\"in\": [\n      3,\n      4\n    ]");
    running_demo_expect ("GET /validate/search?q=ferry", 200, "\"page\": 1");
    running_demo_expect (
        "GET /validate/search?q=ferry&pgae=2", 422,
        "{\"in\":\"query\",\"pointer\":\"/pgae\",\"message\":\"must not be there\"}");
    running_demo_expect ("GET /validate/search?q=&price=4.355&sort=age", 422,
                         "\"errors\":[{\"in\":\"query\",\"pointer\":\"/q\"");
    running_demo_expect ("GET /validate/search?q=%zz", 400, "\"status\":400");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("validation");

    tcase_add_checked_fixture (tcase, running_demo_start, running_demo_end);
    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, a_user_is_taken_as_json_and_as_a_form);
    tcase_add_test (tcase, all_that_is_wrong_with_a_user_is_told);
    tcase_add_test (tcase, a_search_is_checked_and_filled_up);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-validation", add_tests);
}
