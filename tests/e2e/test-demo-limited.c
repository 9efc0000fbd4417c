/* SPDX-License-Identifier: MIT
 *
 * h3d demo: routes that may be asked so often, and a request that may be sent again. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <glib.h>
#include <string.h>

static gint64
read_number (const RawAnswer *answer, const char *name)
{
    g_autofree char *text = raw_answer_dup_header (answer, name);

    ck_assert_msg (text != NULL, "no %s", name);
    return g_ascii_strtoll (text, NULL, 10);
}

/* So often and no more; what is left is counted down. */
static void
expect_limited (const char *line, guint limit, gint64 seconds)
{
    g_autoptr (RawAnswer) refused = NULL;
    gint64 wait;

    for (guint i = 0; i < limit; i++) {
        g_autoptr (RawAnswer) answer = running_demo_ask_for (line, "");

        ck_assert_uint_eq (answer->status, 200);
        ck_assert_int_eq (read_number (answer, "RateLimit-Limit"), limit);
        ck_assert_int_eq (read_number (answer, "RateLimit-Remaining"), limit - i - 1);
        ck_assert_int_le (read_number (answer, "RateLimit-Reset"), seconds);
    }
    refused = running_demo_ask_for (line, "");
    ck_assert_uint_eq (refused->status, 429);
    raw_answer_expect_header (refused, "Content-Type", "application/problem+json");
    raw_answer_expect_header (refused, "RateLimit-Remaining", "0");
    wait = read_number (refused, "Retry-After");
    ck_assert_int_ge (wait, 1);
    ck_assert_int_le (wait, seconds);
}

START_TEST (presets_let_so_many_pass)
{
    running_demo_start ();
    expect_limited ("GET /limited/password_reset", 3, 3600);
    expect_limited ("GET /limited/email", 3, 3600);
    expect_limited ("GET /limited/api", 100, 900);
    running_demo_expect ("GET /limited/nothing", 404, "There is no such preset.");
    running_demo_expect ("POST /limited/api", 405, "");
    running_demo_end ();
}
END_TEST

START_TEST (custom_limits_are_as_asked)
{
    running_demo_start ();
    expect_limited ("GET /limited/custom?limit=2&window=80000", 2, 80000);
    expect_limited ("GET /limited/custom?limit=7&window=80000", 7, 80000);
    expect_limited ("GET /limited/custom?limit=2&window=80000&algorithm=token-bucket", 2, 80000);
    running_demo_expect ("GET /limited/custom?limit=5&window=9&algorithm=sliding_window", 200,
                         "false");
    running_demo_expect ("GET /limited/custom", 200, "false");
    running_demo_expect ("GET /limited/custom?limit=0", 400, "limit is a whole number");
    running_demo_expect ("GET /limited/custom?limit=1000001", 400, "limit is a whole number");
    running_demo_expect ("GET /limited/custom?window=0", 400, "window is a whole number");
    running_demo_expect ("GET /limited/custom?window=86401", 400, "window is a whole number");
    running_demo_expect ("GET /limited/custom?algorithm=x", 400, "algorithm is");
    running_demo_end ();
}
END_TEST

/* (transfer full) */
static char *
ask_number (const char *fields, guint status)
{
    g_autoptr (RawAnswer) answer = running_demo_ask_for ("POST /idempotent", fields);

    ck_assert_uint_eq (answer->status, status);
    return g_strdup (answer->body->str);
}

START_TEST (a_number_is_the_same_where_the_key_is)
{
    g_autofree char *first = NULL;
    g_autofree char *again = NULL;
    g_autofree char *other = NULL;
    g_autofree char *none = NULL;
    g_autofree char *refused = NULL;
    g_autoptr (RawAnswer) replayed = NULL;

    running_demo_start ();
    first = ask_number ("Idempotency-Key: \"a\"\r\n", 201);
    again = ask_number ("Idempotency-Key: \"a\"\r\n", 201);
    other = ask_number ("Idempotency-Key: \"b\"\r\n", 201);
    none = ask_number ("", 201);
    refused = ask_number ("Idempotency-Key: \"a\r\n", 400);
    ck_assert_str_eq (first, again);
    ck_assert_str_ne (first, other);
    ck_assert_str_ne (other, none);
    replayed = running_demo_ask_for ("POST /idempotent", "Idempotency-Key: \"b\"\r\n");
    raw_answer_expect_header (replayed, "Idempotency-Replayed", "true");
    running_demo_end ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("limited");

    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, presets_let_so_many_pass);
    tcase_add_test (tcase, custom_limits_are_as_asked);
    tcase_add_test (tcase, a_number_is_the_same_where_the_key_is);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-limited", add_cases);
}
