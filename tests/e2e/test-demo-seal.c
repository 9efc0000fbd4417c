/* SPDX-License-Identifier: MIT
 *
 * What h3d demo does with sealed tokens. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <string.h>

/* (transfer full): the token that the demo makes of `body`. */
static char *
seal (const char *query, const char *body)
{
    g_autofree char *request =
        g_strdup_printf ("POST /token%s HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n%s",
                         query, strlen (body), body);
    g_autoptr (RawAnswer) answer = running_demo_ask (request);
    json_t *document = json_loads (answer->body->str, 0, NULL);
    char *token = g_strdup (json_string_value (json_object_get (document, "token")));

    ck_assert_uint_eq (answer->status, 200);
    ck_assert_ptr_nonnull (token);
    json_decref (document);
    return token;
}

static void
expect (const char *token, guint status, const char *in_body)
{
    g_autofree char *line = g_strconcat ("GET /token/", token, NULL);

    running_demo_expect (line, status, in_body);
}

START_TEST (token_gives_back_what_was_sealed)
{
    g_autofree char *token = seal ("", "some <b>text</b>");
    g_autofree char *line = g_strconcat ("GET /token/", token, NULL);
    g_autoptr (RawAnswer) answer = running_demo_ask_for (line, "");

    ck_assert_ptr_null (strstr (token, "some"));
    ck_assert_uint_eq (answer->status, 200);
    raw_answer_expect_header (answer, "Content-Type", "text/plain; charset=utf-8");
    ck_assert_str_eq (answer->body->str, "some <b>text</b>");
}
END_TEST

/* Each worker's clock comes to the second at which it expires in its own time. */
static void
await_end_of (const char *token)
{
    g_autofree char *line = g_strconcat ("GET /token/", token, NULL);
    guint status = 200;

    while (status == 200) {
        g_autoptr (RawAnswer) answer = running_demo_ask_for (line, "");

        status = answer->status;
    }
    ck_assert_uint_eq (status, 410);
}

START_TEST (token_that_was_changed_or_has_expired_is_refused)
{
    g_autofree char *token = seal ("?seconds=60", "text");
    g_autofree char *expired = seal ("?seconds=0", "text");
    gsize last = strlen (token) / 2;

    await_end_of (expired);
    token[last] = token[last] == 'A' ? 'B' : 'A';
    expect (token, 400, "no token of ours");
    expect ("x", 400, "no token of ours");
    running_demo_expect ("POST /token?seconds=-1", 400, "seconds takes a number");
}
END_TEST

START_TEST (long_body_is_no_token)
{
    g_autofree char *body = g_strnfill (4097, 'x');
    g_autofree char *request =
        g_strdup_printf ("POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 4097\r\n\r\n%s", body);
    g_autoptr (RawAnswer) answer = running_demo_ask (request);

    ck_assert_uint_eq (answer->status, 413);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("token");

    tcase_add_checked_fixture (tcase, running_demo_start, running_demo_end);
    tcase_add_test (tcase, token_gives_back_what_was_sealed);
    tcase_add_test (tcase, token_that_was_changed_or_has_expired_is_refused);
    tcase_add_test (tcase, long_body_is_no_token);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-seal", add_cases);
}
