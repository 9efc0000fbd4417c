/* SPDX-License-Identifier: MIT
 *
 * What becomes of requests whose server behind does not do what it should, and of those whose
 * client does not wait. */

#include "proxy-fixture.h"

#define GET          "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"
#define PUT(fields)  "PUT / HTTP/1.1\r\nHost: example.org\r\n" fields "\r\n"
#define POST(fields) "POST / HTTP/1.1\r\nHost: example.org\r\n" fields "\r\n"

static const ScriptStep well[] = { SCRIPT_REQUEST,
                                   SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell"),
                                   SCRIPT_AGAIN };

/* What fails is told to who runs the proxy, not to its clients. */
static void
expect_failure (guint status)
{
    g_autoptr (RawAnswer) answer = raw_client_read (client, FALSE);

    ck_assert_uint_eq (answer->status, status);
    raw_answer_expect_header (answer, "Content-Type", "application/problem+json");
    ck_assert_ptr_null (strstr (answer->body->str, "127.0.0.1"));
    ck_assert_ptr_null (strstr (answer->body->str, strrchr (behind.address, ':') + 1));
}

static void
count_message (const char *domain, GLogLevelFlags level, const char *message, gpointer count)
{
    ck_assert_ptr_nonnull (strstr (message, "127.0.0.1"));
    latch_raise (count);
}

/* Messages that the library has for who runs it. */
static Latch told = LATCH_INIT;

START_TEST (server_that_refuses_is_a_502)
{
    guint handler;

    /* Before there are workers, who say things of their own. */
    handler = g_log_set_handler ("h3", G_LOG_LEVEL_MESSAGE, count_message, &told);
    start (well);
    scripted_server_refuse (&behind);
    for (guint i = 0; i < 3; i++) {
        raw_client_send (client, GET);
        expect_failure (502);
    }
    scripted_server_listen (&behind);
    raw_client_expect (client, GET, 200, "well");
    finish ();
    ck_assert_uint_eq (latch_get (&told), 1);
    g_log_remove_handler ("h3", handler);
}
END_TEST

static void
expect_bad_gateway (const ScriptStep *script)
{
    start (script);
    raw_client_send (client, GET);
    expect_failure (502);
    finish ();
}

START_TEST (answer_that_is_none_is_a_502)
{
    static const ScriptStep garbage[] = { SCRIPT_REQUEST, SCRIPT_SEND ("SSH-2.0-x\r\n\r\n"),
                                          SCRIPT_CLOSE };
    static const ScriptStep both[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"),
        SCRIPT_CLOSE,
    };
    static const ScriptStep unasked[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\n\r\n"),
        SCRIPT_CLOSE,
    };
    static const ScriptStep nothing[] = { SCRIPT_REQUEST, SCRIPT_CLOSE };
    static const ScriptStep cut[] = { SCRIPT_REQUEST, SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-L"),
                                      SCRIPT_CUT };

    expect_bad_gateway (garbage);
    expect_bad_gateway (both);
    expect_bad_gateway (unasked);
    expect_bad_gateway (nothing);
    expect_bad_gateway (cut);
}
END_TEST

START_TEST (server_that_is_silent_is_a_504)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_HANG, SCRIPT_CLOSE };

    prepare (script);
    h3_upstreams_set_timeouts (h3_proxy_get_upstreams (proxy), 0, 20, 0);
    begin ();
    raw_client_send (client, GET);
    expect_failure (504);
    finish ();
}
END_TEST

/* Fails the test unless the head comes, then half of what was promised, then the end. The script
 * waits once it has sent that. */
static void
expect_cut (void)
{
    g_autoptr (RawAnswer) head = NULL;
    char byte;

    raw_client_send (client, GET);
    head = raw_client_read_head (client);
    ck_assert_uint_eq (head->status, 200);
    scripted_server_permit (&behind);
    while (raw_client_receive (client, &byte, 1) > 0)
        ck_assert_int_ne (byte, '0'); /* the last chunk */
}

START_TEST (answer_that_breaks_off_is_cut)
{
    static const ScriptStep exact[] = {
        SCRIPT_REQUEST, SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        SCRIPT_WAIT, SCRIPT_CUT
    };
    static const ScriptStep chunked[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
        SCRIPT_WAIT,
        SCRIPT_CLOSE,
    };
    static const ScriptStep broken[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
        SCRIPT_WAIT,
        SCRIPT_SEND ("xyz\r\n"),
        SCRIPT_CLOSE,
    };

    start (exact);
    expect_cut ();
    finish ();
    start (chunked);
    expect_cut ();
    finish ();
    start (broken);
    expect_cut ();
    finish ();
}
END_TEST

START_TEST (answer_that_stops_is_cut)
{
    static const ScriptStep script[] = {
        SCRIPT_REQUEST, SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        SCRIPT_HANG, SCRIPT_CLOSE
    };

    prepare (script);
    h3_upstreams_set_timeouts (h3_proxy_get_upstreams (proxy), 0, 0, 20);
    begin ();
    expect_cut ();
    finish ();
}
END_TEST

START_TEST (client_that_goes_ends_the_request_behind)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_HANG, SCRIPT_CLOSE };

    start (script);
    raw_client_send (client, GET);
    scripted_server_wait_requests (&behind, 1);
    g_clear_pointer (&client, raw_client_free);
    scripted_server_wait_ended (&behind, 1);
    client = test_server_connect (&server);
    raw_client_send (client, GET);
    scripted_server_wait_requests (&behind, 2);
    raw_client_reset (client);
    scripted_server_wait_ended (&behind, 2);
    finish ();
}
END_TEST

START_TEST (client_that_goes_ends_the_answer_behind)
{
    static const ScriptStep script[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"),
        SCRIPT_HANG, SCRIPT_CLOSE
    };
    g_autoptr (RawAnswer) head = NULL;

    start (script);
    raw_client_send (client, GET);
    head = raw_client_read_head (client);
    g_clear_pointer (&client, raw_client_free);
    scripted_server_wait_ended (&behind, 1);
    finish ();
}
END_TEST

START_TEST (client_that_goes_in_its_body_ends_the_request_behind)
{
    static const ScriptStep script[] = { SCRIPT_HEAD, SCRIPT_HANG, SCRIPT_CLOSE };

    start (script);
    raw_client_send (client, POST ("Content-Length: 10\r\n") "half");
    scripted_server_wait_requests (&behind, 1);
    g_clear_pointer (&client, raw_client_free);
    scripted_server_wait_ended (&behind, 1);
    finish ();
}
END_TEST

START_TEST (body_that_breaks_the_rules_ends_the_request_behind)
{
    static const ScriptStep script[] = { SCRIPT_HEAD, SCRIPT_HANG, SCRIPT_CLOSE };

    start (script);
    raw_client_send (client, POST ("Transfer-Encoding: chunked\r\n") "1\r\na\r\n");
    scripted_server_wait_requests (&behind, 1);
    raw_client_send (client, "zz\r\n");
    expect_failure (400);
    scripted_server_wait_ended (&behind, 1);
    finish ();
}
END_TEST

START_TEST (body_beyond_its_bound_is_a_413)
{
    static const ScriptStep script[] = { SCRIPT_HEAD, SCRIPT_HANG, SCRIPT_CLOSE };

    prepare (script);
    h3_proxy_set_max_body (proxy, 3);
    begin ();
    raw_client_send (client, POST ("Transfer-Encoding: chunked\r\n") "4\r\nabcd\r\n0\r\n\r\n");
    expect_failure (413);
    scripted_server_wait_ended (&behind, 1);
    finish ();
}
END_TEST

START_TEST (server_may_answer_before_the_body_was_sent)
{
    static const ScriptStep script[] = {
        SCRIPT_HEAD,
        SCRIPT_SEND ("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"),
        SCRIPT_CLOSE,
    };

    start (script);
    raw_client_send (client, POST ("Content-Length: 10\r\n") "half");
    raw_client_expect_answer (client, 401, "no");
    finish ();
}
END_TEST

START_TEST (body_is_asked_for_when_the_server_behind_asks)
{
    static const ScriptStep script[] = {
        SCRIPT_HEAD,
        SCRIPT_WAIT,
        SCRIPT_SEND ("HTTP/1.1 100 Continue\r\n\r\n"),
        SCRIPT_BODY (5),
        SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell"),
        SCRIPT_CLOSE,
    };
    GString *body;

    start (script);
    raw_client_send (client, POST ("Expect: 100-continue\r\nContent-Length: 5\r\n"));
    scripted_server_wait_waiting (&behind, 1);
    scripted_server_expect_header (&behind, 0, "Expect", "100-continue");
    scripted_server_permit (&behind);
    raw_client_expect_answer (client, 100, NULL);
    raw_client_expect (client, "hello", 200, "well");
    body = scripted_server_dup_body (&behind, 0);
    ck_assert_str_eq (body->str, "hello");
    g_string_free (body, TRUE);
    finish ();
}
END_TEST

START_TEST (body_that_is_refused_is_never_asked_for)
{
    static const ScriptStep script[] = {
        SCRIPT_HEAD,
        SCRIPT_SEND ("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno"),
        SCRIPT_CLOSE,
    };

    start (script);
    raw_client_expect (client, POST ("Expect: 100-continue\r\nContent-Length: 5\r\n"), 413, "no");
    raw_client_expect_end (client);
    finish ();
}
END_TEST

/* Another server behind, that does well, and comes second. */
static void
prepare_two (const ScriptStep *first, ScriptedServer *second)
{
    H3Upstreams *upstreams = h3_upstreams_new ();

    test_server_init (&server);
    scripted_server_start (&behind, NULL, first);
    scripted_server_start (second, NULL, well);
    ck_assert (h3_upstreams_add (upstreams, behind.url, 1, NULL));
    ck_assert (h3_upstreams_add (upstreams, second->url, 1, NULL));
    proxy = h3_proxy_new (upstreams);
    h3_upstreams_unref (upstreams);
    begin ();
}

static void
finish_two (ScriptedServer *second)
{
    g_clear_pointer (&client, raw_client_free);
    scripted_server_clear (second);
    finish ();
}

static void
expect_second_try (const ScriptStep *first, const char *request)
{
    ScriptedServer second;

    prepare_two (first, &second);
    /* Each of the two servers is the first for one of these at least. */
    raw_client_expect (client, request, 200, "well");
    raw_client_expect (client, request, 200, "well");
    ck_assert_uint_eq (scripted_server_count_requests (&second), 2);
    ck_assert_uint_ge (scripted_server_count_requests (&behind), 1);
    finish_two (&second);
}

START_TEST (what_may_be_sent_twice_is_tried_elsewhere)
{
    static const ScriptStep closes[] = { SCRIPT_HEAD, SCRIPT_CLOSE };
    static const ScriptStep fails[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 1000\r\n\r\nhalf"),
        SCRIPT_HANG,
        SCRIPT_CLOSE,
    };

    expect_second_try (closes, GET);
    expect_second_try (fails, GET);
    expect_second_try (fails, PUT ("Content-Length: 0\r\n"));
}
END_TEST

/* One of the two requests is answered by each of the servers. */
static void
expect_no_second_try (const ScriptStep *first, const char *request, guint status)
{
    guint statuses[2];
    ScriptedServer second;

    prepare_two (first, &second);
    for (guint i = 0; i < 2; i++) {
        RawAnswer *answer;
        g_autoptr (RawClient) other = test_server_connect (&server);

        raw_client_send (other, request);
        answer = raw_client_read (other, FALSE);
        statuses[i] = answer->status;
        raw_answer_free (answer);
    }
    ck_assert_uint_eq (MIN (statuses[0], statuses[1]), 200);
    ck_assert_uint_eq (MAX (statuses[0], statuses[1]), status);
    ck_assert_uint_eq (scripted_server_count_requests (&second), 1);
    finish_two (&second);
}

START_TEST (what_may_not_be_sent_twice_is_not)
{
    static const ScriptStep closes[] = { SCRIPT_HEAD, SCRIPT_CLOSE };
    static const ScriptStep fails[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno"),
        SCRIPT_CLOSE,
    };

    expect_no_second_try (closes, POST ("Content-Length: 1\r\n") "x", 502);
    expect_no_second_try (fails, POST ("Content-Length: 0\r\n"), 503);
}
END_TEST

START_TEST (body_that_was_begun_is_not_sent_twice)
{
    static const ScriptStep closes[] = { SCRIPT_HEAD, SCRIPT_BODY (1), SCRIPT_CLOSE };

    expect_no_second_try (closes, PUT ("Content-Length: 1\r\n") "x", 502);
}
END_TEST

START_TEST (no_server_that_is_fit_is_a_503)
{
    g_autoptr (RawAnswer) answer = NULL;

    prepare (well);
    h3_upstreams_set_breaker (h3_proxy_get_upstreams (proxy), 1, 0, 60000);
    begin ();
    scripted_server_refuse (&behind);
    raw_client_send (client, GET);
    expect_failure (502);
    raw_client_send (client, GET);
    answer = raw_client_read (client, FALSE);
    ck_assert_uint_eq (answer->status, 503);
    ck_assert_ptr_nonnull (strstr (answer->head, "Retry-After: "));
    finish ();
}
END_TEST

/* It may have waited for the client in vain: the next client is served. */
START_TEST (server_that_ends_before_the_body_does_is_not_shut_out)
{
    static const ScriptStep impatient[] = { SCRIPT_HEAD, SCRIPT_BODY (4), SCRIPT_CUT };

    prepare (impatient);
    h3_upstreams_set_breaker (h3_proxy_get_upstreams (proxy), 1, 0, 60000);
    begin ();
    scripted_server_add (&behind, well);
    raw_client_send (client, POST ("Content-Length: 10\r\n") "half");
    expect_failure (502);
    raw_client_free (client);
    client = test_server_connect (&server);
    raw_client_expect (client, GET, 200, "well");
    finish ();
}
END_TEST

START_TEST (server_that_ends_cuts_what_runs)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_HANG, SCRIPT_CLOSE };

    start (script);
    raw_client_send (client, GET);
    scripted_server_wait_requests (&behind, 1);
    h3_app_stop (server.app);
    h3_app_stop (server.app);
    scripted_server_wait_ended (&behind, 1);
    g_clear_pointer (&client, raw_client_free);
    scripted_server_clear (&behind);
    g_clear_pointer (&proxy, h3_proxy_unref);
    test_server_end_stopped (&server, h3_server_wait (h3_app_get_server (server.app)));
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "servers", server_that_refuses_is_a_502, answer_that_is_none_is_a_502,
                    server_that_is_silent_is_a_504, answer_that_breaks_off_is_cut,
                    answer_that_stops_is_cut, no_server_that_is_fit_is_a_503,
                    server_that_ends_before_the_body_does_is_not_shut_out,
                    server_that_ends_cuts_what_runs, NULL);
    suite_add_case (suite, "clients", client_that_goes_ends_the_request_behind,
                    client_that_goes_ends_the_answer_behind,
                    client_that_goes_in_its_body_ends_the_request_behind,
                    body_that_breaks_the_rules_ends_the_request_behind,
                    body_beyond_its_bound_is_a_413, server_may_answer_before_the_body_was_sent,
                    body_is_asked_for_when_the_server_behind_asks,
                    body_that_is_refused_is_never_asked_for, NULL);
    suite_add_case (suite, "tries", what_may_be_sent_twice_is_tried_elsewhere,
                    what_may_not_be_sent_twice_is_not, body_that_was_begun_is_not_sent_twice, NULL);
}

int
main (void)
{
    return suite_run ("e2e/proxy-failures", add_cases);
}
