/* SPDX-License-Identifier: MIT */

#include "tests/conformance/wire-cases.h"
#include "tests/support/head-cuts.h"
#include "tests/support/suite.h"

static H3Limits limits;

static void
assert_read_case (const WireCase *wire_case, gpointer user_data)
{
    g_auto (ReadHead) head = { 0 };
    guint expected = wire_case->stage == WIRE_HEAD ? wire_case->status : 0;

    read_head_init (&head, &limits, wire_case->bytes);
    ck_assert_msg (head.status == expected, "%s: %u instead of %u", wire_case->name, head.status,
                   expected);
}

START_TEST (reader_answers_every_case_as_the_table_says)
{
    h3_limits_init (&limits);
    wire_cases_foreach (assert_read_case, NULL);
}
END_TEST

/* One reader that serves all keeps nothing of the one before. */
static void
read_with_one_reader (const WireCase *wire_case, gpointer user_data)
{
    Http1Reader *reader = user_data;
    g_autoptr (H3Arena) arena = h3_arena_new ();
    g_autofree char *base = NULL;
    H3Request request = { 0 };
    Linted linted;
    guint status;

    linted_read_cut (&linted, &limits, wire_case->bytes, NULL, 0);
    if (linted.result == LINT_REFUSED)
        return;
    base = g_memdup2 (wire_case->bytes.data, linted.index.length);
    status = http1_reader_read (reader, base, &linted.index, arena, &request);
    ck_assert_msg (status == (wire_case->stage == WIRE_HEAD ? wire_case->status : 0),
                   "%s: %u after others", wire_case->name, status);
}

START_TEST (reader_answers_the_same_whatever_it_read_before)
{
    Http1Reader *reader;

    h3_limits_init (&limits);
    reader = http1_reader_new (&limits);
    wire_cases_foreach (read_with_one_reader, reader);
    wire_cases_foreach (read_with_one_reader, reader);
    http1_reader_free (reader);
}
END_TEST

static void
init_head (ReadHead *head, const char *text)
{
    h3_limits_init (&limits);
    read_head_init (head, &limits, h3_view_of (text));
    ck_assert_msg (head->status == 0, "%u for %s", head->status, text);
}

START_TEST (request_tells_what_the_line_said)
{
    g_auto (ReadHead) head = { 0 };
    H3Request *request = &head.request;

    init_head (&head, "\r\nPATCH /a/./b/../%7Ec?q=%41&r HTTP/1.1\r\nHost: Ex.ample:80 \r\nX: 1\r\n"
                      "x: 2\r\n\r\n");
    ck_assert_int_eq (h3_request_get_method (request), H3_METHOD_PATCH);
    ck_assert_str_eq (h3_request_get_method_name (request), "PATCH");
    ck_assert_str_eq (h3_request_get_target (request), "/a/./b/../%7Ec?q=%41&r");
    ck_assert_str_eq (h3_request_get_path (request), "/a/~c");
    ck_assert_uint_eq (request->path_length, 5);
    ck_assert_str_eq (h3_request_get_query_string (request), "q=%41&r");
    ck_assert_uint_eq (request->query_length, 7);
    ck_assert_str_eq (h3_request_get_host (request), "Ex.ample:80");
    ck_assert_str_eq (h3_request_get_header (request, "X"), "1");
    ck_assert_uint_eq (h3_request_count_headers (request), 3);
    ck_assert_uint_eq (h3_request_get_minor_version (request), 1);
    ck_assert (request->keep_alive && !request->has_body && !request->chunked
               && !request->expects_continue && !request->wants_upgrade);
}
END_TEST

START_TEST (query_is_told_from_none)
{
    g_auto (ReadHead) without = { 0 };
    g_auto (ReadHead) empty = { 0 };

    init_head (&without, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    init_head (&empty, "GET /a? HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_ptr_null (h3_request_get_query_string (&without.request));
    ck_assert_str_eq (h3_request_get_query_string (&empty.request), "");
}
END_TEST

START_TEST (other_forms_of_targets_are_read)
{
    g_auto (ReadHead) absolute = { 0 };
    g_auto (ReadHead) bare = { 0 };
    g_auto (ReadHead) old = { 0 };
    g_auto (ReadHead) asterisk = { 0 };
    g_auto (ReadHead) authority = { 0 };

    init_head (&absolute, "GET HTTP://Ab:80/c/../d?e HTTP/1.1\r\nHost: aB:80\r\n\r\n");
    ck_assert_str_eq (h3_request_get_path (&absolute.request), "/d");
    ck_assert_str_eq (h3_request_get_query_string (&absolute.request), "e");
    ck_assert_str_eq (h3_request_get_host (&absolute.request), "aB:80");
    init_head (&bare, "GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_str_eq (h3_request_get_path (&bare.request), "/");
    ck_assert_str_eq (h3_request_get_query_string (&bare.request), "q");
    init_head (&old, "GET http://a.b/c HTTP/1.0\r\n\r\n");
    ck_assert_str_eq (h3_request_get_host (&old.request), "a.b");
    ck_assert_str_eq (h3_request_get_path (&old.request), "/c");
    init_head (&asterisk, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_str_eq (h3_request_get_path (&asterisk.request), "*");
    init_head (&authority, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n");
    ck_assert_int_eq (h3_request_get_method (&authority.request), H3_METHOD_CONNECT);
    ck_assert_str_eq (h3_request_get_path (&authority.request), "a:443");
}
END_TEST

START_TEST (unknown_method_keeps_its_name)
{
    g_auto (ReadHead) head = { 0 };

    init_head (&head, "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_int_eq (h3_request_get_method (&head.request), H3_METHOD_OTHER);
    ck_assert_str_eq (h3_request_get_method_name (&head.request), "BREW");
}
END_TEST

static void
assert_body (const char *fields, gboolean has_body, gboolean chunked, guint64 length)
{
    g_autofree char *text = g_strdup_printf ("POST / HTTP/1.1\r\nHost: a\r\n%s\r\n", fields);
    g_auto (ReadHead) head = { 0 };

    init_head (&head, text);
    ck_assert_int_eq (head.request.has_body, has_body);
    ck_assert_int_eq (head.request.chunked, chunked);
    ck_assert_uint_eq (head.request.content_length, length);
}

START_TEST (framing_is_read)
{
    assert_body ("", FALSE, FALSE, 0);
    assert_body ("Content-Length: 0\r\n", FALSE, FALSE, 0);
    assert_body ("Content-Length: 1\r\n", TRUE, FALSE, 1);
    assert_body ("Content-Length: 2147483648\r\n", TRUE, FALSE, G_GUINT64_CONSTANT (2147483648));
    assert_body ("Content-Length: 4294967296\r\n", TRUE, FALSE, G_GUINT64_CONSTANT (4294967296));
    assert_body ("Content-Length: 9223372036854775807\r\n", TRUE, FALSE, G_MAXINT64);
    assert_body ("Transfer-Encoding: Chunked\r\n", TRUE, TRUE, 0);
}
END_TEST

static gboolean
keeps (guint minor, const char *fields)
{
    g_autofree char *text = g_strdup_printf ("GET / HTTP/1.%u\r\nHost: a\r\n%s\r\n", minor, fields);
    g_auto (ReadHead) head = { 0 };

    init_head (&head, text);
    return head.request.keep_alive;
}

START_TEST (connection_is_a_list_without_case)
{
    ck_assert (keeps (1, ""));
    ck_assert (!keeps (0, ""));
    ck_assert (keeps (0, "Connection: Keep-Alive\r\n"));
    ck_assert (keeps (0, "Connection: x, KEEP-ALIVE ,y\r\n"));
    ck_assert (keeps (0, "Connection: x\r\nConnection: keep-alive\r\n"));
    ck_assert (keeps (0, "Connection: , keep-alive, x\r\n"));
    ck_assert (keeps (0, "Connection: x,,\tkeep-alive\r\n"));
    ck_assert (keeps (0, "Connection: x,: y, keep-alive\r\n"));
    ck_assert (keeps (0, "Connection: keep, keep-alive\r\n"));
    ck_assert (!keeps (0, "Connection: keep-alive y, \"keep-alive\"\r\n"));
    ck_assert (!keeps (0, "Connection: keep-alive-not\r\n"));
    ck_assert (!keeps (0, "Connection: close\r\n"));
    ck_assert (!keeps (1, "Connection: CLOSE\r\n"));
    ck_assert (!keeps (1, "Connection: x,close\r\n"));
    ck_assert (!keeps (1, "Connection: close, x\r\n"));
    ck_assert (!keeps (1, "Connection: x\r\nConnection: Close\r\n"));
    ck_assert (!keeps (1, "Connection: ,,\tclose\t,\r\n"));
    ck_assert (!keeps (1, "Connection: @, close\r\n"));
    ck_assert (keeps (1, "Connection: closed\r\n"));
    ck_assert (keeps (1, "Connection: x-close, closer\r\n"));
    ck_assert (keeps (1, "Connection: \r\n"));
}
END_TEST

/* RFC 9112 §9.3: close wins. */
START_TEST (close_wins_over_keep_alive)
{
    ck_assert (!keeps (1, "Connection: keep-alive, close\r\n"));
    ck_assert (!keeps (1, "Connection: close\r\nConnection: keep-alive\r\n"));
    ck_assert (!keeps (0, "Connection: keep-alive, close\r\n"));
    ck_assert (!keeps (0, "Connection: close, keep-alive\r\n"));
    ck_assert (!keeps (0, "Connection: keep-alive\r\nConnection: close\r\n"));
}
END_TEST

/* The usual spellings are remembered; an element beside them makes http-parser be asked. */
START_TEST (remembered_verdicts_are_those_of_asking)
{
    static const char *const methods[] = { "GET",     "HEAD",  "POST",  "PUT",  "DELETE", "PATCH",
                                           "OPTIONS", "QUERY", "TRACE", "BREW", "LINK" };
    static const char *const usual[][2] = {
        { "", "Connection: x\r\n" },
        { "Connection: keep-alive\r\n", "Connection: x, keep-alive\r\n" },
        { "Connection: close\r\n", "Connection: x, close\r\n" },
        { "Connection: Close\r\n", "Connection: close,x\r\n" }
    };

    h3_limits_init (&limits);
    for (guint i = 0; i < G_N_ELEMENTS (methods) * G_N_ELEMENTS (usual) * 2; i++) {
        const char *const *fields = usual[i / 2 % G_N_ELEMENTS (usual)];
        const char *method = methods[i / 2 / G_N_ELEMENTS (usual)];
        H3Request requests[2] = { 0 };

        for (guint k = 0; k < 2; k++) {
            g_auto (ReadHead) head = { 0 };
            g_autofree char *text =
                g_strdup_printf ("%s / HTTP/1.%u\r\nHost: a\r\n%s\r\n", method, i % 2, fields[k]);

            init_head (&head, text);
            /* The second time it is remembered. */
            memcpy (head.base, text, head.linted.index.length);
            ck_assert_uint_eq (http1_reader_read (head.reader, head.base, &head.linted.index,
                                                  head.arena, &head.request),
                               0);
            requests[k] = head.request;
        }
        ck_assert_int_eq (requests[0].keep_alive, requests[1].keep_alive);
        ck_assert_int_eq (requests[0].wants_upgrade, requests[1].wants_upgrade);
        ck_assert_int_eq (requests[0].chunked, requests[1].chunked);
    }
}
END_TEST

static gboolean
upgrades (const char *text)
{
    g_auto (ReadHead) head = { 0 };

    init_head (&head, text);
    return head.request.wants_upgrade;
}

START_TEST (upgrade_needs_both_fields_and_http_1_1)
{
    ck_assert (upgrades ("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n"
                         "Upgrade: websocket\r\n\r\n"));
    ck_assert (upgrades ("GET / HTTP/1.1\r\nHost: a\r\nConnection: ,,\tUpgrade\r\n"
                         "Upgrade: websocket\r\n\r\n"));
    ck_assert (!upgrades ("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n"));
    ck_assert (!upgrades ("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n\r\n"));
    ck_assert (!upgrades ("GET / HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\n"
                          "Upgrade: websocket\r\n\r\n"));
}
END_TEST

static gboolean
expects (guint minor, const char *fields)
{
    g_autofree char *text = g_strdup_printf (
        "POST / HTTP/1.%u\r\nHost: a\r\nExpect: 100-continue\r\n%s\r\n", minor, fields);
    g_auto (ReadHead) head = { 0 };

    init_head (&head, text);
    return head.request.expects_continue;
}

START_TEST (continue_is_expected_by_http_1_1_with_a_body_only)
{
    ck_assert (expects (1, "Content-Length: 1\r\n"));
    ck_assert (expects (1, "Transfer-Encoding: chunked\r\n"));
    ck_assert (!expects (1, "Content-Length: 0\r\n"));
    ck_assert (!expects (1, ""));
    ck_assert (!expects (0, "Content-Length: 1\r\n"));
}
END_TEST

START_TEST (remembered_host_is_no_licence_for_another)
{
    g_auto (ReadHead) head = { 0 };
    static const char *const hosts[] = { "a.example", "a.example/", "a.exampl", "u@.exampl",
                                         "a.example" };
    static const guint expected[] = { 0, 400, 0, 400, 0 };

    h3_limits_init (&limits);
    init_head (&head, "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
    for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
        g_autofree char *text = g_strdup_printf ("GET / HTTP/1.1\r\nHost: %s\r\n\r\n", hosts[i]);
        Linted linted;

        linted_read_cut (&linted, &limits, h3_view_of (text), NULL, 0);
        ck_assert_uint_eq (
            http1_reader_read (head.reader, text, &linted.index, head.arena, &head.request),
            expected[i]);
    }
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "cases", reader_answers_every_case_as_the_table_says,
                    reader_answers_the_same_whatever_it_read_before,
                    remembered_host_is_no_licence_for_another, NULL);
    suite_add_case (suite, "request", request_tells_what_the_line_said, query_is_told_from_none,
                    other_forms_of_targets_are_read, unknown_method_keeps_its_name, NULL);
    suite_add_case (suite, "framing", framing_is_read, connection_is_a_list_without_case,
                    close_wins_over_keep_alive, remembered_verdicts_are_those_of_asking,
                    upgrade_needs_both_fields_and_http_1_1,
                    continue_is_expected_by_http_1_1_with_a_body_only, NULL);
}

int
main (void)
{
    return suite_run ("wire/http1-reader", add_cases);
}
