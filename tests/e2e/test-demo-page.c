/* SPDX-License-Identifier: MIT
 *
 * The pages that h3d demo makes from templates. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

START_TEST (the_index_lists_the_live_routes)
{
    g_autoptr (RawAnswer) answer = running_demo_ask (GET ("/"));
    static const char *const rows[] = {
        ("<tr><td>GET</td><td><code><a href=\"/health\">/health</a></code></td>"
         "<td>Whether the server is well</td></tr>\n"),
        "<tr><td>GET</td><td><code>/hello/:name</code></td>",
        "<tr><td>POST</td><td><code>/echo</code></td>",
    };

    ck_assert_uint_eq (answer->status, 200);
    raw_answer_expect_header (answer, "Content-Type", "text/html; charset=utf-8");
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        ck_assert_msg (strstr (answer->body->str, rows[i]) != NULL, "%s is not in\n%s", rows[i],
                       answer->body->str);
    ck_assert (g_str_has_suffix (answer->body->str, "</table>\n</body>\n</html>\n"));
}
END_TEST

/* Those that the library adds too. */
START_TEST (the_index_explains_every_route)
{
    g_autoptr (RawAnswer) answer = running_demo_ask (GET ("/"));
    const char *mute = strstr (answer->body->str, "<td></td>");

    ck_assert_ptr_nonnull (strstr (answer->body->str, "/workflows/runs/:id/events"));
    ck_assert_msg (mute == NULL, "a row is without words: %.100s", mute - 100);
}
END_TEST

START_TEST (a_greeting_is_only_a_greeting)
{
    g_autoptr (RawAnswer) plain = running_demo_ask (GET ("/hello/Ada"));
    g_autoptr (RawAnswer) hostile = running_demo_ask (
        GET ("/hello/%3C%2Fscript%3E%22%20onclick=%22a()?from=javascript:alert(1)"));

    ck_assert_ptr_nonnull (strstr (plain->body->str, "<h1>Hello, Ada!</h1>"));
    ck_assert_ptr_nonnull (strstr (plain->body->str, "Nobody knows"));
    ck_assert_ptr_nonnull (
        strstr (hostile->body->str,
                "<body><h1>Hello, &lt;/script&gt;&#34; onclick=&#34;a()!</h1>\n"
                "<p title=\"&lt;/script&gt;&#34; onclick=&#34;a()\">"
                "<a href=\"about:invalid#h3\">Where you come from</a>, "
                "<a href=\"/get?name=%3C%2Fscript%3E%22%20onclick%3D%22a%28%29\">what you asked"
                "</a></p>\n<script type=\"application/json\">"
                "\"\\u003c/script\\u003e\\\" onclick=\\\"a()\"</script>"));
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("pages");

    tcase_add_checked_fixture (tcase, running_demo_start, running_demo_end);
    tcase_add_test (tcase, the_index_lists_the_live_routes);
    tcase_add_test (tcase, the_index_explains_every_route);
    tcase_add_test (tcase, a_greeting_is_only_a_greeting);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-page", add_cases);
}
