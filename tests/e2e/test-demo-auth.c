/* SPDX-License-Identifier: MIT
 *
 * h3d demo: credentials, and a token for them. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <string.h>

#define DEMO "Authorization: Basic ZGVtbzpkZW1v\r\n"

/* (transfer full): the token in an answer of /auth/token, as a field. */
static char *
take_token (void)
{
    g_autoptr (RawAnswer) answer =
        running_demo_ask_for ("POST /auth/token", DEMO "Content-Length: 0\r\n");
    static const char before[] = "\"token\": \"";
    const char *start;

    ck_assert_uint_eq (answer->status, 200);
    raw_answer_expect_header (answer, "Cache-Control", "no-store");
    start = strstr (answer->body->str, before);
    ck_assert_ptr_nonnull (start);
    start += strlen (before);
    return g_strdup_printf ("Authorization: Bearer %.*s\r\n", (int) strcspn (start, "\""), start);
}

static void
expect (const char *line, const char *fields, guint status, const char *in_body)
{
    g_autoptr (RawAnswer) answer = running_demo_ask_for (line, fields);

    ck_assert_msg (answer->status == status, "%u to %s", answer->status, line);
    ck_assert_msg (strstr (answer->body->str, in_body) != NULL, "%s", answer->body->str);
}

START_TEST (a_token_is_what_its_claims_are)
{
    g_autofree char *token = NULL;
    g_autofree char *changed = NULL;
    char *place;

    running_demo_start ();
    token = take_token ();
    changed = g_strdup (token);
    place = changed + strlen (changed) - 10;
    *place = *place == 'A' ? 'B' : 'A';
    expect ("GET /auth/me", token, 200, "\"sub\": \"demo\"");
    expect ("GET /auth/me", token, 200, "\"scope\": \"read\"");
    expect ("GET /auth/me", changed, 401, "\"detail\":\"The token");
    expect ("GET /auth/me", DEMO, 401, "\"status\":401");
    expect ("GET /auth/me", "", 401, "\"status\":401");
    running_demo_end ();
}
END_TEST

START_TEST (a_token_is_for_who_has_the_password)
{
    g_autoptr (RawAnswer) answer = NULL;

    running_demo_start ();
    answer = running_demo_ask_for ("POST /auth/token",
                                   "Authorization: Basic ZGVtbzpEZW1v\r\nContent-Length: 0\r\n");
    ck_assert_uint_eq (answer->status, 401);
    raw_answer_expect_header (answer, "WWW-Authenticate",
                              "Basic realm=\"h3d demo\", charset=\"UTF-8\"");
    running_demo_end ();
}
END_TEST

START_TEST (paths_say_who_may_come)
{
    running_demo_start ();
    expect ("GET /basic-auth/demo/demo", DEMO, 200, "\"user\": \"demo\"");
    expect ("GET /basic-auth/demo/Demo", DEMO, 401, "");
    expect ("GET /hidden-basic-auth/demo/Demo", DEMO, 404, "");
    expect ("GET /bearer", "Authorization: Bearer abc\r\n", 200, "\"token\": \"abc\"");
    expect ("GET /bearer", DEMO, 401, "");
    expect ("GET /digest-auth/auth/demo/demo", DEMO, 401, "");
    expect ("GET /auth/digest", DEMO, 401, "\"status\":401");
    running_demo_end ();
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "auth", a_token_is_what_its_claims_are,
                    a_token_is_for_who_has_the_password, paths_say_who_may_come, NULL);
}

int
main (void)
{
    return suite_run ("e2e/demo-auth", add_tests);
}
