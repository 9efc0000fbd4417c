/* SPDX-License-Identifier: MIT
 *
 * h3d demo: statuses and fields that the client chooses. */

#include "tests/support/demo-fixture.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <string.h>

#define HOW "a status is a number from 200 to 599"

START_TEST (every_method_is_answered_with_the_status)
{
    static const char *const methods[] = { "GET",   "HEAD",    "POST",  "PUT",  "DELETE",
                                           "PATCH", "OPTIONS", "TRACE", "PURGE" };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
        g_autofree char *line = g_strconcat (methods[i], " /status/503", NULL);

        demo_fixture_expect (line, 503, "");
    }
    demo_fixture_end ();
}
END_TEST

START_TEST (special_statuses_have_their_fields_and_bodies)
{
    static const struct {
        const char *line;
        const char *name;
        const char *value;
    } cases[] = {
        { "GET /status/301", "Location", "/redirect/1" },
        { "GET /status/308", "Location", "/redirect/1" },
        { "GET /status/300", "Location", NULL },
        { "GET /status/401", "WWW-Authenticate", "Basic realm=\"Fake Realm\"" },
        { "GET /status/407", "Proxy-Authenticate", "Basic realm=\"Fake Realm\"" },
        { "GET /status/406", "Content-Type", "application/json" },
        { "GET /status/418", "X-More-Info", "http://tools.ietf.org/html/rfc2324" },
        { "HEAD /status/418", "Content-Type", "text/plain; charset=utf-8" },
        { "GET /status/204", "Content-Length", NULL },
        { "GET /status/200", "Content-Length", "0" },
    };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (RawAnswer) answer = demo_fixture_ask (cases[i].line, "");

        raw_answer_expect_header (answer, cases[i].name, cases[i].value);
    }
    demo_fixture_expect ("GET /status/402", 402, "paid");
    demo_fixture_expect ("GET /status/406", 406, "image/webp");
    demo_fixture_expect ("GET /status/418", 418, "coffee");
    demo_fixture_end ();
}
END_TEST

/* What weighs nothing is never chosen, and both of two that weigh the same are. */
START_TEST (one_of_several_is_chosen_by_weight)
{
    guint counts[2] = { 0, 0 };

    demo_fixture_start ();
    for (guint i = 0; i < 100; i++) {
        g_autoptr (RawAnswer) answer = demo_fixture_ask ("GET /status/200,404:1e0", "");

        counts[answer->status == 404]++;
        ck_assert (answer->status == 200 || answer->status == 404);
        demo_fixture_expect ("GET /status/500:0,404:0.25,503:0", 404, "");
    }
    ck_assert_uint_gt (counts[0], 0);
    ck_assert_uint_gt (counts[1], 0);
    demo_fixture_end ();
}
END_TEST

START_TEST (statuses_that_cannot_be_are_told_in_a_400)
{
    static const char *const refused[] = {
        "abc",       "199",
        "600",       "-200",
        "200,",      "200:",
        "200:x",     "200:0",
        "200:0,1:1", "200:nan",
        "200:inf",   "200:-1,404",
        "200:1:2",   "200:0x1",
        "2e2",       "%20200",

        "200:1e400", "200:1e308,404:1e308",
        "200;404",   "200:%201",
    };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autofree char *line = g_strconcat ("GET /status/", refused[i], NULL);

        demo_fixture_expect (line, 400, HOW);
    }
    demo_fixture_end ();
}
END_TEST

static json_t *
load (const RawAnswer *answer)
{
    json_t *document = json_loadb (answer->body->str, answer->body->len, 0, NULL);

    ck_assert_msg (document != NULL, "no JSON: %s", answer->body->str);
    return document;
}

START_TEST (chosen_fields_are_sent_and_listed_with_the_true_length)
{
    static const char *const methods[] = { "GET", "POST" };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
        g_autofree char *line = g_strconcat (
            methods[i], " /response-headers?X-A=1&X-B=%3Cb%3E&x-a=2&Date=now&X-A=3", NULL);
        g_autoptr (RawAnswer) answer = demo_fixture_ask (line, "Content-Length: 0\r\n");
        g_autofree char *length = g_strdup_printf ("%zu", answer->body->len);
        json_t *shown = load (answer);
        json_t *expected =
            json_pack ("{s:s, s:s, s:s, s:s, s:[s,s,s]}", "Content-Type", "application/json",
                       "Content-Length", length, "Date", "now", "X-B", "<b>", "X-A", "1", "2", "3");

        ck_assert (json_equal (shown, expected));
        ck_assert_ptr_null (strchr (answer->body->str, '<'));
        raw_answer_expect_header (answer, "Content-Length", length);
        raw_answer_expect_header (answer, "Date", "now");
        raw_answer_expect_header (answer, "X-B", "<b>");
        ck_assert_ptr_nonnull (strstr (answer->head, "X-A: 1\r\nX-B: <b>\r\nX-A: 2\r\n"));
        json_decref (shown);
        json_decref (expected);
    }
    demo_fixture_end ();
}
END_TEST

/* Whatever its length is, the body tells it. */
START_TEST (length_in_the_body_is_right_where_it_makes_the_body_longer)
{
    g_autoptr (GString) line = g_string_new ("GET /response-headers?X=");

    demo_fixture_start ();
    for (guint i = 0; i < 1000; i++) {
        g_autoptr (RawAnswer) answer = demo_fixture_ask (line->str, "");
        json_t *shown = load (answer);
        const char *told = json_string_value (json_object_get (shown, "Content-Length"));

        ck_assert_uint_eq (g_ascii_strtoull (told, NULL, 10), answer->body->len);
        raw_answer_expect_header (answer, "Content-Length", told);
        json_decref (shown);
        g_string_append_c (line, 'x');
    }
    demo_fixture_end ();
}
END_TEST

START_TEST (chosen_content_type_takes_the_place_of_ours)
{
    g_autoptr (RawAnswer) answer = NULL;

    demo_fixture_start ();
    answer = demo_fixture_ask ("GET /response-headers?content-type=text/plain", "");
    raw_answer_expect_header (answer, "Content-Type", "text/plain");
    ck_assert_ptr_null (strstr (answer->head, "application/json"));
    ck_assert_ptr_nonnull (strstr (answer->body->str, "\"Content-Type\": \"text/plain\""));
    demo_fixture_end ();
}
END_TEST

/* A warning would end the demo, which runs with them fatal. */
START_TEST (fields_that_cannot_be_chosen_are_told_in_a_400)
{
    static const char *const refused[] = {
        "Content-Length=3", "transfer-encoding=chunked",
        "Connection=close", "a%20b=1",
        "a=b%0d%0aX:1",     "=1",
        "%C3%A4=1",
    };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autofree char *line = g_strconcat ("GET /response-headers?", refused[i], NULL);

        demo_fixture_expect (line, 400, "is no field that can be chosen");
    }
    demo_fixture_end ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "status", every_method_is_answered_with_the_status,
                    special_statuses_have_their_fields_and_bodies,
                    one_of_several_is_chosen_by_weight, statuses_that_cannot_be_are_told_in_a_400,
                    NULL);
    suite_add_case (suite, "fields", chosen_fields_are_sent_and_listed_with_the_true_length,
                    length_in_the_body_is_right_where_it_makes_the_body_longer,
                    chosen_content_type_takes_the_place_of_ours,
                    fields_that_cannot_be_chosen_are_told_in_a_400, NULL);
}

int
main (void)
{
    return suite_run ("e2e/demo-status", add_cases);
}
