/* SPDX-License-Identifier: MIT
 *
 * What h3d demo does with JSON documents, one a line. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <string.h>

#define POST(path)                                                                                 \
    "POST " path " HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"                  \
    "Transfer-Encoding: chunked\r\n\r\n"

START_TEST (lines_are_counted_out)
{
    g_autoptr (RawAnswer) three =
        running_demo_ask ("GET /ndjson?count=3 HTTP/1.1\r\nHost: a\r\n\r\n");
    g_autoptr (RawAnswer) many =
        running_demo_ask ("GET /ndjson?count=20000 HTTP/1.1\r\nHost: a\r\n\r\n");

    raw_answer_expect_header (three, "Content-Type", "application/x-ndjson");
    ck_assert_str_eq (three->body->str, "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n");
    ck_assert (many->is_whole && g_str_has_suffix (many->body->str, "{\"n\":19999}\n"));
    running_demo_expect ("GET /ndjson?count=x", 400, "count takes a number");
}
END_TEST

/* The answer to a line is there before the next is sent. */
START_TEST (lines_are_answered_as_they_come)
{
    g_autoptr (RawClient) client = running_demo_connect ();
    g_autoptr (RawAnswer) head = NULL;
    g_autoptr (GString) got = g_string_new (NULL);
    char piece[256];

    ck_assert (raw_client_send (client, POST ("/ndjson") "5\r\n[1,2]\r\n3\r\n\n\"a\r\n"));
    head = raw_client_read_head (client);
    ck_assert_uint_eq (head->status, 200);
    raw_answer_expect_header (head, "Content-Type", "application/x-ndjson");
    while (strstr (got->str, "{\"line\":1,\"document\":[1,2]}\n") == NULL)
        g_string_append_len (got, piece, (gssize) raw_client_receive (client, piece, sizeof piece));
    ck_assert_ptr_null (strstr (got->str, "\"line\":2"));
    ck_assert (raw_client_send (client, "1\r\n\"\r\n0\r\n\r\n"));
    while (strstr (got->str, "0\r\n\r\n") == NULL)
        g_string_append_len (got, piece, (gssize) raw_client_receive (client, piece, sizeof piece));
    ck_assert_ptr_nonnull (strstr (got->str, "{\"line\":2,\"document\":\"a\"}\n"));
}
END_TEST

/* More than the demo holds for a client, both ways. */
START_TEST (a_long_body_comes_back_line_by_line)
{
    g_autoptr (RawClient) client = running_demo_connect ();
    g_autoptr (GString) request = g_string_new (NULL);
    g_autoptr (RawAnswer) answer = NULL;
    g_autofree char *filling = g_strnfill (989, 'x');
    const guint n = 2000;
    guint n_lines = 0;

    g_string_append_printf (request,
                            "POST /ndjson HTTP/1.1\r\nHost: a\r\n"
                            "Content-Type: application/x-ndjson\r\nContent-Length: %u\r\n\r\n",
                            n * 1000);
    for (guint i = 0; i < n; i++)
        g_string_append_printf (request, "[%05u,\"%s\"]\n", 10000 + i, filling);
    ck_assert (raw_client_send (client, request->str));
    answer = raw_client_read (client, FALSE);
    ck_assert (answer->is_whole);
    for (gsize i = 0; i < answer->body->len; i++)
        n_lines += answer->body->str[i] == '\n';
    ck_assert_uint_eq (n_lines, n);
    ck_assert_ptr_nonnull (
        strstr (answer->body->str, "\n{\"line\":2000,\"document\":[11999,\"xxx"));
}
END_TEST

static const struct {
    const char *type;
    const char *body;
    guint status;
    const char *in_body;
} sums[] = {
    { "application/x-ndjson", "1\n2.5\n\n-1\n\"a\"", 200, "{\"lines\":4,\"sum\":2.5}" },
    { "application/jsonl", "", 200, "{\"lines\":0,\"sum\":0.0}" },
    { "application/json", "1", 415, "media type" },
    { "application/x-ndjson", "1\n2\n3 4\n", 400, "line 3, column 3: nothing may follow" },
};

START_TEST (a_sum_is_of_all_lines)
{
    for (guint i = 0; i < G_N_ELEMENTS (sums); i++) {
        g_autofree char *request = g_strdup_printf (
            "POST /ndjson/sum HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
            "\r\n%s",
            sums[i].type, strlen (sums[i].body), sums[i].body);
        g_autoptr (RawAnswer) answer = running_demo_ask (request);

        ck_assert_uint_eq (answer->status, sums[i].status);
        ck_assert_msg (strstr (answer->body->str, sums[i].in_body) != NULL, "%s",
                       answer->body->str);
    }
}
END_TEST

START_TEST (a_line_without_an_end_is_refused_early)
{
    g_autoptr (RawClient) client = running_demo_connect ();
    g_autofree char *long_line = g_strnfill (70000, '1');
    g_autoptr (RawAnswer) answer = NULL;

    ck_assert (raw_client_send (client, "POST /ndjson/sum HTTP/1.1\r\nHost: a\r\n"
                                        "Content-Type: application/x-ndjson\r\n"
                                        "Content-Length: 100000000\r\n\r\n"));
    (void) raw_client_send (client, long_line);
    answer = raw_client_read (client, FALSE);
    ck_assert_uint_eq (answer->status, 413);
    ck_assert_ptr_nonnull (strstr (answer->body->str, "line 1: it has more than 65536 bytes"));
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("json-lines");

    tcase_add_checked_fixture (tcase, running_demo_start, running_demo_end);
    tcase_add_test (tcase, lines_are_counted_out);
    tcase_add_test (tcase, lines_are_answered_as_they_come);
    tcase_add_test (tcase, a_long_body_comes_back_line_by_line);
    tcase_add_test (tcase, a_sum_is_of_all_lines);
    tcase_add_test (tcase, a_line_without_an_end_is_refused_early);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-json-lines", add_cases);
}
