/* SPDX-License-Identifier: MIT
 *
 * What h3d demo says before an answer and behind it: 100, 103, trailers; over real sockets. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define DIGEST    "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:" /* of "hello" */
#define SHA256    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define UPLOADED  "{\"length\":5,\"sha256\":\"" SHA256 "\"}"

static RawClient *client;

static void
set_up (void)
{
    running_demo_start ();
    client = running_demo_connect ();
}

static void
tear_down (void)
{
    g_clear_pointer (&client, raw_client_free);
    running_demo_end ();
}

static void
expect_interim (guint status, const char *link)
{
    g_autoptr (RawAnswer) answer = raw_client_read (client, FALSE);

    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (answer->status, status);
    raw_answer_expect_header (answer, "Link", link);
    raw_answer_expect_header (answer, "Content-Length", NULL);
    raw_answer_expect_header (answer, "Transfer-Encoding", NULL);
}

START_TEST (page_comes_behind_its_hints)
{
    for (guint i = 0; i < 3; i++) {
        ck_assert (raw_client_send (client, GET ("/early-hints?ms=1")));
        expect_interim (103, "</image/svg>; rel=preload; as=image");
        expect_interim (103, "</image/png>; rel=preload; as=image");
        raw_client_expect_answer (client, 200, NULL);
    }
}
END_TEST

/* The page is not there yet when the hints are. */
START_TEST (hints_do_not_wait_for_the_page)
{
    ck_assert (raw_client_send (client, GET ("/early-hints?ms=50000")));
    expect_interim (103, "</image/svg>; rel=preload; as=image");
    expect_interim (103, "</image/png>; rel=preload; as=image");
    running_demo_wait_for ("timers", 1);
    ck_assert (!raw_client_has_news (client));
}
END_TEST

START_TEST (http_1_0_is_told_nothing_before_the_answer)
{
    static const char *const requests[] = {
        "GET /early-hints HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "PUT /digest HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n"
        "Content-Length: 5\r\n\r\nhello",
    };

    for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
        raw_client_expect (client, requests[i], 200, NULL);
}
END_TEST

/* Sends a body in chunks with these lines behind it. */
static void
expect_trailers (const char *sent, const char *verdict)
{
    g_autofree char *request =
        g_strconcat ("POST /trailers HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "2\r\nhe\r\n3\r\nllo\r\n0\r\n",
                     sent, "\r\n", NULL);
    g_autofree char *expected =
        g_strconcat ("Content-Digest: " DIGEST "\r\nX-Request-Digest: ", verdict, "\r\n", NULL);
    g_autoptr (RawAnswer) answer = NULL;

    ck_assert (raw_client_send (client, request));
    answer = raw_client_read (client, FALSE);
    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (answer->status, 200);
    ck_assert_str_eq (answer->body->str, "hello");
    ck_assert_str_eq (answer->trailers->str, expected);
    raw_answer_expect_header (answer, "Trailer", "Content-Digest");
    raw_answer_expect_header (answer, "Content-Digest", NULL);
}

/* What is dropped from a trailer section does not reach the framing of what follows either. */
START_TEST (trailers_go_both_ways_and_the_connection_goes_on)
{
    expect_trailers ("", "none");
    expect_trailers ("Content-Digest: " DIGEST "\r\n", "right");
    expect_trailers ("A: b\r\ncontent-digest:" DIGEST " \r\nB:\r\n", "right");
    expect_trailers ("Content-Digest: sha-256=:AAAA:\r\n", "wrong");
    expect_trailers ("Content-Length: 7\r\nTransfer-Encoding: gzip\r\nHost: b\r\n", "none");
    raw_client_expect (client, GET ("/users/7"), 200, NULL);
}
END_TEST

START_TEST (trailers_that_break_the_rules_are_refused)
{
    static const struct {
        const char *lines;
        guint status;
    } cases[] = {
        { "A : b\r\n", 400 }, { "A: b\nB: c\r\n", 400 }, { " A: b\r\n", 400 },
        { "A\r\n", 400 },     { "A: b\r\r\n", 400 },     { "A: \x01\r\n", 400 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (RawClient) other = running_demo_connect ();
        g_autofree char *request = g_strconcat (
            "POST /post HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            cases[i].lines, "\r\n", NULL);

        raw_client_expect (other, request, cases[i].status, NULL);
        raw_client_expect_end (other);
    }
}
END_TEST

#define EXPECT(target, length)                                                                     \
    "PUT " target " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: " length        \
    "\r\n\r\n"

START_TEST (body_is_asked_for_when_it_is_wanted)
{
    for (guint i = 0; i < 3; i++) {
        ck_assert (raw_client_send (client, EXPECT ("/digest?max=5", "5")));
        expect_interim (100, NULL);
        raw_client_expect (client, "hello", 200, UPLOADED);
    }
    ck_assert (raw_client_send (client, EXPECT ("/put", "5")));
    expect_interim (100, NULL);
    raw_client_expect (client, "hello", 200, NULL);
}
END_TEST

/* Nobody can know whether the body comes all the same: the connection ends. */
START_TEST (refusal_is_the_only_answer)
{
    static const struct {
        const char *request;
        guint status;
    } cases[] = {
        { EXPECT ("/digest?max=4", "5"), 413 },
        { EXPECT ("/digest?max=none", "5"), 400 },
        { EXPECT ("/put", "999999999"), 413 },
        { EXPECT ("/nowhere", "5"), 404 },
        { EXPECT ("/get", "5"), 405 },
        { "PUT /put HTTP/1.1\r\nHost: a\r\nExpect: more\r\nContent-Length: 5\r\n\r\n", 417 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (RawClient) other = running_demo_connect ();
        g_autoptr (RawAnswer) answer = NULL;

        ck_assert (raw_client_send (other, cases[i].request));
        answer = raw_client_read (other, FALSE);
        ck_assert_ptr_nonnull (answer);
        ck_assert_msg (answer->status == cases[i].status, "%u to %s", answer->status,
                       cases[i].request);
        raw_answer_expect_header (answer, "Connection", "close");
        raw_client_expect_end (other);
    }
}
END_TEST

/* Of a body that tells no length it is known only when too much has come. */
START_TEST (chunks_above_the_bound_are_refused)
{
    raw_client_expect (client,
                       "PUT /digest?max=4 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "3\r\nabc\r\n2\r\nde\r\n",
                       413, NULL);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("messages");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, page_comes_behind_its_hints);
    tcase_add_test (tcase, hints_do_not_wait_for_the_page);
    tcase_add_test (tcase, http_1_0_is_told_nothing_before_the_answer);
    tcase_add_test (tcase, trailers_go_both_ways_and_the_connection_goes_on);
    tcase_add_test (tcase, trailers_that_break_the_rules_are_refused);
    tcase_add_test (tcase, body_is_asked_for_when_it_is_wanted);
    tcase_add_test (tcase, refusal_is_the_only_answer);
    tcase_add_test (tcase, chunks_above_the_bound_are_refused);
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-message", add_cases);
}
